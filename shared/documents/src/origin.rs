//! Where the words of a changed text stand in the text it was made of. What cannot be told to the letter is told by the
//! whole piece it came from; a place that did not exist is never made up.

use std::ops::Range;

/// A text, and where it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapped {
    /// The text.
    pub text: String,
    /// Where each part of it stands in its source.
    pub origin: Origin,
}

/// Where the parts of a text stand in its source, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// From the front of the text to its end, without a gap.
    pieces: Vec<Piece>,
}

/// A stretch of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    at: Range<usize>,
    source: Range<usize>,
    /// True if it is its source byte for byte, so that a part of it can be found too.
    exact: bool,
}

impl Piece {
    /// The source of a part of it.
    fn source_of(&self, part: &Range<usize>) -> Range<usize> {
        if !self.exact {
            return self.source.clone();
        }
        let from = part.start.max(self.at.start).saturating_sub(self.at.start);
        let to = part.end.min(self.at.end).saturating_sub(self.at.start);
        self.source.start.saturating_add(from)..self.source.start.saturating_add(to)
    }
}

impl Mapped {
    /// A text that is its own source.
    pub fn whole(text: &str) -> Self {
        let mut origin = Origin::default();
        origin.push(text.len(), 0..text.len(), true);
        Self { text: text.to_owned(), origin }
    }

    /// This text changed once more, so that what is found leads back to the first source.
    #[must_use]
    pub fn then(&self, next: Self) -> Self {
        Self { text: next.text, origin: next.origin.through(&self.origin) }
    }
}

impl Origin {
    /// Adds a stretch of so many bytes of text that came from there.
    pub(crate) fn push(&mut self, bytes: usize, source: Range<usize>, exact: bool) {
        if bytes == 0 {
            return;
        }
        if let Some(last) = self.pieces.last_mut()
            && exact
            && last.exact
            && last.source.end == source.start
        {
            last.at.end = last.at.end.saturating_add(bytes);
            last.source.end = source.end;
            return;
        }
        // Several letters made of one stretch are one piece: none of them stands anywhere in it alone. The mark behind a
        // ligature belongs to its last letter, so stretches may also lap over.
        if let Some(last) = self.pieces.last_mut()
            && !exact
            && !last.exact
            && (last.source == source || source.start < last.source.end)
        {
            last.at.end = last.at.end.saturating_add(bytes);
            last.source.end = last.source.end.max(source.end);
            return;
        }
        let start = self.end();
        self.pieces.push(Piece { at: start..start.saturating_add(bytes), source, exact });
    }

    /// Of a text of so many bytes in which these ranges, in order, were replaced by so many bytes each.
    pub fn of_edits(source_bytes: usize, edits: &[(Range<usize>, usize)]) -> Self {
        let (mut origin, mut from) = (Self::default(), 0_usize);
        for (range, bytes) in edits {
            origin.push(range.start.saturating_sub(from), from..range.start, true);
            origin.push(*bytes, range.clone(), false);
            from = range.end;
        }
        origin.push(source_bytes.saturating_sub(from), from..source_bytes, true);
        origin
    }

    /// Where a part of the text stands in the source: the shortest stretch that it came from as a whole. `None` for an
    /// empty part and for one that is not in the text.
    pub fn source_of(&self, part: &Range<usize>) -> Option<Range<usize>> {
        if part.is_empty() || part.end > self.end() {
            return None;
        }
        let mut found = self.overlapping(part).map(|piece| piece.source_of(part));
        let first = found.next()?;
        let (start, end) = found.fold((first.start, first.end), |(start, end), source| {
            (start.min(source.start), end.max(source.end))
        });
        Some(start..end)
    }

    /// The same text by the source of its source.
    #[must_use]
    pub fn through(&self, earlier: &Self) -> Self {
        let mut origin = Self::default();
        for piece in &self.pieces {
            if !piece.exact {
                let source =
                    earlier.source_of(&piece.source).unwrap_or_else(|| earlier.point(piece.source.start));
                origin.push(piece.at.len(), source, false);
                continue;
            }
            for before in earlier.overlapping(&piece.source) {
                let from = before.at.start.max(piece.source.start);
                let to = before.at.end.min(piece.source.end);
                origin.push(to.saturating_sub(from), before.source_of(&(from..to)), before.exact);
            }
        }
        origin
    }

    fn overlapping(&self, part: &Range<usize>) -> impl Iterator<Item = &Piece> {
        let (start, end) = (part.start, part.end);
        let first = self.pieces.partition_point(|piece| piece.at.end <= start);
        self.pieces.iter().skip(first).take_while(move |piece| piece.at.start < end)
    }

    /// Where something stands that was put in without taking anything away.
    fn point(&self, at: usize) -> Range<usize> {
        let next = self.pieces.iter().find(|piece| piece.at.end > at);
        let place = next.map_or_else(
            || self.pieces.last().map_or(0, |last| last.source.end),
            |piece| piece.source_of(&(at..at)).start,
        );
        place..place
    }

