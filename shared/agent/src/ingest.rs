//! The front door, without the wire: what becomes of a request. The Lambda and the one-process service put it behind
//! their own HTTP.
//!
//! After authentication the answer is always 2xx unless the queue refused: any other pauses the hook for every
//! later event. Never calls Procore, the model or the ledger.

use jiff::Timestamp;
use procore::{
    CompanyId,
    webhook::{self, Unreadable},
};
use secrecy::SecretString;

use crate::{
    admit::{Own, at_the_door},
    envelope::Envelope,
    event::Event,
    outcome::SkipReason,
    queue::{DeadLetter, Queue, QueueError},
    trace::TraceParent,
};

/// Largest body read, in bytes.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// A request as any HTTP server sees it.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The method, upper case.
    pub method: &'a str,
    /// The value of the `Authorization` header.
    pub authorization: Option<&'a [u8]>,
    /// The body; a server that stopped reading at [`MAX_BODY_BYTES`] passes one byte more than that.
    pub body: &'a [u8],
}

/// What to answer, and what to tell the log about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Events put on the queue.
    pub queued: usize,
    /// The span of each of them.
    pub accepted: Vec<TraceParent>,
    /// Events dropped, each with its reason.
    pub skipped: Vec<String>,
    /// Bodies kept on the dead-letter queue, each with its reason.
    pub kept: Vec<String>,
}

impl Answer {
    fn refused(status: u16) -> Self {
        Self { status, queued: 0, accepted: Vec::new(), skipped: Vec::new(), kept: Vec::new() }
    }
}

/// What a webhook body holds.
#[derive(Debug, Default)]
pub struct Sorted {
    /// Events to work on.
    pub envelopes: Vec<Envelope>,
    /// Events that no setting makes ours to do.
    pub skipped: Vec<(Event, SkipReason)>,
    /// What no event can be made of.
    pub unreadable: Vec<Unreadable>,
}

/// The door of one company.
#[derive(Clone, Debug)]
pub struct Door {
    /// Events of other companies are not ours.
    pub company: CompanyId,
    /// To drop what we caused ourselves.
    pub own: Own,
}

impl Door {
    /// Decides about a request and puts what it brought where it belongs.
    pub async fn receive<Q: Queue>(
        &self,
        request: Request<'_>,
        accepted: &[SecretString],
        queue: &Q,
        now: Timestamp,
    ) -> Answer {
        if request.method != "POST" {
            return Answer::refused(405);
        }
        if request.body.len() > MAX_BODY_BYTES {
            return Answer::refused(413);
        }
        if !webhook::authorized(request.authorization, accepted) {
            return Answer::refused(401);
        }
        match self.accept(request.body, queue, now).await {
            Ok(answer) => answer,
            Err(error) => {
                // The vendor keeps the event and comes back: nothing is lost.
                tracing::error!(error = %error, "the queue refused a webhook; answered 503");
                Answer::refused(503)
            }
        }
    }

    async fn accept<Q: Queue>(&self, body: &[u8], queue: &Q, now: Timestamp) -> Result<Answer, QueueError> {
        let mut answer = Answer::refused(204);
        let sorted = self.sort(body, now);
        for (event, reason) in &sorted.skipped {
            tracing::info!(
                event_id = %event.id, company_id = %event.company,
                project_id = event.project.map(procore::ProjectId::get), resource_id = event.record,
                outcome = "Skipped", skip_reason = %reason, "event"
            );
            answer.skipped.push(reason.to_string());
        }
        for unreadable in sorted.unreadable {
            let letter = unreadable_letter(unreadable, now);
            tracing::warn!(reason = letter.reason, "kept on the dead-letter queue");
            queue.bury(&letter).await?;
            answer.kept.push(letter.reason);
        }
        if !sorted.envelopes.is_empty() {
            queue.send(&sorted.envelopes).await?;
        }
        answer.queued = sorted.envelopes.len();
        answer.accepted = sorted.envelopes.iter().filter_map(|envelope| envelope.traceparent).collect();
        Ok(answer)
    }

    /// Reads a webhook body and decides about each of its events; sends and keeps nothing.
    pub fn sort(&self, body: &[u8], now: Timestamp) -> Sorted {
        let mut sorted = Sorted::default();
        let payloads = match webhook::parse(body) {
            Ok(payloads) => payloads,
            Err(unreadable) => vec![Err(unreadable)],
        };
        for payload in payloads {
            match payload {
                Ok(payload) => {
                    let event = Event::from(payload);
                    match at_the_door(&event, &self.own, self.company) {
                        None => sorted.envelopes.push(Envelope::from_webhook(event, now)),
                        Some(reason) => sorted.skipped.push((event, reason)),
                    }
                }
                Err(unreadable) => sorted.unreadable.push(unreadable),
            }
        }
        sorted
    }
}

/// A body that no event can be made of, as it is kept on the dead-letter queue.
pub fn unreadable_letter(unreadable: Unreadable, at: Timestamp) -> DeadLetter {
    DeadLetter { body: unreadable.raw, reason: format!("unreadable webhook: {}", unreadable.reason), at }
}
