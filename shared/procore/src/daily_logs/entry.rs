//! One entry: what all families have in common, and what its own adds.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use super::details::Details;
use super::family::LogFamily;
use crate::attachments::Attachment;
use crate::ids::LogEntryId;
use crate::locations::Location;
use crate::people::{User, Vendor};
use crate::wire;

/// One entry of a daily log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Which, within its family.
    pub id: LogEntryId,
    /// Its day.
    pub date: Option<Date>,
    /// `pending`, `approved` or `rejected`; absent where its family does not say, which shows approved ones.
    pub status: Option<String>,
    /// Who made it.
    pub created_by: Option<User>,
    /// The company it is about.
    pub vendor: Option<Vendor>,
    /// Where.
    pub location: Option<Location>,
    /// Files on it.
    pub attachments: Vec<Attachment>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// What its family adds.
    pub details: Details,
}

#[derive(Deserialize)]
struct Common {
    id: LogEntryId,
    #[serde(default, deserialize_with = "wire::day")]
    date: Option<Date>,
    #[serde(default, deserialize_with = "wire::text")]
    status: Option<String>,
    #[serde(default, deserialize_with = "wire::maybe")]
    created_by: Option<User>,
    #[serde(default, deserialize_with = "wire::maybe")]
    vendor: Option<Vendor>,
    #[serde(default, deserialize_with = "wire::maybe")]
    location: Option<Location>,
    #[serde(default, deserialize_with = "wire::list")]
    attachments: Vec<Attachment>,
    #[serde(default, deserialize_with = "wire::moment")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::moment")]
    updated_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::moment")]
    deleted_at: Option<Timestamp>,
}

impl LogEntry {
    /// Reads a row of a family's list; `None` if it has no id.
    pub fn read(family: LogFamily, row: &Value) -> Option<LogEntry> {
        let common = Common::deserialize(row).ok()?;
        Some(LogEntry {
            id: common.id,
            date: common.date,
            status: common.status,
            created_by: common.created_by,
            vendor: common.vendor,
            location: common.location,
            attachments: common.attachments,
            created_at: common.created_at,
            updated_at: common.updated_at,
            deleted_at: common.deleted_at,
            details: Details::read(family, row)?,
        })
    }

    /// Which family it is of.
    pub fn family(&self) -> LogFamily {
        self.details.family()
    }

    /// Whether it counts. Procore docs: only an administrator can approve what a collaborator entered; a family
    /// that states no status shows approved entries alone.
    pub fn is_approved(&self) -> bool {
        self.deleted_at.is_none()
            && self.status.as_deref().is_none_or(|status| status.eq_ignore_ascii_case("approved"))
    }
}
