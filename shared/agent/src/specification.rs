//! A specification section's pages, split into its numbered articles: what people cite.

use documents::{Document, PageContent, Unreadable};

use crate::origin::Lines;

/// One article of a section, or a page where the text has no articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Number and title as printed, such as `2.2 PANEL SIGNS`; empty for text outside any article.
    pub heading: String,
    /// First page it stands on, from 1.
    pub first_page: u32,
    /// Last page it stands on.
    pub last_page: u32,
    /// Its text, heading included.
    pub text: String,
    /// Where its lines stand on their pages.
    pub lines: Lines,
}

impl Article {
    /// Where it is, for people: `art. 2.2 PANEL SIGNS, page 3`.
    pub fn place(&self) -> String {
        self.place_as(&self.heading)
    }

    /// The same where the title may not be shown: `art. 2.2 (title withheld), page 3`.
    pub fn place_without_title(&self) -> String {
        let number = self.heading.split_whitespace().next();
        self.place_as(&number.map(|number| format!("{number} (title withheld)")).unwrap_or_default())
    }

    fn place_as(&self, heading: &str) -> String {
        let pages = if self.first_page == self.last_page {
            format!("page {}", self.first_page)
        } else {
            format!("pages {}-{}", self.first_page, self.last_page)
        };
        if heading.is_empty() { pages } else { format!("art. {heading}, {pages}") }
    }
}

/// Splits a section at its article headings. Running heads and feet (lines that come back on most pages) are left
/// out, so that an article which crosses a page reads as one text.
pub fn articles(document: &Document) -> Vec<Article> {
    let running = running_lines(document);
    let mut articles: Vec<Article> = Vec::new();
    for page in &document.pages {
        let PageContent::Text(text) = &page.content else {
            continue;
        };
        let mut first_of_page = true;
        let mut next_at = 0_usize;
        for whole in text.split_inclusive('\n') {
            let line_at = next_at;
            next_at = next_at.saturating_add(whole.len());
            let line = whole.strip_suffix('\n').unwrap_or(whole);
            let line = line.strip_suffix('\r').unwrap_or(line);
            if running.contains(&pattern(line)) {
                continue;
            }
            match articles.last_mut() {
                // Text without headings is cut at its pages.
                Some(article) if !(is_heading(line) || first_of_page && article.heading.is_empty()) => {
                    article.text.push('\n');
                    article.lines.push(article.text.len(), line.len(), page.number, line_at);
                    article.text.push_str(line);
                    article.last_page = page.number;
                }
                _ => articles.push(Article {
                    heading: if is_heading(line) { line.trim().to_owned() } else { String::new() },
                    first_page: page.number,
                    last_page: page.number,
                    text: line.to_owned(),
                    lines: {
                        let mut lines = Lines::default();
                        lines.push(0, line.len(), page.number, line_at);
                        lines
                    },
                }),
            }
            first_of_page = false;
        }
    }
    articles.retain(|article| article.text.split_whitespace().nth(3).is_some());
    articles
}

/// What of a document could not be read, in words for the reviewer; one entry for each reason.
pub fn unreadable(name: &str, document: &Document) -> Vec<String> {
    let mut out = Vec::new();
    let reasons = [
        (Unreadable::Scanned, "scanned, no text"),
        (Unreadable::Encrypted, "encrypted"),
        (Unreadable::Garbled, "text cannot be decoded"),
    ];
    for (kind, words) in reasons {
        let pages: Vec<String> = document
            .pages
            .iter()
            .filter(|page| page.content == PageContent::Unreadable(kind))
            .map(|page| page.number.to_string())
            .collect();
        if !pages.is_empty() {
            out.push(format!("{name} page {} ({words})", pages.join(", ")));
        }
    }
    if document.cut {
        out.push(format!("{name} after page {} (longer than is read)", document.pages.len()));
    }
    out
}

/// `1.1 SUMMARY`: part 1 to 3, a dot, a number, then capitals.
fn is_heading(line: &str) -> bool {
    let line = line.trim();
    let Some((number, title)) = line.split_once(char::is_whitespace) else {
        return false;
    };
    let Some((part, article)) = number.trim_end_matches('.').split_once('.') else {
        return false;
    };
    let title = title.trim();
    matches!(part, "1" | "2" | "3" | "4")
        && !article.is_empty()
        && article.len() <= 2
        && article.bytes().all(|byte| byte.is_ascii_digit())
        && title.chars().any(char::is_alphabetic)
        && title.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
}

