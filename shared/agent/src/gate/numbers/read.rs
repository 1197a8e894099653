//! Reads the figures out of a text, from left to right.

use regex::Captures;

use super::{
    pattern::{ALSO, NAMED, RANGE, SHEET, TOKEN},
    plain::plain,
    token::Token,
    units::{COUNTED, LABELS, MONTHS, NAMED_UNITS, PARTS, UNITS, WORDS},
};

/// Verbs after `may`: then it is no month.
const AFTER_MAY: &[&str] =
    &["be", "not", "have", "vary", "need", "also", "only", "differ", "apply", "remain"];

/// A token and the piece of text it was read from.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) token: Token,
    pub(super) piece: String,
    /// The text between it and the token before, if that is short.
    pub(super) before: String,
    /// True if the words before say that it is a sheet.
    pub(super) names_sheet: bool,
    /// True if its unit stands behind another number and `and` or `or`: then it may as well have none.
    pub(super) shares_unit: bool,
}

/// All tokens of a text.
pub(super) fn tokens(text: &str) -> Vec<Found> {
    let text = plain(text);
    let mut found: Vec<Found> = Vec::new();
    let (mut from, mut last_end) = (0, 0);
    while let Some(captures) = text.get(from..).and_then(|rest| TOKEN.captures(rest)) {
        let Some(whole) = captures.get(0) else { break };
        let start = from.saturating_add(whole.start());
        let mut end = from.saturating_add(whole.end());
        if let Some(number) =
            captures.name("lb_n").filter(|_| is_quantity(text.get(end..).unwrap_or_default()))
        {
            // `level 48 inches`: the number alone.
            from = from.saturating_add(number.start());
            continue;
        }
        let token = if is_verb(&captures, text.get(end..).unwrap_or_default()) {
            // `2 may be`: the number alone.
            end = from.saturating_add(captures.name("dm_d").map_or(whole.end(), |day| day.end()));
            captures.name("dm_d").map(|day| Token::number(day.as_str(), None))
        } else {
            let (token, length) = token_at(&text, &captures, start, end);
            end = end.saturating_add(length);
            token
        };
        from = end;
        let Some(token) = token else { continue };
        let token = if is_negative(&text, start) { token.negated() } else { token };
        let before: String =
            text.get(last_end..start).filter(|gap| gap.len() <= 10).unwrap_or_default().to_owned();
        let token = match (token, found.last().map(|last| &last.token)) {
            (Token::Value { unit: None, .. }, Some(Token::Labelled { word, .. }))
                if ALSO.is_match(&before) =>
            {
                let number = text.get(start..end).unwrap_or_default().to_owned();
                Token::Labelled { word, number }
            }
            (token, _) => token,
        };
        let names_sheet = SHEET.is_match(text.get(..start).unwrap_or_default());
        let piece = text.get(start..end).unwrap_or_default().to_owned();
        let shares_unit = shares_unit(text.get(end..).unwrap_or_default());
        last_end = end;
        found.push(Found { token, piece, before, names_sheet, shares_unit });
    }
    found
}

/// The token of a match, and how much text behind the match belongs to it.
fn token_at(text: &str, captures: &Captures<'_>, start: usize, end: usize) -> (Option<Token>, usize) {
    let rest = text.get(end..).unwrap_or_default();
    let is_value = captures.name("value").is_some();
    if is_value && is_list_number(text, start, end) {
        return (None, 0);
    }
    // `6mm` is a value with its unit; `6x` or `12b` is a name.
    let (unit, unit_length) = unit_of(rest);
    if is_value && unit.is_none() && rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(rest.len());
        let name = text.get(start..end.saturating_add(length)).unwrap_or_default();
        return (Some(Token::name(name)), length);
    }
    // `one` is a pronoun more often than a number, unless a unit in full follows.
    if captures.name("word").is_some_and(|word| word.as_str() == "one") && (unit.is_none() || unit_length < 4)
    {
        return (None, 0);
    }
    // `Workers: 6 Hours each: 8.0` is six workers, not six hours.
    if let Some(unit) = unit_before(text.get(..start).unwrap_or_default()).filter(|_| is_value) {
        return (read(captures, Some(unit)), 0);
    }
    let token = read(captures, unit.or_else(|| unit_after_range(rest)));
    let length = if matches!(token, Some(Token::Value { .. })) { unit_length } else { 0 };
    (token, length)
}

