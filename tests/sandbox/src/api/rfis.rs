//! RFIs and their replies. A reply can be posted, so that a test can see that nobody does.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

use super::{errors, page, params::Params, shapes};
use crate::{
    events::Event,
    records::{Answer, RfiRecord, RfiStatus},
    state::{Shared, State as Books},
};

/// The one location of the stand-in.
const LOCATION_ID: i64 = 31_007;

/// `GET .../rfis`. The unbracketed status filter answers 400, as observed at the vendor's sandbox.
pub(super) async fn list(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let params = Params::of(&uri);
    if params.one("filters[status]").is_some() {
        return errors::field(StatusCode::BAD_REQUEST, "filters[status]", "must be an array");
    }
    let (created, updated) = match (params.range("created_at"), params.range("updated_at")) {
        (Ok(created), Ok(updated)) => (created, updated),
        (Err(refused), _) | (_, Err(refused)) => return *refused,
    };
    let statuses = params.many("status");
    let ids = params.ids("id");
    let rows: Vec<Value> = shared.read(|state| {
        state
            .rfis
            .iter()
            .filter(|rfi| !rfi.deleted)
            .filter(|rfi| ids.as_ref().is_none_or(|ids| ids.contains(&rfi.id)))
            .filter(|rfi| statuses.as_ref().is_none_or(|wanted| wanted.contains(&rfi.status.as_str())))
            .filter(|rfi| created.is_none_or(|(from, to)| (from..=to).contains(&rfi.created_at)))
            .filter(|rfi| updated.is_none_or(|(from, to)| (from..=to).contains(&rfi.updated_at)))
            .map(|rfi| row(state, &shared.url, rfi))
            .collect()
    });
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `GET .../rfis/{id}`.
pub(super) async fn show(State(shared): State<Arc<Shared>>, Path((_, id)): Path<(i64, i64)>) -> Response {
    shared
        .read(|state| state.rfi(id).map(|rfi| full(state, &shared.url, rfi)))
        .map_or_else(errors::not_found, |body| Json(body).into_response())
}

/// `GET .../rfis/{id}/replies`.
pub(super) async fn replies(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(i64, i64)>,
    uri: Uri,
) -> Response {
    shared
        .read(|state| state.rfi(id).map(|rfi| answers(state, rfi)))
        .map_or_else(errors::not_found, |rows| page::V1.answer(&shared.url, &uri, &rows))
}

/// `POST .../rfis/{id}/replies`: seen and mailed at once, like the vendor's. Nothing of ours may call it.
pub(super) async fn reply(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(i64, i64)>,
    body: Option<Json<Value>>,
) -> Response {
    let Some(text) = body.as_ref().and_then(|body| body.pointer("/reply/body")).and_then(Value::as_str)
    else {
        return errors::unprocessable("body", "can't be blank");
    };
    shared
        .change(|state| {
            let answer = Answer {
                id: state.next_id(),
                body: text.to_owned(),
                official: false,
                created_by: state.service_account_id,
                answered_at: Timestamp::now(),
            };
            let event = own_event(state, &shared, "RFI Replies", answer.id, "create");
            let rfi = state.rfi_mut(id)?;
            rfi.answers.push(answer.clone());
            rfi.updated_at = answer.answered_at;
            state.mails.push(format!("RFI reply {} to the assignees and the distribution list", answer.id));
            state.emit(&event);
            let moved = own_event(state, &shared, "RFIs", id, "update");
            state.emit(&moved);
            Some(answer_body(state, &answer))
        })
        .map_or_else(errors::not_found, |body| (StatusCode::CREATED, Json(body)).into_response())
}

/// An event made by the service account through its application.
pub(super) fn own_event(state: &Books, shared: &Shared, resource: &str, id: i64, reason: &str) -> Event {
    Event {
        application_id: Some(shared.options.client_id.clone()),
        ..state.event_by_person(resource, id, reason, state.service_account_id)
    }
}

/// What the list says of an RFI. Procore docs: more of its people than `show`, but only the text of its questions.
fn row(state: &Books, base: &Url, rfi: &RfiRecord) -> Value {
    let assignees: Vec<Value> = rfi
        .assignees
        .iter()
        .filter_map(|id| state.person(*id))
        .map(|person| {
            json!({
                "id": person.id,
                "login": person.login,
                "name": person.name,
                "locale": "en",
                "response_required": true,
            })
        })
        .collect();
    let own = json!({
        "link": format!("{base}rfis/{}", rfi.id),
        "created_by": shapes::user(state, rfi.created_by),
        "assignees": assignees,
        "location_id": rfi.location.as_ref().map(|_| LOCATION_ID),
        "project_stage": null,
        "sub_job": null,
        "questions": [{ "id": rfi.id + 1, "body": rich(rfi), "errors": [] }],
    });
    merged(common(state, rfi), own)
}

/// The fields list and show have in common.
fn common(state: &Books, rfi: &RfiRecord) -> Value {
    let court = rfi.ball_in_court.map_or(Value::Null, |id| shapes::user(state, id));
    let number = rfi.number.map(|number| number.to_string());
    let location = rfi.location.as_ref().map(|name| {
        let node_name = name.rsplit(" > ").next().unwrap_or(name);
        json!({
            "id": LOCATION_ID,
            "name": name,
            "node_name": node_name,
            "parent_id": null,
            "created_at": shapes::time(rfi.created_at),
            "updated_at": shapes::time(rfi.created_at),
        })
    });
    json!({
        "id": rfi.id,
        "number": number,
        "full_number": number,
        "prefix": null,
        "subject": rfi.subject,
        "status": rfi.status.as_str(),
        "translated_status": title_case(rfi.status.as_str()),
        "private": rfi.private,
        "deleted": rfi.deleted,
        "deleted_at": null,
        "reference": null,
        "assignee": rfi.assignees.first().map(|id| shapes::user(state, *id)),
        "ball_in_court": court,
        "ball_in_courts": if court.is_null() { json!([]) } else { json!([court]) },
        "cost_code": null,
        "cost_impact": shapes::impact(),
        "schedule_impact": shapes::impact(),
        "created_at": shapes::time(rfi.created_at),
        "updated_at": shapes::time(rfi.updated_at),
        "initiated_at": rfi.number.map(|_| shapes::time(rfi.created_at)),
        "time_resolved": (rfi.status == RfiStatus::Closed).then(|| shapes::time(rfi.updated_at)),
        "due_date": rfi.due_date,
        "location": location,
        "received_from": shapes::user(state, rfi.created_by),
        "responsible_contractor": null,
        "rfi_manager": shapes::user(state, rfi.rfi_manager),
        "custom_fields": {},
    })
}

/// What show says beyond that. Procore docs: it names no `created_by`; the question carries the author's name.
fn full(state: &Books, base: &Url, rfi: &RfiRecord) -> Value {
    let own = json!({
        "accepted": rfi.status == RfiStatus::Closed,
        "draft": rfi.status == RfiStatus::Draft,
        "ball_in_court_role": rfi.ball_in_court.map(|_| "Assignee"),
        "assignees": shapes::users(state, &rfi.assignees),
        "distribution_list": [],
        "drawing_ids": [],
        "drawing_number": rfi.drawing_number,
        "specification_section": shapes::section(state, rfi.section_id),
        "custom_textfield_1": null,
        "custom_textfield_2": null,
        "questions": [{
            "id": rfi.id + 1,
            "question_date": shapes::time(rfi.created_at),
            "plain_text_body": rfi.question,
            "rich_text_body": rich(rfi),
            "created_by": state.person_name(rfi.created_by),
            "attachments": shapes::attachments(base, &rfi.attachments),
            "answers": answers(state, rfi),
        }],
    });
    merged(common(state, rfi), own)
}

/// One record of both; see [`shapes::filled`] for what is left out.
fn merged(mut whole: Value, part: Value) -> Value {
    if let (Some(fields), Value::Object(own)) = (whole.as_object_mut(), part) {
        fields.extend(own);
    }
    shapes::filled(whole)
}

fn rich(rfi: &RfiRecord) -> String {
    rfi.question_html.clone().unwrap_or_else(|| shapes::paragraphs(&rfi.question))
}

fn answers(state: &Books, rfi: &RfiRecord) -> Vec<Value> {
    rfi.answers.iter().map(|answer| answer_body(state, answer)).collect()
}

fn answer_body(state: &Books, answer: &Answer) -> Value {
    json!({
        "id": answer.id,
        "official": answer.official,
        "answer_date": shapes::time(answer.answered_at),
        "plain_text_body": answer.body,
        "rich_text_body": shapes::paragraphs(&answer.body),
        "created_by": state.person_name(answer.created_by),
        "created_by_id": answer.created_by,
        "attachments": [],
    })
}

fn title_case(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}
