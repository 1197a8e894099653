//! The values of a requirement against those of the data beside it. Says that they differ only where the comparison is
//! certain: one unit, a plain value, or a limit that is understood. Everything else is left open.

use std::cmp::Ordering;

use super::{
    settle::Doubt,
    wording::{has_phrase, words},
};
use crate::gate::{Measure, Quantity, amounts_as_written, measures};

/// What a section wants of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Exactly,
    AtLeast,
    AtMost,
    Between(Quantity, Quantity),
    /// More than is understood here: only the very value is enough.
    Vague,
}

/// Words that leave room around a value.
const ROOM: &[&str] = &[
    "better",
    "nominal",
    "approximately",
    "about",
    "average",
    "tolerance",
    "up to",
    "range",
    "within",
    "through",
];

/// What speaks against the data showing the values of the requirement.
pub(super) fn doubt(required: &str, submitted: &str) -> Option<Doubt> {
    let (wanted, found) = (measures(required), measures(submitted));
    let names_absent = wanted.iter().any(|one| matches!(one, Measure::Name(_)) && !found.contains(one));
    let mut doubt = names_absent.then_some(Doubt::ValueAbsent);
    let found: Vec<Quantity> = amounts(&found).copied().collect();
    let chosen = is_range(submitted) && !is_range(required);
    let wishes: Vec<(Quantity, Wish)> = clauses(required).into_iter().flat_map(wishes).collect();
    for (amount, wish) in &wishes {
        let kind: Vec<&Quantity> =
            wishes.iter().map(|(other, _)| other).filter(|other| other.compare(amount).is_some()).collect();
        match held(amount, *wish, &kind, &found, submitted) {
            Some(Doubt::ValueDiffers) => return Some(Doubt::ValueDiffers),
            None if chosen && found.iter().filter(|one| one.compare(amount).is_some()).count() > 1 => {
                doubt = doubt.or(Some(Doubt::ValueUnclear));
            }
            other => doubt = doubt.or(other),
        }
    }
    doubt
}

/// The amounts of the data in the units of the requirement, where those differ and the values agree.
pub(super) fn equivalents(required: &str, submitted: &str) -> Vec<String> {
    let (wanted, found) = (measures(required), measures(submitted));
    let mut lines = Vec::new();
    for amount in amounts(&wanted) {
        // A value in the requirement's own unit needs no other.
        if amounts(&found).any(|other| other.has_unit_of(amount)) {
            continue;
        }
        let mut comparable: Vec<&Quantity> =
            amounts(&found).filter(|other| other.compare(amount).is_some()).collect();
        if comparable.len() > 1 {
            comparable.retain(|other| other.compare(amount) == Some(Ordering::Equal));
        }
        lines.extend(comparable.iter().filter_map(|other| other.said_in_unit_of(amount)));
    }
    lines.dedup();
    lines
}

/// The first two values that differ, as they are written.
pub(super) fn differing(required: &str, submitted: &str) -> Option<(String, String)> {
    let (wanted, found) = (amounts_as_written(required), amounts_as_written(submitted));
    wanted.iter().filter(|(amount, _)| amount.has_unit()).find_map(|(amount, written)| {
        let order = |(other, _): &&(Quantity, String)| other.compare(amount);
        let mut comparable = found.iter().filter(|one| order(one).is_some());
        let (_, other) = comparable.next()?;
        let equal = found.iter().any(|one| order(&one) == Some(Ordering::Equal));
        (!equal).then(|| (written.clone(), other.clone()))
    })
}

