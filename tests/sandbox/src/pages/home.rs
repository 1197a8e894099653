//! The first page: the four workflows, and how many drafts of each wait for a person.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use minijinja::{Value, context};
use serde_json::Value as Json;

use super::{
    about::{About, Kind},
    drafts::{self, RecordDraft, Standing},
    render::{self, Page},
    runs,
};
use crate::state::Shared;

const HOME: &str = "fragments/home.html";
/// So many of the newest runs are listed.
const LATEST: usize = 6;

pub(super) async fn show(State(shared): State<Arc<Shared>>) -> Response {
    let content = content(&shared).await;
    let page = Page {
        tool: "home",
        title: "Drafts".to_owned(),
        fragment: HOME,
        refetch: Some("/fragments/home".to_owned()),
    };
    render::page(&shared, &page, content)
}

pub(super) async fn fragment(State(shared): State<Arc<Shared>>) -> Response {
    let content = content(&shared).await;
    render::fragment(&shared, HOME, content)
}

async fn content(shared: &Shared) -> Value {
    let runs = drafts::runs(shared).await;
    let standings: Vec<(Kind, Standing)> = shared.read(|state| {
        let records = About::all(state).into_iter();
        records.map(|about| (about.kind, RecordDraft::of(state, &runs, &about).standing)).collect()
    });
    let workflows: Vec<Value> = Kind::ALL.into_iter().map(|kind| workflow(kind, &standings)).collect();
    let telling = runs.iter().filter(|run| drafts::text(run, "outcome") != "Skipped");
    let latest: Vec<Value> = telling.take(LATEST).map(|run: &Json| runs::summary(shared, run)).collect();
    context! { workflows, latest }
}

fn workflow(kind: Kind, standings: &[(Kind, Standing)]) -> Value {
    let count = |wanted: Standing| standings.iter().filter(|one| **one == (kind, wanted)).count();
    let (heading, what, tool, write) = match kind {
        Kind::Question => (
            "RFI questions",
            "Empty fields of an RFI that is still a draft, filled in where they stand.",
            "rfis",
            "Write an RFI",
        ),
        Kind::Response => (
            "RFI responses",
            "What the documents say to an open RFI, with the articles quoted.",
            "rfis",
            "Write an RFI",
        ),
        Kind::Review => (
            "Submittal reviews",
            "Each requirement of the section beside what was submitted, and the disposition that follows.",
            "submittals",
            "Submit a submittal",
        ),
        Kind::Summary => (
            "Daily log summaries",
            "A day's entries in order, totals computed, what disagrees listed.",
            "daily-log",
            "Write a log entry",
        ),
    };
    context! {
        key => kind.workflow(),
        heading,
        what,
        tool,
        write,
        ready => count(Standing::Ready),
        notes => count(Standing::Note),
        waiting => count(Standing::Waiting),
        done => count(Standing::Done),
    }
}
