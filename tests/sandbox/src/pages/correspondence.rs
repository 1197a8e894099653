//! The correspondence log and the page of one item.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use minijinja::{Value, context};

use super::{
    about::About,
    chips,
    drafts::{self, RecordDraft},
    evidence,
    render::{self, Page, capitalised, when},
};
use crate::{records::Item, state::Shared};

const LOG: &str = "fragments/correspondence.html";
const ONE: &str = "fragments/item.html";

pub(super) async fn log(State(shared): State<Arc<Shared>>) -> Response {
    let content = log_content(&shared);
    let page = Page {
        tool: "correspondence",
        title: "Correspondence".to_owned(),
        fragment: LOG,
        refetch: Some("/fragments/correspondence".to_owned()),
    };
    render::page(&shared, &page, content)
}

pub(super) async fn log_fragment(State(shared): State<Arc<Shared>>) -> Response {
    render::fragment(&shared, LOG, log_content(&shared))
}

pub(super) async fn show(State(shared): State<Arc<Shared>>, Path(id): Path<i64>) -> Response {
    let Some((title, content)) = one_content(&shared, id).await else {
        return render::missing(&shared, "This correspondence item");
    };
    let refetch = Some(format!("/fragments/correspondence/{id}"));
    render::page(&shared, &Page { tool: "correspondence", title, fragment: ONE, refetch }, content)
}

pub(super) async fn show_fragment(State(shared): State<Arc<Shared>>, Path(id): Path<i64>) -> Response {
    match one_content(&shared, id).await {
        Some((_, content)) => render::fragment(&shared, ONE, content),
        None => render::missing(&shared, "This correspondence item"),
    }
}

fn log_content(shared: &Shared) -> Value {
    let items: Vec<Item> =
        shared.read(|state| state.items.iter().rev().filter(|item| !item.deleted).cloned().collect());
    let rows: Vec<Value> = items.iter().map(|item| row(shared, item)).collect();
    let kind = shared.read(|state| state.correspondence_type.title.clone());
    context! { rows, kind }
}

fn row(shared: &Shared, item: &Item) -> Value {
    let (created, updated) = (when(shared, item.created_at), when(shared, item.updated_at));
    shared.read(|state| {
        let names = |ids: &[i64]| ids.iter().map(|id| state.person_name(*id)).collect::<Vec<_>>();
        context! {
            id => item.id,
            number => format!("{}-{}", state.correspondence_type.abbreviation, item.position),
            title => &item.title,
            status => chips::status(&item.status),
            private => item.private,
            author => state.person_name(item.created_by),
            assignees => names(&item.assignees),
            distribution => names(&item.distribution),
            created,
            updated,
        }
    })
}

async fn one_content(shared: &Shared, id: i64) -> Option<(String, Value)> {
    let runs = drafts::runs(shared).await;
    let item = shared.read(|state| state.item(id).cloned())?;
    let record = shared.read(|state| {
        let mut records = About::all(state).into_iter();
        let of_item = records.find(|about| RecordDraft::of(state, &runs, about).item_id == Some(id))?;
        Some(context! { tool => of_item.tool, page => of_item.page, label => capitalised(&of_item.label), subject => of_item.subject })
    });
    let run = drafts::run_of_item(&runs, id);
    let run_id = run.map(|run| drafts::text(run, "id").to_owned());
    let kind = shared.read(|state| state.correspondence_type.title.clone());
    let content = context! {
        ..row(shared, &item),
        ..context! { description => &item.description, record, run_id, kind, evidence => run.map(evidence::of) }
    };
    Some((item.title, content))
}
