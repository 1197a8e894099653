//! What an operator looks at: dead letters and how much is waiting.
//!
//! Dead letters are kept until a person has looked at them and says what becomes of them.

use std::collections::BTreeMap;

use agent::{
    Family,
    envelope::Envelope,
    queue::{DeadLetter, DeadLetters, Depth, Kept, QueueError},
};
use rusqlite::Connection;

use crate::{Store, StoreError, instant};

/// Names one dead letter; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LetterId(i64);

impl std::fmt::Display for LetterId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// How many messages there are, of all processes together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In nobody's hand, visible or delayed.
    pub waiting: u64,
    /// In a worker's hand, its visibility timeout not ended.
    pub in_flight: u64,
    /// Dead letters.
    pub dead: u64,
}

impl Store {
    /// The latest dead letters, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn dead_letters(&self, limit: u32) -> Result<Vec<(LetterId, DeadLetter)>, StoreError> {
        self.on_reader(move |connection| {
            let mut letters = connection.prepare_cached(
                "SELECT id, body, reason, at_us FROM dead_letters ORDER BY id DESC LIMIT ?1",
            )?;
            letters
                .query_map([limit], |row| {
                    let at = instant::timestamp(row.get(3)?);
                    Ok((LetterId(row.get(0)?), DeadLetter { body: row.get(1)?, reason: row.get(2)?, at }))
                })?
                .collect()
        })
        .await
    }

    /// How much waits, by family of records; families of which nothing is there are left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn depths(&self) -> Result<Vec<Depth>, StoreError> {
        let now = instant::micros(self.now());
        self.on_reader(move |connection| depths(connection, now)).await
    }

    /// How many messages there are, all counted at one moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        let now = instant::micros(self.now());
        self.on_reader(move |connection| count(connection, now)).await
    }
}

impl DeadLetters for Store {
    /// Oldest first.
    async fn letters(&self, limit: usize) -> Result<Vec<Kept>, QueueError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let letters = self.on_reader(move |connection| {
            let mut letters = connection
                .prepare_cached("SELECT id, body, reason, at_us FROM dead_letters ORDER BY id LIMIT ?1")?;
            letters
                .query_map([limit], |row| {
                    let id = LetterId(row.get(0)?).to_string();
                    let at = instant::timestamp(row.get(3)?);
                    let letter = DeadLetter { body: row.get(1)?, reason: row.get(2)?, at };
                    Ok(Kept { receipt: id.clone(), id, letter })
                })?
                .collect::<rusqlite::Result<Vec<_>>>()
        });
        Ok(letters.await?)
    }

    /// One that is gone already is gone.
    async fn discard(&self, kept: &Kept) -> Result<(), QueueError> {
        let Ok(id) = kept.receipt.parse::<i64>() else { return Ok(()) };
        self.on_writer(
            move |connection| {
                connection.prepare_cached("DELETE FROM dead_letters WHERE id = ?1")?.execute([id])
            },
            |_| (),
        )
        .await?;
        Ok(())
    }

    /// Looking hides nothing here.
    async fn put_back(&self, _: &Kept) -> Result<(), QueueError> {
        Ok(())
    }
}

fn count(connection: &Connection, now_us: i64) -> rusqlite::Result<Counts> {
    let mut counts = connection.prepare_cached(
        "SELECT (SELECT count(*) FROM messages),
                (SELECT count(*) FROM messages WHERE holder IS NOT NULL AND visible_at_us > ?1),
                (SELECT count(*) FROM dead_letters)",
    )?;
    counts.query_row([now_us], |row| {
        let [all, in_flight, dead] = [row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?].map(i64::unsigned_abs);
        Ok(Counts { waiting: all.saturating_sub(in_flight), in_flight, dead })
    })
}

fn depths(connection: &Connection, now_us: i64) -> rusqlite::Result<Vec<Depth>> {
    let mut messages = connection
        .prepare_cached("SELECT body, sent_at_us, holder IS NOT NULL AND visible_at_us > ?1 FROM messages")?;
    let mut rows = messages.query([now_us])?;
    let mut families: BTreeMap<String, Depth> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (body, sent_at_us): (String, i64) = (row.get(0)?, row.get(1)?);
        let family =
            Envelope::from_body(&body).ok().and_then(|envelope| Family::of(&envelope.event.resource));
        let family = family.map_or("other", Family::name).to_owned();
        let depth =
            families.entry(family.clone()).or_insert(Depth { family, waiting: 0, in_hand: 0, oldest: None });
        let count = if row.get(2)? { &mut depth.in_hand } else { &mut depth.waiting };
        *count = count.saturating_add(1);
        let sent_at = instant::timestamp(sent_at_us);
        depth.oldest = Some(depth.oldest.map_or(sent_at, |oldest| oldest.min(sent_at)));
    }
    Ok(families.into_values().collect())
}
