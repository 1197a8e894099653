//! `[sweep]` of `plumbline.toml`: how often, how far back, and when a day is over. Every key has a default.

use jiff::civil::Time;
use serde::{Deserialize, Deserializer, de};

/// How sweeps are done.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SweepTerms {
    /// How far the first sweep of a project looks back, in hours.
    #[serde(deserialize_with = "look_back_h")]
    pub look_back_h: u32,
    /// When a day at the project is over, in its own time. In the file a string such as "18:00".
    #[serde(deserialize_with = "time_of_day")]
    pub day_ends_at: Time,
    /// Whether a hook of ours that Procore switched off is switched on again.
    pub reactivate_hooks: bool,
    /// How often the one-process service sweeps, in minutes; in AWS the schedule says it.
    #[serde(deserialize_with = "every_min")]
    pub every_min: u32,
}

impl Default for SweepTerms {
    fn default() -> Self {
        Self {
            look_back_h: 24,
            day_ends_at: Time::constant(18, 0, 0, 0),
            reactivate_hooks: false,
            every_min: 15,
        }
    }
}

/// A month at most: a longer list is a bulk export.
fn look_back_h<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    within(u32::deserialize(deserializer)?, 720, "1 to 720 hours")
}

/// A day at most: longer than that and Procore's own list of lost deliveries has gaps.
fn every_min<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    within(u32::deserialize(deserializer)?, 1440, "1 to 1440 minutes")
}

fn within<E: de::Error>(value: u32, most: u32, expected: &str) -> Result<u32, E> {
    if (1..=most).contains(&value) { Ok(value) } else { Err(E::custom(format!("expected {expected}"))) }
}

fn time_of_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
    let text = String::deserialize(deserializer)?;
    Time::strptime("%H:%M", &text)
        .map_err(|_| de::Error::custom("expected a time of day as a string such as \"18:00\""))
}
