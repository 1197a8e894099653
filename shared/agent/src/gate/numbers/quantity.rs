//! Amounts with units, compared by what they measure. Exact within one unit; between units as far as data sheets round.
//! Never compares what measures different things, and never a temperature in two scales.

use std::{cmp::Ordering, sync::LazyLock};

use regex::Regex;

use super::{read, token::Token};

/// Two amounts in different units are one if they differ by no more than this part of them.
const ROUNDING: i128 = 100;
/// Trade sizes in different units differ by up to this part of them: 25 mm and 1 inch, 30 microns and 1.2 mil.
const TRADE: i128 = 30;

/// Words that say where something stands, not what it is.
const PLACES: &[&str] = &["article", "table", "figure", "revision", "page", "division", "rfi", "entry"];

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
    // Mass, in kilograms; force, in newtons. A pound of force and a pound of mass are written the same: it is the one
    // that the other side is.
    ("kg", 'k', 1, 1),
    ("g", 'k', 1, 1000),
    ("lb", 'k', 45_359_237, 100_000_000),
    ("n", 'f', 1, 1),
    ("kn", 'f', 1000, 1),
    ("lb", 'f', 4_448_222, 1_000_000),
    ("kip", 'f', 4_448_222, 1000),
    // Density, in kilograms per cubic metre.
    ("kg/m3", 'r', 1, 1),
    ("pcf", 'r', 16_018_463, 1_000_000),
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
    ("amp", 'b', 1, 1),
    ("ka", 'b', 1000, 1),
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

/// `9,5`: a comma before one or two last digits is the decimal sign of data sheets in other languages.
#[allow(clippy::expect_used, reason = "a constant pattern; every test here compiles it")]
static DECIMAL_COMMA: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(^|[^\d,.])(\d+),(\d{1,2})($|[^\d,])").expect("a constant pattern"));

/// The measures of a text, in order. Dates, sections, articles and sheets are none.
pub(crate) fn measures(text: &str) -> Vec<Measure> {
    let found = read::tokens(&DECIMAL_COMMA.replace_all(text, "$1$2.$3$4")).into_iter();
    found.filter_map(|found| measure(found.token)).collect()
}

/// The amounts of a text with the words they are written in.
pub(crate) fn amounts_as_written(text: &str) -> Vec<(Quantity, String)> {
    let found = read::tokens(text).into_iter();
    found
        .filter_map(|found| match measure(found.token)? {
            Measure::Amount(amount) => Some((amount, found.piece)),
            Measure::Name(_) => None,
        })
        .collect()
}

fn measure(token: Token) -> Option<Measure> {
    match token {
        Token::Value { numerator, denominator, unit } => {
            Some(Measure::Amount(Quantity { numerator, denominator, unit }))
        }
        Token::Name(name) => Some(Measure::Name(name)),
        Token::Labelled { word, number } if !PLACES.contains(&word) => {
            Some(Measure::Name(format!("{word} {number}")))
        }
        _ => None,
    }
}

impl Quantity {
    /// False for a bare number.
    pub(crate) fn has_unit(&self) -> bool {
        self.unit.is_some()
    }

    /// True if both are written in one unit.
    pub(crate) fn has_unit_of(&self, other: &Self) -> bool {
        self.unit == other.unit
    }

    /// True for what is counted and not measured, such as coats.
    pub(crate) fn is_count(&self) -> bool {
        self.unit == Some("coats")
    }

