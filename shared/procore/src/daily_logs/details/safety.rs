//! Accidents, violations, inspections.

use jiff::civil::Date;
use serde::Deserialize;

use crate::wire;

/// An accident.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Accident {
    /// Who was involved.
    #[serde(default, deserialize_with = "wire::text")]
    pub involved_name: Option<String>,
    /// Of which company.
    #[serde(default, deserialize_with = "wire::text")]
    pub involved_company: Option<String>,
    /// Hour it happened.
    #[serde(rename = "time_hour", default, deserialize_with = "wire::count")]
    pub hour: Option<u32>,
    /// Minute it happened.
    #[serde(rename = "time_minute", default, deserialize_with = "wire::count")]
    pub minute: Option<u32>,
    /// What is said about it.
    #[serde(default, deserialize_with = "wire::words")]
    pub comments: String,
}

/// A safety violation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SafetyViolation {
    /// What.
    #[serde(default, deserialize_with = "wire::words")]
    pub subject: String,
    /// Number of the notice.
    #[serde(default, deserialize_with = "wire::text")]
    pub safety_notice: Option<String>,
    /// To whom the notice went.
    #[serde(default, deserialize_with = "wire::text")]
    pub issued_to: Option<String>,
    /// Day it is to be put right.
    #[serde(default, deserialize_with = "wire::day")]
    pub compliance_due: Option<Date>,
    /// Hour it was seen.
    #[serde(rename = "time_hour", default, deserialize_with = "wire::count")]
    pub hour: Option<u32>,
    /// Minute it was seen.
    #[serde(rename = "time_minute", default, deserialize_with = "wire::count")]
    pub minute: Option<u32>,
    /// What is said about it.
    #[serde(default, deserialize_with = "wire::words")]
    pub comments: String,
}

/// An inspection.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Inspection {
    /// Its type.
    #[serde(rename = "inspection_type", default, deserialize_with = "wire::text")]
    pub kind: Option<String>,
    /// Who had it done.
    #[serde(rename = "inspecting_entity", default, deserialize_with = "wire::text")]
    pub entity: Option<String>,
    /// Who did it.
    #[serde(rename = "inspector_name", default, deserialize_with = "wire::text")]
    pub inspector: Option<String>,
    /// Of what area.
    #[serde(default, deserialize_with = "wire::text")]
    pub area: Option<String>,
    /// Hour it began.
    #[serde(default, deserialize_with = "wire::count")]
    pub start_hour: Option<u32>,
    /// Minute it began.
    #[serde(default, deserialize_with = "wire::count")]
    pub start_minute: Option<u32>,
    /// Hour it ended.
    #[serde(default, deserialize_with = "wire::count")]
    pub end_hour: Option<u32>,
    /// Minute it ended.
    #[serde(default, deserialize_with = "wire::count")]
    pub end_minute: Option<u32>,
    /// What is said about it.
    #[serde(default, deserialize_with = "wire::words")]
    pub comments: String,
}