/// True if a unit or the rest of a fraction follows a number: then it is one, whatever word stands before it.
fn is_quantity(rest: &str) -> bool {
    let is_counted = |unit| COUNTED.iter().any(|spellings| spellings.first() == Some(&unit));
    rest.starts_with(['/', '\'', '"']) || unit_of(rest).0.is_some_and(|unit| !is_counted(unit))
}

/// True if what looks like a day in May is a number and a verb.
fn is_verb(captures: &Captures<'_>, rest: &str) -> bool {
    captures.name("dm_m").is_some_and(|month| month.as_str() == "may")
        && captures.name("dm_y").is_none()
        && rest
            .split(|c: char| !c.is_alphabetic())
            .find(|word| !word.is_empty())
            .is_some_and(|word| AFTER_MAY.contains(&word))
}

/// `1.` to `9.` or `1)` at the start of a line counts the lines; it states nothing.
fn is_list_number(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).unwrap_or_default().trim_end_matches([' ', '(']);
    let after = text.get(end..).unwrap_or_default();
    let line_start = before.is_empty() || before.ends_with('\n');
    end.saturating_sub(start) == 1 && line_start && (after.starts_with(". ") || after.starts_with(')'))
}

/// `-5 °C`: a minus sign stands alone before its number; a hyphen in `3-5` or `art-5` does not.
fn is_negative(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    before.strip_suffix('-').is_some_and(|rest| rest.is_empty() || rest.ends_with([' ', '(', '\n']))
}

/// The longest unit that ends where its word ends: `degrees` in `12 degrees from`, though `degrees f` is longer.
fn unit_of(rest: &str) -> (Option<&'static str>, usize) {
    let body = rest.strip_prefix([' ', '-']).unwrap_or(rest);
    let ends = |spelling: &str| {
        let lettered = spelling.ends_with(|c: char| c.is_alphanumeric());
        let tail = body.strip_prefix(spelling)?;
        (!lettered || !tail.starts_with(|c: char| c.is_alphanumeric())).then_some(tail)
    };
    let spellings = UNITS
        .iter()
        .chain(COUNTED)
        .flat_map(|line| line.iter().map(move |spelling| (line.first(), *spelling)));
    let found = spellings
        .filter_map(|(name, spelling)| Some((name, spelling, ends(spelling)?)))
        .max_by_key(|(_, spelling, _)| spelling.len());
    let Some((name, unit, tail)) = found else {
        return (None, 0);
    };
    // "12 in the corridor" is no dimension; "12 a side" neither. Only the unit's own spelling decides, but `in`
    // before a word that cannot follow a dimension is the preposition.
    let after = tail.trim_start();
    if unit == "in"
        && ["the ", "a ", "an ", "this ", "article", "section", "accordance"]
            .iter()
            .any(|word| after.starts_with(word))
    {
        return (None, 0);
    }
    (name.copied(), rest.len().saturating_sub(tail.len()))
}

/// In `10 to 13 mm` and `24 x 36 in` the first number has the unit of the second.
fn unit_after_range(rest: &str) -> Option<&'static str> {
    let range = RANGE.find(rest)?;
    unit_of(rest.get(range.end()..)?).0
}

/// True in `1` of `1 and 110 minutes`.
fn shares_unit(rest: &str) -> bool {
    let joint = RANGE.captures(rest).and_then(|range| range.name("joint"));
    joint.is_some_and(|joint| matches!(joint.as_str(), "and" | "or"))
}

/// The unit that a name and a colon before a number give it.
fn unit_before(head: &str) -> Option<&'static str> {
    named(NAMED_UNITS, NAMED.captures(head)?.name("name")?.as_str())
}