/// What speaks against one amount being shown; `kind` are all wanted amounts of what it measures.
fn held(
    amount: &Quantity,
    wish: Wish,
    kind: &[&Quantity],
    found: &[Quantity],
    submitted: &str,
) -> Option<Doubt> {
    let comparable: Vec<&Quantity> = found.iter().filter(|other| other.compare(amount).is_some()).collect();
    if comparable.is_empty() {
        return Some(Doubt::ValueAbsent);
    }
    let others: Vec<&Quantity> = kind.iter().filter(|other| **other != amount).copied().collect();
    // A value that answers to another wish of the same kind answers to this one only if none is left.
    let is_anothers =
        |one: &&&Quantity| others.iter().any(|other| one.compare(other) == Some(Ordering::Equal));
    let own: Vec<&Quantity> = comparable.iter().filter(|one| !is_anothers(one)).copied().collect();
    let own = if own.is_empty() { &comparable } else { &own };
    let beyond = |limit: &Quantity, side: Ordering| -> Vec<&Quantity> {
        own.iter().filter(|one| one.compare_exactly(limit) == Some(side)).copied().collect()
    };
    let outside = match wish {
        Wish::AtLeast => beyond(amount, Ordering::Less),
        Wish::AtMost => beyond(amount, Ordering::Greater),
        Wish::Between(low, high) => {
            let mut outside = beyond(&low, Ordering::Less);
            outside.extend(beyond(&high, Ordering::Greater));
            outside
        }
        Wish::Exactly | Wish::Vague => {
            if comparable.iter().any(|one| one.compare(amount) == Some(Ordering::Equal)) {
                Vec::new()
            } else {
                comparable.clone()
            }
        }
    };
    let limit_of_data = bound(submitted);
    let crossed = matches!(
        (wish, limit_of_data),
        (Wish::AtLeast, Some(Wish::AtMost)) | (Wish::AtMost, Some(Wish::AtLeast))
    );
    if outside.is_empty() {
        return crossed.then_some(Doubt::ValueUnclear);
    }
    // A bare number may count anything: only one with a unit is another value of the same thing.
    if !amount.has_unit() {
        return Some(Doubt::ValueAbsent);
    }
    let as_many = comparable.len() >= kind.len();
    let near = outside.iter().any(|one| one.is_near(amount));
    let bounded = matches!(wish, Wish::AtLeast | Wish::AtMost | Wish::Between(..));
    let plain = wish == Wish::Exactly && as_many && !amount.is_count();
    let certain = !near && !crossed && limit_of_data.is_none() && (plain || bounded && others.is_empty());
    let between = matches!(wish, Wish::Between(..)) && !near && outside.len() == comparable.len();
    Some(if certain || between { Doubt::ValueDiffers } else { Doubt::ValueUnclear })
}

