//! What an operator looks at: dead letters and how much is waiting.
//!
//! Dead letters are kept until a person has looked at them; nothing here removes one.

use agent::queue::DeadLetter;
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

    /// How many messages there are, all counted at one moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        let now = instant::micros(self.now());
        self.on_reader(move |connection| count(connection, now)).await
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