    fn end(&self) -> usize {
        self.pieces.last().map_or(0, |piece| piece.at.end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{clean_text, clean_text_mapped, redact, redact_mapped, truncate, truncate_mapped};

    /// What [`Mapped::then`] comes to for a text on its way into evidence.
    fn all_the_way(raw: &str, max_chars: usize) -> Mapped {
        let clean = clean_text_mapped(raw);
        let clean = clean.then(redact_mapped(&clean.text).0);
        clean.then(truncate_mapped(&clean.text, max_chars).0)
    }

    #[test]
    fn a_quotation_is_found_where_it_stood() {
        let raw =
            "Mr. X, 555-867-5309:\r\n\r\n\r\n  Bars at 34\u{A0}inch\u{200B}es,  \r\nﬁre-rated, cafe\u{301}.";
        let mapped = all_the_way(raw, 500);
        let table = [
            ("Bars at 34 inches,", "Bars at 34\u{A0}inch\u{200B}es,"),
            ("inches,\nfire-rated", "inch\u{200B}es,  \r\nﬁre-rated"),
            ("rated, café", "rated, cafe\u{301}"),
            ("[redacted]", "555-867-5309"),
            ("X, [red", "X, 555-867-5309"),
            ("fir", "ﬁr"),
        ];
        for (quote, expected) in table {
            let at = mapped.text.find(quote).unwrap_or_else(|| panic!("{quote}: {}", mapped.text));
            let source = mapped.origin.source_of(&(at..at + quote.len())).unwrap();
            assert_eq!(&raw[source], expected, "{quote}");
        }
        for nowhere in [3..3, 5..mapped.text.len() + 1] {
            assert_eq!(mapped.origin.source_of(&nowhere), None);
        }
    }

    #[test]
    fn letters_of_a_ligature_with_a_mark_come_from_all_of_it() {
        let mapped = clean_text_mapped("a ﬁ\u{327} b");
        let (from, to) = (2, mapped.text.len() - 2);
        for part in [from..from + 1, from + 1..to, from..to] {
            assert_eq!(mapped.origin.source_of(&part), Some(2..7), "{part:?} of {:?}", mapped.text);
        }
        assert_eq!(mapped.origin.source_of(&(to + 1..to + 2)), Some(8..9));
    }

    #[test]
    fn behind_a_cut_places_are_those_of_the_whole() {
        let raw: String = (0..400).map(|number| format!("word{number} ")).collect();
        let mapped = all_the_way(&raw, 300);
        for word in ["word0 ", "word399"] {
            let at = mapped.text.find(word).unwrap();
            let source = mapped.origin.source_of(&(at..at + word.len())).unwrap();
            assert_eq!(&raw[source], word);
        }
        let mark = mapped.text.find("[... ").unwrap();
        let source = mapped.origin.source_of(&(mark..mark + 5)).unwrap();
        assert!(raw[source].starts_with(|c: char| c.is_ascii()) && raw.len() > 2_000);
    }

    const AWKWARD: &str = "[ab.,-5 \t\n\r\u{A0}\u{AD}\u{200B}\u{301}\u{327}\u{FEFF}\u{202E}\u{E0041}\u{FE0F}\u{FB01}½°é漢\u{1100}\u{1161}]{0,60}";

    proptest! {
        #[test]
        fn the_maps_make_the_very_texts(raw in AWKWARD, max_chars in 0_usize..80) {
            let clean = clean_text_mapped(&raw);
            prop_assert_eq!(&clean.text, &clean_text(&raw).text);
            prop_assert_eq!(&redact_mapped(&raw).0.text, &redact(&raw).0);
            prop_assert_eq!(&truncate_mapped(&raw, max_chars).0.text, &truncate(&raw, max_chars).0);
            for mapped in [clean, redact_mapped(&raw).0, truncate_mapped(&raw, max_chars).0] {
                prop_assert_eq!(mapped.origin.end(), mapped.text.len());
            }
        }

        /// Letters with marks are changed as a whole, so the source may be a little more than asked for; cleaned, it
        /// holds what was asked for, and is it where no such letter is cut in two.
        #[test]
        fn every_part_of_a_clean_text_comes_from_what_cleans_to_it(
            raw in prop_oneof![AWKWARD.prop_map(String::from), any::<String>()],
            from in any::<prop::sample::Index>(),
            to in any::<prop::sample::Index>(),
        ) {
            let mapped = clean_text_mapped(&raw);
            let places: Vec<usize> =
                mapped.text.char_indices().map(|(at, _)| at).chain([mapped.text.len()]).collect();
            let (a, b) = (*from.get(&places), *to.get(&places));
            let part = a.min(b)..a.max(b);
            let Some(source) = mapped.origin.source_of(&part) else {
                prop_assert!(part.is_empty());
                return Ok(());
            };
            let found = clean_text(&raw[source.clone()]).text;
            let asked = clean_text(&mapped.text[part.clone()]).text;
            prop_assert!(found.contains(&asked), "{found:?} {asked:?}");
            let whole = |at: usize| mapped.origin.pieces.iter().all(|piece| piece.exact || !(piece.at.start < at && at < piece.at.end));
            if whole(part.start) && whole(part.end) {
                prop_assert_eq!(found, asked);
            }
        }

        #[test]
        fn one_change_after_another_leads_to_the_first_source(raw in "[ab5\u{200B}\u{301} \n]{0,80}", max_chars in 40_usize..60) {
            let mapped = all_the_way(&raw, max_chars);
            prop_assert_eq!(mapped.origin.end(), mapped.text.len());
            for (at, letter) in mapped.text.char_indices() {
                let source = mapped.origin.source_of(&(at..at + letter.len_utf8())).unwrap();
                prop_assert!(source.end <= raw.len());
                if mapped.text == clean_text(&raw).text {
                    let found = clean_text(&format!("x{}x", &raw[source])).text;
                    prop_assert!(found.contains(letter), "{found:?} {letter:?}");
                }
            }
        }
    }
}
