//! Claims, counters and runs.
//!
//! A claim is written only over the version its writer has read. What a claim means is not known here.

use agent::{
    claim::Claim,
    ledger::{ClaimKey, Counter, Ledger, LedgerError},
    record::RunRecord,
};
use rusqlite::{Connection, OptionalExtension};

use crate::{Store, StoreError, instant};

impl Ledger for Store {
    async fn read(&self, key: &ClaimKey) -> Result<Option<Claim>, LedgerError> {
        let key = key.to_string();
        let stored = self
            .on_reader(move |connection| {
                connection
                    .prepare_cached("SELECT version, json FROM claims WHERE key = ?1")?
                    .query_row([key], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))
                    .optional()
            })
            .await?;
        let Some((version, json)) = stored else {
            return Ok(None);
        };
        let claim: Claim =
            serde_json::from_str(&json).map_err(|error| StoreError::unreadable("claims", &error))?;
        // The JSON holds the version its writer had read; the column is what counts.
        Ok(Some(Claim { version: version.unsigned_abs(), ..claim }))
    }

    async fn write(&self, key: &ClaimKey, claim: &Claim) -> Result<Option<u64>, LedgerError> {
        let row = ClaimRow {
            key: key.to_string(),
            lease_holder: claim.lease.as_ref().map(|lease| lease.holder.clone()),
            json: serde_json::to_string(claim).map_err(|_| StoreError::Unwritable { table: "claims" })?,
        };
        // A version beyond 2^63 was never stored here.
        let Ok(version) = i64::try_from(claim.version) else {
            return Ok(None);
        };
        let stored = self.on_writer(move |connection| row.swap(connection, version), |_| ()).await?;
        Ok(stored.map(i64::unsigned_abs))
    }

    async fn add(&self, counter: &Counter, delta: i64, ceiling: Option<i64>) -> Result<bool, LedgerError> {
        let name = counter.0.clone();
        Ok(self.on_writer(move |connection| add(connection, &name, delta, ceiling), |_| ()).await?)
    }

    async fn record(&self, run: &RunRecord) -> Result<(), LedgerError> {
        let id = run.id.clone();
        let started_at = instant::micros(run.started_at);
        let json = serde_json::to_string(run).map_err(|_| StoreError::Unwritable { table: "runs" })?;
        self.on_writer(
            move |connection| {
                connection
                    .prepare_cached(
                        "INSERT INTO runs (id, started_at_us, json) VALUES (?1, ?2, ?3)
                         ON CONFLICT (id) DO UPDATE SET started_at_us = excluded.started_at_us, json = excluded.json",
                    )?
                    .execute((id, started_at, json))
            },
            |_| (),
        )
        .await?;
        Ok(())
    }

    /// A run that another version of the program stored in a shape unknown here is left out, with a warning: it
    /// is a story for people, and the others must stay readable.
    async fn runs(&self, limit: u32) -> Result<Vec<RunRecord>, LedgerError> {
        let stored = self
            .on_reader(move |connection| {
                connection
                    .prepare_cached("SELECT json FROM runs ORDER BY started_at_us DESC, rowid DESC LIMIT ?1")?
                    .query_map([limit], |row| row.get::<_, String>(0))?
                    .collect::<rusqlite::Result<Vec<_>>>()
            })
            .await?;
        let readable = stored.iter().filter_map(|json| match serde_json::from_str(json) {
            Ok(run) => Some(run),
            Err(error) => {
                let error = StoreError::unreadable("runs", &error);
                tracing::warn!(%error, "left out of the list of runs");
                None
            }
        });
        Ok(readable.collect())
    }
}

struct ClaimRow {
    key: String,
    lease_holder: Option<String>,
    json: String,
}

impl ClaimRow {
    /// Stores the row over `version`, and over nothing else. Answers with the new version.
    fn swap(&self, connection: &Connection, version: i64) -> rusqlite::Result<Option<i64>> {
        let Self { key, lease_holder, json } = self;
        let stored = if version == 0 {
            connection
                .prepare_cached(
                    "INSERT INTO claims (key, version, lease_holder, json) VALUES (?1, 1, ?2, ?3)
                     ON CONFLICT (key) DO NOTHING",
                )?
                .execute((key, lease_holder, json))?
        } else {
            connection
                .prepare_cached(
                    "UPDATE claims SET version = version + 1, lease_holder = ?2, json = ?3
                     WHERE key = ?1 AND version = ?4",
                )?
                .execute((key, lease_holder, json, version))?
        };
        Ok((stored == 1).then(|| version.saturating_add(1)))
    }
}

fn add(connection: &Connection, name: &str, delta: i64, ceiling: Option<i64>) -> rusqlite::Result<bool> {
    let value: i64 = connection
        .prepare_cached("SELECT value FROM counters WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?
        .unwrap_or(0);
    let sum = value.saturating_add(delta);
    if ceiling.is_some_and(|ceiling| sum > ceiling) {
        return Ok(false);
    }
    connection
        .prepare_cached(
            "INSERT INTO counters (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute((name, sum))?;
    Ok(true)
}