/// A line with its numbers blanked: `SECTION 10 14 00 - 3` and `... - 4` are one running foot.
fn pattern(line: &str) -> String {
    line.trim().chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

fn running_lines(document: &Document) -> std::collections::HashSet<String> {
    let mut seen = std::collections::HashMap::<String, usize>::new();
    let pages: Vec<&str> = document
        .pages
        .iter()
        .filter_map(|page| match &page.content {
            PageContent::Text(text) => Some(text.as_str()),
            PageContent::Unreadable(_) => None,
        })
        .collect();
    for text in &pages {
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        // Heads and feet stand at the edges: the first two and the last two lines.
        let edges = lines.iter().take(2).chain(lines.iter().skip(2).rev().take(2));
        for line in edges.map(|line| pattern(line)).collect::<std::collections::HashSet<_>>() {
            let count = seen.entry(line).or_default();
            *count = count.saturating_add(1);
        }
    }
    seen.retain(|_, count| pages.len() >= 2 && count.saturating_mul(3) >= pages.len().saturating_mul(2));
    seen.into_keys().collect()
}

#[cfg(test)]
mod tests {
    use documents::Page;

    use super::*;

    fn document(pages: &[&str]) -> Document {
        let pages: Vec<Page> = (1..)
            .zip(pages)
            .map(|(number, text)| Page { number, content: PageContent::Text((*text).to_owned()) })
            .collect();
        Document { pages, ..Document::default() }
    }

    #[test]
    fn a_section_is_cut_at_its_articles_across_pages_without_running_feet() {
        let document = document(&[
            "SECTION 10 14 00\nPART 1 - GENERAL\n1.1 SUMMARY\nA. Section includes signs for rooms.\nSIGNAGE 10 14 00 - 1",
            "B. Related work is elsewhere in the manual.\n2.10 PANEL SIGNS\nA. Thickness: 1/8 inch.\nSIGNAGE 10 14 00 - 2",
            "1.5 inches is no heading.\n3.2 installation is none either\nSIGNAGE 10 14 00 - 3",
        ]);
        let found = articles(&document);
        let places: Vec<String> = found.iter().map(Article::place).collect();
        assert_eq!(places, ["page 1", "art. 1.1 SUMMARY, pages 1-2", "art. 2.10 PANEL SIGNS, pages 2-3"]);
        let untitled: Vec<String> = found.iter().map(Article::place_without_title).collect();
        assert_eq!(
            untitled,
            ["page 1", "art. 1.1 (title withheld), pages 1-2", "art. 2.10 (title withheld), pages 2-3"]
        );
        assert!(found.iter().all(|article| !article.text.contains("10 14 00 - ")));
        assert!(found.iter().any(|article| article.text.contains("rooms.\nB. Related")));
        let crossing = found.iter().find(|article| article.heading == "1.1 SUMMARY").unwrap();
        let at = crossing.text.find("for rooms.\nB. Related").unwrap();
        let places = crossing.lines.places(&(at..at + "for rooms.\nB. Related".len()));
        let stands: Vec<&str> = places
            .iter()
            .map(|place| match &document.pages[place.page as usize - 1].content {
                PageContent::Text(text) => &text[place.start..place.end],
                PageContent::Unreadable(_) => unreachable!(),
            })
            .collect();
        assert_eq!(stands, ["for rooms.", "B. Related"]);
    }

    #[test]
    fn text_without_articles_is_cut_at_its_pages() {
        let found = articles(&document(&["first page of plain words", "second page of plain words"]));
        assert_eq!(found.iter().map(Article::place).collect::<Vec<_>>(), ["page 1", "page 2"]);
    }

    #[test]
    fn unreadable_pages_are_named() {
        let mut document = document(&["text", "text", "text"]);
        document.pages[1].content = PageContent::Unreadable(Unreadable::Scanned);
        document.pages[2].content = PageContent::Unreadable(Unreadable::Scanned);
        document.cut = true;
        assert_eq!(
            unreadable("09 30 00", &document),
            ["09 30 00 page 2, 3 (scanned, no text)", "09 30 00 after page 3 (longer than is read)"]
        );
    }
}
