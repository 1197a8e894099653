//! Personal data and secrets out of a text, before a model or a log sees it. Construction text is full of
//! numbers in groups: a pattern is taken only where its form, its check digits or the word before it leave
//! little doubt.

use crate::{Mapped, Origin};
use regex::{Captures, Regex};
use std::sync::LazyLock;

const REDACTED: &str = "[redacted]";

/// What must hold for a match beyond its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    /// The form is enough.
    Form,
    /// Stands alone: no letter, digit or joining sign touches it.
    Alone,
    /// Stands alone, and its digits pass the check of payment cards.
    Card,
    /// Stands alone, and passes the check of international bank account numbers.
    Iban,
    /// Has a digit or another sign that ordinary words do not have.
    NotAWord,
}

/// Forms, and what goes: the group named `it`, or else the whole match.
const SOURCES: [(Check, &str); 19] = [
    // Secrets. A private key is taken to its end, or to the end of the text if that was cut.
    (
        Check::Form,
        r"(?s)-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|\z)",
    ),
    (Check::Form, r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"),
    (
        Check::Alone,
        r"(?x) \b(?: sk-[A-Za-z0-9_-]{16,} | (?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}
          | (?:AKIA|ASIA)[0-9A-Z]{16} | gh[pousr]_[A-Za-z0-9]{20,} | github_pat_[A-Za-z0-9_]{20,}
          | glpat-[A-Za-z0-9_-]{20,} | xox[abeprs]-[A-Za-z0-9-]{10,} | AIza[0-9A-Za-z_-]{35}
          | npm_[A-Za-z0-9]{36} | SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,} )",
    ),
    (Check::Form, r"(?i)\bbearer\s+(?<it>[A-Z0-9._~+/-]{20,}=*)"),
    (
        Check::NotAWord,
        r"(?i)\b(?:pass(?:word|code|wd)|pwd|api[ _-]?key|account[ _-]?key|client[ _-]secret|access[ _-]token)\s*[:=]\s*(?<it>[^\s,;]{4,})",
    ),
    // Numbers of persons.
    (
        Check::Alone,
        r"\b(?:00[1-9]|0[1-9]\d|[1-57-8]\d\d|6[0-57-9]\d|66[0-57-9])-(?:0[1-9]|[1-9]\d)-(?:\d{3}[1-9]|\d\d[1-9]0|\d[1-9]00|[1-9]000)\b",
    ),
    (
        Check::Form,
        r"(?i)\b(?:ssn|social security)(?:\s*(?:number|no\.?|\#))?\s*[:\#=]?\s*(?<it>\d{3}[ -]?\d{2}[ -]?\d{4})\b",
    ),
    (
        Check::Form,
        r"\b(?:SIN|(?i:social insurance))(?:\s*(?i:number|no\.?|\#))?\s*[:\#=]?\s*(?<it>\d{3}[ -]?\d{3}[ -]?\d{3})\b",
    ),
    // Cards and accounts.
    (Check::Card, r"\b\d{4}([ -]?)\d{4}[ -]?\d{4}[ -]?\d{1,4}(?:[ -]?\d{3})?\b"),
    (Check::Card, r"\b3\d{3}[ -]?\d{6}[ -]?\d{4,5}\b"),
    (Check::Iban, r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"),
    (
        Check::Form,
        r"(?i)\b(?:bank\s+(?:account|acct)|(?:account|acct)\.?\s*(?:number|no\.|no\b|\#))\s*(?:number|no\.?|\#)?\s*[:\#=]?\s*(?<it>\d[\d -]{6,20}\d)\b",
    ),
    (Check::Form, r"(?i)\b(?:routing|aba|transit)\s*(?:number|no\.?|\#)?\s*[:\#=]?\s*(?<it>\d{9})\b"),
    // Ways to reach a person.
    (Check::Alone, r"(?i)[a-z0-9][a-z0-9._%+'-]*@(?:[a-z0-9-]+\.)*[a-z0-9-]*[a-z][a-z0-9-]*\.[a-z]{2,24}\b"),
    (Check::Alone, r"(?:\+?1[ .-]?)?(?:\([2-9]\d\d\) ?|\b[2-9]\d\d[ .-])[2-9]\d\d[.-]\d{4}\b"),
    (Check::Alone, r"(?:\+1[ .-]?)\(?[2-9]\d\d\)?[ .-]?[2-9]\d\d[ .-]?\d{4}\b"),
    (Check::Alone, r"\+[2-9]\d{0,2}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{2,4}(?:[ .-]?\d{2,4}){2,4}\b"),
    (
        Check::Form,
        r"(?i)\b(?:tel|telephone|phone|mobile|cell|fax)\b\.?\s*(?:number|no\.?|\#)?\s*[:\#=]?\s*(?<it>\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}|\d{3}[.-]\d{4})\b",
    ),
    // Birth dates, only next to a word that says so.
    (
        Check::Form,
        r"(?xi)\b(?:d\.?o\.?b\.?|date\ of\ birth|birth\ ?(?:date|day)|born(?:\ on)?|fecha\ de\ nacimiento|nacid[oa]\ el)
          \W{0,4}(?<it>\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4} | \d{1,2}\ (?:de\ )?\p{L}{3,12}\.?,?\ (?:de\ )?\d{4}
          | \p{L}{3,12}\.?\ \d{1,2}(?:st|nd|rd|th)?,?\ \d{4})\b",
    ),
];

