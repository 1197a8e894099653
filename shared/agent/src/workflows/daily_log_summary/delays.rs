//! How long work stood still. Pure and exact: minutes, as decimals. Two delays at the same time are two: whether they
//! are one is for whoever reads them.

use procore::daily_logs::{Delay, Details};
use rust_decimal::Decimal;

use super::{
    clock::{Span, span},
    number::stated,
    sheet::Sheet,
    tally::Tally,
};

const MINUTES_OF_AN_HOUR: Decimal = Decimal::from_parts(60, 0, 0, false, 0);

/// Sums of delays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Standstill {
    /// Entries.
    pub(super) entries: u32,
    /// Minutes, of the entries that state a time.
    pub(super) minutes: Decimal,
    /// Entries that state none.
    pub(super) untimed: u32,
}

/// Start and end of a delay.
pub(super) fn times(delay: &Delay) -> Span {
    span((delay.start_hour, delay.start_minute), (delay.end_hour, delay.end_minute))
}

/// Minutes of a delay: from start to end, or else its duration, taken as hours; no source says its unit. Start and end
/// that are equal are the form's zeros.
pub(super) fn minutes(delay: &Delay) -> Option<Decimal> {
    let duration = stated(delay.duration.as_deref()).value().map(|hours| hours * MINUTES_OF_AN_HOUR);
    match times(delay) {
        Span::Minutes { minutes: 0, .. } => duration.or(Some(Decimal::ZERO)),
        Span::Minutes { minutes, .. } => Some(Decimal::from(minutes)),
        Span::NotStated | Span::Unreadable => duration,
    }
}

/// Delays by kind.
pub(super) fn totals(sheet: &Sheet<'_>) -> Tally<Standstill> {
    let mut tally = Tally::default();
    for line in &sheet.lines {
        if let Details::Delay(delay) = &line.entry.details {
            let minutes = minutes(delay);
            let kind = sheet.named(delay.kind.as_deref(), "no kind stated");
            tally.add(&kind, line.pending, |sum: &mut Standstill| {
                sum.entries = sum.entries.saturating_add(1);
                sum.minutes += minutes.unwrap_or_default();
                sum.untimed = sum.untimed.saturating_add(u32::from(minutes.is_none()));
            });
        }
    }
    tally
}

/// Hours, to hundredths.
pub(super) fn hours(minutes: Decimal) -> Decimal {
    (minutes / MINUTES_OF_AN_HOUR).round_dp(2)
}

/// Hours as exact minutes.
pub(super) fn in_minutes(hours: Decimal) -> Decimal {
    hours * MINUTES_OF_AN_HOUR
}
