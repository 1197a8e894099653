//! The ways in which an answer is made wrong. Each takes a good answer and changes one thing that a reviewer would
//! have to be told of.

use std::{ops::Range, sync::LazyLock};

use agent::evidence::Evidence;
use regex::Regex;
use serde_json::Value;

use crate::{
    dice::Dice,
    spots::{Spot, spots, with},
};

/// A good answer made wrong.
pub(crate) struct Mutant {
    pub(crate) answer: Value,
    /// What was done, for the list of those that pass.
    pub(crate) what: String,
}

/// One way, by name. `None`: the answer has no place for it, or the dice fell badly.
pub(crate) type Way = fn(&Value, &Evidence, &mut Dice) -> Option<Mutant>;

/// The way that calls met what is not.
pub(crate) const MET: &str = "met for what is not";

/// All of them; a new one is a line.
pub(crate) const WAYS: &[(&str, Way)] = &[
    ("digit changed", digit),
    ("units swapped", unit),
    ("decimal point moved", decimal_point),
    ("section changed", section),
    ("quote altered", quote),
    ("numbers exchanged", exchanged),
    (MET, met),
];

static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d+(?:\.\d+)?").unwrap());
static SECTION: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b\d{2} \d{2} \d{2}\b").unwrap());
static ARTICLE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\bart\. (\d+\.\d+)").unwrap());
/// Units that are swapped for one of another line.
const UNITS: &[&[&str]] = &[
    &["inches", "inch", "in.", "in"],
    &["feet", "foot", "ft"],
    &["mm"],
    &["days", "day"],
    &["hours", "hour"],
    &["minutes", "minute"],
    &["weeks"],
    &["percent", "%"],
    &["psi"],
    &["°F"],
    &["°C"],
    &["coats", "coat"],
    &["gauge"],
    &["mils"],
];
static WITH_UNIT: LazyLock<Regex> = LazyLock::new(|| {
    let units: Vec<String> =
        UNITS.iter().flat_map(|line| line.iter()).map(|unit| regex::escape(unit)).collect();
    Regex::new(&format!(r"\d[ -]?({})(?:[ ,.;)]|$)", units.join("|"))).unwrap()
});

fn words(answer: &Value) -> Vec<Spot> {
    spots(answer).into_iter().filter(|spot| !spot.is_quote).collect()
}

/// A match of a pattern somewhere in the words.
fn somewhere(spots: &[Spot], pattern: &Regex, dice: &mut Dice) -> Option<(Spot, Range<usize>)> {
    let all: Vec<(&Spot, Range<usize>)> = spots
        .iter()
        .flat_map(|spot| {
            pattern
                .captures_iter(&spot.text)
                .map(move |found| (spot, found.iter().flatten().last().unwrap().range()))
        })
        .collect();
    dice.pick(&all).map(|(spot, range)| ((*spot).clone(), range.clone()))
}

fn replaced(text: &str, range: Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..range.start], &text[range.end..])
}

fn mutant(answer: &Value, spot: &Spot, range: Range<usize>, by: &str) -> Option<Mutant> {
    let old = &spot.text[range.clone()];
    if old == by {
        return None;
    }
    let around = spot.text[..range.start].chars().rev().take(12).collect::<Vec<_>>();
    let around: String = around.into_iter().rev().collect();
    let what = format!("{} {around}[{old} -> {by}]", spot.place);
    Some(Mutant { answer: with(answer, &spot.place, &replaced(&spot.text, range, by)), what })
}

/// One number in two spellings, such as 7 and 07: the one in the place of the other is not wrong.
fn is_same(one: &str, other: &str) -> bool {
    one == other || one.parse::<f64>().is_ok_and(|one| other.parse() == Ok(one))
}

fn digit(answer: &Value, _: &Evidence, dice: &mut Dice) -> Option<Mutant> {
    static DIGIT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d").unwrap());
    let (spot, range) = somewhere(&words(answer), &DIGIT, dice)?;
    let by = dice.below(10).to_string();
    mutant(answer, &spot, range, &by)
}

fn unit(answer: &Value, _: &Evidence, dice: &mut Dice) -> Option<Mutant> {
    let (spot, range) = somewhere(&words(answer), &WITH_UNIT, dice)?;
    let old = &spot.text[range.clone()];
    let others: Vec<&str> = UNITS.iter().filter(|line| !line.contains(&old)).map(|line| line[0]).collect();
    let by = dice.pick(&others)?;
    mutant(answer, &spot, range, by)
}

fn decimal_point(answer: &Value, _: &Evidence, dice: &mut Dice) -> Option<Mutant> {
    let (spot, range) = somewhere(&words(answer), &NUMBER, dice)?;
    let old = &spot.text[range.clone()];
    let (whole, decimals) = old.split_once('.').unwrap_or((old, ""));
    let digits = format!("{whole}{decimals}");
    let point = i64::try_from(whole.len()).unwrap() + *dice.pick(&[-2, -1, 1, 2])?;
    let moved = match usize::try_from(point) {
        Ok(point) if point >= digits.len() => format!("{digits}{}", "0".repeat(point - digits.len())),
        Ok(0) | Err(_) => {
            format!("0.{}{digits}", "0".repeat(usize::try_from(-point).unwrap_or_default()))
        }
        Ok(point) => format!("{}.{}", &digits[..point], &digits[point..]),
    };
    // Nothing times ten is nothing.
    if is_same(&moved, old) {
        return None;
    }
    mutant(answer, &spot, range, &moved)
}

