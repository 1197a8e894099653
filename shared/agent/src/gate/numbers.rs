//! Numbers, with what makes them mean something: units, fractions, dimensions, dates, sections, sheets.
//!
//! Every one in a statement must stand in the words it rests on. Values are compared exactly, as fractions: `0.75 in`
//! is `3/4 in` and `3'-6"` is `42 in`, but `6 mm` is not `6 in`.

use std::{collections::HashSet, sync::LazyLock};

use regex::{Captures, Regex};

use super::units::{MONTHS, UNITS, WORDS};
use crate::evidence::Evidence;

/// One number-like thing in a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Token {
    /// A value with its unit, if one follows.
    Value { numerator: i128, denominator: i128, unit: Option<&'static str> },
    /// A day, with its year if one is given.
    Date { year: Option<i32>, month: u32, day: u32 },
    /// A section number of the project manual, as `10 14 00`.
    Section(String),
    /// A name with digits in it: a sheet, an article, a standard, a product type, a time of day. Lower-cased.
    Name(String),
}

/// The rules a text breaks, each with the piece that breaks it. `grounds` are the words it may rest on.
pub(super) fn check(text: &str, grounds: &[&str], evidence: &Evidence) -> Vec<(&'static str, String)> {
    let allowed: HashSet<Token> =
        grounds.iter().flat_map(|ground| tokens(ground)).map(|(token, _)| token).collect();
    let mut broken = Vec::new();
    for (token, piece) in tokens(text) {
        let rule = match &token {
            Token::Section(number) if !evidence.sections.iter().any(|(known, _)| known == number) => {
                Some("section_not_in_project")
            }
            Token::Value { numerator, denominator, unit } => {
                let grounded = allowed.iter().any(|known| {
                    matches!(known, Token::Value { numerator: n, denominator: d, unit: u }
                        if n == numerator && d == denominator && (u == unit || unit.is_none()))
                });
                (!grounded).then_some("number_not_in_source")
            }
            Token::Date { year, month, day } => {
                let grounded = allowed.iter().any(|known| {
                    matches!(known, Token::Date { year: y, month: m, day: d }
                        if m == month && d == day && (y == year || year.is_none()))
                });
                (!grounded).then_some("date_not_in_source")
            }
            Token::Section(_) => (!allowed.contains(&token)).then_some("section_not_in_source"),
            Token::Name(_) => (!allowed.contains(&token)).then_some("name_not_in_source"),
        };
        if let Some(rule) = rule {
            broken.push((rule, piece));
        }
    }
    broken
}

fn alternation<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut words: Vec<&str> = words.collect();
    // Longest first: a regex alternation takes the first that fits.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.into_iter().map(regex::escape).collect::<Vec<_>>().join("|")
}

#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    let months = alternation(MONTHS.iter().map(|(name, _)| *name));
    let words = alternation(WORDS.iter().map(|(name, _)| *name));
    let number = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?";
    Regex::new(&format!(
        r#"(?x)
        (?P<section>\b\d{{2}}\ \d{{2}}\ \d{{2}}(?:\.\d{{2}})?\b)
        |(?P<iso>\b(?P<iso_y>\d{{4}})-(?P<iso_m>\d{{2}})-(?P<iso_d>\d{{2}})\b)
        |(?P<dm>\b(?P<dm_d>\d{{1,2}})(?:st|nd|rd|th)?\ (?:of\ |de\ )?(?P<dm_m>{months})\b\.?(?:,?\ (?:de\ )?(?P<dm_y>\d{{4}})\b)?)
        |(?P<md>\b(?P<md_m>{months})\b\.?\ (?P<md_d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\ (?P<md_y>\d{{4}})\b)?)
        |(?P<slash>\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\b)
        |(?P<clock>\b\d{{1,2}}:\d{{2}}\b)
        |(?P<feet>(?P<ft>\d+)'(?:\ ?-?\ ?(?P<ft_in>\d+)(?:[\ -](?P<ft_n>\d+)/(?P<ft_d>\d+))?")?)
        |(?P<mixed>\b(?P<mx_w>\d+)[\ -](?P<mx_n>\d+)/(?P<mx_d>\d+))
        |(?P<fraction>\b(?P<fr_n>\d+)/(?P<fr_d>\d+))
        |(?P<article>\b\d+\.\d+(?:\.[a-z0-9]+)+\b)
        |(?P<name>\b[a-z]{{1,8}}[-.]?\d[\w]*(?:[-./]\w+)*)
        |(?P<value>{number})
        |(?P<word>\b(?:{words})\b)
        "#
    ))
    .expect("a constant pattern")
});

