//! How long things are kept: runs hold record text and are nobody's archive.
//!
//! Never removes messages, dead letters or claims: those are work.

use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};
use rusqlite::Connection;

use crate::{Store, StoreError, instant};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Days a run's record is kept.
const RUN_DAYS: u32 = 30;

/// Days a counter of a day is kept: a week to look back, and one for time zones.
const COUNTER_DAYS: u32 = 8;

/// Rows of one kind removed in one go: others wait no longer than for so many.
const AT_ONCE: usize = 200;

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Records of runs older than 30 days.
    pub runs: usize,
    /// Counters whose name ends with a date more than 8 days ago.
    pub counters: usize,
    /// What was kept for later, its life over.
    pub kept: usize,
}

impl Store {
    /// Removes what is too old. [`Store::open`] has done so once; call it once a day.
    ///
    /// # Errors
    /// When the database fails; what was not removed will be by the next call.
    pub async fn purge(&self, now: Timestamp) -> Result<Purged, StoreError> {
        let mut all = Purged::default();
        loop {
            let purged = self.on_writer(move |connection| purge_some(connection, now), |_| ()).await?;
            all.runs += purged.runs;
            all.counters += purged.counters;
            all.kept += purged.kept;
            if purged.runs < AT_ONCE && purged.kept < AT_ONCE {
                return Ok(all);
            }
        }
    }
}

/// Removes all that is too old, outside of any transaction.
pub(crate) fn purge_all(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    loop {
        let purged = purge_some(connection, now)?;
        if purged.runs < AT_ONCE && purged.kept < AT_ONCE {
            return Ok(());
        }
    }
}

fn purge_some(connection: &Connection, now: Timestamp) -> rusqlite::Result<Purged> {
    let at_once = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let runs = connection
        .prepare_cached(
            "DELETE FROM runs WHERE id IN
             (SELECT id FROM runs WHERE started_at_us < ?1 ORDER BY started_at_us LIMIT ?2)",
        )?
        .execute((instant::micros(days_before(now, RUN_DAYS)), at_once))?;
    let kept = connection
        .prepare_cached(
            "DELETE FROM kept WHERE key IN
             (SELECT key FROM kept WHERE until_us <= ?1 ORDER BY until_us LIMIT ?2)",
        )?
        .execute((instant::micros(now), at_once))?;
    let oldest_day = days_before(now, COUNTER_DAYS).to_zoned(TimeZone::UTC).date().to_string();
    let counters = connection
        .prepare_cached(
            "DELETE FROM counters
             WHERE name GLOB '*/[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND substr(name, -10) < ?1",
        )?
        .execute([oldest_day])?;
    Ok(Purged { runs, counters, kept })
}

fn days_before(now: Timestamp, days: u32) -> Timestamp {
    now.checked_sub(DAY * days).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-20T12:00:00Z".parse().unwrap()
    }

    async fn fill(store: &Store, runs: &'static [(&'static str, usize)], counters: &'static [&'static str]) {
        store
            .on_writer(
                move |connection| {
                    for (started_at, copies) in runs {
                        let at = instant::micros(started_at.parse().unwrap());
                        for copy in 0..*copies {
                            let id = format!("{started_at}/{copy}");
                            connection.execute("INSERT INTO runs VALUES (?1, ?2, '{}')", (id, at))?;
                        }
                    }
                    for name in counters {
                        connection.execute("INSERT INTO counters VALUES (?1, 1)", [name])?;
                    }
                    Ok(())
                },
                |()| (),
            )
            .await
            .unwrap();
    }

    async fn names(store: &Store, sql: &'static str) -> Vec<String> {
        store
            .on_reader(move |connection| connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect())
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn runs_stay_a_month_and_counters_of_a_day_a_week() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), now).unwrap();
        let runs = &[
            ("2026-10-21T11:59:59Z", 2 * AT_ONCE + 1),
            ("2026-10-21T12:00:00Z", 1),
            ("2026-11-20T12:00:00Z", 1),
        ];
        let counters = &[
            "usd/4071/2026-11-11",
            "usd/4071/2026-11-12",
            "usd/4071/2026-11-20",
            "pace/8001",
            "x2026-01-01",
        ];
        fill(&store, runs, counters).await;
        assert_eq!(store.purge(now()).await.unwrap(), Purged { runs: 2 * AT_ONCE + 1, counters: 1, kept: 0 });
        assert_eq!(
            names(&store, "SELECT id FROM runs ORDER BY id").await,
            ["2026-10-21T12:00:00Z/0", "2026-11-20T12:00:00Z/0"]
        );
        assert_eq!(
            names(&store, "SELECT name FROM counters ORDER BY name").await,
            ["pace/8001", "usd/4071/2026-11-12", "usd/4071/2026-11-20", "x2026-01-01"]
        );
        assert_eq!(store.purge(now()).await.unwrap(), Purged::default());
    }

    #[tokio::test]
    async fn opening_purges_and_leaves_no_trace_in_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), || "2026-10-01T12:00:00Z".parse().unwrap()).unwrap();
        let text = "anchor bolts at grid line C-4 ".repeat(300);
        store
            .on_writer(
                move |connection| {
                    let at = instant::micros("2026-10-01T12:00:00Z".parse().unwrap());
                    connection.execute("INSERT INTO runs VALUES ('a', ?1, ?2)", (at, text))
                },
                |_| (),
            )
            .await
            .unwrap();
        drop(store);
        let holds_text = || {
            let file = std::fs::read(dir.path().join("plumbline.db")).unwrap();
            String::from_utf8_lossy(&file).contains("anchor bolts")
        };
        assert!(holds_text(), "else this test shows nothing");
        drop(Store::open(dir.path(), now).unwrap());
        assert!(!holds_text());
    }
}
