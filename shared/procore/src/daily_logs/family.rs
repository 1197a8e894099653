//! The families of daily-log entries, and how each is asked for.

use serde::{Deserialize, Serialize};

/// A family of entries; each has a list of its own. Timecard entries are counted and cloned with the others, but
/// no list of a project's is described for them, so they are not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFamily {
    /// Accidents.
    Accident,
    /// Telephone calls.
    Call,
    /// Reports of a company's labour, by trade.
    ConstructionReport,
    /// Delays.
    Delay,
    /// Deliveries.
    Delivery,
    /// Dumpsters brought and taken.
    Dumpster,
    /// Equipment on site.
    Equipment,
    /// Inspections.
    Inspection,
    /// People on site and their hours.
    Manpower,
    /// Notes.
    Note,
    /// Revised plans.
    PlanRevision,
    /// Materials delivered and used, by line item.
    Productivity,
    /// Quantities put in place.
    Quantity,
    /// Safety violations.
    SafetyViolation,
    /// Work that was scheduled.
    ScheduledWork,
    /// Visitors.
    Visitor,
    /// Waste.
    Waste,
    /// Observed weather.
    Weather,
}

/// How a list is asked for.
pub(super) struct Endpoint {
    pub(super) version: &'static str,
    pub(super) path: &'static str,
    /// Whether it takes `filters[status]`; one that does not shows what the service account may see.
    pub(super) takes_status: bool,
    /// Whether it has pages.
    pub(super) pages: bool,
}

impl LogFamily {
    /// All of them.
    pub const ALL: [LogFamily; 18] = [
        LogFamily::Accident,
        LogFamily::Call,
        LogFamily::ConstructionReport,
        LogFamily::Delay,
        LogFamily::Delivery,
        LogFamily::Dumpster,
        LogFamily::Equipment,
        LogFamily::Inspection,
        LogFamily::Manpower,
        LogFamily::Note,
        LogFamily::PlanRevision,
        LogFamily::Productivity,
        LogFamily::Quantity,
        LogFamily::SafetyViolation,
        LogFamily::ScheduledWork,
        LogFamily::Visitor,
        LogFamily::Waste,
        LogFamily::Weather,
    ];

    /// The last part of its path, which is also what the API calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            LogFamily::Accident => "accident_logs",
            LogFamily::Call => "call_logs",
            LogFamily::ConstructionReport => "daily_construction_report_logs",
            LogFamily::Delay => "delay_logs",
            LogFamily::Delivery => "delivery_logs",
            LogFamily::Dumpster => "dumpster_logs",
            LogFamily::Equipment => "equipment_logs",
            LogFamily::Inspection => "inspection_logs",
            LogFamily::Manpower => "manpower_logs",
            LogFamily::Note => "notes_logs",
            LogFamily::PlanRevision => "plan_revision_logs",
            LogFamily::Productivity => "productivity_logs",
            LogFamily::Quantity => "quantity_logs",
            LogFamily::SafetyViolation => "safety_violation_logs",
            LogFamily::ScheduledWork => "work_logs",
            LogFamily::Visitor => "visitor_logs",
            LogFamily::Waste => "waste_logs",
            LogFamily::Weather => "weather_logs",
        }
    }

    /// What webhooks call a change of its entries. Seen in a dump of a sandbox's names; delay logs are in none, and go
    /// by the name they would have.
    pub fn resource_name(self) -> &'static str {
        match self {
            LogFamily::Accident => "Accident Logs",
            LogFamily::Call => "Call Logs",
            LogFamily::ConstructionReport => "Daily Construction Report Logs",
            LogFamily::Delay => "Delay Logs",
            LogFamily::Delivery => "Delivery Logs",
            LogFamily::Dumpster => "Dumpster Logs",
            LogFamily::Equipment => "Equipment Logs",
            LogFamily::Inspection => "Inspection Logs",
            LogFamily::Manpower => "Manpower Logs",
            LogFamily::Note => "Notes Logs",
            LogFamily::PlanRevision => "Plan Revision Logs",
            LogFamily::Productivity => "Productivity Logs",
            LogFamily::Quantity => "Quantity Logs",
            LogFamily::SafetyViolation => "Safety Violation Logs",
            LogFamily::ScheduledWork => "Work Logs",
            LogFamily::Visitor => "Visitor Logs",
            LogFamily::Waste => "Waste Logs",
            LogFamily::Weather => "Weather Logs",
        }
    }

    /// How its list is asked for.
    pub(super) fn endpoint(self) -> Endpoint {
        match self {
            LogFamily::Weather => {
                Endpoint { version: "v1.1", path: "daily_logs/weather_logs", takes_status: true, pages: true }
            }
            other => {
                let takes_status = matches!(
                    other,
                    LogFamily::ConstructionReport
                        | LogFamily::Delivery
                        | LogFamily::Manpower
                        | LogFamily::Note
                );
                let pages = other != LogFamily::PlanRevision;
                Endpoint { version: "v1.0", path: other.as_str(), takes_status, pages }
            }
        }
    }

    /// How it was asked for before. Procore docs: weather is moving to v1.1, and its v1.0 is deprecated.
    pub(super) fn older_endpoint(self) -> Option<Endpoint> {
        let weather = self == LogFamily::Weather;
        weather.then(|| Endpoint { version: "v1.0", path: self.as_str(), takes_status: false, pages: true })
    }
}