static PATTERNS: LazyLock<Vec<(Check, Regex)>> = LazyLock::new(|| {
    // Every source compiles: a test says so.
    SOURCES.iter().filter_map(|(check, source)| Some((*check, Regex::new(source).ok()?))).collect()
});

/// Replaces numbers of persons, bank and card numbers, keys and tokens, phone numbers, e-mail addresses and
/// labelled birth dates by `[redacted]`, and counts them. Labels stay, so that a reader sees what was there.
pub fn redact(text: &str) -> (String, u32) {
    let (mapped, redacted) = redact_mapped(text);
    (mapped.text, redacted)
}

/// What [`redact`] makes of a text, and where each part of it stood.
pub fn redact_mapped(text: &str) -> (Mapped, u32) {
    let mut redacted = 0;
    let mut kept = Mapped::whole(text);
    for (check, pattern) in PATTERNS.iter() {
        if !pattern.is_match(&kept.text) {
            continue;
        }
        let before = kept.text.as_str();
        let mut edits = Vec::new();
        let replaced = pattern.replace_all(before, |found: &Captures<'_>| {
            let (whole, label) = whole_and_label(found);
            let start = found.get(0).map_or(0, |all| all.start()) + label.len();
            let end = start + whole.len();
            if check.holds(before, start - label.len(), end, whole) {
                redacted += 1;
                edits.push((start..end, REDACTED.len()));
                format!("{label}{REDACTED}")
            } else {
                format!("{label}{whole}")
            }
        });
        let next = Mapped { text: replaced.into_owned(), origin: Origin::of_edits(before.len(), &edits) };
        kept = kept.then(next);
    }
    (kept, redacted)
}

/// The part that goes, and the label before it. Every named group ends its match.
fn whole_and_label<'t>(found: &Captures<'t>) -> (&'t str, &'t str) {
    let all = found.get(0).map_or("", |all| all.as_str());
    let it = found.name("it").map_or(all, |it| it.as_str());
    (it, all.strip_suffix(it).unwrap_or_default())
}

impl Check {
    fn holds(self, text: &str, start: usize, end: usize, found: &str) -> bool {
        match self {
            Self::Form => true,
            Self::Alone => stands_alone(text, start, end),
            Self::Card => stands_alone(text, start, end) && is_card(found),
            Self::Iban => stands_alone(text, start, end) && is_iban(found),
            Self::NotAWord => {
                found.chars().any(|character| !character.is_alphabetic() && !".-'\"[]()".contains(character))
            }
        }
    }
}