/// Names the source of a piece in its words, as a good answer may, and then another section or article.
fn section(answer: &Value, evidence: &Evidence, dice: &mut Dice) -> Option<Mutant> {
    let sourced = sourced(answer, evidence);
    let (spot, pointer) = dice.pick(&sourced)?;
    let named = Spot { text: format!("{} {pointer}", spot.text), ..spot.clone() };
    let pattern: &Regex = if dice.below(3) == 0 { &ARTICLE } else { &SECTION };
    let found = pattern.captures_iter(&named.text).last()?.iter().flatten().last()?.range();
    let old = &named.text[found.clone()];
    let by = if pattern.as_str() == SECTION.as_str() && dice.below(3) == 0 {
        dice.pick(&evidence.sections)?.0.clone()
    } else {
        let places: Vec<usize> =
            old.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
        let at = *dice.pick(&places)?;
        replaced(old, at..at + 1, &dice.below(10).to_string())
    };
    mutant(answer, &named, found, &by)
}

/// The pieces that quote a specification, each with a sentence that names it.
pub(crate) fn sourced(answer: &Value, evidence: &Evidence) -> Vec<(Spot, String)> {
    words(answer)
        .into_iter()
        .filter_map(|spot| {
            let piece = answer.pointer(&spot.piece()?)?;
            let handle = piece.pointer("/evidence/0/h")?.as_str()?;
            let label = &evidence.row(handle)?.label;
            let section = SECTION.find(label)?.as_str();
            let article = ARTICLE.captures(label)?;
            Some((spot, format!("See Section {section}, art. {}.", &article[1])))
        })
        .collect()
}

/// One character of a quotation, neither added nor taken at its ends: a shorter quotation is a quotation.
fn quote(answer: &Value, _: &Evidence, dice: &mut Dice) -> Option<Mutant> {
    let quotes: Vec<Spot> = spots(answer).into_iter().filter(|spot| spot.is_quote).collect();
    let spot = dice.pick(&quotes)?;
    let characters: Vec<char> = spot.text.chars().collect();
    let at = 1 + dice.below(characters.len().saturating_sub(2));
    let (before, old, after) = (characters[at - 1], characters[at], characters[at + 1]);
    if !old.is_alphanumeric() && !matches!(old, '.' | ',' | '/' | '-' | '(' | ')') {
        return None;
    }
    let mut changed = characters.clone();
    match dice.below(4) {
        0 if before != old && after != old => drop(changed.remove(at)),
        1 if after != old && after.is_alphanumeric() => changed.swap(at, at + 1),
        2 => changed.insert(at, *dice.pick(&['e', '1', 's', '.'])?),
        _ => changed[at] = *dice.pick(&['0', '3', '7', 'a', 'n', 't', 'X', ','])?,
    }
    if changed == characters {
        return None;
    }
    let text: String = changed.iter().collect();
    Some(Mutant { answer: with(answer, &spot.place, &text), what: format!("{} {at}: {text}", spot.place) })
}

/// A number of one piece in the place of a number of another, and the other way round.
fn exchanged(answer: &Value, _: &Evidence, dice: &mut Dice) -> Option<Mutant> {
    let pieces: Vec<Spot> = words(answer).into_iter().filter(|spot| spot.piece().is_some()).collect();
    let (one, range) = somewhere(&pieces, &NUMBER, dice)?;
    let others: Vec<Spot> = pieces.into_iter().filter(|spot| spot.piece() != one.piece()).collect();
    let (other, other_range) = somewhere(&others, &NUMBER, dice)?;
    let (a, b) = (&one.text[range.clone()], &other.text[other_range.clone()]);
    if is_same(a, b) {
        return None;
    }
    let half = with(answer, &one.place, &replaced(&one.text, range.clone(), b));
    let whole = with(&half, &other.place, &replaced(&other.text, other_range.clone(), a));
    Some(Mutant { answer: whole, what: format!("{} {a} <-> {} {b}", one.place, other.place) })
}

/// A requirement said to be met that is not, or cannot be verified.
fn met(answer: &Value, _: &Evidence, dice: &mut Dice) -> Option<Mutant> {
    let rows = answer.get("rows")?.as_array()?;
    let open: Vec<usize> = (0..rows.len())
        .filter(|position| {
            !rows[*position]["status"].as_str().is_some_and(|status| status.starts_with("MET"))
        })
        .collect();
    let position = dice.pick(&open)?;
    let mut changed = answer.clone();
    let by = *dice.pick(&["MET", "MET_WITH_NOTE"])?;
    let old = changed["rows"][position]["status"].take();
    changed["rows"][position]["status"] = by.into();
    Some(Mutant { answer: changed, what: format!("/rows/{position}/status {old} -> {by}") })
}

/// The same inside one text that rests on several sources at once: what presence cannot see.
pub(crate) fn exchanged_within(answer: &Value, dice: &mut Dice) -> Option<Mutant> {
    let free: Vec<Spot> = words(answer).into_iter().filter(|spot| spot.piece().is_none()).collect();
    let (spot, first) = somewhere(&free, &NUMBER, dice)?;
    let (_, second) = somewhere(std::slice::from_ref(&spot), &NUMBER, dice)?;
    if first.start >= second.start || is_same(&spot.text[first.clone()], &spot.text[second.clone()]) {
        return None;
    }
    let (a, b) = (spot.text[first.clone()].to_owned(), spot.text[second.clone()].to_owned());
    let text = replaced(&replaced(&spot.text, second, &a), first, &b);
    Some(Mutant { answer: with(answer, &spot.place, &text), what: format!("{} {a} <-> {b}", spot.place) })
}
