//! The RFI log and the page of one RFI.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use jiff::Zoned;
use minijinja::{Value, context, value::Serde};
use serde_json::Value as Json;

use super::{
    about::About,
    attachments, chips,
    drafts::{self, RecordDraft, Standing},
    render::{self, Page, day, when},
};
use crate::{
    records::{RfiRecord, RfiStatus},
    state::{Shared, State as Books},
};

const LOG: &str = "fragments/rfi_log.html";
const ONE: &str = "fragments/rfi.html";

pub(super) async fn log(State(shared): State<Arc<Shared>>) -> Response {
    let content = log_content(&shared).await;
    let page = Page {
        tool: "rfis",
        title: "RFIs".to_owned(),
        fragment: LOG,
        refetch: Some("/fragments/rfis".to_owned()),
    };
    render::page(&shared, &page, content)
}

pub(super) async fn log_fragment(State(shared): State<Arc<Shared>>) -> Response {
    let content = log_content(&shared).await;
    render::fragment(&shared, LOG, content)
}

pub(super) async fn show(State(shared): State<Arc<Shared>>, Path(id): Path<i64>) -> Response {
    let Some((title, content)) = one_content(&shared, id).await else {
        return render::missing(&shared, "This RFI");
    };
    let page = Page { tool: "rfis", title, fragment: ONE, refetch: Some(format!("/fragments/rfis/{id}")) };
    render::page(&shared, &page, content)
}

pub(super) async fn show_fragment(State(shared): State<Arc<Shared>>, Path(id): Path<i64>) -> Response {
    match one_content(&shared, id).await {
        Some((_, content)) => render::fragment(&shared, ONE, content),
        None => render::missing(&shared, "This RFI"),
    }
}

async fn log_content(shared: &Shared) -> Value {
    let runs = drafts::runs(shared).await;
    let (rows, open, drafted) = shared.read(|state| {
        let mut rfis: Vec<&RfiRecord> = state.rfis.iter().filter(|rfi| !rfi.deleted).collect();
        rfis.sort_by_key(|rfi| (standing(rfi.status), std::cmp::Reverse((rfi.number, rfi.id))));
        let rows: Vec<Value> = rfis.iter().map(|rfi| row(state, &runs, rfi)).collect();
        let open = rfis.iter().filter(|rfi| rfi.status == RfiStatus::Open).count();
        let drafts = rfis.iter().map(|rfi| RecordDraft::of(state, &runs, &About::rfi(rfi)).standing);
        let drafted = drafts.filter(|standing| matches!(standing, Standing::Ready | Standing::Note)).count();
        (rows, open, drafted)
    });
    context! { rows, open, drafted }
}

fn row(state: &Books, runs: &[Json], rfi: &RfiRecord) -> Value {
    let section = rfi.section_id.and_then(|id| state.current_section(id));
    context! {
        id => rfi.id,
        number => rfi.number,
        label => rfi.label(),
        subject => &rfi.subject,
        private => rfi.private,
        status => chips::status(rfi.status.as_str()),
        ball_in_court => rfi.ball_in_court.map(|id| state.person_name(id)),
        due => rfi.due_date.as_deref().map(day),
        overdue => overdue(rfi),
        section => section.map(|section| section.number.clone()),
        section_title => section.map(|section| section.title.clone()),
        draft => Serde(RecordDraft::of(state, runs, &About::rfi(rfi))),
    }
}

async fn one_content(shared: &Shared, id: i64) -> Option<(String, Value)> {
    let runs = drafts::runs(shared).await;
    let rfi = shared.read(|state| state.rfi(id).cloned())?;
    let answers: Vec<Value> = rfi
        .answers
        .iter()
        .map(|answer| {
            context! {
                author => shared.read(|state| state.person_name(answer.created_by)),
                when => when(shared, answer.answered_at),
                official => answer.official,
                body => &answer.body,
            }
        })
        .collect();
    let created = when(shared, rfi.created_at);
    let updated = when(shared, rfi.updated_at);
    let content = shared.read(|state| {
        let section = rfi.section_id.and_then(|id| state.current_section(id));
        let person = |id: i64| {
            state.person(id).map(|person| context! { name => &person.name, company => &person.company })
        };
        context! {
            ..row(state, &runs, &rfi),
            ..drafts::beside(state, &runs, &About::rfi(&rfi)),
            ..context! {
                question => &rfi.question,
                author => person(rfi.created_by),
                manager => person(rfi.rfi_manager),
                assignees => rfi.assignees.iter().map(|id| state.person_name(*id)).collect::<Vec<_>>(),
                location => &rfi.location,
                drawing_number => &rfi.drawing_number,
                reference => &rfi.reference,
                section_revision_id => section.map(|section| section.revision_id),
                section_revision => section.map(|section| section.revision.clone()),
                created,
                updated,
                attachments => attachments::listed(&rfi.attachments),
                answers,
            }
        }
    });
    Some((format!("{}: {}", rfi.label(), rfi.subject), content))
}

/// What awaits somebody comes first in the log.
fn standing(status: RfiStatus) -> u8 {
    match status {
        RfiStatus::Open => 0,
        RfiStatus::Draft => 1,
        RfiStatus::Closed => 2,
    }
}

fn overdue(rfi: &RfiRecord) -> bool {
    let due = rfi.due_date.as_deref().and_then(|due| due.parse::<jiff::civil::Date>().ok());
    rfi.status == RfiStatus::Open && due.is_some_and(|due| due < Zoned::now().date())
}
