//! Daily logs: what happened on site on a day, entry by entry. Reading only: an entry a service account makes is
//! approved and official at once, and a header can send the day's report.
//!
//! A day of a log is a day at the project; its time zone is [`crate::Project::time_zone`]. Numbers of hours and
//! quantities are kept as stated: decimals, for whoever adds them up exactly.

mod calls;
mod days;
mod details;
mod entry;
mod family;
mod header;

pub use days::LogDays;
pub use details::{
    Accident, ConstructionReport, Delay, Delivery, Details, Dumpster, Equipment, Inspection, Manpower, Named,
    Note, PhoneCall, PlanRevision, Productivity, Quantity, SafetyViolation, ScheduledWork, Visitor, Waste,
    Weather,
};
pub use entry::LogEntry;
pub use family::LogFamily;
pub use header::{LogCount, LogHeader};
