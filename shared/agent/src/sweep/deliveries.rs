//! Deliveries that did not reach us and will not be tried again: the only word of a deletion that was missed.
//!
//! Procore lists a delivery by the time of its event, but gives it up half a day later or more: a list has to begin that
//! much before the last look, and which of its rows were dealt with is noted.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use procore::{
    Error, HookId, Procore,
    hooks::{DeliveryFilter, DeliveryStatus, Scope},
};
use serde::{Deserialize, Serialize};

use super::Move;
use crate::{event::Event, hash::sha256_hex, ledger::Note};

/// Procore docs: after 12 hours of failing a queue is flushed; older text says 24.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// Rows of one status looked at; more are left to the lists of changed records.
const MOST_ROWS: usize = 5_000;
/// Signs of a delivery's hash that are kept: ids have no stated length.
const SIGNS: usize = 12;

/// What was dealt with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dealt {
    /// The day of the last look, UTC.
    looked_on: Date,
    /// The rows of that look.
    rows: BTreeSet<String>,
}

/// Events of a hook that were lost, and what to note once they are on the queue.
pub(super) struct Lost {
    pub(super) events: Vec<Event>,
    /// Rows whose event cannot be read.
    pub(super) unreadable: usize,
    pub(super) moved: Option<Move>,
}

/// The name of the note about a hook.
pub(super) fn note_of(hook: HookId) -> String {
    format!("deliveries/{hook}")
}

/// Looks at the deliveries of a hook. The first look begins at `first`.
pub(super) async fn lost(
    procore: &Procore,
    scope: Scope,
    hook: HookId,
    note: &Note,
    first: Timestamp,
    now: Timestamp,
) -> Result<Lost, Error> {
    let before: Option<Dealt> = serde_json::from_str(&note.text).ok();
    let start = start(before.as_ref().map(|before| before.looked_on), first);
    let mut rows = Vec::new();
    for status in [DeliveryStatus::Failed, DeliveryStatus::Discarded] {
        let filter = DeliveryFilter {
            status: Some(status),
            start: Some(start),
            most_rows: Some(MOST_ROWS),
            ..DeliveryFilter::default()
        };
        rows.extend(procore.deliveries(scope, hook, &filter).await?);
    }
    let mut after = Dealt { looked_on: day(now), rows: BTreeSet::new() };
    let mut lost = Lost { events: Vec::new(), unreadable: 0, moved: None };
    for row in rows {
        let sign = sign(&row.id);
        let is_new = before.as_ref().is_none_or(|before| !before.rows.contains(&sign));
        if after.rows.insert(sign) && is_new {
            match row.payload {
                Some(payload) => lost.events.push(Event::from(payload)),
                None => lost.unreadable = lost.unreadable.saturating_add(1),
            }
        }
    }
    if before.as_ref() != Some(&after) {
        lost.moved = Move::of(note_of(hook), note, &after);
    }
    Ok(lost)
}

/// The first day whose events may be listed now and were not at the last look.
fn start(looked_on: Option<Date>, first: Timestamp) -> Date {
    let Some(looked_on) = looked_on else { return day(first) };
    looked_on.checked_sub(GIVEN_UP_AFTER).unwrap_or(looked_on)
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

fn sign(id: &str) -> String {
    let hash = sha256_hex(&[id.as_bytes()]);
    hash.get(..SIGNS).unwrap_or(&hash).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_reaches_back_as_far_as_a_delivery_may_take_to_be_given_up() {
        let first: Timestamp = "2026-11-19T23:00:00Z".parse().unwrap();
        let table =
            [(None, "2026-11-19"), (Some("2026-11-21"), "2026-11-20"), (Some("2026-03-01"), "2026-02-28")];
        for (looked_on, expected) in table {
            let looked_on = looked_on.map(|day| day.parse().unwrap());
            assert_eq!(start(looked_on, first).to_string(), expected, "{looked_on:?}");
        }
    }
}
