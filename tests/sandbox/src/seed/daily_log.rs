//! The seeded daily log, from `seed/daily_log.toml`.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::files;
use crate::records::{LogFamily, LogStatus, NewLogEntry};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    entry: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    family: LogFamily,
    #[serde(default)]
    status: LogStatus,
    author: Option<i64>,
    #[serde(default)]
    days_ago: i64,
    fields: Map<String, Value>,
}

/// Each entry with how many days ago it was written.
pub(super) fn all() -> Vec<(i64, NewLogEntry)> {
    files::parsed::<File>(files::DAILY_LOG)
        .entry
        .into_iter()
        .map(|row| {
            let entry = NewLogEntry {
                family: row.family,
                date: None,
                status: row.status,
                created_by: row.author,
                fields: row.fields,
                emit: false,
            };
            (row.days_ago, entry)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_has_several_families_and_waiting_entries() {
        let entries = all();
        let families =
            LogFamily::ALL.iter().filter(|family| entries.iter().any(|(_, e)| e.family == **family));
        assert!(families.count() >= 8);
        for status in [LogStatus::Pending, LogStatus::Approved] {
            assert!(entries.iter().any(|(_, e)| e.family == LogFamily::Notes && e.status == status));
        }
        assert!(entries.iter().any(|(days_ago, _)| *days_ago > 0));
    }
}
