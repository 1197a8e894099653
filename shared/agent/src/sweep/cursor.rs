//! How far the list of one kind of record was seen. Pure.
//!
//! A record may appear in a list later than its own time of change: clocks differ, and what is saved first is not always
//! seen first. So each look begins a little before the end of the last, and what was seen there is remembered.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ledger::Note;

/// How much of what was seen is looked at again.
const OVERLAP: SignedDuration = SignedDuration::from_mins(5);

/// Which version of which record: its id and its own time of change.
pub(super) type Version = (String, Timestamp);

/// How far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cursor {
    /// The latest time of change seen, by Procore's clock.
    until: Timestamp,
    /// What was seen of the last minutes before it.
    seen: BTreeSet<Version>,
}

impl Cursor {
    /// What a note says, or a cursor that begins at `first`: nothing was noted, or not in this form.
    pub(super) fn read(note: &Note, first: Timestamp) -> Self {
        serde_json::from_str(&note.text).unwrap_or(Self { until: first, seen: BTreeSet::new() })
    }

    /// What a look at the list has to begin with.
    pub(super) fn since(&self) -> Timestamp {
        self.until.checked_sub(OVERLAP).unwrap_or(self.until)
    }

    /// Whether it was not seen before.
    pub(super) fn is_new(&self, version: &Version) -> bool {
        version.1 >= self.since() && !self.seen.contains(version)
    }

    /// After these were seen. A time of change that is still to come moves it no further than to `now`.
    pub(super) fn after(&self, versions: impl IntoIterator<Item = Version>, now: Timestamp) -> Self {
        let mut seen: BTreeSet<Version> = versions.into_iter().chain(self.seen.iter().cloned()).collect();
        let latest = seen.iter().map(|(_, at)| *at).max().unwrap_or(self.until);
        let until = latest.min(now).max(self.until);
        let after = Self { until, seen: BTreeSet::new() };
        seen.retain(|(_, at)| *at >= after.since());
        Self { seen, ..after }
    }

    /// The text of its note.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn version(id: &str, second: i64) -> Version {
        (id.to_owned(), at(second))
    }

    fn over_a_note(cursor: &Cursor) -> Cursor {
        Cursor::read(&Note { version: 1, text: cursor.text() }, at(-9999))
    }

    #[test]
    fn nothing_is_new_twice_and_what_appears_late_is_new() {
        let first = Cursor::read(&Note::default(), at(0));
        assert_eq!(first.since(), at(-300));
        let rows = [version("1", -200), version("2", 100), version("3", 500)];
        assert!(rows.iter().all(|row| first.is_new(row)));
        assert!(!first.is_new(&version("4", -301)), "a list may show more than was asked for");
        let second = over_a_note(&first.after(rows.clone(), at(1000)));
        assert_eq!(second.since(), at(200));
        assert!(rows.iter().all(|row| !second.is_new(row)));
        let late = version("5", 250);
        assert!(second.is_new(&late) && second.is_new(&version("3", 501)));
        let third = over_a_note(&second.after([late.clone()], at(1000)));
        assert_eq!(third.since(), at(200), "a late one does not turn it back");
        assert!(!third.is_new(&late) && !third.is_new(&rows[2]));
        assert_eq!(third.seen.len(), 2, "what can not come again is forgotten");
    }

    #[test]
    fn a_time_to_come_is_waited_for() {
        let ahead = version("1", 5000);
        let cursor = Cursor::read(&Note::default(), at(0)).after([ahead.clone()], at(1000));
        assert_eq!(cursor.since(), at(700));
        assert!(cursor.is_new(&version("2", 900)) && !cursor.is_new(&ahead));
    }

    #[test]
    fn a_note_that_cannot_be_read_is_a_first_look() {
        let other_form = Note { version: 3, text: r#"{"until":5}"#.to_owned() };
        assert_eq!(Cursor::read(&other_form, at(0)).since(), at(-300));
    }
}