#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
static UNIT: LazyLock<Regex> = LazyLock::new(|| {
    let units = alternation(UNITS.iter().flat_map(|spellings| spellings.iter().copied()));
    // A unit in letters must end where its word ends; signs end by themselves.
    Regex::new(&format!(r"^[ -]?(?P<unit>{units})(?P<rest>.?)")).expect("a constant pattern")
});

#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
static RANGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^ ?(?:to|x|by|and|or|-|a|o|±) ?(?:[\d.,/]+(?:[ -]\d+/\d+)?)"#).expect("a constant pattern")
});

/// True if a text names a section that the project does not have.
pub(super) fn names_unknown_section(text: &str, evidence: &Evidence) -> bool {
    tokens(text).iter().any(|(token, _)| {
        matches!(token, Token::Section(number) if !evidence.sections.iter().any(|(known, _)| known == number))
    })
}

/// All tokens of a text, each with the piece of text it was read from.
fn tokens(text: &str) -> Vec<(Token, String)> {
    let text = plain(text);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(captures) = text.get(from..).and_then(|rest| TOKEN.captures(rest)) {
        let Some(whole) = captures.get(0) else { break };
        let start = from.saturating_add(whole.start());
        let end = from.saturating_add(whole.end());
        from = end;
        let rest = text.get(end..).unwrap_or_default();
        let piece = |extra: usize| text.get(start..end.saturating_add(extra)).unwrap_or_default().to_owned();
        if captures.name("value").is_some() && is_list_number(&text, start, end) {
            continue;
        }
        // `6mm` is a value with its unit; `6x` or `12b` is a name.
        let (unit, unit_length) = unit_of(rest);
        if captures.name("value").is_some()
            && unit.is_none()
            && rest.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
        {
            let tail: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
            from = end.saturating_add(tail.len());
            found.push((Token::Name(piece(tail.len())), piece(tail.len())));
            continue;
        }
        let token = read(&captures, unit.or_else(|| unit_after_range(rest)));
        let length = if matches!(token, Some(Token::Value { .. })) { unit_length } else { 0 };
        if let Some(token) = token {
            let token = if is_negative(&text, start) { negated(token) } else { token };
            found.push((token, piece(length)));
        }
    }
    found
}

/// Lower case, with typographic signs as the plain ones people type.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        let fraction = match c {
            '½' => "1/2",
            '¼' => "1/4",
            '¾' => "3/4",
            '⅓' => "1/3",
            '⅔' => "2/3",
            '⅛' => "1/8",
            '⅜' => "3/8",
            '⅝' => "5/8",
            '⅞' => "7/8",
            _ => "",
        };
        if !fraction.is_empty() {
            if out.ends_with(|c: char| c.is_ascii_digit()) {
                out.push(' ');
            }
            out.push_str(fraction);
            continue;
        }
        out.push(match c {
            '\u{2032}' | '\u{2019}' | '\u{2018}' => '\'',
            '\u{2033}' | '\u{201C}' | '\u{201D}' => '"',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            '\u{00D7}' => 'x',
            '\u{2044}' => '/',
            '\u{00A0}' | '\u{202F}' | '\u{2009}' | '\n' | '\t' => {
                if c == '\n' {
                    '\n'
                } else {
                    ' '
                }
            }
            other => other,
        });
    }
    out
}

/// `1.` to `9.` or `1)` at the start of a line counts the lines; it states nothing.
fn is_list_number(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end..).unwrap_or_default();
    let line_start =
        before.trim_end_matches([' ', '(']).is_empty() || before.trim_end_matches([' ', '(']).ends_with('\n');
    end.saturating_sub(start) == 1 && line_start && (after.starts_with(". ") || after.starts_with(')'))
}

