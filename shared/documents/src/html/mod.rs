//! HTML to the text a reader sees. Never fetches, runs or keeps anything of the page but words.

mod bounds;
mod colour;
mod hidden;
mod layout;
mod sheet;
mod style;

use crate::{Cleaned, Removed, clean_text};
use colour::Colours;
use hidden::is_hidden;
use layout::Layout;
use scraper::{ElementRef, Html, Node};
use sheet::hiding_rules;

/// Elements whose content is for programs, or is shown only where a reader has no picture, sound or script.
const NOT_WORDS: [&str; 21] = [
    "head", "script", "style", "template", "noscript", "title", "object", "embed", "iframe", "canvas",
    "audio", "video", "svg", "map", "datalist", "noframes", "noembed", "frameset", "applet", "rp", "link",
];

/// The visible text of an HTML document or fragment: no comments, scripts, styles, attributes or link targets,
/// and nothing hidden, of no size, off the screen or in the colour of its background. Blocks give lines, list
/// items `- `, table cells ` | `. The result went through [`clean_text`].
pub fn clean_html(html: &str) -> Cleaned {
    let mut removed = Removed::default();
    let readable = bounds::readable(html);
    if readable.len() < html.len() {
        removed.hidden_html += 1;
    }
    let page = Html::parse_document(readable);
    let text = visible_text(&page, &mut removed);
    let cleaned = clean_text(&text);
    Cleaned { text: cleaned.text, removed: removed + cleaned.removed }
}

/// Walks without recursion: the depth of markup is the writer's choice.
fn visible_text(page: &Html, removed: &mut Removed) -> String {
    let sheet = hiding_rules(page);
    let mut layout = Layout::default();
    let mut colours = vec![Colours::default()];
    let mut node = page.tree.root();
    loop {
        let around = colours.last().copied().unwrap_or_default();
        let enters = match node.value() {
            Node::Comment(_) => {
                removed.comments += 1;
                false
            }
            Node::Text(text) if around.hide_text() => {
                removed.hidden_html += u32::from(!text.trim().is_empty());
                false
            }
            Node::Text(text) => {
                layout.words(text);
                false
            }
            Node::Element(element) if NOT_WORDS.contains(&element.name()) => false,
            Node::Element(element) => {
                let by_rule = || {
                    ElementRef::wrap(node)
                        .is_some_and(|element| sheet.iter().any(|rule| rule.matches(&element)))
                };
                let hidden = is_hidden(element) || by_rule();
                if hidden {
                    removed.hidden_html += 1;
                } else {
                    colours.push(around.inside(element));
                    layout.open(element.name());
                }
                !hidden
            }
            _ => true,
        };
        if enters {
            if let Some(child) = node.first_child() {
                node = child;
                continue;
            }
            close(node.value(), &mut layout, &mut colours);
        }
        loop {
            if let Some(sibling) = node.next_sibling() {
                node = sibling;
                break;
            }
            let Some(parent) = node.parent() else {
                return layout.into_text();
            };
            close(parent.value(), &mut layout, &mut colours);
            node = parent;
        }
    }
}

