//! The runs: what the product did with each event, and one run in full. Members a record lacks are left out.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use jiff::Timestamp;
use minijinja::{Value, context};
use serde_json::Value as Json;

use super::{
    chips,
    drafts::{self, text},
    evidence,
    render::{self, Page, capitalised, when},
};
use crate::state::Shared;

const LOG: &str = "fragments/runs.html";
const ONE: &str = "fragments/run.html";

pub(super) async fn log(State(shared): State<Arc<Shared>>) -> Response {
    let content = log_content(&shared).await;
    let page = Page {
        tool: "runs",
        title: "Runs".to_owned(),
        fragment: LOG,
        refetch: Some("/fragments/runs".to_owned()),
    };
    render::page(&shared, &page, content)
}

pub(super) async fn log_fragment(State(shared): State<Arc<Shared>>) -> Response {
    let content = log_content(&shared).await;
    render::fragment(&shared, LOG, content)
}

pub(super) async fn show(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    let Some((title, content)) = one_content(&shared, &id).await else {
        return render::missing(&shared, "This run");
    };
    let refetch = Some(format!("/fragments/runs/{id}"));
    render::page(&shared, &Page { tool: "runs", title, fragment: ONE, refetch }, content)
}

pub(super) async fn show_fragment(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    match one_content(&shared, &id).await {
        Some((_, content)) => render::fragment(&shared, ONE, content),
        None => render::missing(&shared, "This run"),
    }
}

async fn log_content(shared: &Shared) -> Value {
    let runs = drafts::runs(shared).await;
    let known = shared.run_source().is_some();
    let rows: Vec<Value> = runs.iter().map(|run| summary(shared, run)).collect();
    context! { rows, known }
}

/// A run as a row of the list.
pub(super) fn summary(shared: &Shared, run: &Json) -> Value {
    let started = text(run, "started_at").parse::<Timestamp>().map(|at| when(shared, at)).unwrap_or_default();
    let record = shared.read(|state| drafts::record_of(state, run));
    context! {
        id => text(run, "id"),
        outcome => chips::outcome(text(run, "outcome")),
        reason => text(run, "reason"),
        record_label => capitalised(text(run, "record_label")),
        record_tool => record.as_ref().map(|record| record.tool),
        record_page => record.as_ref().map(|record| record.page.clone()),
        subject => record.map(|record| record.subject).filter(|subject| !subject.is_empty()),
        workflow => text(run, "workflow"),
        started,
        took_ms => took_ms(run),
        model => text(run, "model"),
        tokens_in => number(run, "tokens_in"),
        tokens_out => number(run, "tokens_out"),
        tokens_cached => number(run, "tokens_cached"),
        cost => dollars(number(run, "cost_micro_usd")),
        calls => number(run, "procore_calls"),
    }
}

async fn one_content(shared: &Shared, id: &str) -> Option<(String, Value)> {
    let runs = drafts::runs(shared).await;
    let run = runs.iter().find(|run| text(run, "id") == id)?;
    let prompt = run.get("prompt").unwrap_or(&Json::Null);
    let item_id = run.get("item_id").and_then(Json::as_i64);
    let item_live = item_id.is_some_and(|id| shared.read(|state| state.item(id).is_some()));
    let content = context! {
        ..summary(shared, run),
        ..context! {
            event_id => text(run, "event_id"),
            prompt => context! {
                workflow => text(prompt, "workflow"),
                version => member(prompt, "version"),
                sha256 => text(prompt, "sha256"),
            },
            steps => steps(run),
            evidence => evidence::of(run),
            findings => list(run, "findings").iter().map(finding).collect::<Vec<_>>(),
            flags => words(run, "flags"),
            not_read => words(run, "not_read"),
            draft_text => text(run, "draft_text"),
            item_id,
            item_live,
        }
    };
    Some((format!("Run for {}", text(run, "record_label")), content))
}

/// Each step with where its bar begins and how long it is, in percent of the whole run.
fn steps(run: &Json) -> Vec<Value> {
    let whole = took_ms(run).max(1);
    list(run, "steps")
        .iter()
        .map(|step| {
            let (began, took) = (number(step, "started_ms"), number(step, "took_ms"));
            let left = (began * 100 / whole).clamp(0, 99);
            context! {
                name => text(step, "name"),
                started_ms => began,
                took_ms => took,
                left,
                width => (took * 100 / whole).clamp(1, 100 - left),
            }
        })
        .collect()
}

fn took_ms(run: &Json) -> i64 {
    list(run, "steps")
        .iter()
        .map(|step| number(step, "started_ms") + number(step, "took_ms"))
        .max()
        .unwrap_or_default()
}

fn finding(finding: &Json) -> Value {
    context! {
        rule => text(finding, "rule"),
        field => text(finding, "field"),
        value => member(finding, "value"),
        action => text(finding, "action"),
    }
}

fn list<'a>(run: &'a Json, name: &str) -> &'a [Json] {
    run.get(name).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn words(run: &Json, name: &str) -> Vec<String> {
    list(run, name).iter().filter_map(Json::as_str).map(ToOwned::to_owned).collect()
}

fn number(value: &Json, name: &str) -> i64 {
    value.get(name).and_then(Json::as_i64).unwrap_or_default()
}

/// A member that may be a string or a number.
fn member(value: &Json, name: &str) -> String {
    match value.get(name) {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

/// Millionths of a dollar as dollars with four places.
fn dollars(micro_usd: i64) -> String {
    format!("${}.{:04}", micro_usd / 1_000_000, (micro_usd % 1_000_000) / 100)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn costs_are_dollars_with_four_places() {
        for (micro, shown) in [(0, "$0.0000"), (1_234, "$0.0012"), (2_050_000, "$2.0500")] {
            assert_eq!(dollars(micro), shown);
        }
    }

    #[test]
    fn an_empty_record_is_tolerated() {
        let run = json!({});
        assert_eq!(took_ms(&run), 0);
        assert!(steps(&run).is_empty());
    }
}
