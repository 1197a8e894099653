//! The submittal log and the page of one submittal.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use minijinja::{Value, context, value::Serde};
use serde_json::Value as Json;

use super::{
    about::About,
    attachments,
    chips::{self, Chip},
    drafts::{self, RecordDraft, Standing},
    render::{self, Page, day, when},
};
use crate::{
    records::{Approver, Submittal},
    state::{Shared, State as Books},
};

const LOG: &str = "fragments/submittal_log.html";
const ONE: &str = "fragments/submittal.html";

pub(super) async fn log(State(shared): State<Arc<Shared>>) -> Response {
    let content = log_content(&shared).await;
    let page = Page {
        tool: "submittals",
        title: "Submittals".to_owned(),
        fragment: LOG,
        refetch: Some("/fragments/submittals".to_owned()),
    };
    render::page(&shared, &page, content)
}

pub(super) async fn log_fragment(State(shared): State<Arc<Shared>>) -> Response {
    let content = log_content(&shared).await;
    render::fragment(&shared, LOG, content)
}

pub(super) async fn show(State(shared): State<Arc<Shared>>, Path(id): Path<i64>) -> Response {
    let Some((title, content)) = one_content(&shared, id).await else {
        return render::missing(&shared, "This submittal");
    };
    let refetch = Some(format!("/fragments/submittals/{id}"));
    render::page(&shared, &Page { tool: "submittals", title, fragment: ONE, refetch }, content)
}

pub(super) async fn show_fragment(State(shared): State<Arc<Shared>>, Path(id): Path<i64>) -> Response {
    match one_content(&shared, id).await {
        Some((_, content)) => render::fragment(&shared, ONE, content),
        None => render::missing(&shared, "This submittal"),
    }
}

async fn log_content(shared: &Shared) -> Value {
    let runs = drafts::runs(shared).await;
    let (rows, open, drafted) = shared.read(|state| {
        let mut listed: Vec<(&Submittal, About)> = state
            .submittals
            .iter()
            .filter(|submittal| !submittal.deleted)
            .map(|submittal| (submittal, About::submittal(submittal)))
            .collect();
        listed.sort_by_key(|(submittal, about)| {
            let number = submittal.number.parse::<i64>().unwrap_or_default();
            (!about.open, std::cmp::Reverse((number, submittal.revision.clone())))
        });
        let rows: Vec<Value> =
            listed.iter().map(|(submittal, about)| row(state, &runs, submittal, about)).collect();
        let open = listed.iter().filter(|(_, about)| about.open).count();
        let drafts = listed.iter().map(|(_, about)| RecordDraft::of(state, &runs, about).standing);
        let drafted = drafts.filter(|standing| matches!(standing, Standing::Ready | Standing::Note)).count();
        (rows, open, drafted)
    });
    context! { rows, open, drafted }
}

fn row(state: &Books, runs: &[Json], submittal: &Submittal, about: &About) -> Value {
    let section = submittal.section_id.and_then(|id| state.current_section(id));
    let court: Vec<String> = submittal.ball_in_court.iter().map(|id| state.person_name(*id)).collect();
    context! {
        id => submittal.id,
        number => submittal.formatted_number(),
        label => &about.label,
        subject => &submittal.title,
        kind => &submittal.kind,
        private => submittal.private,
        superseded => !submittal.current_revision,
        status => chips::status(submittal.status.name()),
        ball_in_court => court.join(", "),
        due => submittal.due_date.as_deref().map(day),
        section => section.map(|section| section.number.clone()),
        section_title => section.map(|section| section.title.clone()),
        draft => Serde(RecordDraft::of(state, runs, about)),
    }
}

async fn one_content(shared: &Shared, id: i64) -> Option<(String, Value)> {
    let runs = drafts::runs(shared).await;
    let submittal = shared.read(|state| state.submittal(id).cloned())?;
    let about = About::submittal(&submittal);
    let (created, updated) = (when(shared, submittal.created_at), when(shared, submittal.updated_at));
    let content = shared.read(|state| {
        let section = submittal.section_id.and_then(|id| state.current_section(id));
        let author = state.person(submittal.created_by);
        let steps: Vec<Value> = submittal.approvers.iter().map(|step| workflow_step(state, step)).collect();
        context! {
            ..row(state, &runs, &submittal, &about),
            ..drafts::beside(state, &runs, &about),
            ..context! {
                description => &submittal.description,
                author => author.map(|person| context! { name => &person.name, company => &person.company }),
                manager => state.person_name(submittal.manager),
                location => &submittal.location,
                on_site => submittal.required_on_site_date.as_deref().map(day),
                lead_time_days => submittal.lead_time,
                section_revision_id => section.map(|section| section.revision_id),
                section_revision => section.map(|section| section.revision.clone()),
                steps,
                attachments => attachments::listed(&submittal.attachments),
                created,
                updated,
            }
        }
    });
    Some((format!("{}: {}", about.label, submittal.title), content))
}

fn workflow_step(state: &Books, step: &Approver) -> Value {
    let response = match step.response.as_deref() {
        Some(response) => Chip::new(response, if step.kind == "Submitter" { "quiet" } else { "open" }),
        None => Chip::new("Awaited", "wait"),
    };
    context! {
        person => state.person_name(step.user_id),
        company => state.person(step.user_id).map(|person| person.company.clone()),
        kind => &step.kind,
        response,
        comment => &step.comment,
        due => step.due_date.as_deref().map(day),
        returned => step.returned_date.as_deref().map(day),
    }
}
