//! Bytes of a known kind to a document: decoding, pages, and the limits of pages and characters. Runs in the
//! worker.

use crate::{
    Cleaned, Document, Kind, Limits, Page, PageContent, Removed, Unreadable, clean_html, clean_text, kind,
    legible, pdf, truncate, worker::Fault,
};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// Reads a file. The only entry; panics are the caller's.
pub(crate) fn read(bytes: &[u8], kind: Kind, limits: &Limits) -> Result<Document, Fault> {
    match kind {
        Kind::Pdf => pdf::read(bytes, limits),
        Kind::Html => {
            let Cleaned { text, removed } = clean_html(&decode(bytes)?);
            Ok(Pages::of_text(&text, removed, limits))
        }
        Kind::Text => {
            let mut removed = Removed::default();
            let mut pages = Vec::new();
            // Printed reports in text files end their pages with a form feed.
            for sheet in decode(bytes)?.split('\u{C}') {
                let cleaned = clean_text(sheet);
                removed += cleaned.removed;
                pages.push(cleaned.text);
            }
            if pages.len() > 1 && pages.last().is_some_and(String::is_empty) {
                pages.pop();
            }
            match pages.as_slice() {
                [only] => Ok(Pages::of_text(only, removed, limits)),
                _ => {
                    let mut document = Pages::new(pages.len(), limits);
                    document.removed = removed;
                    for text in pages {
                        if !document.push_text(&text, Unreadable::Empty) {
                            break;
                        }
                    }
                    Ok(document.finish())
                }
            }
        }
    }
}

/// UTF-8 or UTF-16 by its mark, then UTF-8, then what old office programs write.
fn decode(bytes: &[u8]) -> Result<String, Fault> {
    if !kind::looks_like_text(bytes) && !bytes.is_empty() {
        return Err(Fault::NotThisKind);
    }
    let encoding = match Encoding::for_bom(bytes) {
        Some((marked, _)) => marked,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => WINDOWS_1252,
    };
    Ok(encoding.decode(bytes).0.into_owned())
}

/// Pages as they come in, until a limit is met.
pub(crate) struct Pages<'a> {
    limits: &'a Limits,
    pages: Vec<Page>,
    chars: usize,
    pages_total: u32,
    cut: bool,
    /// Counts of all pages.
    pub(crate) removed: Removed,
}

impl<'a> Pages<'a> {
    pub(crate) fn new(pages_total: usize, limits: &'a Limits) -> Self {
        let pages_total = u32::try_from(pages_total).unwrap_or(u32::MAX);
        Self { limits, pages: Vec::new(), chars: 0, pages_total, cut: false, removed: Removed::default() }
    }

    /// A text without pages of its own: cut at line ends into pages within the limit, so that none of it is
    /// lost in a cut middle.
    fn of_text(text: &str, removed: Removed, limits: &'a Limits) -> Document {
        let sheets = sheets(text, count(limits.page_chars).max(1));
        let mut document = Self::new(sheets.len(), limits);
        document.removed = removed;
        for sheet in sheets {
            if !document.push_text(sheet.trim_matches('\n'), Unreadable::Empty) {
                break;
            }
        }
        document.finish()
    }

    /// Adds a page of clean text, or says why it is none. False once a limit is met and no more can follow.
    pub(crate) fn push_text(&mut self, text: &str, if_empty: Unreadable) -> bool {
        let content = match text {
            _ if legible::is_garbled(text) => PageContent::Unreadable(Unreadable::Garbled),
            _ if !text.chars().any(char::is_alphanumeric) => PageContent::Unreadable(if_empty),
            _ => {
                let (text, cut) = truncate(text, count(self.limits.page_chars));
                let (text, cut_total) =
                    truncate(&text, count(self.limits.total_chars).saturating_sub(self.chars));
                self.cut |= cut.is_some() || cut_total.is_some();
                self.chars += text.chars().count();
                PageContent::Text(text)
            }
        };
        self.push(content)
    }

