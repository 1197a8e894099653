//! The fetching side of the queue: messages in hand, for a time, against a receipt.
//!
//! A message is never lost: until it is deleted or buried it comes back, at the latest when its visibility
//! timeout ends.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use rusqlite::Connection;

use crate::{Store, StoreError, instant};

/// Stands for one receive of one message. It ends when the message is deleted, buried, handed back, or received
/// again after its visibility timeout; whatever is then asked with it does nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Receipt {
    message: i64,
    number: i64,
}

impl Receipt {
    /// Names the message; the same however often it is received, and never used twice.
    pub fn message_id(&self) -> String {
        self.message.to_string()
    }
}

/// A message in hand.
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    /// What to answer with.
    pub receipt: Receipt,
    /// As it was sent.
    pub body: String,
    /// How often it was received and not taken back, this time included: 1 for the first.
    pub receive_count: u32,
    /// When it was sent.
    pub sent_at: Timestamp,
}

impl std::fmt::Debug for Received {
    // The body does not belong in a log line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Received")
            .field("receipt", &self.receipt)
            .field("receive_count", &self.receive_count)
            .field("sent_at", &self.sent_at)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Takes up to `max` visible messages in hand, those visible longest first. Until `now + visibility` nobody
    /// else gets them.
    ///
    /// Await it to the end: what a cancelled call received is nobody's until its visibility timeout ends.
    ///
    /// # Errors
    /// When the database fails; nothing was received.
    pub async fn receive(
        &self,
        max: u32,
        visibility: Duration,
        now: Timestamp,
    ) -> Result<Vec<Received>, StoreError> {
        let holder = self.holder().to_owned();
        self.on_writer(move |connection| take(connection, max, visibility, now, &holder), |_| ()).await
    }

    /// Removes a message: the work is done. `Ok(false)`: the receipt has ended, nothing was removed.
    ///
    /// # Errors
    /// When the database fails; the message comes back later.
    pub async fn delete(&self, receipt: &Receipt) -> Result<bool, StoreError> {
        let Receipt { message, number } = *receipt;
        self.on_writer(
            move |connection| {
                let mut delete =
                    connection.prepare_cached("DELETE FROM messages WHERE id = ?1 AND receipt = ?2")?;
                Ok(delete.execute((message, number))? == 1)
            },
            |_| (),
        )
        .await
    }

    /// Gives a message back, to be received again from `now + delay`. With `counted` false the receive is taken
    /// back as well: a wait that was ours does not eat the retry budget. `Ok(false)`: the receipt has ended.
    ///
    /// # Errors
    /// When the database fails; the message comes back when its visibility timeout ends.
    pub async fn hand_back(
        &self,
        receipt: &Receipt,
        delay: Duration,
        counted: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let Receipt { message, number } = *receipt;
        let mail = Arc::clone(self.mail());
        self.on_writer(
            move |connection| {
                let mut hand_back = connection.prepare_cached(
                    "UPDATE messages SET holder = NULL, receipt = receipt + 1, visible_at_us = ?3,
                            receive_count = receive_count - ?4
                     WHERE id = ?1 AND receipt = ?2",
                )?;
                let visible_at = instant::micros_after(now, delay);
                Ok(hand_back.execute((message, number, visible_at, i64::from(!counted)))? == 1)
            },
            // It may be visible before whatever the idle are waiting for.
            move |handed_back| {
                if *handed_back {
                    mail.notify_one();
                }
            },
        )
        .await
    }

    /// Moves a message to the dead letters, in one step. `reason` is for an operator and holds no record text.
    /// `Ok(false)`: the receipt has ended, nothing was moved.
    ///
    /// # Errors
    /// When the database fails; the message comes back later.
    pub async fn bury_received(
        &self,
        receipt: &Receipt,
        reason: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let Receipt { message, number } = *receipt;
        let reason = reason.to_owned();
        self.on_writer(
            move |connection| {
                let mut copy = connection.prepare_cached(
                    "INSERT INTO dead_letters (body, reason, at_us)
                     SELECT body, ?3, ?4 FROM messages WHERE id = ?1 AND receipt = ?2",
                )?;
                let copied = copy.execute((message, number, reason, instant::micros(now)))?;
                let mut delete =
                    connection.prepare_cached("DELETE FROM messages WHERE id = ?1 AND receipt = ?2")?;
                delete.execute((message, number))?;
                Ok(copied == 1)
            },
            |_| (),
        )
        .await
    }

    /// Keeps a message in hand until `now + visibility`. `Ok(false)`: the receipt has ended; stop working on it.
    ///
    /// # Errors
    /// When the database fails; the timeout is as before.
    pub async fn extend(
        &self,
        receipt: &Receipt,
        visibility: Duration,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let Receipt { message, number } = *receipt;
        self.on_writer(
            move |connection| {
                let mut extend = connection.prepare_cached(
                    "UPDATE messages SET visible_at_us = ?3 WHERE id = ?1 AND receipt = ?2",
                )?;
                Ok(extend.execute((message, number, instant::micros_after(now, visibility)))? == 1)
            },
            |_| (),
        )
        .await
    }

    /// When the next message is or becomes visible, one in hand whose timeout ends included; `None` if there is
    /// no message at all. A worker with nothing to do sleeps until then, or until [`Store::wait_for_mail`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_visible(&self) -> Result<Option<Timestamp>, StoreError> {
        self.on_reader(|connection| {
            let mut next = connection.prepare_cached("SELECT min(visible_at_us) FROM messages")?;
            let micros: Option<i64> = next.query_row([], |row| row.get(0))?;
            Ok(micros.map(instant::timestamp))
        })
        .await
    }

    /// Ends when this process has sent, handed back or reclaimed a message since the last call ended; several
    /// may be told of at once. It does not see what other processes send: look from time to time as well.
    /// Cancel safe.
    pub async fn wait_for_mail(&self) {
        self.mail().notified().await;
    }
}

fn take(
    connection: &Connection,
    max: u32,
    visibility: Duration,
    now: Timestamp,
    holder: &str,
) -> rusqlite::Result<Vec<Received>> {
    let mut visible = connection.prepare_cached(
        "SELECT id, receipt, body, receive_count, sent_at_us FROM messages
         WHERE visible_at_us <= ?1 ORDER BY visible_at_us, id LIMIT ?2",
    )?;
    let received = visible
        .query_map((instant::micros(now), max), |row| {
            Ok(Received {
                receipt: Receipt { message: row.get(0)?, number: row.get::<_, i64>(1)? + 1 },
                body: row.get(2)?,
                receive_count: row.get::<_, u32>(3)?.saturating_add(1),
                sent_at: instant::timestamp(row.get(4)?),
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut mark = connection.prepare_cached(
        "UPDATE messages SET receipt = ?2, receive_count = ?3, holder = ?4, visible_at_us = ?5 WHERE id = ?1",
    )?;
    let hidden_until = instant::micros_after(now, visibility);
    for message in &received {
        let Receipt { message: id, number } = message.receipt;
        mark.execute((id, number, message.receive_count, holder, hidden_until))?;
    }
    Ok(received)
}
