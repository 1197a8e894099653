//! Gives back what a dead worker had in hand: its messages are visible and its leases ended, at once.
//!
//! Never touches what a living worker holds.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::Connection;

use crate::{Store, StoreError, instant, worker};

/// What dead workers left behind and others can now take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reclaimed {
    /// Claims whose lease was ended.
    pub claims: usize,
    /// Messages made visible. Their last receive stays counted: it may be what killed the worker.
    pub messages: usize,
}

impl std::ops::AddAssign for Reclaimed {
    fn add_assign(&mut self, more: Self) {
        self.claims += more.claims;
        self.messages += more.messages;
    }
}

impl Store {
    /// Looks for workers of this directory that died and gives back what they held. [`Store::open`] has done so
    /// once; with several processes, call it every few seconds so that the others need not wait for leases.
    ///
    /// # Errors
    /// When the directory or the database fails; what was found stays to be found.
    pub async fn reclaim_dead(&self, now: Timestamp) -> Result<Reclaimed, StoreError> {
        let dir = self.dir().to_owned();
        let mail = Arc::clone(self.mail());
        let found = self
            .on_writer(
                move |connection| match worker::dead(&dir) {
                    Ok(dead) => release_all(connection, &dead, now).map(|reclaimed| Ok((dead, reclaimed))),
                    Err(error) => Ok(Err(error)),
                },
                // Committed: only now may their files go.
                move |found| {
                    if let Ok((dead, reclaimed)) = found {
                        dead.iter().for_each(worker::Dead::forget);
                        (0..reclaimed.messages).for_each(|_| mail.notify_one());
                    }
                },
            )
            .await?;
        found.map(|(_, reclaimed)| reclaimed)
    }
}

/// Gives back what all these workers hold.
pub(crate) fn release_all(
    connection: &Connection,
    dead: &[worker::Dead],
    now: Timestamp,
) -> rusqlite::Result<Reclaimed> {
    let mut reclaimed = Reclaimed::default();
    for worker in dead {
        reclaimed += release(connection, worker.id(), now)?;
    }
    Ok(reclaimed)
}

/// Gives back what one worker holds. Its receipts end, and so do the claim versions it knows.
pub(crate) fn release(connection: &Connection, holder: &str, now: Timestamp) -> rusqlite::Result<Reclaimed> {
    let messages = connection
        .prepare_cached(
            "UPDATE messages SET holder = NULL, receipt = receipt + 1, visible_at_us = min(visible_at_us, ?2)
             WHERE holder = ?1",
        )?
        .execute((holder, instant::micros(now)))?;
    let claims = connection
        .prepare_cached(
            "UPDATE claims SET lease_holder = NULL, lease_until_us = NULL, version = version + 1, json = json_set(json, '$.lease', NULL)
             WHERE lease_holder = ?1",
        )?
        .execute([holder])?;
    Ok(Reclaimed { claims, messages })
}
