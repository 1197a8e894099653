//! Claims, purses, notes and runs.
//!
//! A claim is written only over the version its writer has read. What a claim means is not known here.

use agent::{
    claim::Claim,
    ledger::{Change, Changed, ClaimKey, Counter, Ledger, LedgerError, Look, Note},
    record::RunRecord,
};
use jiff::Timestamp;
use procore::ProjectId;
use rusqlite::{Connection, OptionalExtension};

use crate::{Store, StoreError, instant};

impl Ledger for Store {
    async fn look(&self, claims: &[ClaimKey], notes: &[&str]) -> Result<Look, LedgerError> {
        let keys: Vec<String> = claims.iter().map(ClaimKey::to_string).collect();
        let names: Vec<String> = notes.iter().map(|name| (*name).to_owned()).collect();
        let (claims, notes) = self
            .on_reader(move |connection| {
                let claims = keys.iter().map(|key| claim_row(connection, key));
                let notes = names.iter().map(|name| note(connection, name));
                Ok((
                    claims.collect::<rusqlite::Result<Vec<_>>>()?,
                    notes.collect::<rusqlite::Result<Vec<_>>>()?,
                ))
            })
            .await?;
        let claims = claims.into_iter().map(|row| row.map(read_claim).transpose());
        Ok(Look { claims: claims.collect::<Result<_, _>>()?, notes })
    }

    async fn change(&self, change: Change<'_>) -> Result<Changed, LedgerError> {
        // A version beyond 2^63 was never stored here.
        if change.claim.is_some_and(|(_, claim)| i64::try_from(claim.version).is_err()) {
            return Ok(Changed::Overtaken);
        }
        let claim = change.claim.map(|(key, claim)| ClaimRow::new(key, claim)).transpose()?;
        let run = change.run.map(RunRow::new).transpose()?;
        let payment = change.payment;
        let changed = self.on_writer(
            move |connection| {
                if let Some(claim) = &claim
                    && !claim.is_next(connection)?
                {
                    return Ok(Changed::Overtaken);
                }
                if let Some(payment) = &payment
                    && add(connection, &payment.purse.0, payment.micro_usd, payment.ceiling)?.is_none()
                {
                    return Ok(Changed::OverCeiling);
                }
                if let Some(run) = &run {
                    run.store(connection)?;
                }
                let version = claim.as_ref().map_or(Ok(0), |claim| claim.store(connection))?;
                Ok(Changed::Stored { version: version.unsigned_abs() })
            },
            |_| (),
        );
        Ok(changed.await?)
    }

    async fn swap(&self, note: &str, version: u64, text: &str) -> Result<bool, LedgerError> {
        let Ok(version) = i64::try_from(version) else { return Ok(false) };
        let (name, text) = (note.to_owned(), text.to_owned());
        let stored = self.on_writer(
            move |connection| {
                let stored = if version == 0 {
                    connection
                        .prepare_cached(
                            "INSERT INTO notes (name, version, text) VALUES (?1, 1, ?2)
                             ON CONFLICT (name) DO NOTHING",
                        )?
                        .execute((name, text))?
                } else {
                    connection
                        .prepare_cached(
                            "UPDATE notes SET version = version + 1, text = ?2 WHERE name = ?1 AND version = ?3",
                        )?
                        .execute((name, text, version))?
                };
                Ok(stored == 1)
            },
            |_| (),
        );
        Ok(stored.await?)
    }

    async fn add(&self, counter: &Counter, delta: i64) -> Result<i64, LedgerError> {
        let name = counter.0.clone();
        let sum = self.on_writer(move |connection| add(connection, &name, delta, None), |_| ()).await?;
        Ok(sum.unwrap_or_default())
    }

