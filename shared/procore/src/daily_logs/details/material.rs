//! What came, what was put in place, what left.

use serde::Deserialize;

use super::Named;
use crate::wire;

/// A delivery.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Delivery {
    /// From whom.
    #[serde(rename = "delivery_from", default, deserialize_with = "wire::text")]
    pub from: Option<String>,
    /// What.
    #[serde(default, deserialize_with = "wire::words")]
    pub contents: String,
    /// Its tracking number.
    #[serde(default, deserialize_with = "wire::text")]
    pub tracking_number: Option<String>,
    /// Hour it came.
    #[serde(rename = "time_hour", default, deserialize_with = "wire::count")]
    pub hour: Option<u32>,
    /// Minute it came.
    #[serde(rename = "time_minute", default, deserialize_with = "wire::count")]
    pub minute: Option<u32>,
    /// What is said about it.
    #[serde(default, deserialize_with = "wire::words")]
    pub comments: String,
}

/// A quantity put in place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Quantity {
    /// How much, as stated.
    #[serde(default, deserialize_with = "wire::text")]
    pub quantity: Option<String>,
    /// Of what unit.
    #[serde(default, deserialize_with = "wire::text")]
    pub unit: Option<String>,
    /// What.
    #[serde(default, deserialize_with = "wire::words")]
    pub description: String,
    /// What it is charged to.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub cost_code: Option<Named>,
}

/// Material of one line item, delivered and used.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Productivity {
    /// Whose.
    #[serde(default, deserialize_with = "wire::text")]
    pub company: Option<String>,
    /// Of which contract.
    #[serde(default, deserialize_with = "wire::text")]
    pub contract: Option<String>,
    /// Which line item.
    #[serde(rename = "line_item_description", default, deserialize_with = "wire::text")]
    pub line_item: Option<String>,
    /// Delivered this day, as stated.
    #[serde(rename = "quantity_delivered", default, deserialize_with = "wire::text")]
    pub delivered: Option<String>,
    /// Used this day, as stated.
    #[serde(rename = "quantity_used", default, deserialize_with = "wire::text")]
    pub used: Option<String>,
    /// Delivered before, as stated.
    #[serde(default, deserialize_with = "wire::text")]
    pub previously_delivered: Option<String>,
    /// Used before, as stated.
    #[serde(default, deserialize_with = "wire::text")]
    pub previously_used: Option<String>,
    /// What is said about it.
    #[serde(default, deserialize_with = "wire::words")]
    pub notes: String,
}

/// Waste disposed of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Waste {
    /// Of what.
    #[serde(default, deserialize_with = "wire::text")]
    pub material: Option<String>,
    /// About how much, as stated; its unit is not.
    #[serde(rename = "approximate_quantity", default, deserialize_with = "wire::text")]
    pub quantity: Option<String>,
    /// How.
    #[serde(rename = "method_of_disposal", default, deserialize_with = "wire::text")]
    pub method: Option<String>,
    /// Where to.
    #[serde(rename = "disposal_location", default, deserialize_with = "wire::text")]
    pub place: Option<String>,
    /// What is said about it.
    #[serde(default, deserialize_with = "wire::words")]
    pub description: String,
}

/// Dumpsters brought and taken.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Dumpster {
    /// How many were brought.
    #[serde(rename = "quantity_delivered", default, deserialize_with = "wire::count")]
    pub delivered: Option<u32>,
    /// How many were taken.
    #[serde(rename = "quantity_removed", default, deserialize_with = "wire::count")]
    pub removed: Option<u32>,
    /// What is said about it.
    #[serde(default, deserialize_with = "wire::words")]
    pub comments: String,
}
