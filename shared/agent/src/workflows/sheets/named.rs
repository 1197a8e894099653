//! Which sheets a text names, and which revisions of them. A word is never taken for a sheet on its looks alone: it has to
//! be on the project's list.

use std::sync::LazyLock;

use procore::{DrawingRevision, is_same_sheet};
use regex::Regex;

/// Sheets looked for in one field, at most.
const NAMED: usize = 10;
/// Longest name of a revision that is compared, in characters.
const LONGEST: usize = 4;
/// Furthest a sheet stands before the name of its revision, in bytes.
const NEAR: usize = 90;

/// `A-501`, `FP-2.1`; without a hyphen or a full stop only behind a word that says what it is.
#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
static SHEET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:(?:sheets?|drawings?|dwgs?\.?)\s+(?:no\.?\s+)?(?P<said>[a-z]{1,3}[- ]?\d{1,4}(?:\.\d{1,3})?[a-z]?)|(?P<form>[a-z]{1,3}-\d{1,4}(?:\.\d{1,3})?[a-z]?|[a-z]{1,3}\d{1,3}\.\d{1,3}))\b",
    )
    .expect("a constant pattern")
});
/// `rev 2`, `Revision B`; `revision of` names none.
#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
static REVISION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?i:rev(?:ision)?)\b\.?\s*(?i:(?:no|number)\b\.?)?\s*[#:]?\s*(?P<name>\d{1,3}[A-Za-z]?|[A-Z]\d{0,2})\b",
    )
    .expect("a constant pattern")
});
/// Behind the name of a revision: what it is one of.
#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
static OF: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^\s+of\s+(?:the\s+)?").expect("a constant pattern"));

/// A revision that was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Older {
    /// Number of the sheet, as the project has it.
    pub(super) sheet: String,
    /// The revision shown or named.
    pub(super) shown: String,
    /// The revision in force.
    pub(super) current: String,
}

/// The sheets of a record's own field: one, or several with marks between.
pub(super) fn in_field(field: &str) -> Vec<String> {
    field
        .split([',', ';', '/', '&', '\n'])
        .flat_map(|part| part.split(" and "))
        .map(str::trim)
        .filter(|part| part.chars().any(|c| c.is_ascii_digit()))
        .take(NAMED)
        .map(str::to_owned)
        .collect()
}

/// What looks like a sheet in running words, each once.
pub(super) fn in_words(words: &str) -> Vec<String> {
    let words = spaced(words);
    let mut found: Vec<String> = Vec::new();
    for (_, number) in numbers(&words) {
        if found.len() < NAMED && !found.iter().any(|known| is_same_sheet(known, number)) {
            found.push(number.to_owned());
        }
    }
    found
}

/// The older revision an attached page shows: by its file's name, or by a line that begins with the sheet's number, as
/// the title of an excerpt does. A letter that only speaks of a sheet is none.
pub(super) fn revision_of_file(label: &str, text: &str, sheets: &[DrawingRevision]) -> Option<Older> {
    let titled = |line: &&str| numbers(line).next().is_some_and(|(at, _)| at == 0);
    let lines = text.lines().map(str::trim).filter(titled);
    std::iter::once(label).chain(lines).find_map(|line| older_revision(line, sheets))
}