    async fn abandoned(
        &self,
        project: ProjectId,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<ClaimKey>, LedgerError> {
        let keys = self.on_reader(move |connection| {
            connection
                .prepare_cached(
                    "SELECT key FROM claims WHERE project = ?1 AND lease_until_us < ?2
                     ORDER BY lease_until_us, key LIMIT ?3",
                )?
                .query_map((project.get(), instant::micros(before), limit), |row| row.get::<_, String>(0))?
                .collect::<rusqlite::Result<Vec<_>>>()
        });
        Ok(keys.await?.iter().filter_map(|key| ClaimKey::parse(key)).collect())
    }

    /// A run that another version of the program stored in a shape unknown here is left out, with a warning: it
    /// is a story for people, and the others must stay readable.
    async fn runs(&self, limit: u32) -> Result<Vec<RunRecord>, LedgerError> {
        let stored = self.on_reader(move |connection| {
            connection
                .prepare_cached("SELECT json FROM runs ORDER BY started_at_us DESC, rowid DESC LIMIT ?1")?
                .query_map([limit], |row| row.get::<_, String>(0))?
                .collect::<rusqlite::Result<Vec<_>>>()
        });
        Ok(readable(&stored.await?))
    }

    async fn runs_since(&self, since: Timestamp, limit: u32) -> Result<Vec<RunRecord>, LedgerError> {
        let stored = self.on_reader(move |connection| {
            connection
                .prepare_cached(
                    "SELECT json FROM runs WHERE started_at_us >= ?1
                     ORDER BY started_at_us DESC, rowid DESC LIMIT ?2",
                )?
                // One by one: all texts of a week would fill the memory.
                .query_map((instant::micros(since), limit), |row| {
                    let json: String = row.get(0)?;
                    Ok(readable(&[json]).pop().map(RunRecord::without_texts))
                })?
                .collect::<rusqlite::Result<Vec<_>>>()
        });
        Ok(stored.await?.into_iter().flatten().collect())
    }

    async fn sums(&self, counters: &[Counter]) -> Result<Vec<i64>, LedgerError> {
        let names: Vec<String> = counters.iter().map(|counter| counter.0.clone()).collect();
        let sums = self.on_reader(move |connection| {
            names.iter().map(|name| sum(connection, name)).collect::<rusqlite::Result<Vec<_>>>()
        });
        Ok(sums.await?)
    }

    async fn runs_named(&self, id: &str) -> Result<Vec<RunRecord>, LedgerError> {
        let id = id.to_owned();
        let stored = self.on_reader(move |connection| {
            connection
                .prepare_cached(
                    "SELECT json FROM runs WHERE id = ?1
                         OR CASE WHEN json_valid(json) THEN json_extract(json, '$.event_id') END = ?1
                     ORDER BY started_at_us DESC, rowid DESC",
                )?
                .query_map([id], |row| row.get::<_, String>(0))?
                .collect::<rusqlite::Result<Vec<_>>>()
        });
        Ok(readable(&stored.await?))
    }
}

fn claim_row(connection: &Connection, key: &str) -> rusqlite::Result<Option<(i64, String)>> {
    connection
        .prepare_cached("SELECT version, json FROM claims WHERE key = ?1")?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

/// The JSON holds the version its writer had read; the column is what counts.
fn read_claim((version, json): (i64, String)) -> Result<Claim, StoreError> {
    let claim: Claim =
        serde_json::from_str(&json).map_err(|error| StoreError::unreadable("claims", &error))?;
    Ok(Claim { version: version.unsigned_abs(), ..claim })
}

fn note(connection: &Connection, name: &str) -> rusqlite::Result<Note> {
    let stored = connection
        .prepare_cached("SELECT version, text FROM notes WHERE name = ?1")?
        .query_row([name], |row| {
            Ok(Note { version: row.get::<_, i64>(0)?.unsigned_abs(), text: row.get(1)? })
        })
        .optional()?;
    Ok(stored.unwrap_or_default())
}

fn readable(stored: &[String]) -> Vec<RunRecord> {
    let readable = stored.iter().filter_map(|json| match serde_json::from_str(json) {
        Ok(run) => Some(run),
        Err(error) => {
            let error = StoreError::unreadable("runs", &error);
            tracing::warn!(%error, "left out of the list of runs");
            None
        }
    });
    readable.collect()
}

struct ClaimRow {
    key: String,
    project: i64,
    /// The version that was read.
    version: i64,
    lease_holder: Option<String>,
    lease_until_us: Option<i64>,
    json: String,
}

impl ClaimRow {
    fn new(key: &ClaimKey, claim: &Claim) -> Result<Self, StoreError> {
        Ok(Self {
            key: key.to_string(),
            project: key.project.get(),
            version: i64::try_from(claim.version).unwrap_or(i64::MAX),
            lease_holder: claim.lease.as_ref().map(|lease| lease.holder.clone()),
            lease_until_us: claim.lease.as_ref().map(|lease| instant::micros(lease.until)),
            json: serde_json::to_string(claim).map_err(|_| StoreError::Unwritable { table: "claims" })?,
        })
    }

    /// True if nobody wrote since its version was read.
    fn is_next(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let stored: Option<i64> = connection
            .prepare_cached("SELECT version FROM claims WHERE key = ?1")?
            .query_row([&self.key], |row| row.get(0))
            .optional()?;
        Ok(stored.unwrap_or(0) == self.version)
    }

    /// Answers with the new version. Nobody else writes between [`ClaimRow::is_next`] and this.
    fn store(&self, connection: &Connection) -> rusqlite::Result<i64> {
        let version = self.version.saturating_add(1);
        connection
            .prepare_cached(
                "INSERT INTO claims (key, project, version, lease_holder, lease_until_us, json)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (key) DO UPDATE SET version = excluded.version, lease_holder = excluded.lease_holder,
                     lease_until_us = excluded.lease_until_us, json = excluded.json",
            )?
            .execute((
                &self.key,
                self.project,
                version,
                &self.lease_holder,
                self.lease_until_us,
                &self.json,
            ))?;
        Ok(version)
    }
}

struct RunRow {
    id: String,
    started_at_us: i64,
    json: String,
}

impl RunRow {
    fn new(run: &RunRecord) -> Result<Self, StoreError> {
        let json = serde_json::to_string(run).map_err(|_| StoreError::Unwritable { table: "runs" })?;
        Ok(Self { id: run.id.clone(), started_at_us: instant::micros(run.started_at), json })
    }

    fn store(&self, connection: &Connection) -> rusqlite::Result<()> {
        connection
            .prepare_cached(
                "INSERT INTO runs (id, started_at_us, json) VALUES (?1, ?2, ?3)
                 ON CONFLICT (id) DO UPDATE SET started_at_us = excluded.started_at_us, json = excluded.json",
            )?
            .execute((&self.id, self.started_at_us, &self.json))?;
        Ok(())
    }
}

/// Answers with the new sum; `None`: it would pass the ceiling, nothing was added.
fn add(
    connection: &Connection,
    name: &str,
    delta: i64,
    ceiling: Option<i64>,
) -> rusqlite::Result<Option<i64>> {
    let sum = sum(connection, name)?.saturating_add(delta);
    if ceiling.is_some_and(|ceiling| sum > ceiling) {
        return Ok(None);
    }
    connection
        .prepare_cached(
            "INSERT INTO counters (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute((name, sum))?;
    Ok(Some(sum))
}

fn sum(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    let value = connection
        .prepare_cached("SELECT value FROM counters WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    Ok(value.unwrap_or(0))
}
