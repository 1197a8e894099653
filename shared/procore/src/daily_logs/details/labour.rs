//! Who worked, with what, for how long.

use serde::Deserialize;

use super::Named;
use crate::wire;

/// People of a company on site.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Manpower {
    /// How many.
    #[serde(rename = "num_workers", default, deserialize_with = "wire::count")]
    pub workers: Option<u32>,
    /// Hours each of them worked, as stated.
    #[serde(rename = "num_hours", default, deserialize_with = "wire::text")]
    pub hours_each: Option<String>,
    /// Hours all of them worked together, as stated.
    #[serde(rename = "man_hours", default, deserialize_with = "wire::text")]
    pub hours: Option<String>,
    /// What they did.
    #[serde(default, deserialize_with = "wire::words")]
    pub notes: String,
    /// Their trade.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub trade: Option<Named>,
    /// What it is charged to.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub cost_code: Option<Named>,
}

/// A company's labour of one trade, by grade.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ConstructionReport {
    /// Foremen.
    #[serde(rename = "number_of_foreman_workers", default, deserialize_with = "wire::count")]
    pub foremen: Option<u32>,
    /// Their hours, as stated.
    #[serde(default, deserialize_with = "wire::text")]
    pub foreman_hours: Option<String>,
    /// Journeymen.
    #[serde(rename = "number_of_journeyman_workers", default, deserialize_with = "wire::count")]
    pub journeymen: Option<u32>,
    /// Their hours, as stated.
    #[serde(default, deserialize_with = "wire::text")]
    pub journeyman_hours: Option<String>,
    /// Apprentices.
    #[serde(rename = "number_of_apprentice_workers", default, deserialize_with = "wire::count")]
    pub apprentices: Option<u32>,
    /// Their hours, as stated.
    #[serde(default, deserialize_with = "wire::text")]
    pub apprentice_hours: Option<String>,
    /// Others.
    #[serde(rename = "number_of_other_workers", default, deserialize_with = "wire::count")]
    pub others: Option<u32>,
    /// Their hours, as stated.
    #[serde(default, deserialize_with = "wire::text")]
    pub other_hours: Option<String>,
    /// The trade.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub trade: Option<Named>,
    /// What they did.
    #[serde(default, deserialize_with = "wire::words")]
    pub notes: String,
}

/// Work that was scheduled, and whether anybody came.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ScheduledWork {
    /// Who or what was scheduled.
    #[serde(default, deserialize_with = "wire::text")]
    pub resource_name: Option<String>,
    /// Whether they came.
    #[serde(default, deserialize_with = "wire::flag")]
    pub showed: bool,
    /// How many.
    #[serde(default, deserialize_with = "wire::count")]
    pub workers: Option<u32>,
    /// Hours, as stated.
    #[serde(default, deserialize_with = "wire::text")]
    pub hours: Option<String>,
    /// Whether it is paid for.
    #[serde(default, deserialize_with = "wire::flag")]
    pub reimbursable: bool,
    /// What is said about it.
    #[serde(default, deserialize_with = "wire::words")]
    pub comments: String,
}

/// A piece of equipment on site.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Equipment {
    /// Which.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub equipment: Option<Named>,
    /// Hours it ran, as stated.
    #[serde(default, deserialize_with = "wire::text")]
    pub hours_operating: Option<String>,
    /// Hours it stood, as stated.
    #[serde(default, deserialize_with = "wire::text")]
    pub hours_idle: Option<String>,
    /// Whether it was inspected.
    #[serde(default, deserialize_with = "wire::flag")]
    pub inspected: bool,
    /// What is said about it.
    #[serde(default, deserialize_with = "wire::words")]
    pub notes: String,
}
