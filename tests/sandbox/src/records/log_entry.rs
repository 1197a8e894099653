//! Daily-log entries of all families.

use jiff::{Timestamp, civil::Date};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Which log an entry belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFamily {
    /// Accidents.
    Accident,
    /// Telephone calls.
    Call,
    /// Workers and hours by company and trade.
    DailyConstructionReport,
    /// Delays.
    Delay,
    /// Deliveries.
    Delivery,
    /// Dumpsters brought and taken away.
    Dumpster,
    /// Equipment on the site.
    Equipment,
    /// Inspections.
    Inspection,
    /// Workers and hours.
    Manpower,
    /// Notes.
    Notes,
    /// Revisions of plans.
    PlanRevision,
    /// Material delivered and used.
    Productivity,
    /// Quantities put in place.
    Quantity,
    /// Safety notices.
    SafetyViolation,
    /// Visitors.
    Visitor,
    /// Waste.
    Waste,
    /// Weather as observed.
    Weather,
    /// Scheduled work.
    Work,
}

impl LogFamily {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Accident,
        Self::Call,
        Self::DailyConstructionReport,
        Self::Delay,
        Self::Delivery,
        Self::Dumpster,
        Self::Equipment,
        Self::Inspection,
        Self::Manpower,
        Self::Notes,
        Self::PlanRevision,
        Self::Productivity,
        Self::Quantity,
        Self::SafetyViolation,
        Self::Visitor,
        Self::Waste,
        Self::Weather,
        Self::Work,
    ];

    /// Last segment of the collection's path, such as `notes_logs`.
    #[must_use]
    pub fn collection(self) -> &'static str {
        match self {
            Self::Accident => "accident_logs",
            Self::Call => "call_logs",
            Self::DailyConstructionReport => "daily_construction_report_logs",
            Self::Delay => "delay_logs",
            Self::Delivery => "delivery_logs",
            Self::Dumpster => "dumpster_logs",
            Self::Equipment => "equipment_logs",
            Self::Inspection => "inspection_logs",
            Self::Manpower => "manpower_logs",
            Self::Notes => "notes_logs",
            Self::PlanRevision => "plan_revision_logs",
            Self::Productivity => "productivity_logs",
            Self::Quantity => "quantity_logs",
            Self::SafetyViolation => "safety_violation_logs",
            Self::Visitor => "visitor_logs",
            Self::Waste => "waste_logs",
            Self::Weather => "weather_logs",
            Self::Work => "work_logs",
        }
    }

    /// Resource name in webhooks. Delay logs are in no list of the names that we have seen and send none.
    #[must_use]
    pub fn resource(self) -> Option<&'static str> {
        Some(match self {
            Self::Accident => "Accident Logs",
            Self::Call => "Call Logs",
            Self::DailyConstructionReport => "Daily Construction Report Logs",
            Self::Delay => return None,
            Self::Delivery => "Delivery Logs",
            Self::Dumpster => "Dumpster Logs",
            Self::Equipment => "Equipment Logs",
            Self::Inspection => "Inspection Logs",
            Self::Manpower => "Manpower Logs",
            Self::Notes => "Notes Logs",
            Self::PlanRevision => "Plan Revision Logs",
            Self::Productivity => "Productivity Logs",
            Self::Quantity => "Quantity Logs",
            Self::SafetyViolation => "Safety Violation Logs",
            Self::Visitor => "Visitor Logs",
            Self::Waste => "Waste Logs",
            Self::Weather => "Weather Logs",
            Self::Work => "Work Logs",
        })
    }

    /// Whether its rows tell their status.
    pub(crate) fn tells_status(self) -> bool {
        matches!(
            self,
            Self::DailyConstructionReport
                | Self::Delay
                | Self::Delivery
                | Self::Manpower
                | Self::Notes
                | Self::Visitor
        )
    }
}

/// Where an entry stands. Procore docs: a collaborator's waits for approval, everybody else's is approved at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogStatus {
    /// Waits for an administrator.
    Pending,
    /// Official.
    #[default]
    Approved,
    /// Turned down.
    Rejected,
}

impl LogStatus {
    /// The word Procore uses in its API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct LogEntry {
    /// Entry id, unique over all families.
    pub id: i64,
    /// Which log.
    pub family: LogFamily,
    /// The project's local day.
    pub date: Date,
    /// Status.
    pub status: LogStatus,
    /// User id of the author.
    pub created_by: i64,
    /// What the family's rows say beyond what all rows say, in the API's words.
    pub fields: Map<String, Value>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Deleted.
    pub deleted: bool,
}

/// An entry to add. The default is an approved note of today by the superintendent, with its webhook.
#[derive(Debug, Clone, PartialEq)]
pub struct NewLogEntry {
    /// Which log.
    pub family: LogFamily,
    /// The project's local day; `None` is today.
    pub date: Option<Date>,
    /// Status.
    pub status: LogStatus,
    /// Author; `None` takes the superintendent.
    pub created_by: Option<i64>,
    /// The family's own fields, in the API's words.
    pub fields: Map<String, Value>,
    /// Whether its `create` webhook is sent.
    pub emit: bool,
}

impl Default for NewLogEntry {
    fn default() -> Self {
        Self {
            family: LogFamily::Notes,
            date: None,
            status: LogStatus::default(),
            created_by: None,
            fields: Map::new(),
            emit: true,
        }
    }
}