/// `-5 °C`: a minus sign stands alone before its number; a hyphen in `3-5` or `art-5` does not.
fn is_negative(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    before.strip_suffix('-').is_some_and(|rest| rest.is_empty() || rest.ends_with([' ', '(', '\n']))
}

fn negated(token: Token) -> Token {
    match token {
        Token::Value { numerator, denominator, unit } => {
            Token::Value { numerator: numerator.saturating_neg(), denominator, unit }
        }
        other => other,
    }
}

fn unit_of(rest: &str) -> (Option<&'static str>, usize) {
    let Some(captures) = UNIT.captures(rest) else {
        return (None, 0);
    };
    let (Some(unit), Some(next)) = (captures.name("unit"), captures.name("rest")) else {
        return (None, 0);
    };
    let lettered = unit.as_str().ends_with(|c: char| c.is_alphanumeric());
    if lettered && next.as_str().starts_with(|c: char| c.is_alphanumeric()) {
        return (None, 0);
    }
    // "12 in the corridor" is no dimension; "12 a side" neither. Only the unit's own spelling decides, but `in`
    // before a word that cannot follow a dimension is the preposition.
    let tail = rest.get(unit.end()..).unwrap_or_default().trim_start();
    if unit.as_str() == "in"
        && ["the ", "a ", "an ", "this ", "article", "section", "accordance"]
            .iter()
            .any(|w| tail.starts_with(w))
    {
        return (None, 0);
    }
    let name = UNITS.iter().find(|spellings| spellings.contains(&unit.as_str())).and_then(|s| s.first());
    (name.copied(), unit.end())
}

/// In `10 to 13 mm` and `24 x 36 in` the first number has the unit of the second.
fn unit_after_range(rest: &str) -> Option<&'static str> {
    let range = RANGE.find(rest)?;
    unit_of(rest.get(range.end()..)?).0
}

fn read(captures: &Captures<'_>, unit: Option<&'static str>) -> Option<Token> {
    let int = |name: &str| captures.name(name).and_then(|found| found.as_str().parse::<i128>().ok());
    let whole = |name: &str| captures.name(name).map(|found| found.as_str());
    let month = |name: &str| {
        let word = whole(name)?;
        MONTHS.iter().find(|(known, _)| *known == word).map(|(_, number)| *number)
    };
    let date = |year: Option<i128>, month: u32, day: i128| {
        Some(Token::Date {
            year: year.and_then(|y| i32::try_from(y).ok()),
            month,
            day: u32::try_from(day).ok()?,
        })
    };
    if let Some(section) = whole("section") {
        return Some(Token::Section(section.to_owned()));
    }
    if whole("iso").is_some() {
        return date(int("iso_y"), u32::try_from(int("iso_m")?).ok()?, int("iso_d")?);
    }
    if whole("dm").is_some() {
        return date(int("dm_y"), month("dm_m")?, int("dm_d")?);
    }
    if whole("md").is_some() {
        return date(int("md_y"), month("md_m")?, int("md_d")?);
    }
    if whole("feet").is_some() {
        return match int("ft_in") {
            None => value(int("ft")?, 1, Some("ft")),
            Some(inches) => {
                let (n, d) = (int("ft_n").unwrap_or(0), int("ft_d").unwrap_or(1));
                let whole_inches = int("ft")?.checked_mul(12)?.checked_add(inches)?;
                value(whole_inches.checked_mul(d)?.checked_add(n)?, d, Some("in"))
            }
        };
    }
    if whole("mixed").is_some() {
        let d = int("mx_d")?;
        return value(int("mx_w")?.checked_mul(d)?.checked_add(int("mx_n")?)?, d, unit);
    }
    if whole("fraction").is_some() {
        return value(int("fr_n")?, int("fr_d")?, unit);
    }
    if let Some(number) = whole("value") {
        let number = number.replace(',', "");
        let (integer, decimals) = number.split_once('.').unwrap_or((&number, ""));
        let scale = 10_i128.checked_pow(u32::try_from(decimals.len()).ok()?)?;
        return match format!("{integer}{decimals}").parse() {
            Ok(numerator) => value(numerator, scale, unit),
            // Too long for a number: then it is a name, and must stand in the source as it is.
            Err(_) => Some(Token::Name(number)),
        };
    }
    if let Some(word) = whole("word") {
        let (_, number) = WORDS.iter().find(|(known, _)| *known == word)?;
        return value(*number, 1, unit);
    }
    let name =
        whole("slash").or_else(|| whole("clock")).or_else(|| whole("article")).or_else(|| whole("name"))?;
    Some(Token::Name(name.trim_end_matches(['.', '-', '/']).to_owned()))
}

