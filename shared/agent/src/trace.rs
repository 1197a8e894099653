//! One trace for each event, from the door to the draft, in the form of W3C's trace context.
//!
//! The trace is named by the event: whoever has an event's id can look for its trace, and the other way round a trace
//! holds all that became of the event, redrives included. The header's form: <https://www.w3.org/TR/trace-context/>.

use std::{
    fmt,
    str::FromStr,
    sync::atomic::{AtomicU64, Ordering},
};

use data_encoding::HEXLOWER_PERMISSIVE;
use jiff::Timestamp;
use otlp::{SpanId, TraceId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::hash::sha256_bytes;

/// A span within its trace, as it is handed on: `00-<trace>-<span>-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceParent {
    /// The event's trace.
    pub trace: TraceId,
    /// The span that what follows belongs to.
    pub span: SpanId,
}

impl TraceParent {
    /// The span of one passage through the door, unlike that of any other passage of the same event.
    pub fn at_the_door(trace: &str, at: Timestamp) -> Self {
        static PASSAGES: AtomicU64 = AtomicU64::new(0);
        let number = PASSAGES.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let moment = at.as_nanosecond().to_be_bytes();
        Self { trace: trace_of(trace), span: span_of(&[b"door", trace.as_bytes(), &moment, &number]) }
    }
}

/// The trace of an event, by the name that its envelope carries.
pub fn trace_of(name: &str) -> TraceId {
    TraceId(first(sha256_bytes(&[b"trace", name.as_bytes()])))
}

/// A span named by what it is.
pub(crate) fn span_of(parts: &[&[u8]]) -> SpanId {
    SpanId(first(sha256_bytes(parts)))
}

fn first<const N: usize>(hash: [u8; 32]) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.iter_mut().zip(hash).for_each(|(byte, from)| *byte = from);
    bytes
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{}-{}-01", self.trace, self.span)
    }
}

/// Not the form of a trace context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a trace context")]
pub struct NoTraceParent;

impl FromStr for TraceParent {
    type Err = NoTraceParent;

    fn from_str(text: &str) -> Result<Self, NoTraceParent> {
        let mut parts = text.split('-');
        let (Some("00"), Some(trace), Some(span), Some(_), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoTraceParent);
        };
        Ok(Self { trace: TraceId(bytes(trace)?), span: SpanId(bytes(span)?) })
    }
}

fn bytes<const N: usize>(hex: &str) -> Result<[u8; N], NoTraceParent> {
    let bytes = HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).map_err(|_| NoTraceParent)?;
    let bytes: [u8; N] = bytes.try_into().map_err(|_| NoTraceParent)?;
    if bytes == [0; N] { Err(NoTraceParent) } else { Ok(bytes) }
}

impl Serialize for TraceParent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads one that may be missing or of another form: a message is never unreadable for it.
pub(crate) fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<TraceParent>, D::Error> {
    let text = Option::<serde_json::Value>::deserialize(deserializer)?;
    Ok(text.and_then(|text| text.as_str()?.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_context_is_written_and_read_in_w3cs_form() {
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        let one = TraceParent::at_the_door("01J0", at);
        let text = one.to_string();
        assert_eq!((text.len(), text.parse()), (55, Ok(one)));
        let other = TraceParent::at_the_door("01J0", at);
        assert_eq!(one.trace, other.trace, "the event names the trace");
        assert_ne!(one.span, other.span, "each passage is a span of its own");
        assert_ne!(one.trace, trace_of("01J1"));
        let zero = format!("00-{}-{}-01", "0".repeat(32), "1".repeat(16));
        for wrong in ["", "00-1-1-01", &zero, &text.replace("00-", "01-"), &format!("{text}-00")] {
            assert_eq!(wrong.parse::<TraceParent>(), Err(NoTraceParent), "{wrong}");
        }
    }
}