    /// Adds a page. False once a limit is met and no more can follow.
    pub(crate) fn push(&mut self, content: PageContent) -> bool {
        if self.pages.len() >= count(self.limits.pages) {
            self.cut = true;
            return false;
        }
        let number = u32::try_from(self.pages.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.pages.push(Page { number, content });
        let more = number < self.limits.pages && self.chars < count(self.limits.total_chars);
        self.cut |= !more && number < self.pages_total;
        more
    }

    pub(crate) fn finish(self) -> Document {
        Document { pages: self.pages, removed: self.removed, pages_total: self.pages_total, cut: self.cut }
    }
}

fn count(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// Splits a text into pieces of at most `max_chars`, at the last line end that fits, else in a line.
fn sheets(text: &str, max_chars: usize) -> Vec<&str> {
    let mut sheets = Vec::new();
    let mut rest = text;
    while let Some((limit, _)) = rest.char_indices().nth(max_chars) {
        let (fits, _) = rest.split_at(limit);
        let end = fits.rfind('\n').map_or(limit, |line_end| line_end + 1);
        let (sheet, after) = rest.split_at(end);
        sheets.push(sheet);
        rest = after;
    }
    sheets.push(rest);
    sheets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(document: &Document) -> Vec<&str> {
        document.pages.iter().filter_map(Page::text).collect()
    }

    fn small(page_chars: u32, pages: u32, total_chars: u32) -> Limits {
        Limits { page_chars, pages, total_chars, ..Limits::default() }
    }

    #[test]
    fn text_is_decoded_whatever_wrote_it() {
        for (bytes, text) in [
            ("½ in. café".as_bytes(), "½ in. café"),
            (b"\xEF\xBB\xBFcaf\xC3\xA9", "café"),
            (b"72\xB0 caf\xE9 \x93q\x94", "72° café “q”"),
            (b"\xFF\xFEa\0b\0", "ab"),
            (b"\xFE\xFF\0a\0b", "ab"),
        ] {
            let document = read(bytes, Kind::Text, &Limits::default()).unwrap();
            assert_eq!(texts(&document), [text]);
            assert_eq!((document.pages_total, document.cut), (1, false));
        }
    }

    #[test]
    fn data_is_not_text() {
        assert_eq!(read(b"a\0b", Kind::Text, &Limits::default()), Err(Fault::NotThisKind));
    }

    #[test]
    fn form_feeds_end_pages() {
        let document = read(b"one\x0C\x0Cthree\x0C", Kind::Text, &Limits::default()).unwrap();
        let pages: Vec<_> = document.pages.iter().map(|page| (page.number, page.content.clone())).collect();
        let text = |text: &str| PageContent::Text(text.to_owned());
        let empty = PageContent::Unreadable(Unreadable::Empty);
        assert_eq!(pages, [(1, text("one")), (2, empty), (3, text("three"))]);
    }

    #[test]
    fn a_long_text_is_split_at_line_ends_and_nothing_is_lost() {
        let document = read(b"first line\nsecond line\nthird", Kind::Text, &small(24, 9, 1000)).unwrap();
        assert_eq!(texts(&document), ["first line\nsecond line", "third"]);
        assert_eq!((document.pages_total, document.cut), (2, false));
        let document = read("é".repeat(25).as_bytes(), Kind::Text, &small(10, 9, 1000)).unwrap();
        assert_eq!(texts(&document).concat(), "é".repeat(25));
    }

    #[test]
    fn limits_of_pages_and_characters_leave_a_trace() {
        let document = read(b"a\x0Cb\x0Cc", Kind::Text, &small(100, 2, 1000)).unwrap();
        assert_eq!((texts(&document), document.pages_total, document.cut), (vec!["a", "b"], 3, true));
        let document = read(b"aaaa\x0Cbbbb\x0Ccccc", Kind::Text, &small(100, 9, 6)).unwrap();
        assert_eq!((texts(&document), document.pages_total, document.cut), (vec!["aaaa", "bb"], 3, true));
        let document = read(b"a\x0Cb", Kind::Text, &small(100, 2, 2)).unwrap();
        assert!(!document.cut, "limits that are just enough cut nothing");
    }

    #[test]
    fn html_gives_its_visible_text() {
        let html = "<html><body><p>Paint: two coats</p><p hidden>ignore this</p></body></html>";
        let document = read(html.as_bytes(), Kind::Html, &Limits::default()).unwrap();
        assert_eq!(texts(&document), ["Paint: two coats"]);
        assert_eq!(document.removed.hidden_html, 1);
    }
}