fn close(node: &Node, layout: &mut Layout, colours: &mut Vec<Colours>) {
    if let Node::Element(element) = node {
        layout.close(element.name());
        colours.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_lists_and_tables_keep_their_shape() {
        for (html, text) in [
            ("<p>One\n  line</p><p>Two</p>", "One line\n\nTwo"),
            ("a<br>b<br><br>c", "a\nb\n\nc"),
            ("<div>a</div><div>b <b>bold</b>, <a href='https://x.example'>link</a></div>", "a\nb bold, link"),
            ("<ul><li>x<li><p>y</p><ul><li>z</ul></ul>after", "- x\n- y\n  - z\n\nafter"),
            (
                "<table><tr><th>Type<th>Size</tr><tr><td><p>A</p><td>3'-6&quot;</table>",
                "Type | Size\nA | 3'-6\"",
            ),
            ("<pre>a\n  b</pre>c", "a\n  b\n\nc"),
            ("<h1>PART 2</h1>2.1 PAINT", "PART 2\n\n2.1 PAINT"),
            (
                "3<sup>1</sup>/<sub>2</sub>&quot; at 10 m<sup>2</sup>, 72&deg;&nbsp;F, 1&frac12;",
                "3 1/2\" at 10 m2, 72° F, 1½",
            ),
            ("x &lt;b&gt; &amp; y", "x <b> & y"),
            ("plain text, no markup", "plain text, no markup"),
            ("<p>unclosed <i>markup", "unclosed markup"),
            ("", ""),
        ] {
            let cleaned = clean_html(html);
            assert_eq!(cleaned.text, text, "{html}");
            assert!(cleaned.removed.is_empty(), "{html}: {:?}", cleaned.removed);
        }
    }

    #[test]
    fn what_is_not_for_readers_goes() {
        for html in [
            "<html><head><title>t</title><meta name=x content=secret></head><body>seen</body></html>",
            "<script>secret()</script>seen<style>.secret{}</style>",
            "seen<template>secret</template><noscript>secret</noscript><svg><text>secret</text></svg>",
            "<img src=x alt=secret title=secret>seen<input value=secret><iframe src=x>secret</iframe>",
            "<a href='javascript:secret' onclick='secret'>seen</a>",
        ] {
            assert_eq!(clean_html(html).text, "seen", "{html}");
        }
        let cleaned = clean_html("seen<!-- secret --><!-- more -->");
        assert_eq!((cleaned.text.as_str(), cleaned.removed.comments), ("seen", 2));
    }

    #[test]
    fn hidden_elements_go_and_are_counted() {
        for attributes in [
            "hidden",
            "hidden=until-found",
            "aria-hidden=true",
            "style='display:none'",
            "style='DISPLAY : None !important'",
            "style='dis/* */play:none'",
            "style='d\\69 splay:none'",
            "style='visibility:hidden'",
            "style='visibility:collapse'",
            "style='opacity:0'",
            "style='opacity:0.01'",
            "style='opacity:0%'",
            "style='filter:opacity(0)'",
            "style='font-size:0'",
            "style='font-size:0.5px'",
            "style='font:0/0 a'",
            "style='width:0;overflow:hidden'",
            "style='height:0px'",
            "style='max-height:0'",
            "style='width:1px;height:1px;overflow:hidden;position:absolute'",
            "style='position:absolute;left:-9999px'",
            "style='position:fixed;top:-200em'",
            "style='margin-left:-9999px'",
            "style='text-indent:-9999px'",
            "style='transform:scale(0)'",
            "style='transform:translateX(-9999px)'",
            "style='position:absolute;clip:rect(0,0,0,0)'",
            "style='clip-path:inset(100%)'",
            "style='mso-hide:all'",
            "style='color:transparent'",
            "style='color:rgba(0,0,0,0)'",
            "style='-webkit-text-fill-color:transparent'",
            "style='color:#fff'",
            "style='color:white'",
            "style='color:#FEFEFE'",
            "style='color:rgb(255, 255, 255)'",
            "style='color:hsl(0,0%,100%)'",
            "style='color:#123456;background-color:#123456'",
            "style='background:#000 none;color:black'",
            "bgcolor=black style='color:#000000'",
        ] {
            let cleaned = clean_html(&format!("<p>seen</p><div {attributes}>secret <b>deep</b></div>"));
            assert_eq!(cleaned.text, "seen", "{attributes}");
            assert!(cleaned.removed.hidden_html >= 1, "{attributes}");
        }
        for html in [
            "seen<font color=white>secret</font>",
            "seen<table bgcolor='#222222'><tr><td><font color='#222222'>secret</font></table>",
            "seen<div style='background:navy'><span style='color:navy'>secret</span></div>",
            "<style>.h, #x { color: red; display: none }</style>seen<p class=h>secret</p><p id=x>secret</p>",
            "<style>@media screen{ p.h{visibility:hidden} }</style>seen<p class=h>secret</p>",
            "seen<dialog>secret</dialog>",
        ] {
            let cleaned = clean_html(html);
            assert_eq!(cleaned.text, "seen", "{html}");
            assert!(cleaned.removed.hidden_html >= 1, "{html}");
        }
    }

    #[test]
    fn ordinary_mail_is_not_hidden() {
        for html in [
            "<div style='color:#333333;font-size:11pt;font-family:Calibri'>seen</div>",
            "<table bgcolor=black><tr><td><font color=white>seen</font></table>",
            "<div style='background:#1f3864;color:white'>seen</div>",
            "<div style='background:url(x.png);color:white'>seen</div>",
            "<td style='width:0'>seen</td>",
            "<div style='width:100%;max-width:600px;line-height:0;opacity:.9;margin-left:-5px'>seen</div>",
            "<style>@media print{.h{display:none}} @media (max-width:600px){.h{display:none}}</style><p class=h>seen</p>",
            "<span style='font:bold 400 11pt/1.2 Arial;text-indent:-18pt'>seen</span>",
            "<p style='mso-margin-top-alt:auto;visibility:visible;display:block'>seen</p>",
            "<p aria-hidden=false>seen</p>",
        ] {
            let cleaned = clean_html(html);
            assert_eq!(cleaned.text, "seen", "{html}");
            assert_eq!(cleaned.removed.hidden_html, 0, "{html}");
        }
    }

    #[test]
    fn a_hostile_page_ends_soon_and_keeps_its_head() {
        for bomb in [
            "<div>".repeat(300_000),
            "<b><p>".repeat(200_000),
            format!("<a {}>", (0..200_000).map(|n| format!("a{n} ")).collect::<String>()),
            "<table><tr><td>".repeat(100_000),
        ] {
            let cleaned = clean_html(&format!("<p>seen</p>{bomb}secret"));
            assert_eq!(cleaned.text.trim_end_matches([' ', '|']), "seen");
            assert_eq!(cleaned.removed.hidden_html, 1);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_markup_is_survived(html in "(<[/!]?[a-z]{0,6}( [a-z]{0,5}=?['\"]?[a-z:;#0-9-]{0,9}['\"]?)?/?>|[a-z&;<>\"' ]{0,6}){0,40}") {
            let text = clean_html(&html).text;
            proptest::prop_assert_eq!(&clean_text(&text).text, &text);
        }
    }
}