/// True for `34 to 38 inches`: what can be set or chosen, not one value.
fn is_range(text: &str) -> bool {
    words(text).windows(2).any(|pair| {
        matches!(pair, [to, value] if (to == "to" || to == "through") && value.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// A requirement cut at its commas: a limit belongs to the values it stands beside.
fn clauses(text: &str) -> Vec<&str> {
    text.split("; ").flat_map(|part| part.split(", ")).flat_map(|part| part.split(" with ")).collect()
}

fn wishes(clause: &str) -> Vec<(Quantity, Wish)> {
    let measures = measures(clause);
    let all: Vec<Quantity> = amounts(&measures).copied().collect();
    let limits = has_phrase(clause, AT_LEAST) || has_phrase(clause, AT_MOST);
    let lower = clause.to_lowercase();
    let tolerance = ["plus or minus", "\u{B1}", "+/-"].iter().any(|sign| lower.contains(sign));
    let ranges = (lower.contains(" to ") || lower.contains("between ")) && !lower.contains("equal to");
    all.iter()
        .map(|amount| {
            let kind: Vec<&Quantity> = all.iter().filter(|other| other.compare(amount).is_some()).collect();
            let wish = match kind.as_slice() {
                [_] if limits => bound(clause).unwrap_or(Wish::Vague),
                _ if limits => Wish::Vague,
                [middle, room] if tolerance => match (middle.minus(room), middle.plus(room)) {
                    (Some(low), Some(high)) => Wish::Between(low, high),
                    _ => Wish::Vague,
                },
                [low, high] if ranges && low.compare_exactly(high) == Some(Ordering::Less) => {
                    Wish::Between(**low, **high)
                }
                _ if has_phrase(clause, ROOM) => Wish::Vague,
                _ => Wish::Exactly,
            };
            (*amount, wish)
        })
        .collect()
}

fn amounts(measures: &[Measure]) -> impl Iterator<Item = &Quantity> {
    measures.iter().filter_map(|measure| match measure {
        Measure::Amount(amount) => Some(amount),
        Measure::Name(_) => None,
    })
}

const AT_LEAST: &[&str] = &[
    "not less than",
    "no less than",
    "not fewer than",
    "at least",
    "minimum",
    "or more",
    "or greater",
    "or higher",
    "withstand",
];
const AT_MOST: &[&str] =
    &["not more than", "no more than", "at most", "maximum", "or less", "or lower", "not exceed", "not over"];

/// The limit a sentence sets, if it sets one and not both.
fn bound(text: &str) -> Option<Wish> {
    match (has_phrase(text, AT_LEAST), has_phrase(text, AT_MOST)) {
        (true, false) => Some(Wish::AtLeast),
        (false, true) => Some(Wish::AtMost),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_differ_only_where_that_is_certain() {
        use Doubt::{ValueAbsent, ValueDiffers, ValueUnclear};
        let table = [
            ("4 inches plus or minus 1 inch", "5 inches", None),
            ("4 inches plus or minus 1 inch", "6 inches", Some(ValueDiffers)),
            ("4 inches ± 1 inch", "3 inches", None),
            ("1/2 inch to 3/4 inch", "5/8 inch", None),
            ("1/2 inch to 3/4 inch", "7/8 inch", Some(ValueDiffers)),
            ("1/2 inch to 3/4 inch", "1/2 inch to 1 inch", Some(ValueUnclear)),
            ("0.5 percent or better", "0.2 percent", Some(ValueUnclear)),
            ("0.5 percent or better", "0.5 percent", None),
            ("two coats", "3 coats", Some(ValueUnclear)),
            ("two coats", "2 coats", None),
            ("1 inch", "25 mm", Some(ValueUnclear)),
            ("not less than 1.2 mil", "30 microns", Some(ValueUnclear)),
            ("not less than 1.2 mil", "32 microns", None),
            ("not more than 90 inches", "2300 mm", Some(ValueUnclear)),
            ("not more than 90 inches", "2240 mm", None),
            ("not more than 90 inches", "2500 mm", Some(ValueDiffers)),
            ("not more than 90 inches", "minimum 80 inches", Some(ValueUnclear)),
            ("42 inches long, not more than 12 inches from the wall", "42 inches, 10 inches off", None),
            (
                "42 inches long, not less than 12 inches from the wall",
                "42 inches, 6 inches off",
                Some(ValueUnclear),
            ),
            ("24 inches by 24 inches, 7/8 inch thick", "5/8 inch or 1 inch", Some(ValueUnclear)),
            ("34 inches", "34 to 38 inches", Some(ValueUnclear)),
            ("34 to 38 inches", "34 to 38 inches", None),
            ("Grade 1", "Grade 2", Some(ValueAbsent)),
            ("65,000 amperes", "65 kA", None),
            ("9.5 mm", "9,5 mm", None),
        ];
        for (required, submitted, expected) in table {
            assert_eq!(doubt(required, submitted), expected, "{required} / {submitted}");
        }
    }

    #[test]
    fn equal_values_in_another_unit_are_shown() {
        let table: [(&str, &str, &[&str]); 4] = [
            ("1.90 inch outside diameter", "Outside diameter: 48.3 mm", &["48.3 mm = 1.90 in"]),
            (
                "3/8 inch thick, four anchors of 1/2 inch",
                "9.5 mm, anchors 12.7 mm",
                &["9.5 mm = 0.374 in", "12.7 mm = 0.500 in"],
            ),
            ("1 inch overall", "25 mm (1 inch) overall", &[]),
            ("6 pounds", "6 mm", &[]),
        ];
        for (required, submitted, expected) in table {
            assert_eq!(equivalents(required, submitted), expected, "{required}");
        }
    }
}
