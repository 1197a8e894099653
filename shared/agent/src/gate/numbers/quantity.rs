//! Amounts with units, compared by what they measure. Exact within one unit; between units as far as data sheets round.
//! Never compares what measures different things, and never a temperature in two scales.

use std::cmp::Ordering;

use super::{read, token::Token};

/// Two amounts in different units are one if they differ by no more than this part of them.
const ROUNDING: i128 = 100;

/// Words that say where something stands, not what it is.
const PLACES: &[&str] = &["article", "table", "figure", "revision", "page", "division", "rfi"];

/// How much of a base unit a unit is: what it measures, and the factor as a fraction.
const UNITS: &[(&str, char, i128, i128)] = &[
    // Length, in millimetres.
    ("mm", 'l', 1, 1),
    ("cm", 'l', 10, 1),
    ("m", 'l', 1000, 1),
    ("km", 'l', 1_000_000, 1),
    ("in", 'l', 127, 5),
    ("ft", 'l', 1524, 5),
    ("yd", 'l', 4572, 5),
    ("mil", 'l', 127, 5000),
    ("µm", 'l', 1, 1000),
    // Area, in square millimetres.
    ("sq in", 'a', 16_129, 25),
    ("sf", 'a', 2_322_576, 25),
    ("m2", 'a', 1_000_000, 1),
    // Volume, in litres.
    ("l", 'v', 1, 1),
    ("gal", 'v', 473_176_473, 125_000_000),
    ("m3", 'v', 1000, 1),
    ("cy", 'v', 764_554_857_984, 1_000_000_000),
    // Pressure and strength, in pascals.
    ("pa", 'p', 1, 1),
    ("kpa", 'p', 1000, 1),
    ("mpa", 'p', 1_000_000, 1),
    ("psi", 'p', 6_894_757, 1000),
    ("ksi", 'p', 6_894_757, 1),
    ("psf", 'p', 47_880, 1000),
    // Mass, in kilograms; force, in newtons. A pound of force and a pound of mass are written the same.
    ("kg", 'k', 1, 1),
    ("lb", 'k', 45_359_237, 100_000_000),
    ("n", 'f', 1, 1),
    ("kn", 'f', 1000, 1),
    // Time, in seconds, and what is counted by the calendar, in months.
    ("s", 't', 1, 1),
    ("min", 't', 60, 1),
    ("h", 't', 3600, 1),
    ("d", 't', 86_400, 1),
    ("wk", 't', 604_800, 1),
    ("mo", 'c', 1, 1),
    ("yr", 'c', 12, 1),
    // Electricity and light.
    ("v", 'e', 1, 1),
    ("kv", 'e', 1000, 1),
    ("w", 'w', 1, 1),
    ("kw", 'w', 1000, 1),
    ("lux", 'i', 1, 1),
    ("fc", 'i', 10_764, 1000),
];

/// An amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quantity {
    numerator: i128,
    denominator: i128,
    unit: Option<&'static str>,
}

/// Something in a text that a comparison can hang on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// A number, with its unit if one is written.
    Amount(Quantity),
    /// A name with digits in it, such as a standard or a type; lower-cased.
    Name(String),
}

/// The measures of a text, in order. Dates, sections, articles and sheets are none.
pub(crate) fn measures(text: &str) -> Vec<Measure> {
    let found = read::tokens(text).into_iter();
    found
        .filter_map(|found| match found.token {
            Token::Value { numerator, denominator, unit } => {
                Some(Measure::Amount(Quantity { numerator, denominator, unit }))
            }
            Token::Name(name) => Some(Measure::Name(name)),
            Token::Labelled { word, number } if !PLACES.contains(&word) => {
                Some(Measure::Name(format!("{word} {number}")))
            }
            _ => None,
        })
        .collect()
}

impl Quantity {
    /// False for a bare number.
    pub(crate) fn has_unit(&self) -> bool {
        self.unit.is_some()
    }

    /// How it stands to another; `None` if the two measure different things or cannot be told apart for certain.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        if self.unit == other.unit {
            return order(self.numerator, self.denominator, other.numerator, other.denominator);
        }
        let of = |unit: Option<&str>| UNITS.iter().find(|(name, ..)| Some(*name) == unit);
        let ((_, what, n, d), (_, other_what, other_n, other_d)) = (of(self.unit)?, of(other.unit)?);
        if what != other_what {
            return None;
        }
        let (a, b) = (self.numerator.checked_mul(*n)?, self.denominator.checked_mul(*d)?);
        let (x, y) = (other.numerator.checked_mul(*other_n)?, other.denominator.checked_mul(*other_d)?);
        let (left, right) = (a.checked_mul(y)?, x.checked_mul(b)?);
        let apart = left.checked_sub(right)?.checked_abs()?;
        if apart.checked_mul(ROUNDING)? <= right.checked_abs()? {
            return Some(Ordering::Equal);
        }
        Some(left.cmp(&right))
    }
}

fn order(a: i128, b: i128, x: i128, y: i128) -> Option<Ordering> {
    Some(a.checked_mul(y)?.cmp(&x.checked_mul(b)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Quantity {
        match measures(text).as_slice() {
            [Measure::Amount(quantity)] => *quantity,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn amounts_are_compared_by_what_they_measure() {
        use Ordering::{Equal, Greater, Less};
        let table = [
            ("1/8 inch", "0.125 in", Some(Equal)),
            ("1/8 inch", "0.126 in", Some(Less)),
            ("1/8 inch", "3.2 mm", Some(Equal)),
            ("1/8 inch", "3 mm", Some(Greater)),
            ("3'-6\"", "42 inches", Some(Equal)),
            ("3'-6\"", "1067 mm", Some(Equal)),
            ("4000 psi", "27.6 MPa", Some(Equal)),
            ("4000 psi", "25 MPa", Some(Greater)),
            ("250 pounds", "113 kg", Some(Equal)),
            ("250 pounds", "100 kg", Some(Greater)),
            ("40 mil", "1.016 mm", Some(Equal)),
            ("20 years", "240 months", Some(Equal)),
            ("2 weeks", "14 days", Some(Equal)),
            ("50 percent", "50 %", Some(Equal)),
            ("50 percent", "50", None),
            ("50", "50", Some(Equal)),
            ("6 mm", "6 pounds", None),
            ("50 °F", "10 °C", None),
            ("100000000000000000000000000000000000000 mm", "1 in", None),
        ];
        for (a, b, expected) in table {
            assert_eq!(one(a).compare(&one(b)), expected, "{a} / {b}");
            assert_eq!(one(b).compare(&one(a)), expected.map(Ordering::reverse), "{b} / {a}");
        }
    }

    #[test]
    fn standards_are_names_and_sections_are_nothing() {
        let found = measures("ASTM C920, Class 50, in accordance with Section 07 92 00 on 5 March 2026");
        assert_eq!(found, [Measure::Name("c920".into()), Measure::Name("class 50".into())]);
    }
}
