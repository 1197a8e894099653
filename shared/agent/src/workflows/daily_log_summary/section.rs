//! The sections of a summary, and which families of the log belong to each.

use procore::daily_logs::LogFamily;

/// A section, in the order of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Section {
    Weather,
    Manpower,
    Work,
    Delays,
    Deliveries,
    Quantities,
    Inspections,
    Equipment,
    Safety,
    Visitors,
}

impl Section {
    /// All of them.
    pub(super) const ALL: [Self; 10] = [
        Self::Weather,
        Self::Manpower,
        Self::Work,
        Self::Delays,
        Self::Deliveries,
        Self::Quantities,
        Self::Inspections,
        Self::Equipment,
        Self::Safety,
        Self::Visitors,
    ];

    /// Where a family's entries are told.
    pub(super) fn of(family: LogFamily) -> Self {
        match family {
            LogFamily::Weather => Self::Weather,
            LogFamily::Manpower | LogFamily::ConstructionReport => Self::Manpower,
            LogFamily::ScheduledWork | LogFamily::Note | LogFamily::Call | LogFamily::PlanRevision => {
                Self::Work
            }
            LogFamily::Delay => Self::Delays,
            LogFamily::Delivery => Self::Deliveries,
            LogFamily::Quantity | LogFamily::Productivity | LogFamily::Waste | LogFamily::Dumpster => {
                Self::Quantities
            }
            LogFamily::Inspection => Self::Inspections,
            LogFamily::Equipment => Self::Equipment,
            LogFamily::Accident | LogFamily::SafetyViolation => Self::Safety,
            LogFamily::Visitor => Self::Visitors,
        }
    }

    /// Its heading, and its member of the answer.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Weather => "weather",
            Self::Manpower => "manpower",
            Self::Work => "work",
            Self::Delays => "delays",
            Self::Deliveries => "deliveries",
            Self::Quantities => "quantities",
            Self::Inspections => "inspections",
            Self::Equipment => "equipment",
            Self::Safety => "safety",
            Self::Visitors => "visitors",
        }
    }
}
