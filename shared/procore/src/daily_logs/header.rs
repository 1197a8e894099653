//! What a day's log is as a whole: whether it is complete, and how much stands in it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use crate::wire;

/// The header of a day. It is never written: that can send the day's report to its distribution list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LogHeader {
    /// Which, where the day has one.
    #[serde(default, deserialize_with = "wire::maybe_id")]
    pub id: Option<i64>,
    /// The day.
    #[serde(default, deserialize_with = "wire::day")]
    pub log_date: Option<Date>,
    /// Whether somebody declared it complete; it may then refuse changes.
    #[serde(default, deserialize_with = "wire::flag")]
    pub completed: bool,
    /// When.
    #[serde(default, deserialize_with = "wire::moment")]
    pub completed_at: Option<Timestamp>,
    /// Whether its report was sent.
    #[serde(default, deserialize_with = "wire::flag")]
    pub distributed: bool,
}

/// How many entries a family has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LogCount {
    /// The family, in the vendor's words.
    #[serde(rename = "module_name", default, deserialize_with = "wire::words")]
    pub module: String,
    /// How many.
    #[serde(default, deserialize_with = "wire::count")]
    pub count: Option<u32>,
}
