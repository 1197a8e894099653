//! From when on a day's log says a risk. Set for an installation in `[daily_log]` of `plumbline.toml`; every key has a
//! default. Never a judgement: a draft states the threshold beside what reached it.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de};

/// The thresholds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// Hours of delay in a day, all delays together. In the file a string such as "4".
    #[serde(deserialize_with = "decimal")]
    pub delay_hours: Decimal,
    /// Words for the wind, as the log has them. Procore docs: Calm, Light Wind, High Wind.
    pub wind: Vec<String>,
    /// Words for the temperature, as the log has them. Procore docs: Very Hot, Hot, Mild, Cold, Very Cold.
    pub temperature: Vec<String>,
    /// Hours of a worker's day; what is beyond them is overtime to this draft. In the file a string such as "8".
    #[serde(deserialize_with = "decimal")]
    pub regular_hours: Decimal,
    /// Overtime as a share of the hours worked, 0 to 1. In the file a string such as "0.20".
    #[serde(deserialize_with = "decimal")]
    pub overtime_share: Decimal,
    /// Whether any accident is a risk to be named.
    pub accident: bool,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            delay_hours: Decimal::from(4),
            wind: vec!["High Wind".to_owned()],
            temperature: vec!["Very Cold".to_owned(), "Very Hot".to_owned()],
            regular_hours: Decimal::from(8),
            overtime_share: Decimal::new(20, 2),
            accident: true,
        }
    }
}

/// A decimal as a string: a TOML float would already be another number.
fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse::<Decimal>()
        .ok()
        .filter(|value| !value.is_sign_negative())
        .ok_or_else(|| de::Error::custom("expected a number as a string such as \"4\""))
}
