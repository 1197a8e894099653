//! What each family of entries adds to what all have. Fields are those a summary of the day is made of.

mod labour;
mod material;
mod safety;
mod site;

use serde::Deserialize;
use serde_json::Value;

pub use labour::{ConstructionReport, Equipment, Manpower, ScheduledWork};
pub use material::{Delivery, Dumpster, Productivity, Quantity, Waste};
pub use safety::{Accident, Inspection, SafetyViolation};
pub use site::{Delay, Note, PhoneCall, PlanRevision, Visitor, Weather};

use super::family::LogFamily;
use crate::wire;

/// Something a company or a project keeps a list of: a trade, a cost code, a piece of equipment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// Which, where stated.
    #[serde(default, deserialize_with = "wire::maybe_id")]
    pub id: Option<i64>,
    /// Its name.
    #[serde(default, deserialize_with = "wire::words")]
    pub name: String,
}

macro_rules! families {
    ($($family:ident($details:ident)),+ $(,)?) => {
        /// What its family adds to an entry.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Details {$(
            #[doc = concat!("Of [`LogFamily::", stringify!($family), "`].")]
            $family($details),
        )+}

        impl Details {
            pub(super) fn read(family: LogFamily, row: &Value) -> Option<Details> {
                match family {$(
                    LogFamily::$family => $details::deserialize(row).ok().map(Details::$family),
                )+}
            }

            pub(super) fn family(&self) -> LogFamily {
                match self {$(
                    Details::$family(_) => LogFamily::$family,
                )+}
            }
        }
    };
}

families! {
    Accident(Accident),
    Call(PhoneCall),
    ConstructionReport(ConstructionReport),
    Delay(Delay),
    Delivery(Delivery),
    Dumpster(Dumpster),
    Equipment(Equipment),
    Inspection(Inspection),
    Manpower(Manpower),
    Note(Note),
    PlanRevision(PlanRevision),
    Productivity(Productivity),
    Quantity(Quantity),
    SafetyViolation(SafetyViolation),
    ScheduledWork(ScheduledWork),
    Visitor(Visitor),
    Waste(Waste),
    Weather(Weather),
}
