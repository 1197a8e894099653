//! Spans and metrics to an OpenTelemetry collector: OTLP over HTTP, in its JSON encoding.
//!
//! Everything is told after it has ended, as plain data: nothing here follows a program while it runs. A leaf that
//! knows no other crate of the house. What an attribute may hold is decided by who makes it.
//!
//! The protocol: <https://opentelemetry.io/docs/specs/otlp/#otlphttp>. In JSON, ids are hexadecimal and 64-bit numbers
//! are texts.

mod exporter;
mod json;
mod metric;
mod span;

pub use exporter::{Error, Exporter};
pub use metric::{Metric, Point, Points};
pub use span::{Span, SpanId, SpanKind, TraceId, Value};
