//! What the front door needs of a queue. Receiving is the business of each deployable: Lambda is handed its
//! messages, the one-process service fetches them.

use std::future::Future;

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
    /// Accepts all envelopes, or fails. After an error some may have been accepted; sending again is safe
    /// because runs are claimed by record.
    fn send(&self, envelopes: &[Envelope]) -> impl Future<Output = Result<(), QueueError>> + Send;

    /// Keeps a message that cannot be worked on.
    fn bury(&self, letter: &DeadLetter) -> impl Future<Output = Result<(), QueueError>> + Send;
}