/// The first older revision that words name together with its sheet.
pub(super) fn older_revision(words: &str, sheets: &[DrawingRevision]) -> Option<Older> {
    let words = spaced(words);
    REVISION.captures_iter(&words).find_map(|found| {
        let (whole, shown) = (found.get(0)?, found.name("name")?.as_str());
        let sheet = sheet_of(&words, whole.start(), whole.end())?;
        let mut known = sheets.iter().filter(|known| is_same_sheet(&known.number, sheet));
        let current = known.next()?;
        // Two drawings of one number: nobody can say which is meant.
        if known.next().is_some() {
            return None;
        }
        let revision = plain_revision(current.revision.as_deref()?);
        // A name is free text: one that is more than a number or a letter tells no order and is not repeated.
        if revision.len() > LONGEST || !revision.chars().all(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        is_older(&plain_revision(shown), &revision).then(|| Older {
            sheet: current.number.clone(),
            shown: plain_revision(shown),
            current: revision,
        })
    })
}

/// The sheet a revision belongs to: `rev 1 of A-501`, or the last one before it in the same sentence, if no section of
/// the specification stands between.
fn sheet_of(words: &str, start: usize, end: usize) -> Option<&str> {
    let after = words.get(end..)?;
    if let Some(of) = OF.find(after)
        && let Some((0, number)) = numbers(after.get(of.end()..)?).next()
    {
        return Some(number);
    }
    let head = words.get(..start)?;
    let sentence = head.rfind(['\n', ';', '?', '!']).map_or(0, |at| at.saturating_add(1));
    let sentence = sentence.max(head.rfind(". ").map_or(0, |at| at.saturating_add(2)));
    let head = head.get(sentence..)?;
    let (at, number) = numbers(head).last()?;
    let between = head.get(at..)?.to_lowercase();
    (between.len() <= NEAR && !between.contains("section") && !REVISION.is_match(&between)).then_some(number)
}

/// Where each sheet-like word begins, the word before it included, and its number.
fn numbers(text: &str) -> impl Iterator<Item = (usize, &str)> {
    SHEET.captures_iter(text).filter_map(|found| {
        let number = found.name("said").or_else(|| found.name("form"))?;
        Some((found.get(0)?.start(), number.as_str()))
    })
}

/// File names have underscores for blanks.
fn spaced(text: &str) -> String {
    text.replace('_', " ")
}

/// `Rev. 02` is `2`.
fn plain_revision(name: &str) -> String {
    let name =
        REVISION.captures(name).and_then(|found| found.name("name")).map_or(name, |name| name.as_str());
    let name = name.trim().to_uppercase();
    let trimmed = name.trim_start_matches('0');
    if trimmed.len() == name.len() || trimmed.starts_with(|c: char| c.is_ascii_digit()) {
        trimmed.to_owned()
    } else {
        format!("0{trimmed}")
    }
}

/// True if the first was replaced by the second. A later one than the project's own is not on its list yet, and
/// names of different kinds tell no order: letters are used before a sheet is issued, numbers after.
fn is_older(shown: &str, current: &str) -> bool {
    match (shown.parse::<u32>(), current.parse::<u32>()) {
        (Ok(shown), Ok(current)) => shown < current,
        (Err(_), Err(_)) => shown.len() <= current.len() && shown < current,
        (Err(_), Ok(_)) => shown.chars().all(char::is_alphabetic),
        (Ok(_), Err(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheets() -> Vec<DrawingRevision> {
        [
            ("A-501", "2"),
            ("A-811", "Rev 01"),
            ("S2.1", "C"),
            ("M-1", "3"),
            ("M-1", "4"),
            ("E-1", ""),
            ("P-1", "For <b>bid</b>"),
        ]
        .iter()
        .map(|(number, revision)| {
            let json = serde_json::json!({"id": 1, "number": number, "revision_number": revision});
            serde_json::from_value(json).unwrap()
        })
        .collect()
    }

    #[test]
    fn sheets_are_told_by_their_form_or_by_the_word_before() {
        let table: &[(&str, &[&str])] = &[
            ("At A-501 and sheet S201, detail 3/A-811?", &["A-501", "S201", "A-811"]),
            ("Drawing A 601 and again a601", &["A 601"]),
            ("see M2.01; A-501_rev_1.pdf", &["M2.01", "A-501"]),
            ("ASTM C920, Class 50, F19, set 12, 1/8 inch, 10 14 00", &[]),
            ("the sheet metal and the drawings of level 2", &[]),
        ];
        for (words, expected) in table {
            assert_eq!(in_words(words), *expected, "{words}");
        }
        assert_eq!(in_field("A-501, a601 and S2.1"), ["A-501", "a601", "S2.1"]);
        assert_eq!(in_field(" see the plans "), Vec::<String>::new());
    }

    #[test]
    fn an_older_revision_is_told_with_its_sheet() {
        let table = [
            ("A-501 rev 1.pdf", Some("A-501 1 2")),
            ("A-501_rev_0", Some("A-501 0 2")),
            ("a501 is no form, sheet a501 Rev. 01 is", Some("A-501 1 2")),
            ("SHEET A-811  SIGN SCHEDULE  REVISION 0  ISSUED 2026-02-23", Some("A-811 0 1")),
            ("We built from revision 1 of sheet A-501.", Some("A-501 1 2")),
            ("A-501 rev 2 and A-811 rev 0", Some("A-811 0 1")),
            ("Drawing S2.1 revision B", Some("S2.1 B C")),
            ("A-501 revision A", Some("A-501 A 2")),
            ("A-501 rev 2", None),
            ("A-501 rev 3, not yet issued", None),
            ("A-811 rev 1", None),
            ("A-501 revision of the tile", None),
            ("M-1 rev 2", None),
            ("E-1 rev 0", None),
            ("P-1 rev A", None),
            ("A-999 rev 0", None),
            ("See A-501. Section 10 14 00 revision 0", None),
            ("Sheet A-501 and Section 10 14 00 revision 0", None),
            ("Section 09 30 00 revision 0 calls for A-501", None),
            ("A-501 is right? Rev 0 was wrong", None),
        ];
        for (words, expected) in table {
            let found = older_revision(words, &sheets());
            let found = found.map(|one| format!("{} {} {}", one.sheet, one.shown, one.current));
            assert_eq!(found.as_deref(), expected, "{words}");
        }
    }

    #[test]
    fn a_page_shows_what_it_is_called_or_titled_and_not_what_it_speaks_of() {
        let table = [
            ("A-501 rev 1 excerpt.txt, page 1", "Tile joints", true),
            ("scan.pdf, page 1", "Tile joints\nSHEET A-501  TOILETS  REVISION 1", true),
            ("letter.pdf, page 1", "Please note that A-501 rev 1 was replaced.", false),
            ("A-501 rev 2.pdf, page 1", "SHEET A-501 REVISION 2", false),
        ];
        for (label, text, expected) in table {
            assert_eq!(revision_of_file(label, text, &sheets()).is_some(), expected, "{label}");
        }
    }
}
