//! What a text says in figures, and when two of them say the same.

/// One number-like thing in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A value with its unit, if one follows.
    Value { numerator: i128, denominator: i128, unit: Option<&'static str> },
    /// A day, with its year if one is given.
    Date { year: Option<i32>, month: u32, day: u32 },
    /// A month of a year.
    Month { year: i32, month: u32 },
    /// `5/3/26`: March or May, nobody can say. Compared as written.
    SlashDate { first: u32, second: u32, year: i32 },
    /// A time of day in minutes, and whether its half of the day was said.
    Time { minutes: i128, half_said: bool },
    /// A section number of the project manual, as `10 14 00`.
    Section(String),
    /// A number with the word that makes it a name, as `Type 2` and `art. 3.3`.
    Labelled { word: &'static str, number: String },
    /// A name with digits in it: a sheet, a standard, a product type. Lower-cased.
    Name(String),
}

impl Token {
    /// A value in lowest terms. A denominator of zero makes it a name, to be found as it is.
    pub(super) fn value(numerator: i128, denominator: i128, unit: Option<&'static str>) -> Self {
        if denominator == 0 {
            return Self::Name(format!("{numerator}/0"));
        }
        let divisor = gcd(numerator, denominator).max(1);
        Self::Value { numerator: numerator / divisor, denominator: denominator / divisor, unit }
    }

    /// `1,200.50` as an exact fraction.
    pub(super) fn number(text: &str, unit: Option<&'static str>) -> Self {
        let text = text.replace(',', "");
        let (integer, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let scale = u32::try_from(decimals.len()).ok().and_then(|digits| 10_i128.checked_pow(digits));
        match (format!("{integer}{decimals}").parse(), scale) {
            (Ok(numerator), Some(scale)) => Self::value(numerator, scale, unit),
            // Too long for a number: then it is a name, and must stand in the source as it is.
            _ => Self::Name(text),
        }
    }

    /// A name as it is compared: a sheet is `A-501` or `A501`.
    pub(super) fn name(text: &str) -> Self {
        Self::Name(canonical_name(text))
    }

    /// The same value on the other side of zero.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Value { numerator, denominator, unit } => {
                Self::Value { numerator: numerator.saturating_neg(), denominator, unit }
            }
            other => other,
        }
    }

    /// True if `known`, of the source, is the same value without a unit, whatever unit this one took from its neighbour.
    pub(super) fn is_same_bare(&self, known: &Self) -> bool {
        match (self, known) {
            (
                Self::Value { numerator, denominator, .. },
                Self::Value { numerator: n, denominator: d, unit: None },
            ) => n == numerator && d == denominator,
            _ => false,
        }
    }

    /// True if `known`, of the source, says what `self`, of the draft, says. A draft may say less (a number without
    /// its unit, a day without its year), never more.
    pub(super) fn is_same(&self, known: &Self) -> bool {
        match (self, known) {
            (
                Self::Value { numerator, denominator, unit },
                Self::Value { numerator: n, denominator: d, unit: u },
            ) => {
                n == numerator && d == denominator && (u == unit || (unit.is_none() && *u != Some("entries")))
            }
            (Self::Date { year, month, day }, Self::Date { year: y, month: m, day: d }) => {
                m == month && d == day && (y == year || year.is_none())
            }
            (Self::Month { year, month }, Self::Date { year: y, month: m, .. }) => {
                m == month && *y == Some(*year)
            }
            // Without its word the number says less. The place of an entry in a list is no number of anything.
            (Self::Value { unit: None, .. }, Self::Labelled { word, number }) => {
                *word != "entry" && Self::number(number, None) == *self
            }
            // `2.1.B` is an article with and without the word, and `FF-35` is `FF 35`.
            (Self::Name(name), Self::Labelled { word, number })
            | (Self::Labelled { word, number }, Self::Name(name)) => {
                (*word == "article" && name == number)
                    || name.strip_prefix(word).is_some_and(|rest| rest == number)
            }
            (Self::Time { minutes, half_said }, Self::Time { minutes: m, half_said: h }) => {
                m == minutes || (!half_said && *h && minutes.checked_add(12 * 60) == Some(*m))
            }
            _ => self == known,
        }
    }

    /// The rule that is broken if no source says it.
    pub(super) fn rule(&self) -> &'static str {
        match self {
            Self::Value { .. } => "number_not_in_source",
            Self::Date { .. } | Self::Month { .. } | Self::SlashDate { .. } => "date_not_in_source",
            Self::Time { .. } => "time_not_in_source",
            Self::Section(_) => "section_not_in_source",
            Self::Name(_) | Self::Labelled { .. } => "name_not_in_source",
        }
    }
}

/// A lower-case name without what writers leave out: the hyphen of `a-501`, a full stop at the end.
pub(super) fn canonical_name(name: &str) -> String {
    let name = name.trim_end_matches(['.', '-', '/']);
    match name.split_once('-') {
        Some((letters, rest)) if is_sheet_like(letters, rest) => format!("{letters}{rest}"),
        _ => name.to_owned(),
    }
}

/// One to three letters and a number, such as `a` and `501`, `fp` and `2.1`.
fn is_sheet_like(letters: &str, rest: &str) -> bool {
    (1..=3).contains(&letters.len())
        && letters.chars().all(|c| c.is_ascii_lowercase())
        && rest.starts_with(|c: char| c.is_ascii_digit())
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}
