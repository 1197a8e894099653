//! How much of a page can be parsed without the parser taking its time squared. Never judges what is visible.

/// Open elements at one time. Real pages stay below a tenth of it.
const MAX_DEPTH: usize = 512;
const MAX_ATTRIBUTES: usize = 256;

/// Elements that never hold others, or that the parser closes by itself.
const NOT_NESTED: [&str; 29] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "html",
    "head", "body",
];

/// The part of a page before its markup nests deeper, or one tag has more attributes, than any page for
/// readers. The cost of parsing grows with both.
pub(super) fn readable(html: &str) -> &str {
    let mut depth = 0_usize;
    let mut position = 0_usize;
    while let Some(start) = html.get(position..).and_then(|rest| rest.find('<')).map(|found| position + found)
    {
        let after = html.get(start + 1..).unwrap_or_default();
        let closes = after.starts_with('/');
        let name_start = start + 1 + usize::from(closes);
        let tag = html.get(name_start..).unwrap_or_default();
        if !tag.starts_with(|first: char| first.is_ascii_alphabetic()) {
            position = start + 1;
            continue;
        }
        let name_end = tag.find(|end: char| end.is_ascii_whitespace() || end == '/' || end == '>');
        let (name, rest) = tag.split_at(name_end.unwrap_or(tag.len()));
        let (length, attributes) = attributes(rest);
        let nested = !NOT_NESTED.iter().any(|other| name.eq_ignore_ascii_case(other));
        if closes {
            depth -= usize::from(nested && depth > 0);
        } else {
            depth += usize::from(nested);
        }
        if depth > MAX_DEPTH || attributes > MAX_ATTRIBUTES {
            return html.get(..start).unwrap_or_default();
        }
        position = name_start + name.len() + length;
    }
    html
}

/// Length of a tag after its name, and its attributes, as a browser splits them: a quote opens a value only
/// after `=`.
fn attributes(tag: &str) -> (usize, usize) {
    let mut count = 0_usize;
    let (mut in_name, mut wants_value) = (false, false);
    let mut quote = None;
    for (position, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) => {
                if byte == open {
                    quote = None;
                }
            }
            (None, b'>') => return (position + 1, count),
            (None, b'"' | b'\'') if wants_value => {
                quote = Some(byte);
                (in_name, wants_value) = (false, false);
            }
            (None, b'=') if in_name => (in_name, wants_value) = (false, true),
            (None, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C') => in_name = false,
            (None, b'/') if !wants_value => in_name = false,
            (None, _) if wants_value => {
                // An unquoted value runs like a name and counts as one: too many, never too few.
                (in_name, wants_value) = (true, false);
                count += 1;
            }
            (None, _) if !in_name => {
                in_name = true;
                count += 1;
            }
            (None, _) => {}
        }
    }
    (tag.len(), count)
}
