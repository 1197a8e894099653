//! Quotations: the handle must exist and the words must stand in that very row.

use super::Citation;
use crate::{
    evidence::{Evidence, Row},
    space::one_line,
};

/// Shortest quotation worth the name, in characters: below it anything is found somewhere.
const MIN_CHARS: usize = 12;
/// Longest quotation, in characters.
const MAX_CHARS: usize = 300;

/// The row a citation rests on, or the rule it breaks.
pub(super) fn check<'e>(citation: &Citation<'_>, evidence: &'e Evidence) -> Result<&'e Row, &'static str> {
    let row = evidence.row(citation.handle).ok_or("unknown_handle")?;
    let quote = folded(citation.quote);
    let length = quote.chars().count();
    if length < MIN_CHARS {
        return Err("quote_too_short");
    }
    if length > MAX_CHARS {
        return Err("quote_too_long");
    }
    let text = folded(&row.text);
    // The words must begin and end where the source's words do: `12 mm` is not a quotation of `112 mm`.
    let whole = text.match_indices(&quote).any(|(start, found)| {
        let before = text.get(..start).and_then(|head| head.chars().next_back());
        let after = text.get(start.saturating_add(found.len())..).and_then(|tail| tail.chars().next());
        !joins(before, quote.chars().next()) && !joins(quote.chars().next_back(), after)
    });
    if whole { Ok(row) } else { Err("quote_not_in_source") }
}

/// Where a quotation stands in a text, in bytes: the first place where it reads the same once white space and
/// typographic marks are folded.
pub(crate) fn find(quote: &str, text: &str) -> Option<std::ops::Range<usize>> {
    let quote = folded(quote);
    let mut words = quote.split(' ');
    let first = words.next().filter(|word| !word.is_empty())?;
    let plain: String = text.chars().map(plain_mark).collect();
    // Marks differ in length: places are counted in characters first.
    let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    plain.match_indices(first).find_map(|(at, found)| {
        let mut end = at.saturating_add(found.len());
        for word in words.clone() {
            let rest = plain.get(end..)?;
            let blank = rest.len().saturating_sub(rest.trim_start().len());
            if blank == 0 || !rest.trim_start().starts_with(word) {
                return None;
            }
            end = end.saturating_add(blank).saturating_add(word.len());
        }
        let chars = |to: usize| plain.get(..to).map(|head| head.chars().count());
        Some(*bytes.get(chars(at)?)?..*bytes.get(chars(end)?)?)
    })
}

fn plain_mark(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201C}' | '\u{201D}' => '"',
        '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}' => '-',
        other => other,
    }
}

/// White space runs are one space and typographic marks are plain ones: what a line break or a font did to the
/// text is not the model's doing. Everything else counts, case and all.
pub(crate) fn folded(text: &str) -> String {
    let plain: String = text.chars().map(plain_mark).collect();
    one_line(&plain)
}

/// True if two neighbouring characters belong to one word or number, so that a cut between them changes meaning.
fn joins(left: Option<char>, right: Option<char>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => {
            let word = |c: char| c.is_alphanumeric();
            let inner = |c: char| matches!(c, '.' | ',' | '/' | '\'');
            (word(left) && word(right))
                || (left.is_ascii_digit() && inner(right) && right != ',' && right != '.')
                || (inner(left) && left != ',' && right.is_ascii_digit())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::RowKind;

    #[test]
    fn words_must_stand_in_the_row_they_are_said_to_stand_in() {
        let mut evidence = Evidence::default();
        evidence.push(
            RowKind::Specification,
            "s",
            "A. Panel thickness: 112 mm, with 1/2 in\n   reveal. Use the installer\u{2019}s template.",
        );
        evidence.push(RowKind::Record, "r", "Is the panel thickness 25 mm?");
        let table = [
            ("S1", "Panel thickness: 112 mm", Ok(())),
            ("S1", "with 1/2 in reveal", Ok(())),
            ("S1", "Use the installer's template.", Ok(())),
            ("S9", "Panel thickness: 112 mm", Err("unknown_handle")),
            ("R1", "Panel thickness: 112 mm", Err("quote_not_in_source")),
            ("S1", "Panel thickness: 113 mm", Err("quote_not_in_source")),
            ("S1", "panel Thickness: 112 mm", Err("quote_not_in_source")),
            ("S1", "12 mm, with 1/2 in reveal", Err("quote_not_in_source")),
            ("S1", "2 in reveal. Use the installer", Err("quote_not_in_source")),
            ("S1", "Panel thickness: 11", Err("quote_not_in_source")),
            ("S1", "112 mm", Err("quote_too_short")),
        ];
        for (handle, quote, expected) in table {
            let got = check(&Citation { handle, quote }, &evidence).map(|_| ());
            assert_eq!(got, expected, "{handle} {quote}");
            if let (Ok(()), Some(row)) = (expected, evidence.row(handle)) {
                let place = find(quote, &row.text).unwrap();
                assert_eq!(folded(&row.text[place]), folded(quote));
            }
        }
    }
}
