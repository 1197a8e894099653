//! The only thing on the queue.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    event::Event,
    trace::{self, TraceParent},
};

/// Where an event came from. All sources take the same path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Procore called us.
    Webhook,
    /// A sweep found a change that no webhook told of.
    Reconcile,
    /// An operator asked for it.
    Replay,
}

/// An event on its way from the front door to a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// What changed.
    pub event: Event,
    /// How we know.
    pub source: Source,
    /// Names this event in every log line and run record, from the door to the draft.
    pub trace: String,
    /// When it was accepted, by our clock.
    pub received_at: Timestamp,
    /// The span of its passage through the door; `None` for what did not come that way.
    #[serde(default, deserialize_with = "trace::lenient", skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<TraceParent>,
}

impl Envelope {
    /// An envelope for an event that Procore delivered.
    pub fn from_webhook(event: Event, received_at: Timestamp) -> Self {
        let trace = event.id.to_string();
        let traceparent = Some(TraceParent::at_the_door(&trace, received_at));
        Self { event, source: Source::Webhook, trace, received_at, traceparent }
    }

    /// The message body on the queue.
    ///
    /// # Errors
    /// None in practice: every member serialises; the signature keeps the caller from ignoring it.
    pub fn to_body(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads a message body back.
    ///
    /// # Errors
    /// When the body is not an envelope: the message is poison and belongs on the dead-letter queue.
    pub fn from_body(body: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(body)
    }
}
