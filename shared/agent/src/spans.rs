//! The trace of an event as spans: the door, the wait on the queue, the run and its steps.
//!
//! Made when a run has ended, from its story. Attributes hold ids, names of closed lists and numbers: never a word of a
//! record, a person's name or a header.

use jiff::{SignedDuration, Timestamp};
use otlp::{Span, SpanKind, Value};

use crate::{
    ingest::Answer,
    record::RunRecord,
    trace::{span_of, trace_of},
};

/// The passages of the events that one answer put on the queue.
pub fn of_answer(answer: &Answer, began: Timestamp, ended: Timestamp) -> Vec<Span> {
    let status = Value::Number(answer.status.into());
    let spans = answer.accepted.iter().map(|passage| Span {
        trace: passage.trace,
        id: passage.span,
        parent: None,
        name: "door",
        kind: SpanKind::Server,
        began,
        ended,
        failed: false,
        attributes: vec![("http.response.status_code", status.clone())],
    });
    spans.collect()
}

/// The wait before a run, the run and its steps; nothing of a story from before traces were kept.
pub fn of_run(story: &RunRecord) -> Vec<Span> {
    let Some(arrival) = &story.tally.arrival else { return Vec::new() };
    let trace = arrival.traceparent.map_or_else(|| trace_of(&arrival.trace), |door| door.trace);
    let id = story.id.as_bytes();
    let (wait, run) = (span_of(&[b"queue", id]), span_of(&[b"run", id]));
    let began = story.started_at;
    let waited = Span {
        trace,
        id: wait,
        parent: arrival.traceparent.map(|door| door.span),
        name: "queue",
        kind: SpanKind::Internal,
        began: arrival.at.min(began),
        ended: began,
        failed: false,
        attributes: Vec::new(),
    };
    let whole = Span {
        trace,
        id: run,
        parent: Some(wait),
        name: "run",
        kind: SpanKind::Consumer,
        began,
        ended: after(began, story.took_ms()),
        failed: story.outcome == "Failed",
        attributes: attributes(story),
    };
    let steps = (0_u32..).zip(&story.steps).filter_map(|(place, step)| {
        Some(Span {
            id: span_of(&[b"step", id, &place.to_be_bytes()]),
            parent: Some(run),
            name: crate::run::Step::named(&step.name)?.name(),
            kind: SpanKind::Internal,
            began: after(began, step.started_ms),
            ended: after(began, step.started_ms.saturating_add(step.took_ms)),
            failed: false,
            attributes: Vec::new(),
            ..whole.clone()
        })
    });
    let steps: Vec<Span> = steps.collect();
    [waited, whole].into_iter().chain(steps).collect()
}

/// The same facts that the one line of the log holds.
fn attributes(story: &RunRecord) -> Vec<(&'static str, Value)> {
    let paid = story.paid();
    let texts = [
        ("event_id", Some(story.event_id.clone())),
        ("workflow", story.workflow.clone()),
        ("outcome", Some(story.outcome.clone())),
        ("model", story.model.clone()),
    ];
    let prompt = story.prompt.as_ref().map(|prompt| i64::from(prompt.version));
    let numbers = [
        ("project_id", story.project_id),
        ("prompt_version", prompt),
        ("procore_calls", Some(story.procore_calls.into())),
        ("tokens_in", Some(paid.tokens_in.into())),
        ("tokens_out", Some(paid.tokens_out.into())),
        ("cost_micro_usd", i64::try_from(paid.cost_micro_usd).ok()),
    ];
    let texts = texts.into_iter().filter_map(|(name, text)| Some((name, Value::Text(text?))));
    let numbers = numbers.into_iter().filter_map(|(name, number)| Some((name, Value::Number(number?))));
    texts.chain(numbers).collect()
}

fn after(at: Timestamp, ms: u64) -> Timestamp {
    let ms = SignedDuration::from_millis(i64::try_from(ms).unwrap_or(0));
    at.checked_add(ms).unwrap_or(at)
}