/// `12-345-67-8901` and `A123-45-6789` are not numbers of a person: parts, drawings and sections look so.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let joins = |character: char| matches!(character, '-' | '.' | '_');
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    let mut after = text.get(end..).unwrap_or_default().chars();
    let touched_after = match after.next() {
        Some('.') => after.next().is_some_and(|second| second.is_ascii_digit()),
        Some(next) if joins(next) => after.next().is_some_and(char::is_alphanumeric),
        Some(next) => next.is_alphanumeric(),
        None => false,
    };
    !before.is_some_and(|last| last.is_alphanumeric() || joins(last)) && !touched_after
}

fn is_card(found: &str) -> bool {
    let digits: Vec<u32> = found.chars().filter_map(|character| character.to_digit(10)).collect();
    let leading = |count: usize| digits.iter().take(count).fold(0, |number, digit| number * 10 + digit);
    let issued = match digits.len() {
        13 | 19 => leading(1) == 4,
        14 => matches!(leading(3), 300..=305 | 360..=369 | 380..=399),
        15 => matches!(leading(2), 34 | 37),
        16 => {
            leading(1) == 4
                || matches!(leading(2), 51..=55 | 65 | 35)
                || matches!(leading(4), 2221..=2720 | 6011)
                || matches!(leading(3), 644..=649)
        }
        _ => false,
    };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(position, digit)| match digit * 2 {
            _ if position % 2 == 0 => *digit,
            doubled if doubled > 9 => doubled - 9,
            doubled => doubled,
        })
        .sum();
    issued && sum.is_multiple_of(10)
}