    /// How it stands to another; `None` if the two measure different things or cannot be told apart for certain.
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        if self.is_within(other, ROUNDING)? {
            return Some(Ordering::Equal);
        }
        self.compare_exactly(other)
    }

    /// The same without leave for rounding: what a limit is held against.
    pub(crate) fn compare_exactly(&self, other: &Self) -> Option<Ordering> {
        let (left, right) = self.against(other)?;
        Some(left.cmp(&right))
    }

    /// True if the two are written in different units and may be one trade size.
    pub(crate) fn is_near(&self, other: &Self) -> bool {
        !self.has_unit_of(other) && self.is_within(other, TRADE) == Some(true)
    }

    /// The sum of two amounts in one unit.
    pub(crate) fn plus(&self, other: &Self) -> Option<Self> {
        self.sum(other, 1)
    }

    /// Their difference.
    pub(crate) fn minus(&self, other: &Self) -> Option<Self> {
        self.sum(other, -1)
    }

    /// The amount in the unit of another, as people read it: `48.3 mm = 1.90 in`. `None` if the two are in one unit.
    pub(crate) fn said_in_unit_of(&self, other: &Self) -> Option<String> {
        if self.has_unit_of(other) {
            return None;
        }
        let (left, right) = self.against(other)?;
        // self / other, times other's own number, is self in other's unit.
        let numerator = left.checked_mul(other.numerator)?;
        let denominator = right.checked_mul(other.denominator)?;
        Some(format!("{} = {} {}", self.said()?, decimal(numerator, denominator)?, symbol(other.unit?)))
    }

    /// The amount as a decimal number with its unit.
    fn said(&self) -> Option<String> {
        let number = decimal(self.numerator, self.denominator)?;
        let number = match number.split_once('.') {
            Some(_) => number.trim_end_matches('0').trim_end_matches('.').to_owned(),
            None => number,
        };
        Some(self.unit.map_or_else(|| number.clone(), |unit| format!("{number} {}", symbol(unit))))
    }

    /// Two numbers that stand to each other as the amounts do.
    fn against(&self, other: &Self) -> Option<(i128, i128)> {
        if self.unit == other.unit {
            return Some((
                self.numerator.checked_mul(other.denominator)?,
                other.numerator.checked_mul(self.denominator)?,
            ));
        }
        let of = |unit: Option<&'static str>| UNITS.iter().filter(move |(name, ..)| Some(*name) == unit);
        let ((.., n, d), (.., other_n, other_d)) = of(self.unit).find_map(|one| {
            of(other.unit).find(|another| another.1 == one.1).map(|another| (one, another))
        })?;
        let (a, b) = (self.numerator.checked_mul(*n)?, self.denominator.checked_mul(*d)?);
        let (x, y) = (other.numerator.checked_mul(*other_n)?, other.denominator.checked_mul(*other_d)?);
        Some((a.checked_mul(y)?, x.checked_mul(b)?))
    }

    /// Whether two amounts in different units differ by no more than a part of the other.
    fn is_within(&self, other: &Self, part: i128) -> Option<bool> {
        let (left, right) = self.against(other)?;
        let apart = left.checked_sub(right)?.checked_abs()?;
        Some(!self.has_unit_of(other) && apart.checked_mul(part)? <= right.checked_abs()?)
    }

    fn sum(&self, other: &Self, sign: i128) -> Option<Self> {
        if !self.has_unit_of(other) {
            return None;
        }
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?.checked_mul(sign)?;
        let numerator = left.checked_add(right)?;
        Some(Self {
            numerator,
            denominator: self.denominator.checked_mul(other.denominator)?,
            unit: self.unit,
        })
    }
}

