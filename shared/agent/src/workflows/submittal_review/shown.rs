//! What of a quoted line shows something about what is submitted. What can be had, and what is not so, does not.

use super::wording::{has_phrase, words};
use crate::space::one_line;

/// Phrases of data that offers instead of showing.
const OFFERS: &[&str] = &[
    "up to",
    "typical",
    "typically",
    "available",
    "optional",
    "optionally",
    "option",
    "options",
    "on request",
    "upon request",
    "may be",
    "can be",
    "choose",
    "expected",
    "pending",
];
/// Phrases of data that denies.
const DENIALS: &[&str] = &[
    "not",
    "no",
    "non",
    "never",
    "none",
    "without",
    "lacks",
    "excluded",
    "except",
    "pas",
    "sans",
    "sin",
    "in place of",
    "instead of",
    "in lieu of",
    "other than",
    "replaces",
    "remplace",
    "reemplaza",
];
/// Denials that set a limit and deny nothing.
const LIMITS: &[&str] = &[
    "not less than",
    "no less than",
    "not fewer than",
    "not more than",
    "no more than",
    "not exceed",
    "not over",
];

/// What of a quotation shows something.
pub(super) struct Shown {
    /// Its parts that neither offer nor deny, one after the other.
    pub(super) text: String,
    /// True if a part was left out.
    pub(super) in_part: bool,
}

/// Reads a quotation in the line it stands in: a part that says `up to`, `optional` or `not`, or stands behind an open
/// check box, shows nothing.
pub(super) fn shown(source: &str, quote: &str, required: &str) -> Shown {
    let quote = one_line(quote);
    let line = line_of(source, &quote);
    let start = line.find(&quote).unwrap_or_default();
    let end = start.saturating_add(quote.len());
    let (mut text, mut in_part) = (String::new(), false);
    for (at, part) in parts(&line) {
        let part_end = at.saturating_add(part.len());
        let (from, to) = (start.max(at), end.min(part_end));
        let Some(piece) = line.get(from..to).filter(|piece| piece.chars().any(char::is_alphanumeric)) else {
            continue;
        };
        if is_offer(part, required) || denies(part) && !denies(required) {
            in_part = true;
        } else {
            text.push_str(piece);
            text.push(' ');
        }
    }
    Shown { text, in_part }
}

fn is_offer(part: &str, required: &str) -> bool {
    let marked = ["[x]", "(x)", "\u{2611}", "\u{2612}", "\u{25A0}"];
    let part = part.trim_start().to_lowercase();
    if marked.iter().any(|mark| part.starts_with(mark)) {
        return false;
    }
    if OPEN_BOXES.iter().any(|open| part.starts_with(open)) {
        return true;
    }
    let said = words(&part);
    let ranges = said.windows(2).any(|pair| {
        matches!(pair, [from, value] if from == "from" && value.starts_with(|c: char| c.is_ascii_digit()))
    });
    let offers = OFFERS.iter().any(|phrase| has_phrase(&part, &[phrase]) && !has_phrase(required, &[phrase]));
    offers || ranges && !has_phrase(required, &["from"])
}

/// Check boxes nobody marked.
const OPEN_BOXES: &[&str] = &["[ ]", "[]", "[_]", "( )", "\u{2610}", "\u{25A1}"];

fn denies(text: &str) -> bool {
    // `Non-sag` is a property; a `non` of its own denies.
    let text = text.to_lowercase().replace("non-", "non");
    let mut plain = format!(" {} ", words(&text).join(" "));
    for limit in LIMITS {
        plain = plain.replace(&format!(" {limit} "), " ");
    }
    // `No. 4 mesh` is a number.
    let numbered =
        plain.split_once(" no ").is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()));
    DENIALS.iter().any(|phrase| !(*phrase == "no" && numbered) && plain.contains(&format!(" {phrase} ")))
}

/// A line cut where one statement ends and another begins, with the places of its parts.
fn parts(line: &str) -> Vec<(usize, &str)> {
    let mut cuts = vec![0];
    for (at, c) in line.char_indices() {
        let rest = line.get(at..).unwrap_or_default();
        let is_number = line.get(..at).is_some_and(|head| head.to_lowercase().ends_with("no"));
        if c == ';' || rest.starts_with(". ") && !is_number {
            cuts.push(at.saturating_add(1));
        } else if matches!(c, '[' | '\u{2610}'..='\u{2612}' | '\u{25A0}' | '\u{25A1}')
            || rest.starts_with("( )")
        {
            cuts.push(at);
        }
    }
    cuts.push(line.len());
    cuts.windows(2)
        .filter_map(|pair| match pair {
            [from, to] => Some((*from, line.get(*from..*to)?)),
            _ => None,
        })
        .collect()
}

/// The lines of a text that a quotation stands in; the quotation itself if it stands in none.
fn line_of(source: &str, quote: &str) -> String {
    let lines: Vec<String> = source.lines().map(one_line).filter(|line| !line.is_empty()).collect();
    if let Some(line) = lines.iter().find(|line| line.contains(quote)) {
        return line.clone();
    }
    let across = lines.windows(2).map(|two| two.join(" ")).find(|two| two.contains(quote));
    across.unwrap_or_else(|| quote.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_or_denied_shows_nothing() {
        let table = [
            ("NRC: 0.80", "NRC: 0.80", "NRC: not less than 0.75", "NRC: 0.80"),
            ("Noise reduction up to 0.90", "Noise reduction up to 0.90", "NRC: not less than 0.75", ""),
            ("Up to 0.90 noise reduction", "0.90 noise reduction", "NRC: not less than 0.75", ""),
            (
                "Travel up to 6 inches",
                "Travel up to 6 inches",
                "Travel up to 6 inches",
                "Travel up to 6 inches",
            ),
            (
                "Rating: 90 minutes; lites optional",
                "90 minutes; lites optional",
                "Rating: 90 minutes",
                "90 minutes",
            ),
            ("[ ] Model 40-1, Grade 1 [X] Model 40-3, Grade 2", "Model 40-1, Grade 1", "Grade 1", ""),
            (
                "[ ] Model 40-1, Grade 1 [X] Model 40-3, Grade 2",
                "Model 40-3, Grade 2",
                "Grade 1",
                "Model 40-3, Grade 2",
            ),
            ("Panels from 5/8 inch to 1 inch", "from 5/8 inch to 1 inch", "1 inch", ""),
            (
                "Height from floor to rail 42 in",
                "from floor to rail 42 in",
                "42 in",
                "from floor to rail 42 in",
            ),
            ("Bus in aluminum, in place of copper", "in place of copper", "Bus: Copper", ""),
            (
                "Depth not less than 6 in",
                "Depth not less than 6 in",
                "Depth: 6 in",
                "Depth not less than 6 in",
            ),
            ("Sealant: non-sag, Type S", "Sealant: non-sag, Type S", "Type S", "Sealant: non-sag, Type S"),
            ("Screen: No. 4 mesh", "Screen: No. 4 mesh", "No. 4 mesh", "Screen: No 4 mesh"),
            ("Test not done at 72 hours", "Test not done at 72 hours", "Test at 72 hours", ""),
            (
                "Arm without hold-open",
                "Arm without hold-open",
                "without a hold-open arm",
                "Arm without hold-open",
            ),
        ];
        for (line, quote, required, expected) in table {
            let source = format!("DATA SHEET\n{line}\nNothing else");
            let shown = shown(&source, quote, required);
            assert_eq!(words(&shown.text), words(expected), "{line} / {quote}");
            assert_eq!(shown.in_part, words(&shown.text) != words(quote), "{line} / {quote}");
        }
    }
}
