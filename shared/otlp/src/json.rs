//! The JSON encoding of OTLP.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::{Metric, Point, Points, Span, SpanKind, Value};

/// Values since the last time they were told. OTLP: `AGGREGATION_TEMPORALITY_DELTA`.
const DELTA: u8 = 1;

/// The body of a request to `/v1/traces`.
pub(crate) fn traces(service: &str, spans: &[Span]) -> Json {
    let spans: Vec<Json> = spans.iter().map(span).collect();
    json!({ "resourceSpans": [{
        "resource": resource(service),
        "scopeSpans": [{ "scope": { "name": "plumbline" }, "spans": spans }],
    }] })
}

/// The body of a request to `/v1/metrics`, of what was measured between the two moments.
pub(crate) fn metrics(service: &str, metrics: &[Metric], since: Timestamp, until: Timestamp) -> Json {
    let metrics: Vec<Json> = metrics.iter().map(|told| metric(told, since, until)).collect();
    json!({ "resourceMetrics": [{
        "resource": resource(service),
        "scopeMetrics": [{ "scope": { "name": "plumbline" }, "metrics": metrics }],
    }] })
}

fn resource(service: &str) -> Json {
    json!({ "attributes": [{ "key": "service.name", "value": { "stringValue": service } }] })
}

fn span(span: &Span) -> Json {
    let kind = match span.kind {
        SpanKind::Internal => 1,
        SpanKind::Server => 2,
        SpanKind::Consumer => 5,
    };
    let attributes: Vec<Json> = span
        .attributes
        .iter()
        .map(|(key, value)| {
            let value = match value {
                Value::Text(text) => json!({ "stringValue": text }),
                Value::Number(number) => json!({ "intValue": number.to_string() }),
            };
            json!({ "key": key, "value": value })
        })
        .collect();
    let mut told = json!({
        "traceId": span.trace.to_string(),
        "spanId": span.id.to_string(),
        "name": span.name,
        "kind": kind,
        "startTimeUnixNano": nanos(span.began),
        "endTimeUnixNano": nanos(span.ended),
        "attributes": attributes,
        "status": if span.failed { json!({ "code": 2 }) } else { json!({}) },
    });
    if let (Some(parent), Some(told)) = (span.parent, told.as_object_mut()) {
        told.insert("parentSpanId".to_owned(), json!(parent.to_string()));
    }
    told
}

fn metric(metric: &Metric, since: Timestamp, until: Timestamp) -> Json {
    let number = |point: &Point<u64>| {
        json!({
            "attributes": labels(&point.labels),
            "startTimeUnixNano": nanos(since),
            "timeUnixNano": nanos(until),
            "asInt": point.value.to_string(),
        })
    };
    let (kind, data) = match &metric.points {
        Points::Sums(points) => {
            let points: Vec<Json> = points.iter().map(number).collect();
            ("sum", json!({ "aggregationTemporality": DELTA, "isMonotonic": true, "dataPoints": points }))
        }
        Points::Levels(points) => {
            let points: Vec<Json> = points.iter().map(number).collect();
            ("gauge", json!({ "dataPoints": points }))
        }
        Points::Distributions { bounds, points } => {
            let points: Vec<Json> = points
                .iter()
                .map(|Point { labels: of, value: (sum, buckets) }| {
                    json!({
                        "attributes": labels(of),
                        "startTimeUnixNano": nanos(since),
                        "timeUnixNano": nanos(until),
                        "count": buckets.iter().sum::<u64>().to_string(),
                        "sum": sum,
                        "bucketCounts": buckets.iter().map(u64::to_string).collect::<Vec<_>>(),
                        "explicitBounds": bounds,
                    })
                })
                .collect();
            ("histogram", json!({ "aggregationTemporality": DELTA, "dataPoints": points }))
        }
    };
    json!({ "name": metric.name, "description": metric.description, "unit": metric.unit, kind: data })
}

fn labels(labels: &[(&'static str, String)]) -> Json {
    labels.iter().map(|(key, value)| json!({ "key": key, "value": { "stringValue": value } })).collect()
}

fn nanos(at: Timestamp) -> String {
    at.as_nanosecond().max(0).to_string()
}