/// A unit as it is printed.
fn symbol(unit: &'static str) -> &'static str {
    match unit {
        "pa" => "Pa",
        "kpa" => "kPa",
        "mpa" => "MPa",
        "n" => "N",
        "kn" => "kN",
        "v" => "V",
        "kv" => "kV",
        "w" => "W",
        "kw" => "kW",
        "amp" => "A",
        "ka" => "kA",
        "g/l" => "g/L",
        "d" => "days",
        "wk" => "weeks",
        "mo" => "months",
        "yr" => "years",
        "%" => "percent",
        "ga" => "gauge",
        other => other,
    }
}

/// A fraction as a decimal number of three figures, or of as many as its whole part has.
fn decimal(numerator: i128, denominator: i128) -> Option<String> {
    let negative = (numerator < 0) != (denominator < 0);
    let (n, d) = (numerator.checked_abs()?, denominator.checked_abs()?);
    let mut decimals = 0_u32;
    let mut scale = 1_i128;
    // Until three figures stand before the point.
    while n != 0 && decimals < 6 && n.checked_mul(scale)?.checked_div(d)? < 100 {
        decimals = decimals.saturating_add(1);
        scale = scale.checked_mul(10)?;
    }
    let rounded = n.checked_mul(scale)?.checked_mul(2)?.checked_add(d)?.checked_div(d.checked_mul(2)?)?;
    let (whole, rest) = (rounded.checked_div(scale)?, rounded.checked_rem(scale)?);
    let sign = if negative && rounded != 0 { "-" } else { "" };
    if decimals == 0 {
        return Some(format!("{sign}{whole}"));
    }
    Some(format!("{sign}{whole}.{rest:0width$}", width = usize::try_from(decimals).ok()?))
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
            ("65,000 amperes", "65 kA", Some(Equal)),
            ("275 pounds", "1223 N", Some(Equal)),
            ("275 pounds", "1450 N", Some(Less)),
            ("4 pcf", "64 kg/m3", Some(Equal)),
            ("4 pcf", "64 kg/m³", Some(Equal)),
            ("9.5 mm", "9,5 mm", Some(Equal)),
            ("9500 mm", "9,500 mm", Some(Equal)),
            ("1 inch", "25 mm", Some(Greater)),
            ("12 degrees", "12 °", Some(Equal)),
            ("12 degrees from the latch", "12 °", Some(Equal)),
            ("12 degrees from the latch", "12 °F", None),
            ("100000000000000000000000000000000000000 mm", "1 in", None),
        ];
        for (a, b, expected) in table {
            assert_eq!(one(a).compare(&one(b)), expected, "{a} / {b}");
            assert_eq!(one(b).compare(&one(a)), expected.map(Ordering::reverse), "{b} / {a}");
        }
    }

    #[test]
    fn a_limit_has_no_leave_for_rounding_and_a_trade_size_has() {
        let table = [
            ("2300 mm", "90 inches", Ordering::Greater, true),
            ("2286 mm", "90 inches", Ordering::Equal, true),
            ("25 mm", "1 inch", Ordering::Less, true),
            ("30 microns", "1.2 mil", Ordering::Less, true),
            ("3 mm", "1/8 inch", Ordering::Less, false),
            ("0.99 inch", "1 inch", Ordering::Less, false),
        ];
        for (a, b, order, near) in table {
            assert_eq!(one(a).compare_exactly(&one(b)), Some(order), "{a} / {b}");
            assert_eq!(one(a).is_near(&one(b)), near, "{a} / {b}");
        }
    }

    #[test]
    fn an_amount_is_said_in_the_unit_of_the_other() {
        let table = [
            ("48.3 mm", "1.90 inch", Some("48.3 mm = 1.90 in")),
            ("3.68 mm", "0.145 inch", Some("3.68 mm = 0.145 in")),
            ("1067 mm", "42 inches", Some("1067 mm = 42.0 in")),
            ("1800 mm", "6 feet", Some("1800 mm = 5.91 ft")),
            ("27.6 MPa", "4000 psi", Some("27.6 MPa = 4003 psi")),
            ("0 mm", "1 inch", Some("0 mm = 0 in")),
            ("1.90 in", "1.90 inch", None),
            ("6 mm", "6 pounds", None),
        ];
        for (a, b, expected) in table {
            assert_eq!(one(a).said_in_unit_of(&one(b)).as_deref(), expected, "{a} / {b}");
        }
    }

    #[test]
    fn a_tolerance_is_added_and_taken_off() {
        let (four, one_inch) = (one("4 inches"), one("1 inch"));
        assert_eq!(four.plus(&one_inch).unwrap().compare(&one("5 in")), Some(Ordering::Equal));
        assert_eq!(four.minus(&one_inch).unwrap().compare(&one("3 in")), Some(Ordering::Equal));
        assert_eq!(four.plus(&one("1 mm")), None);
    }

    #[test]
    fn standards_are_names_and_sections_are_nothing() {
        let found = measures("ASTM C920, Class 50, in accordance with Section 07 92 00 on 5 March 2026");
        assert_eq!(found, [Measure::Name("c920".into()), Measure::Name("class 50".into())]);
    }
}
