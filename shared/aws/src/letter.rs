//! What SQS can carry, and how the rest travels.
//!
//! AWS docs: a message body is 1 byte to 1 MiB of the characters tab, newline, carriage return, U+0020 to U+D7FF,
//! U+E000 to U+FFFD and U+10000 to U+10FFFF; anything else is refused, which for a webhook would mean 503 for ever.

use agent::{envelope::Envelope, queue::DeadLetter};
use data_encoding::BASE64;

use crate::Error;

/// Longest reason kept with a dead letter, in characters.
const REASON_CHARS: usize = 1000;

/// Whether SQS takes the character.
fn is_carried(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

/// An envelope as SQS carries it. JSON has its own way to write the two characters JSON allows and SQS does not.
pub(crate) fn body_of(envelope: &Envelope) -> Result<String, Error> {
    let body = envelope.to_body().map_err(|_| Error::Unwritable { what: "queue message" })?;
    Ok(body.replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff"))
}

/// A dead letter as SQS carries it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Packed {
    pub(crate) body: String,
    /// `base64` or `empty`, where the body is not what came in; `None` where it is.
    pub(crate) encoding: Option<&'static str>,
    pub(crate) reason: String,
}

/// Packs a dead letter so that nothing in it makes SQS refuse it.
pub(crate) fn pack(letter: &DeadLetter) -> Packed {
    let (body, encoding) = if letter.body.is_empty() {
        ("(empty)".to_owned(), Some("empty"))
    } else if letter.body.chars().all(is_carried) {
        (letter.body.clone(), None)
    } else {
        (BASE64.encode(letter.body.as_bytes()), Some("base64"))
    };
    let reason: String = letter
        .reason
        .chars()
        .take(REASON_CHARS)
        .map(|c| if is_carried(c) { c } else { '\u{fffd}' })
        .collect();
    Packed {
        body,
        encoding,
        // An attribute must not be empty.
        reason: if reason.is_empty() { "no reason was given".to_owned() } else { reason },
    }
}

/// The body that was buried, from what SQS carried; `encoding` as [`pack`] gave it. What does not fit the encoding is left as
/// it is: a person put it there.
pub(crate) fn unpack(body: String, encoding: Option<&str>) -> String {
    match encoding {
        Some("empty") => String::new(),
        Some("base64") => BASE64
            .decode(body.as_bytes())
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .unwrap_or(body),
        _ => body,
    }
}

#[cfg(test)]
mod tests {
    use agent::event::{Actor, Event, EventId, Reason, Resource};
    use jiff::Timestamp;

    use super::*;

    fn letter(body: &str, reason: &str) -> DeadLetter {
        DeadLetter { body: body.into(), reason: reason.into(), at: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn what_sqs_would_refuse_is_packed() {
        let table = [
            ("{\"a\": \"É🚧\"}\r\n\t", "{\"a\": \"É🚧\"}\r\n\t", None),
            ("\u{fffd}\u{10ffff}\u{7f}", "\u{fffd}\u{10ffff}\u{7f}", None),
            ("", "(empty)", Some("empty")),
            ("a\u{0}", "YQA=", Some("base64")),
            ("\u{fffe}", "77++", Some("base64")),
            ("\u{ffff}", "77+/", Some("base64")),
            ("\u{b}", "Cw==", Some("base64")),
        ];
        for (body, packed, encoding) in table {
            let got = pack(&letter(body, "why"));
            assert_eq!((got.body.as_str(), got.encoding), (packed, encoding), "{body:?}");
            assert_eq!(unpack(got.body, encoding), body);
        }
    }

    #[test]
    fn what_was_not_packed_here_stays_as_it_is() {
        for (body, encoding) in [("!", "base64"), ("/w==", "base64"), ("YQA=", "rot13")] {
            assert_eq!(unpack(body.to_owned(), Some(encoding)), body, "{encoding}");
        }
    }

    #[test]
    fn a_reason_is_short_clean_and_never_empty() {
        assert_eq!(pack(&letter("x", "a\u{1}b")).reason, "a\u{fffd}b");
        assert_eq!(pack(&letter("x", "")).reason, "no reason was given");
        assert_eq!(pack(&letter("x", &"é".repeat(5000))).reason.chars().count(), REASON_CHARS);
    }

    #[test]
    fn an_envelope_with_any_text_can_be_carried_and_read_back() {
        let event = Event {
            id: EventId("\u{fffe}\u{0}\u{ffff}\\ufffe".into()),
            company: "1".parse().unwrap(),
            project: None,
            resource: Resource::Rfi,
            record: "1".into(),
            reason: Reason::Update,
            actor: Actor::default(),
            occurred_at: None,
        };
        let envelope = Envelope::from_webhook(event, Timestamp::UNIX_EPOCH);
        let body = body_of(&envelope).unwrap();
        assert!(body.chars().all(is_carried), "{body:?}");
        assert_eq!(Envelope::from_body(&body).unwrap(), envelope);
    }
}