fn value(numerator: i128, denominator: i128, unit: Option<&'static str>) -> Option<Token> {
    if denominator == 0 {
        return Some(Token::Name(format!("{numerator}/0")));
    }
    let divisor = gcd(numerator, denominator).max(1);
    Some(Token::Value { numerator: numerator / divisor, denominator: denominator / divisor, unit })
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str, ground: &str) -> Vec<&'static str> {
        let evidence = Evidence {
            sections: vec![
                ("10 14 00".into(), "Signage".into()),
                ("07 92 00".into(), "Joint Sealants".into()),
            ],
            ..Evidence::default()
        };
        check(text, &[ground], &evidence).into_iter().map(|(rule, _)| rule).collect()
    }

    #[test]
    fn the_same_in_other_words_is_grounded() {
        let table = [
            ("0.75 in deep", "3/4 inch deep"),
            ("42 inches", "3'-6\""),
            ("3'-6 1/2\" high", "3\u{2032}-6 1/2\u{2033}"),
            ("1 1/2 in", "1½\""),
            ("20 % humidity", "20 percent"),
            ("4000 psi at 28 days", "4,000 psi at 28 days"),
            ("12.5mm", "12.5 mm"),
            ("three coats", "3 coats"),
            ("on 5 March", "March 5, 2026"),
            ("2026-03-05", "5 March 2026"),
            ("10 mm", "10 to 13 mm"),
            ("24 in by 36 in", "24 x 36 in"),
            ("Section 10 14 00, article 2.1.B", "10 14 00 Signage rev 1, art. 2.1.B"),
            ("ASTM C920 Class 50", "ASTM C920, Type S, Class 50"),
            ("sheet A-501", "A-501 rev 2"),
            ("1. First\n2. Second", "nothing"),
            ("at 07:30", "07:30"),
            ("below -5 °C", "-5 °C"),
        ];
        for (text, ground) in table {
            assert_eq!(broken(text, ground), Vec::<&str>::new(), "{text} / {ground}");
        }
    }

    #[test]
    fn anything_else_is_found() {
        let table = [
            ("6 in", "6 mm", "number_not_in_source"),
            ("12.6 mm", "12.5 mm", "number_not_in_source"),
            ("125 mm", "12.5 mm", "number_not_in_source"),
            ("5/8 in", "3/8 in", "number_not_in_source"),
            ("3'-7\"", "3'-6\"", "number_not_in_source"),
            ("3'", "3'-6\"", "number_not_in_source"),
            ("30 percent", "20 percent", "number_not_in_source"),
            ("5 degrees C", "-5 degrees C", "number_not_in_source"),
            ("four coats", "three coats", "number_not_in_source"),
            ("6 March", "5 March 2026", "date_not_in_source"),
            ("5 March 2027", "5 March 2026", "date_not_in_source"),
            ("section 10 14 10", "10 14 00", "section_not_in_project"),
            ("section 07 92 00", "10 14 00", "section_not_in_source"),
            ("article 2.1.C", "art. 2.1.B", "name_not_in_source"),
            ("sheet A-502", "A-501", "name_not_in_source"),
            ("ASTM C921", "ASTM C920", "name_not_in_source"),
            ("Type 12b", "Type 12", "name_not_in_source"),
            ("at 08:30", "07:30", "name_not_in_source"),
            ("10000000000000000000000000000000000000000000 mm", "1 mm", "name_not_in_source"),
        ];
        for (text, ground, rule) in table {
            assert!(broken(text, ground).contains(&rule), "{text} / {ground}: {:?}", broken(text, ground));
        }
    }
}
