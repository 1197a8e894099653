//! What a dead letter holds.

use agent::{Envelope, Event, queue::Kept};

/// A dead letter that was read as far as it can be.
pub(super) struct Letter {
    pub(super) kept: Kept,
    pub(super) content: Content,
    events: Vec<Event>,
}

/// What kind of message it is.
pub(super) enum Content {
    /// An event on its way to a run.
    Envelope(Box<Envelope>),
    /// What Procore sent, of which this program can read at least one event.
    Webhook,
    /// Neither. Says why, without repeating what is there.
    Unreadable(String),
}

impl Letter {
    pub(super) fn read(kept: Kept) -> Self {
        let body = &kept.letter.body;
        let (content, events) = match Envelope::from_body(body) {
            Ok(envelope) => {
                let event = envelope.event.clone();
                (Content::Envelope(Box::new(envelope)), vec![event])
            }
            Err(_) => webhook(body),
        };
        Self { kept, content, events }
    }

    /// The events it tells of; none if it cannot be read.
    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }

    /// Ids that are numbers are in the order of time.
    pub(super) fn number(&self) -> Option<u64> {
        self.kept.id.parse().ok()
    }
}

fn webhook(body: &str) -> (Content, Vec<Event>) {
    let payloads = match procore::webhook::parse(body.as_bytes()) {
        Ok(payloads) => payloads,
        Err(unreadable) => return (Content::Unreadable(unreadable.reason), Vec::new()),
    };
    let (events, reasons) =
        payloads.into_iter().fold((Vec::new(), Vec::new()), |(mut events, mut reasons), payload| {
            match payload {
                Ok(payload) => events.push(Event::from(payload)),
                Err(unreadable) => reasons.push(unreadable.reason),
            }
            (events, reasons)
        });
    if events.is_empty() {
        let reason = reasons.into_iter().next().unwrap_or_else(|| "body: no event in it".to_owned());
        return (Content::Unreadable(reason), events);
    }
    (Content::Webhook, events)
}
