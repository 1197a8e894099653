//! Where the words of an evidence row stand in the pages it was made of: kept beside the row while a run lasts, so that a
//! quotation can be shown in its document. Never shown to the model, and never a reason to refuse a quotation.

use std::{collections::BTreeMap, ops::Range};

use documents::{Mapped, Origin};
use serde::{Deserialize, Serialize};

/// A stretch of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The page, from 1.
    pub page: u32,
    /// Where it begins in the page's text as it was read from the file, in bytes of UTF-8.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// A text put together from lines of pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines(Vec<Line>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    /// Where it stands in the text, in bytes.
    at: Range<usize>,
    page: u32,
    /// Where it begins on its page.
    page_at: usize,
}

impl Lines {
    /// A whole page.
    pub(crate) fn of_page(page: u32, text: &str) -> Self {
        Self(vec![Line { at: 0..text.len(), page, page_at: 0 }])
    }

    /// Adds a line of so many bytes that stands there in the text, and there on its page.
    pub(crate) fn push(&mut self, at: usize, bytes: usize, page: u32, page_at: usize) {
        self.0.push(Line { at: at..at.saturating_add(bytes), page, page_at });
    }

    /// The stretches of pages that a part of the text comes from, one for each page.
    pub(crate) fn places(&self, part: &Range<usize>) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for line in self.0.iter().filter(|line| line.at.start < part.end && part.start < line.at.end) {
            let from = part.start.max(line.at.start).saturating_sub(line.at.start);
            let to = part.end.min(line.at.end).saturating_sub(line.at.start);
            let (start, end) = (line.page_at.saturating_add(from), line.page_at.saturating_add(to));
            match places.last_mut() {
                Some(last) if last.page == line.page => last.end = end,
                _ => places.push(Place { page: line.page, start, end }),
            }
        }
        places
    }
}

/// Where a row's text came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowOrigin {
    /// From the row's text to the text that was put together.
    pub(crate) changes: Origin,
    /// From there to the pages.
    pub(crate) lines: Lines,
}

impl RowOrigin {
    /// The stretches of pages that a part of the row's text, in bytes, comes from.
    pub(crate) fn places(&self, part: &Range<usize>) -> Vec<Place> {
        self.changes.source_of(part).map(|source| self.lines.places(&source)).unwrap_or_default()
    }
}

/// Where the rows that are pages of files came from, by handle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(BTreeMap<String, RowOrigin>);

impl Origins {
    pub(crate) fn insert(&mut self, handle: String, origin: RowOrigin) {
        self.0.insert(handle, origin);
    }

    pub(crate) fn get(&self, handle: &str) -> Option<&RowOrigin> {
        self.0.get(handle)
    }

    pub(crate) fn remove(&mut self, handle: &str) -> Option<RowOrigin> {
        self.0.remove(handle)
    }
}

/// A text with these words replaced, one after the other, and the blanks around it taken off.
pub(crate) fn replaced(text: &str, words: &[(&str, &str)]) -> Mapped {
    let mut mapped = Mapped::whole(text);
    for (from, to) in words {
        let edits: Vec<(Range<usize>, usize)> = mapped
            .text
            .match_indices(from)
            .map(|(at, found)| (at..at.saturating_add(found.len()), to.len()))
            .collect();
        if !edits.is_empty() {
            let origin = Origin::of_edits(mapped.text.len(), &edits);
            mapped = mapped.then(Mapped { text: mapped.text.replace(from, to), origin });
        }
    }
    let start = mapped.text.len().saturating_sub(mapped.text.trim_start().len());
    let trimmed = mapped.text.trim();
    let end = start.saturating_add(trimmed.len());
    let origin = Origin::of_edits(mapped.text.len(), &[(0..start, 0), (end..mapped.text.len(), 0)]);
    mapped.then(Mapped { text: trimmed.to_owned(), origin })
}

#[cfg(test)]
mod tests {
    use documents::clean_text_mapped;

    use super::*;
    use crate::evidence::{Evidence, RowKind};

    const PAGE: &str =
        "\n  Height: 34\u{A0}in\u{200B}ches, <|not|> ``` 40.\r\nUse the installer\u{2019}s ﬁxings.  \n";

    fn evidence() -> Evidence {
        let mut evidence = Evidence::default();
        for page in [1, 2] {
            let text = clean_text_mapped(PAGE);
            evidence.push_of_pages(RowKind::Attachment, "a.txt", &text, Lines::of_page(page, PAGE));
        }
        evidence.push(RowKind::Record, "RFI 7", PAGE);
        evidence
    }

    #[test]
    fn a_quotation_is_found_on_the_page_it_was_read_from() {
        let table = [
            ("Height: 34 inches,", Some("Height: 34\u{A0}in\u{200B}ches,")),
            ("inches, < |not| > ` ` ` 40.", Some("in\u{200B}ches, <|not|> ``` 40.")),
            ("40. Use the installer's fixings.", Some("40.\r\nUse the installer\u{2019}s ﬁxings.")),
            ("stands nowhere at all", None),
        ];
        for (quote, expected) in table {
            let places = evidence().places("A2", quote);
            let found: Vec<&str> = places.iter().map(|place| &PAGE[place.start..place.end]).collect();
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{quote}");
            assert!(places.iter().all(|place| place.page == 2));
            assert_eq!(evidence().places("R1", quote), [], "the record is no file");
        }
    }

    #[test]
    fn a_row_that_is_counted_anew_keeps_its_page() {
        let mut evidence = evidence();
        let mut first = true;
        evidence.retain(|_| !std::mem::replace(&mut first, false));
        assert_eq!(evidence.rows.iter().map(|row| row.handle.as_str()).collect::<Vec<_>>(), ["A1", "R1"]);
        assert_eq!(evidence.places("A1", "Height: 34 inches,").first().map(|place| place.page), Some(2));
    }

    #[test]
    fn what_goes_over_a_page_stands_on_both() {
        let mut lines = Lines::default();
        lines.push(0, 4, 1, 30);
        lines.push(5, 6, 1, 40);
        lines.push(12, 3, 2, 9);
        let told = |part: Range<usize>| -> Vec<(u32, usize, usize)> {
            lines.places(&part).iter().map(|place| (place.page, place.start, place.end)).collect()
        };
        assert_eq!(told(1..3), [(1, 31, 33)]);
        assert_eq!(told(2..8), [(1, 32, 43)]);
        assert_eq!(told(6..14), [(1, 41, 46), (2, 9, 11)]);
        assert_eq!(told(4..5), [], "the end of a line that was left out");
    }
}
