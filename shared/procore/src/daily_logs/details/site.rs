//! The day on site: weather, delays, notes, visitors, calls, plans.

use serde::Deserialize;

use crate::wire;

/// Weather as somebody observed it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Weather {
    /// Sky, from a list of the vendor's: Clear, Cloudy, Rain and others.
    #[serde(default, deserialize_with = "wire::text")]
    pub sky: Option<String>,
    /// Temperature, from a list: Very Cold to Very Hot.
    #[serde(default, deserialize_with = "wire::text")]
    pub temperature: Option<String>,
    /// Average temperature, as stated; its unit is not.
    #[serde(default, deserialize_with = "wire::text")]
    pub average: Option<String>,
    /// Wind, from a list.
    #[serde(default, deserialize_with = "wire::text")]
    pub wind: Option<String>,
    /// Ground, from a list.
    #[serde(default, deserialize_with = "wire::text")]
    pub ground: Option<String>,
    /// Precipitation, as stated.
    #[serde(default, deserialize_with = "wire::text")]
    pub precipitation: Option<String>,
    /// Calamity, from a list.
    #[serde(default, deserialize_with = "wire::text")]
    pub calamity: Option<String>,
    /// Whether work was delayed by it, as stated: the API sends a text here and takes a number.
    #[serde(rename = "is_weather_delay", default, deserialize_with = "wire::text")]
    pub delay: Option<String>,
    /// What is said about it.
    #[serde(default, deserialize_with = "wire::words")]
    pub comments: String,
}

/// A delay.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Delay {
    /// Its type, from the company's list.
    #[serde(rename = "delay_type", default, deserialize_with = "wire::text")]
    pub kind: Option<String>,
    /// How long, as stated; its unit is not.
    #[serde(default, deserialize_with = "wire::text")]
    pub duration: Option<String>,
    /// Hour it began.
    #[serde(rename = "start_time_hour", default, deserialize_with = "wire::count")]
    pub start_hour: Option<u32>,
    /// Minute it began.
    #[serde(rename = "start_time_minute", default, deserialize_with = "wire::count")]
    pub start_minute: Option<u32>,
    /// Hour it ended.
    #[serde(rename = "end_time_hour", default, deserialize_with = "wire::count")]
    pub end_hour: Option<u32>,
    /// Minute it ended.
    #[serde(rename = "end_time_minute", default, deserialize_with = "wire::count")]
    pub end_minute: Option<u32>,
    /// What is said about it.
    #[serde(default, deserialize_with = "wire::words")]
    pub comments: String,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Note {
    /// Its text.
    #[serde(default, deserialize_with = "wire::words")]
    pub comment: String,
    /// Whether it marks the day as one with an issue.
    #[serde(default, deserialize_with = "wire::flag")]
    pub is_issue_day: bool,
}

/// A visitor.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Visitor {
    /// Who.
    #[serde(default, deserialize_with = "wire::words")]
    pub subject: String,
    /// Why.
    #[serde(default, deserialize_with = "wire::words")]
    pub details: String,
    /// Hour they came.
    #[serde(default, deserialize_with = "wire::count")]
    pub begin_hour: Option<u32>,
    /// Minute they came.
    #[serde(default, deserialize_with = "wire::count")]
    pub begin_minute: Option<u32>,
    /// Hour they left.
    #[serde(default, deserialize_with = "wire::count")]
    pub end_hour: Option<u32>,
    /// Minute they left.
    #[serde(default, deserialize_with = "wire::count")]
    pub end_minute: Option<u32>,
}

/// A telephone call.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PhoneCall {
    /// Who called.
    #[serde(rename = "subject_from", default, deserialize_with = "wire::text")]
    pub from: Option<String>,
    /// Who was called.
    #[serde(rename = "subject_to", default, deserialize_with = "wire::text")]
    pub to: Option<String>,
    /// What was said.
    #[serde(default, deserialize_with = "wire::words")]
    pub description: String,
    /// Hour it began.
    #[serde(default, deserialize_with = "wire::count")]
    pub start_hour: Option<u32>,
    /// Minute it began.
    #[serde(default, deserialize_with = "wire::count")]
    pub start_minute: Option<u32>,
}

/// A revised plan.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PlanRevision {
    /// Number of the sheet.
    #[serde(default, deserialize_with = "wire::text")]
    pub plan_number: Option<String>,
    /// Name of the revision.
    #[serde(default, deserialize_with = "wire::text")]
    pub revision: Option<String>,
    /// Title of the sheet.
    #[serde(default, deserialize_with = "wire::words")]
    pub title: String,
    /// Its category.
    #[serde(default, deserialize_with = "wire::text")]
    pub category: Option<String>,
    /// What is said about it.
    #[serde(default, deserialize_with = "wire::words")]
    pub comments: String,
}
