//! What came in and what went out, for tests to look at. Never keeps a token or a client secret.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

/// One request to the API, the login host or the storage host.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// `GET`, `POST`, ...
    pub method: String,
    /// Path without the query; requests to the storage host begin with `/storage/`.
    pub path: String,
    /// Query string as sent, percent-encoded.
    pub query: String,
    /// Headers in lower case; `authorization` is replaced by `bearer ok`, `bearer wrong` or `bearer none`.
    pub headers: BTreeMap<String, String>,
    /// JSON body, `Null` if there was none; a client secret in it is masked.
    pub body: Value,
    /// Status the server answered (or would have, had the connection not been dropped).
    pub status: u16,
    /// The answer was thrown away after the request took effect.
    pub dropped: bool,
    /// When it came in.
    pub at: Timestamp,
}

/// State of a webhook delivery, in the vendor's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// Waiting its turn.
    Enqueued,
    /// Failed at least once; the hook's queue waits behind it.
    Retrying,
    /// Answered 2xx.
    Delivered,
    /// Given up with its queue.
    Discarded,
}

/// One try of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryAttempt {
    /// When it began.
    pub at: Timestamp,
    /// Status answered; `None` when there was no answer in 5 s.
    pub status: Option<u16>,
    /// When the answer came or was given up.
    pub completed_at: Timestamp,
}

/// One webhook to one hook.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Number of the delivery, counted from 1 over all hooks.
    pub id: u64,
    /// Index of the hook in the order of subscription.
    pub hook: usize,
    /// Body that is posted.
    pub event: Value,
    /// Tries so far.
    pub attempts: Vec<DeliveryAttempt>,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// The event as the list of deliveries shows it. Procore docs: the reference knows one form for every version.
    pub(crate) listed: Value,
}
