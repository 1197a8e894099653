//! Numbers as a log states them, read exactly or not at all. Never a float, never a guess.

use rust_decimal::Decimal;

/// Most digits before and behind the point. A log that states more has a slip in it, and sums of what is read stay
/// exact: 28 digits hold them.
const WHOLE_DIGITS: usize = 9;
const FRACTION_DIGITS: usize = 9;
/// More people than this on one line is a slip too.
const MOST_WORKERS: u32 = 100_000;

/// What stands where a number should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stated {
    /// Nothing.
    Absent,
    /// Something that is no number, or none that a day on site can have.
    Unreadable,
    /// A number below zero, by its amount.
    Negative(Decimal),
    /// A number.
    Value(Decimal),
}

impl Stated {
    /// The number, if it counts.
    pub(super) fn value(self) -> Option<Decimal> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Unreadable | Self::Negative(_) => None,
        }
    }
}

/// Reads a number: digits, a point, commas between thousands, a minus sign.
pub(super) fn stated(text: Option<&str>) -> Stated {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Stated::Absent;
    };
    let (negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    match read(digits) {
        None => Stated::Unreadable,
        Some(amount) if negative && !amount.is_zero() => Stated::Negative(amount),
        Some(amount) => Stated::Value(amount),
    }
}

fn read(digits: &str) -> Option<Decimal> {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let mut plain = first.to_owned();
    for group in groups {
        if group.len() != 3 || !(1..=3).contains(&first.len()) {
            return None;
        }
        plain.push_str(group);
    }
    let only_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = plain.len() <= WHOLE_DIGITS && fraction.len() <= FRACTION_DIGITS;
    if !fits || !only_digits(&plain) || !only_digits(fraction) || (plain.is_empty() && fraction.is_empty()) {
        return None;
    }
    Decimal::from_str_exact(&format!("0{plain}.{fraction}0")).ok()
}

/// A count of people, if it can be one.
pub(super) fn workers(count: Option<u32>) -> Option<Decimal> {
    count.filter(|count| *count <= MOST_WORKERS).map(Decimal::from)
}

/// As a draft shows it: no zeros at the end.
pub(super) fn shown(value: Decimal) -> String {
    value.normalize().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_exactly_or_not_at_all() {
        let value = |text: &str| Stated::Value(text.parse().unwrap());
        let table = [
            (None, Stated::Absent),
            (Some("  "), Stated::Absent),
            (Some("8"), value("8")),
            (Some(" 8.25 "), value("8.25")),
            (Some("8."), value("8")),
            (Some(".5"), value("0.5")),
            (Some("1,200.5"), value("1200.5")),
            (Some("-0"), value("0")),
            (Some("-8.5"), Stated::Negative("8.5".parse().unwrap())),
            (Some("8,5"), Stated::Unreadable),
            (Some("1200,500"), Stated::Unreadable),
            (Some("8h"), Stated::Unreadable),
            (Some("1e3"), Stated::Unreadable),
            (Some("8.5.1"), Stated::Unreadable),
            (Some("."), Stated::Unreadable),
            (Some("NaN"), Stated::Unreadable),
            (Some("1234567890"), Stated::Unreadable),
        ];
        for (text, expected) in table {
            assert_eq!(stated(text), expected, "{text:?}");
        }
        assert_eq!(shown("48.00".parse().unwrap()), "48");
        assert_eq!(shown("100".parse().unwrap()), "100");
        assert_eq!((workers(Some(7)), workers(Some(u32::MAX))), (Some(Decimal::from(7)), None));
    }
}
