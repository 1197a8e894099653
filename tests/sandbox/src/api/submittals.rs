//! Submittals, v1.1. They can be created, so that a test can see what is a draft and what is not.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    errors, page,
    params::Params,
    rfis::own_event,
    submittal_shapes::{self, RESPONSES, TYPES},
};
use crate::{
    records::{NewSubmittal, Submittal, SubmittalStatus},
    state::Shared,
};

/// `GET .../submittals`.
pub(super) async fn list(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let params = Params::of(&uri);
    let (created, updated) = match (params.range("created_at"), params.range("updated_at")) {
        (Ok(created), Ok(updated)) => (created, updated),
        (Err(refused), _) | (_, Err(refused)) => return *refused,
    };
    let (ids, sections, statuses) =
        (params.ids("id"), params.ids("specification_section_id"), params.ids("status_id"));
    let (approvers, courts) = (params.ids("approver_id"), params.ids("ball_in_court_id"));
    let (numbers, kinds) = (params.many("number"), params.many("type"));
    let current = params.filter("current_revision").map(|text| text == "true");
    let query = params.filter("query").unwrap_or_default().to_lowercase();
    let rows: Vec<Value> = shared.read(|state| {
        let mut found: Vec<&Submittal> = state
            .submittals
            .iter()
            .filter(|one| !one.deleted)
            .filter(|one| ids.as_ref().is_none_or(|ids| ids.contains(&one.id)))
            .filter(|one| {
                sections.as_ref().is_none_or(|ids| one.section_id.is_some_and(|id| ids.contains(&id)))
            })
            .filter(|one| statuses.as_ref().is_none_or(|ids| ids.contains(&one.status.id())))
            .filter(|one| {
                approvers.as_ref().is_none_or(|ids| one.approvers.iter().any(|a| ids.contains(&a.user_id)))
            })
            .filter(|one| {
                courts.as_ref().is_none_or(|ids| one.ball_in_court.iter().any(|id| ids.contains(id)))
            })
            .filter(|one| numbers.as_ref().is_none_or(|wanted| wanted.contains(&one.number.as_str())))
            .filter(|one| kinds.as_ref().is_none_or(|wanted| wanted.contains(&one.kind.as_str())))
            .filter(|one| current.is_none_or(|current| one.current_revision == current))
            .filter(|one| one.title.to_lowercase().contains(&query))
            .filter(|one| created.is_none_or(|(from, to)| (from..=to).contains(&one.created_at)))
            .filter(|one| updated.is_none_or(|(from, to)| (from..=to).contains(&one.updated_at)))
            .collect();
        let sort = params.one("sort").unwrap_or_default();
        match sort.trim_start_matches('-') {
            "number" => found.sort_by(|one, other| one.number.cmp(&other.number)),
            "title" => found.sort_by(|one, other| one.title.cmp(&other.title)),
            "created_at" => found.sort_by_key(|one| one.created_at),
            "updated_at" => found.sort_by_key(|one| one.updated_at),
            _ => {}
        }
        if sort.starts_with('-') {
            found.reverse();
        }
        found.into_iter().map(|one| submittal_shapes::row(state, &shared.url, one)).collect()
    });
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `GET .../submittals/{id}`.
pub(super) async fn show(State(shared): State<Arc<Shared>>, Path((_, id)): Path<(i64, i64)>) -> Response {
    shared
        .read(|state| state.submittal(id).map(|one| submittal_shapes::full(state, &shared.url, one)))
        .map_or_else(errors::not_found, |body| Json(body).into_response())
}

/// `GET .../submittals/{id}/revisions`: all of the same number, oldest first.
pub(super) async fn revisions(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(i64, i64)>,
    uri: Uri,
) -> Response {
    let rows: Option<Vec<Value>> = shared.read(|state| {
        let number = &state.submittal(id)?.number;
        let same = state.submittals.iter().filter(|one| one.number == *number && !one.deleted);
        Some(same.map(|one| submittal_shapes::revision(state, one)).collect())
    });
    rows.map_or_else(errors::not_found, |rows| page::V1.answer(&shared.url, &uri, &rows))
}

/// `GET .../submittals/{id}/workflow_data`.
pub(super) async fn workflow_data(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(i64, i64)>,
) -> Response {
    shared
        .read(|state| state.submittal(id).map(|one| submittal_shapes::workflow(state, one)))
        .map_or_else(errors::not_found, |body| Json(body).into_response())
}

/// `GET .../submittals/next_available_number`.
pub(super) async fn next_number(State(shared): State<Arc<Shared>>) -> Response {
    let next = shared.read(|state| state.next_submittal_number(None));
    Json(json!({ "next_number": next })).into_response()
}

/// `GET .../submittals/next_available_number/{spec_section_id}`, for projects that number by section.
pub(super) async fn next_number_of_section(
    State(shared): State<Arc<Shared>>,
    Path((_, section_id)): Path<(i64, i64)>,
) -> Response {
    shared
        .read(|state| {
            let section = state.current_section(section_id)?;
            Some(state.next_submittal_number(Some(section.section_id)))
        })
        .map_or_else(errors::not_found, |next| Json(json!({ "next_number": next })).into_response())
}

/// `POST .../submittals`. Procore docs: without a status it is Open, and its people are mailed unless the query
/// says not to; the server does not number it.
pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
    body: Option<Json<Value>>,
) -> Response {
    let Some(fields) = body.as_ref().and_then(|body| body.get("submittal")).and_then(Value::as_object) else {
        return errors::field(StatusCode::BAD_REQUEST, "submittal", "is missing");
    };
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let ids = |name: &str| -> Vec<i64> {
        let listed = fields.get(name).and_then(Value::as_array);
        listed.into_iter().flatten().filter_map(Value::as_i64).collect()
    };
    let Some(number) = text("number").filter(|number| !number.trim().is_empty()) else {
        return errors::unprocessable("number", "can't be blank");
    };
    let asked = fields.get("status_id").and_then(Value::as_i64);
    let status = SubmittalStatus::ALL.into_iter().find(|status| Some(status.id()) == asked);
    if asked.is_some() && status.is_none() {
        return errors::unprocessable("status_id", "is not a status of this company");
    }
    let send = Params::of(&uri).one("send_emails") != Some("false");
    shared.change(|state| {
        let revision = text("revision").unwrap_or_else(|| "0".to_owned());
        if state.submittals.iter().any(|one| one.number == number && one.revision == revision) {
            return errors::unprocessable("number", "has already been taken");
        }
        let forced = state.switches.create_status.as_deref().and_then(|name| {
            SubmittalStatus::ALL.into_iter().find(|status| status.name().eq_ignore_ascii_case(name))
        });
        let id = state.add_submittal(&NewSubmittal {
            number: Some(number),
            title: text("title").unwrap_or_default(),
            description: text("description").unwrap_or_default(),
            kind: text("type").unwrap_or_default(),
            status: forced.or(status).unwrap_or(SubmittalStatus::Open),
            private: fields
                .get("private")
                .and_then(Value::as_bool)
                .unwrap_or(state.switches.private_by_default)
                && !state.switches.private_ignored,
            created_by: Some(state.service_account_id),
            due_date: text("due_date"),
            ..NewSubmittal::default()
        });
        let mut distribution = ids("distribution_member_ids");
        distribution.extend(&state.switches.default_distribution);
        if let Some(one) = state.submittals.iter_mut().find(|one| one.id == id) {
            one.section_id = fields.get("specification_section_id").and_then(Value::as_i64);
            one.distribution = distribution;
            // Nobody is in the workflow whom the request did not put there.
            one.approvers.clear();
            one.ball_in_court.clear();
            if one.status != SubmittalStatus::Draft && send {
                state.mails.push(format!("Submittal {id} to its workflow and distribution list"));
            }
        }
        let event = own_event(state, &shared, "Submittals", id, "create");
        state.emit(&event);
        let body = state.submittal(id).map(|one| submittal_shapes::full(state, &shared.url, one));
        (StatusCode::CREATED, Json(body)).into_response()
    })
}

/// `GET /rest/v1.0/companies/{company_id}/submittal_statuses`.
pub(super) async fn statuses(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let rows = SubmittalStatus::ALL.map(submittal_shapes::status);
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `GET .../submittal_responses`, by project in the path or in the query.
pub(super) async fn responses(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let rows: Vec<Value> =
        RESPONSES.iter().filter_map(|(_, name, _)| submittal_shapes::response(Some(name))).collect();
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `GET /rest/v1.0/companies/{company_id}/submittal_types`: not paged.
pub(super) async fn types() -> Response {
    let rows: Vec<Value> = TYPES.iter().map(|(_, name)| submittal_shapes::kind(name)).collect();
    Json(rows).into_response()
}
