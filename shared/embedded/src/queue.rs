//! The sending side of the queue, as the front door sees it.
//!
//! An answer means that the messages are on the disk; nothing less is acknowledged.

use std::{sync::Arc, time::Duration};

use agent::{
    envelope::Envelope,
    queue::{DeadLetter, Queue, QueueError},
};

use crate::{Store, StoreError, instant};

impl Queue for Store {
    /// All of them or none.
    async fn send_after(&self, envelopes: &[Envelope], delay: Duration) -> Result<(), QueueError> {
        let bodies = envelopes
            .iter()
            .map(Envelope::to_body)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| StoreError::Unwritable { table: "messages" })?;
        let now = self.now();
        let (sent_at, visible_at) = (instant::micros(now), instant::micros_after(now, delay));
        let mail = Arc::clone(self.mail());
        self.on_writer(
            move |connection| {
                let mut insert = connection.prepare_cached(
                    "INSERT INTO messages (body, sent_at_us, visible_at_us) VALUES (?1, ?2, ?3)",
                )?;
                for body in &bodies {
                    insert.execute((body, sent_at, visible_at))?;
                }
                Ok(bodies.len())
            },
            // One of the idle for each message.
            move |sent| (0..*sent).for_each(|_| mail.notify_one()),
        )
        .await?;
        Ok(())
    }

    async fn bury(&self, letter: &DeadLetter) -> Result<(), QueueError> {
        let DeadLetter { body, reason, at } = letter.clone();
        self.on_writer(
            move |connection| {
                let mut insert = connection
                    .prepare_cached("INSERT INTO dead_letters (body, reason, at_us) VALUES (?1, ?2, ?3)")?;
                insert.execute((body, reason, instant::micros(at)))
            },
            |_| (),
        )
        .await?;
        Ok(())
    }
}
