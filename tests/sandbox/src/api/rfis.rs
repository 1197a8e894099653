//! RFIs and their replies. A reply can be posted, so that a test can see that nobody does.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::{
    errors, page,
    params::Params,
    rfi_fields::RfiFields,
    rfi_shapes::{answer_body, answers, full, row},
    shapes,
};
use crate::{
    events::Event,
    records::{Answer, NewRfi, RfiRecord, RfiStatus},
    state::{Shared, State as Books},
};

const RESOURCE: &str = "RFIs";

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
    let one = |name| params.filter(name).and_then(|id| id.parse::<i64>().ok());
    let (court, manager, assignee) = (one("ball_in_court_id"), one("rfi_manager_id"), one("assigned_id"));
    let (number, author) = (one("number"), one("received_from_login_information_id"));
    let search = params.one("search").unwrap_or_default().to_lowercase();
    let rows: Vec<Value> = shared.read(|state| {
        let mut found: Vec<&RfiRecord> = state
            .rfis
            .iter()
            .filter(|rfi| !rfi.deleted)
            .filter(|rfi| ids.as_ref().is_none_or(|ids| ids.contains(&rfi.id)))
            .filter(|rfi| statuses.as_ref().is_none_or(|wanted| wanted.contains(&rfi.status.as_str())))
            .filter(|rfi| court.is_none_or(|id| rfi.ball_in_court == Some(id)))
            .filter(|rfi| manager.is_none_or(|id| rfi.rfi_manager == id))
            .filter(|rfi| assignee.is_none_or(|id| rfi.assignees.contains(&id)))
            .filter(|rfi| author.is_none_or(|id| rfi.created_by == id))
            .filter(|rfi| number.is_none_or(|number| rfi.number == Some(number)))
            .filter(|rfi| rfi.subject.to_lowercase().contains(&search))
            .filter(|rfi| created.is_none_or(|(from, to)| (from..=to).contains(&rfi.created_at)))
            .filter(|rfi| updated.is_none_or(|(from, to)| (from..=to).contains(&rfi.updated_at)))
            .collect();
        match params.one("sort[attribute]") {
            // Drafts have none and come last.
            Some("number") => found.sort_by_key(|rfi| (rfi.number.is_none(), rfi.number)),
            Some("subject") => found.sort_by(|one, other| one.subject.cmp(&other.subject)),
            Some("created_at") => found.sort_by_key(|rfi| rfi.created_at),
            Some("updated_at") => found.sort_by_key(|rfi| rfi.updated_at),
            Some("due_date") => found.sort_by(|one, other| one.due_date.cmp(&other.due_date)),
            _ => {}
        }
        if params.one("sort[direction]") == Some("desc") {
            found.reverse();
        }
        found.into_iter().map(|rfi| row(state, &shared.url, rfi)).collect()
    });
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `GET .../rfis/potential_rfi_managers`: the general contractor's own people.
pub(super) async fn potential_managers(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let rows = shared.read(|state| shapes::users(state, &managers(state)));
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `GET .../rfis/default_distribution`.
pub(super) async fn default_distribution(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let rows = shared.read(|state| shapes::users(state, &state.switches.default_distribution));
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `POST .../rfis`. Procore docs: without `draft` the RFI opens, gets its number, and its people are mailed.
pub(super) async fn create(State(shared): State<Arc<Shared>>, body: Option<Json<Value>>) -> Response {
    let fields = match shared.read(|state| RfiFields::read(body.as_deref(), &managers(state))) {
        Ok(fields) => fields,
        Err(refused) => return *refused,
    };
    if let Err(refused) = fields.complete() {
        return *refused;
    }
    let body = shared.change(|state| {
        let draft = fields.flag("draft").unwrap_or(false)
            && !state.switches.create_status.as_deref().is_some_and(|one| one.eq_ignore_ascii_case("open"));
        let author = state.service_account_id;
        let id = state.add_rfi(&NewRfi {
            status: if draft { RfiStatus::Draft } else { RfiStatus::Open },
            created_by: Some(author),
            ..NewRfi::default()
        });
        let default_distribution = state.switches.default_distribution.clone();
        let (by_default, ignored) = (state.switches.private_by_default, state.switches.private_ignored);
        let location = fields.location(&state.locations);
        if let Some(rfi) = state.rfi_mut(id) {
            rfi.assignees.clear();
            rfi.private = by_default;
            fields.apply(rfi, location);
            rfi.distribution.extend(default_distribution);
            rfi.private &= !ignored;
            rfi.ball_in_court = rfi.assignees.first().copied().filter(|_| !draft).or(Some(rfi.rfi_manager));
        }
        if !draft {
            tell(state, id);
        }
        let event = own_event(state, &shared, RESOURCE, id, "create");
        state.emit(&event);
        state.rfi(id).map(|rfi| full(state, &shared.url, rfi))
    });
    (StatusCode::CREATED, Json(body)).into_response()
}

/// `PATCH .../rfis/{id}`. Procore docs: a draft can be opened; what is open can never be a draft again.
pub(super) async fn update(
    State(shared): State<Arc<Shared>>,
    Path((_, id)): Path<(i64, i64)>,
    body: Option<Json<Value>>,
) -> Response {
    let fields = match shared.read(|state| RfiFields::read(body.as_deref(), &managers(state))) {
        Ok(fields) => fields,
        Err(refused) => return *refused,
    };
    shared.change(|state| {
        let Some(before) = state.rfi(id).map(|rfi| rfi.status) else {
            return errors::not_found();
        };
        let draft = fields.flag("draft");
        if draft == Some(true) && before != RfiStatus::Draft {
            return errors::unprocessable("draft", "can only be changed on a draft");
        }
        let opens = draft == Some(false) && before == RfiStatus::Draft;
        let (now, number) = (state.now(), state.next_rfi_number());
        let location = fields.location(&state.locations);
        if let Some(rfi) = state.rfi_mut(id) {
            fields.apply(rfi, location);
            rfi.updated_at = now;
            match fields.flag("accepted") {
                Some(true) => rfi.status = RfiStatus::Closed,
                Some(false) if before == RfiStatus::Closed => rfi.status = RfiStatus::Open,
                _ => {}
            }
            if opens {
                rfi.status = RfiStatus::Open;
                rfi.number = Some(number);
                rfi.ball_in_court = rfi.assignees.first().copied().or(Some(rfi.rfi_manager));
            }
        }
        if opens {
            tell(state, id);
        }
        let event = own_event(state, &shared, RESOURCE, id, "update");
        state.emit(&event);
        let body = state.rfi(id).map(|rfi| full(state, &shared.url, rfi));
        Json(body).into_response()
    })
}

/// What opening an RFI does beyond the record.
fn tell(state: &mut Books, id: i64) {
    state.mails.push(format!("RFI {id} to its assignees and distribution list"));
}

/// User ids of those who may manage RFIs.
fn managers(state: &Books) -> Vec<i64> {
    let company = &state.project.company_name;
    let own = state.people.iter().filter(|person| person.company == *company);
    own.map(|person| person.id).filter(|id| *id != state.service_account_id).collect()
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
                answered_at: state.now(),
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