fn read(captures: &Captures<'_>, unit: Option<&'static str>) -> Option<Token> {
    let int = |name: &str| captures.name(name).and_then(|found| found.as_str().parse::<i128>().ok());
    let whole = |name: &str| captures.name(name).map(|found| found.as_str());
    let month = |name: &str| named(MONTHS, whole(name)?);
    if let Some(section) = whole("nm").or_else(|| whole("section")) {
        return Some(Token::Section(section_number(section)));
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
    if whole("my").is_some() {
        return Some(Token::Month { year: i32::try_from(int("my_y")?).ok()?, month: month("my_m")? });
    }
    if whole("slash").is_some() {
        return slash_date(int("sl_a")?, int("sl_b")?, int("sl_y")?);
    }
    if whole("half").is_some() {
        let afternoon = whole("hf_x").or_else(|| whole("hf_y")) == Some("p");
        let hour = int("hf_h")?.checked_rem(12)?.checked_add(if afternoon { 12 } else { 0 })?;
        return time(hour, int("hf_m").unwrap_or(0), true);
    }
    if whole("clock").is_some() {
        return time(int("ck_h")?, int("ck_m")?, false);
    }
    if whole("feet").is_some() {
        return match int("ft_in") {
            None => Some(Token::value(int("ft")?, 1, Some("ft"))),
            Some(inches) => feet_and_inches(int("ft")?, inches, int("ft_n"), int("ft_d")),
        };
    }
    if whole("foot").is_some() {
        return feet_and_inches(int("fo")?, int("fo_in")?, int("fo_n"), int("fo_d"));
    }
    if whole("mixed").is_some() {
        let d = int("mx_d")?;
        return Some(Token::value(int("mx_w")?.checked_mul(d)?.checked_add(int("mx_n")?)?, d, unit));
    }
    if whole("fraction").is_some() {
        return Some(Token::value(int("fr_n")?, int("fr_d")?, unit));
    }
    if let Some(text) = whole("value") {
        return Some(Token::number(text, unit));
    }
    if whole("part").is_some() {
        return Some(Token::value(named(WORDS, whole("pt_n")?)?, named(PARTS, whole("pt_d")?)?, unit));
    }
    if let Some(word) = whole("word") {
        return Some(Token::value(spelled(word)?, 1, unit));
    }
    if let Some(number) = whole("lb_n") {
        let written = whole("lb_w")?;
        let word = LABELS.iter().find(|spellings| spellings.contains(&written)).and_then(|s| s.first())?;
        return Some(Token::Labelled { word, number: number.to_owned() });
    }
    whole("article").or_else(|| whole("name")).map(Token::name)
}

fn named<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
}

/// `seven`, `twenty-eight`.
fn spelled(word: &str) -> Option<i128> {
    match word.split_once('-') {
        None => named(WORDS, word),
        Some((tens, ones)) => named(WORDS, tens)?.checked_add(named(WORDS, ones)?),
    }
}

fn date(year: Option<i128>, month: u32, day: i128) -> Option<Token> {
    Some(Token::Date {
        year: year.and_then(|year| i32::try_from(year).ok()),
        month,
        day: u32::try_from(day).ok()?,
    })
}

/// `3/25/26` can be read in one way only and is that day; `5/3/26` stays as it is.
fn slash_date(first: i128, second: i128, year: i128) -> Option<Token> {
    let year = if year < 100 { year.checked_add(2000)? } else { year };
    let (first, second) = (u32::try_from(first).ok()?, u32::try_from(second).ok()?);
    if first == second || (first <= 12 && second > 12) {
        return date(Some(year), first, i128::from(second));
    }
    if first > 12 && second <= 12 {
        return date(Some(year), second, i128::from(first));
    }
    Some(Token::SlashDate { first, second, year: i32::try_from(year).ok()? })
}

fn time(hour: i128, minute: i128, half_said: bool) -> Option<Token> {
    Some(Token::Time { minutes: hour.checked_mul(60)?.checked_add(minute)?, half_said })
}

/// `3'-6"` is 42 inches; `3'-0"` is three feet, as everybody says it.
fn feet_and_inches(feet: i128, inches: i128, n: Option<i128>, d: Option<i128>) -> Option<Token> {
    let (n, d) = (n.unwrap_or(0), d.unwrap_or(1));
    if inches == 0 && n == 0 {
        return Some(Token::value(feet, 1, Some("ft")));
    }
    let inches = feet.checked_mul(12)?.checked_add(inches)?;
    Some(Token::value(inches.checked_mul(d)?.checked_add(n)?, d, Some("in")))
}

/// `101400`, `10-14-00` and `10 14 00` are one section; five digits are a number of the older system.
fn section_number(text: &str) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    let mut out = String::new();
    for (position, digit) in digits.iter().enumerate() {
        if digits.len() > 5 && position > 0 && position.is_multiple_of(2) {
            out.push(if position == 6 { '.' } else { ' ' });
        }
        out.push(*digit);
    }
    out
}
