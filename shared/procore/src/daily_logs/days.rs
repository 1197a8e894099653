//! Which days of a log to read.

use jiff::civil::Date;

use crate::call::Call;

/// One day or several, at the project. Procore docs: without days a list is of today alone, so they are always
/// stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogDays {
    /// This day.
    One(Date),
    /// From the first to the last.
    Span {
        /// The first day.
        first: Date,
        /// The last day, included.
        last: Date,
    },
}

impl LogDays {
    pub(super) fn apply(self, call: Call) -> Call {
        match self {
            LogDays::One(day) => call.query("log_date", day),
            LogDays::Span { first, last } => call.query("start_date", first).query("end_date", last),
        }
    }
}

impl From<Date> for LogDays {
    fn from(day: Date) -> LogDays {
        LogDays::One(day)
    }
}
