//! What the front door, the sweep and an operator need of a queue. Receiving is the business of each deployable: Lambda is
//! handed its messages, the one-process service fetches them.

use std::{future::Future, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::envelope::Envelope;

/// A message nobody could work on, kept with the reason until a person looks at it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The raw body as it came in: a webhook body that could not be read, or the envelope of a run that failed.
    pub body: String,
    /// Why it is here, in words an operator can act on. Never holds record text.
    pub reason: String,
    /// When it was put here.
    pub at: Timestamp,
}

impl std::fmt::Debug for DeadLetter {
    // The body may hold anything; it does not belong in a log line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeadLetter")
            .field("reason", &self.reason)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// The queue refused: nothing may be acknowledged.
#[derive(Debug, thiserror::Error)]
#[error("the queue refused the message: {0}")]
pub struct QueueError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// A durable queue: what it accepted survives the process.
pub trait Queue: Send + Sync {
    /// Accepts all envelopes, to be shown `delay` from now (at most 15 minutes), or fails. After an error some may have
    /// been accepted; sending again is safe because runs are claimed by record.
    fn send_after(
        &self,
        envelopes: &[Envelope],
        delay: Duration,
    ) -> impl Future<Output = Result<(), QueueError>> + Send;

    /// As [`Queue::send_after`], to be shown at once.
    fn send(&self, envelopes: &[Envelope]) -> impl Future<Output = Result<(), QueueError>> + Send {
        self.send_after(envelopes, Duration::ZERO)
    }

    /// Keeps a message that cannot be worked on.
    fn bury(&self, letter: &DeadLetter) -> impl Future<Output = Result<(), QueueError>> + Send;
}

/// How much of one family of records waits on a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Depth {
    /// The family: `rfi`, `submittal`, `daily_log`, or `all` where they share a queue.
    pub family: String,
    /// Messages in nobody's hand, delayed ones included.
    pub waiting: u64,
    /// Messages somebody works on.
    pub in_hand: u64,
    /// When the oldest was sent, where the queue tells.
    pub oldest: Option<Timestamp>,
}

/// A dead letter an operator has in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Names it for people; the same each time it is looked at.
    pub id: String,
    /// What the backend answers to: on SQS it ends with the look.
    pub receipt: String,
    /// The letter.
    pub letter: DeadLetter,
}

/// The other side of [`Queue::bury`]: looking at dead letters, and taking them away.
pub trait DeadLetters: Send + Sync {
    /// Up to `limit` dead letters. On SQS nobody else sees them until they are put back or a few minutes have passed, and
    /// their order is nobody's promise.
    fn letters(&self, limit: usize) -> impl Future<Output = Result<Vec<Kept>, QueueError>> + Send;

    /// Removes one for good.
    fn discard(&self, kept: &Kept) -> impl Future<Output = Result<(), QueueError>> + Send;

    /// Lets others see one that was only looked at.
    fn put_back(&self, kept: &Kept) -> impl Future<Output = Result<(), QueueError>> + Send;
}