fn is_iban(found: &str) -> bool {
    let plain: String = found.chars().filter(|character| *character != ' ').collect();
    let (country, account) = plain.split_at_checked(4).unwrap_or_default();
    let rest = account.chars().chain(country.chars()).filter_map(|character| character.to_digit(36)).fold(
        0_u32,
        |rest, value| match value {
            0..=9 => (rest * 10 + value) % 97,
            _ => (rest * 100 + value) % 97,
        },
    );
    (15..=34).contains(&plain.len()) && rest == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(PATTERNS.len(), SOURCES.len());
    }

    #[test]
    fn personal_data_and_secrets_go() {
        for (text, expected) in [
            ("SSN 123-45-6789 on file", "SSN [redacted] on file"),
            ("his number is 123-45-6789.", "his number is [redacted]."),
            ("Social Security No.: 123 45 6789", "Social Security No.: [redacted]"),
            ("SIN: 046 454 286", "SIN: [redacted]"),
            ("card 4111 1111 1111 1111, exp 12/27", "card [redacted], exp 12/27"),
            ("pay 5555-5555-5555-4444", "pay [redacted]"),
            ("amex 378282246310005", "amex [redacted]"),
            ("amex 3782 822463 10005", "amex [redacted]"),
            ("wire to DE89 3704 0044 0532 0130 00 today", "wire to [redacted] today"),
            ("GB82WEST12345698765432", "[redacted]"),
            ("Account number: 000123456789", "Account number: [redacted]"),
            ("routing no. 021000021", "routing no. [redacted]"),
            ("key sk-abcdEFGH1234ijkl5678MNOP", "key [redacted]"),
            ("sk-proj-abc_DEF-1234567890abcdef", "[redacted]"),
            ("id AKIAIOSFODNN7EXAMPLE ok", "id [redacted] ok"),
            ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[redacted]"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-DEF_123", "[redacted]"),
            ("Authorization: Bearer abcdefghijklmnop0123456789==", "Authorization: Bearer [redacted]"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nnext",
                "[redacted]\nnext",
            ),
            ("-----BEGIN PRIVATE KEY-----\nMIIE cut off", "[redacted]"),
            ("password: hunter2!", "password: [redacted]"),
            ("call (212) 555-0147 or 212-555-0147", "call [redacted] or [redacted]"),
            ("212.555.0147, +1 212 555 0147, +12125550147", "[redacted], [redacted], [redacted]"),
            ("212-555-0147/212-555-0148, '212-555-0149'", "[redacted]/[redacted], '[redacted]'"),
            ("+44 20 7946 0958 / +52 55 1234 5678", "[redacted] / [redacted]"),
            ("Tel: 2125550147 Fax 555-0147", "Tel: [redacted] Fax [redacted]"),
            ("write jo.o'neil+rfi@mail.example.com.", "write [redacted]."),
            ("DOB: 04/12/1971", "DOB: [redacted]"),
            ("born on March 3, 1980 in", "born on [redacted] in"),
            ("Date of birth 3 May 1980", "Date of birth [redacted]"),
            ("fecha de nacimiento: 3 de mayo de 1980", "fecha de nacimiento: [redacted]"),
        ] {
            let (kept, count) = redact(text);
            assert_eq!(kept, expected);
            assert_eq!(usize::try_from(count).unwrap(), expected.matches(REDACTED).count(), "{text}");
            assert_eq!(redact(&kept), (kept.clone(), 0), "once is enough");
        }
    }

    #[test]
    fn construction_text_stays() {
        for text in [
            "10 14 00 Signage; 09 91 23.13; Section 079200; 23 05 93 23 07 19 23 21 13",
            "3'-6\" x 7'-0\", 1 1/2\" o.c., 2x6 @ 16\" o.c., 12'-3 3/4\"",
            "2026-03-04, 03/04/2026, March 4, 2026, 14:30, due 2026-11-20T10:00:00Z",
            "ASTM A653/A653M-20, AWS D1.1, ACI 318-19, UL 263, NFPA 70-2023, ASHRAE 90.1-2019",
            "RFI #0147, RFI-014-2026, CO 003-45-0001-A, submittal 033000-12.1",
            "A-101, S-201.1, M-301-R2, sheet E1.01, detail 5/A-501",
            "4,000 psi, 30 MPa, 1 250 000 m2, $1,234,567.89, EL. +102.50, +100'-0\"",
            "EL +1250 +1300 +1450, grids 1 200 450 3000",
            "#4 @ 12 in. o.c., #5@12.EW, bars #5@300mm",
            "record 562949953421312 and 9007199254740993, event 01HZX3V7Q8K2M4N6P8R0T2W4Y6",
            "Model 130-692-544, part 4021-5566-7788, lot 20260304-0001, serial 123-45-67890",
            "X123-45-6789, 1-123-45-6789-0",
            "cost code 03-30-00.100, account 01 45 23, WBS 1.2.3.4",
            "Door key 212, key: see schedule; Password: per owner; token ring; secret hinges",
            "1234567890123456 units, 1111 2222 3333 4444",
            "sin 123 456 789 piezas; born from cooperation; the pour was 03/04/2026",
            "cell walls 3000 psi, phone booth 4x4, transit 10 14 00, fax of 2026-03-04",
            "300 300 450 600, 150 x 300 x 450, 208-240-30 V",
            "+0.002 / -0.001, ±1/8\", +5 -0 mm, tolerance +10 mm",
            "wind 115 mph (51 m/s), R-19, U-0.35, STC 55, 1-hour, 2 hr",
            "sk-8 anchors; AKIA tiles; eyJ; ghp pumps; bearer plates; bearing 0123456789012345678901",
        ] {
            assert_eq!(redact(text), (text.to_owned(), 0));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            redact(&text);
        }

        #[test]
        fn sections_and_dimensions_stay(a in 0_u32..50, b in 0_u32..100, c in 0_u32..100, feet in 0_u32..200, inches in 0_u32..12) {
            let text = format!("Section {a:02} {b:02} {c:02}, {feet}'-{inches}\", {feet}-{b:02}-{c:02}");
            prop_assert_eq!(redact(&text).0, text);
        }
    }
}
