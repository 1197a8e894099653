//! The tables, and how an older file becomes a current one.
//!
//! Steps are only ever appended; `PRAGMA user_version` counts those a file has been through.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use crate::StoreError;

/// All steps from an empty file to today's. Times are microseconds since 1970.
const STEPS: &[&str] = &[
    "
CREATE TABLE claims (
    key TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    lease_holder TEXT,          -- copied out of the JSON, to find a dead worker's
    json TEXT NOT NULL
) STRICT;
CREATE INDEX claims_by_holder ON claims (lease_holder) WHERE lease_holder IS NOT NULL;

CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    started_at_us INTEGER NOT NULL,
    json TEXT NOT NULL
) STRICT;
CREATE INDEX runs_by_start ON runs (started_at_us);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,    -- an id is never used twice: receipts rely on it
    body TEXT NOT NULL,
    sent_at_us INTEGER NOT NULL,
    visible_at_us INTEGER NOT NULL,
    receive_count INTEGER NOT NULL DEFAULT 0,  -- what counts against the retry budget
    receipt INTEGER NOT NULL DEFAULT 0,        -- goes up whenever a receipt given out ends; never down
    holder TEXT                                -- the worker that has it in hand
) STRICT;
CREATE INDEX messages_by_time ON messages (visible_at_us, id);
CREATE INDEX messages_by_holder ON messages (holder) WHERE holder IS NOT NULL;

CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    body TEXT NOT NULL,
    reason TEXT NOT NULL,
    at_us INTEGER NOT NULL
) STRICT;
",
    "
CREATE TABLE pace (
    company INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;

CREATE TABLE kept (
    key TEXT PRIMARY KEY,
    until_us INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX kept_by_end ON kept (until_us);
",
    "
ALTER TABLE claims ADD COLUMN project INTEGER;          -- copied out of the key and the JSON, to find leases that ended
ALTER TABLE claims ADD COLUMN lease_until_us INTEGER;
UPDATE claims SET project = CAST(substr(key, instr(key, '/') + 1) AS INTEGER);
UPDATE claims SET lease_until_us = 0 WHERE lease_holder IS NOT NULL;
CREATE INDEX claims_by_lease ON claims (project, lease_until_us) WHERE lease_until_us IS NOT NULL;

CREATE INDEX runs_by_event ON runs (CASE WHEN json_valid(json) THEN json_extract(json, '$.event_id') END);

CREATE TABLE notes (
    name TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
",
];

/// Brings the file to the current schema in one transaction; several processes may do so at once.
///
/// # Errors
/// [`StoreError::Newer`] when a later version of the program wrote it: its tables are not touched.
pub(crate) fn migrate(connection: &mut Connection, file: &Path) -> Result<(), StoreError> {
    migrate_through(STEPS, connection, file)
}

fn migrate_through(steps: &[&str], connection: &mut Connection, file: &Path) -> Result<(), StoreError> {
    let sqlite = |error| StoreError::sqlite(file, error);
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
    let found: i64 =
        transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(sqlite)?;
    if found > known {
        return Err(StoreError::Newer { file: file.to_owned(), found, known });
    }
    if found == known {
        return Ok(());
    }
    for step in steps.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(step).map_err(sqlite)?;
    }
    transaction.pragma_update(None, "user_version", known).map_err(sqlite)?;
    transaction.commit().map_err(sqlite)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "/data/plumbline.db";

    #[test]
    fn each_step_runs_once_and_keeps_what_is_there() {
        let mut connection = Connection::open_in_memory().unwrap();
        let steps = ["CREATE TABLE t (a)", "INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (2)"];
        for (upto, rows) in [(2, 1), (2, 1), (3, 2), (3, 2)] {
            migrate_through(&steps[..upto], &mut connection, Path::new(FILE)).unwrap();
            let count: i64 = connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
            assert_eq!(count, rows);
        }
    }

    #[test]
    fn a_step_that_fails_leaves_the_file_as_it_was() {
        let mut connection = Connection::open_in_memory().unwrap();
        let broken = ["CREATE TABLE t (a)", "INSERT INTO nowhere VALUES (1)"];
        migrate_through(&broken, &mut connection, Path::new(FILE)).unwrap_err();
        migrate_through(&broken[..1], &mut connection, Path::new(FILE)).unwrap();
    }

    #[test]
    fn a_newer_file_is_left_alone_and_named() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        let error = migrate(&mut connection, Path::new(FILE)).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("/data/plumbline.db: written by a newer plumbline (schema 99"), "{text}");
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        assert_eq!(tables, 0);
    }
}
