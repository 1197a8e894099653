//! Correspondence: a company's generic tools and their items in the project.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    errors,
    item_fields::{ItemFields, STATUSES},
    page,
    params::Params,
    rfis::own_event,
    shapes,
};
use crate::{
    records::Item,
    state::{Shared, State as Books},
};

const RESOURCE: &str = "Generic Tool Items";
const DOMAIN_ID: i64 = 21;

/// `GET /rest/v1.0/companies/{company_id}/generic_tools`.
pub(super) async fn types(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let row = shared.read(|state| {
        let kind = &state.correspondence_type;
        json!({
            "id": kind.id,
            "domain_id": DOMAIN_ID,
            "title": kind.title,
            "abbreviation": kind.abbreviation,
            "private_by_default": false,
        })
    });
    page::V1.answer(&shared.url, &uri, &[row])
}

/// `GET /rest/v1.0/companies/{company_id}/generic_tools/{generic_tool_id}/statuses`.
pub(super) async fn statuses(
    State(shared): State<Arc<Shared>>,
    Path((_, tool_id)): Path<(i64, i64)>,
    uri: Uri,
) -> Response {
    if !known(&shared, tool_id) {
        return errors::not_found();
    }
    let rows: Vec<Value> = STATUSES
        .iter()
        .zip(501_i64..)
        .map(|(name, id)| json!({ "id": id, "status_name": name, "status": name, "is_used": true }))
        .collect();
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `GET .../generic_tool_items/available_statuses`.
pub(super) async fn available_statuses(
    State(shared): State<Arc<Shared>>,
    Path((_, tool_id)): Path<(i64, i64)>,
    uri: Uri,
) -> Response {
    if !known(&shared, tool_id) {
        return errors::not_found();
    }
    let rows: Vec<Value> = STATUSES.iter().map(|name| json!({ "name": name })).collect();
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `GET .../generic_tool_items`.
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Path((_, tool_id)): Path<(i64, i64)>,
    uri: Uri,
) -> Response {
    if !known(&shared, tool_id) {
        return errors::not_found();
    }
    let params = Params::of(&uri);
    let (created, updated) = match (params.range("created_at"), params.range("updated_at")) {
        (Ok(created), Ok(updated)) => (created, updated),
        (Err(refused), _) | (_, Err(refused)) => return *refused,
    };
    let statuses = params.many("status");
    let (ids, authors) = (params.ids("id"), params.ids("created_by_id"));
    let rows: Vec<Value> = shared.read(|state| {
        state
            .items
            .iter()
            .filter(|item| !item.deleted)
            .filter(|item| ids.as_ref().is_none_or(|ids| ids.contains(&item.id)))
            .filter(|item| authors.as_ref().is_none_or(|ids| ids.contains(&item.created_by)))
            .filter(|item| statuses.as_ref().is_none_or(|wanted| wanted.contains(&item.status.as_str())))
            .filter(|item| created.is_none_or(|(from, to)| (from..=to).contains(&item.created_at)))
            .filter(|item| updated.is_none_or(|(from, to)| (from..=to).contains(&item.updated_at)))
            .map(|item| body_of(state, item))
            .collect()
    });
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `GET .../generic_tool_items/{id}`.
pub(super) async fn show(
    State(shared): State<Arc<Shared>>,
    Path((_, tool_id, id)): Path<(i64, i64, i64)>,
) -> Response {
    shared
        .read(|state| {
            let item = state.item(id).filter(|_| tool_id == state.correspondence_type.id)?;
            Some(body_of(state, item))
        })
        .map_or_else(errors::not_found, |body| Json(body).into_response())
}

/// `POST .../generic_tool_items`: the server numbers the item, stamps it and applies its own defaults.
pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    Path((_, tool_id)): Path<(i64, i64)>,
    body: Option<Json<Value>>,
) -> Response {
    if !known(&shared, tool_id) {
        return errors::not_found();
    }
    let fields = match ItemFields::read(body.as_deref()) {
        Ok(fields) => fields,
        Err(refused) => return *refused,
    };
    if fields.text("title").is_none_or(|title| title.trim().is_empty()) {
        return errors::unprocessable("title", "can't be blank");
    }
    let body = shared.change(|state| {
        let now = state.now();
        let mut item = Item {
            id: state.next_id(),
            position: next_position(state),
            title: String::new(),
            description: String::new(),
            status: "Open".to_owned(),
            private: false,
            created_by: state.service_account_id,
            assignees: Vec::new(),
            distribution: Vec::new(),
            created_at: now,
            updated_at: now,
            issued_at: None,
            deleted: false,
        };
        fields.apply(&mut item);
        item.distribution.extend(&state.switches.default_distribution);
        if let Some(status) = &state.switches.create_status {
            item.status.clone_from(status);
        }
        item.private &= !state.switches.private_ignored;
        issue(state, &mut item, &fields);
        let body = body_of(state, &item);
        let event = own_event(state, &shared, RESOURCE, item.id, "create");
        state.items.push(item);
        state.emit(&event);
        body
    });
    (StatusCode::CREATED, Json(body)).into_response()
}

/// `PATCH .../generic_tool_items/{id}`.
pub(super) async fn update(
    State(shared): State<Arc<Shared>>,
    Path((_, tool_id, id)): Path<(i64, i64, i64)>,
    body: Option<Json<Value>>,
) -> Response {
    let fields = match ItemFields::read(body.as_deref()) {
        Ok(fields) => fields,
        Err(refused) => return *refused,
    };
    shared
        .change(|state| {
            let mut item = state.item(id).filter(|_| tool_id == state.correspondence_type.id)?.clone();
            fields.apply(&mut item);
            item.updated_at = state.now();
            issue(state, &mut item, &fields);
            let body = body_of(state, &item);
            if let Some(kept) = state.item_mut(id) {
                *kept = item;
            }
            let event = own_event(state, &shared, RESOURCE, id, "update");
            state.emit(&event);
            Some(body)
        })
        .map_or_else(errors::not_found, |body| Json(body).into_response())
}

/// `DELETE .../generic_tool_items/{id}`: to the recycle bin; no body in the answer.
pub(super) async fn delete(
    State(shared): State<Arc<Shared>>,
    Path((_, tool_id, id)): Path<(i64, i64, i64)>,
) -> Response {
    let deleted = shared.change(|state| {
        if tool_id != state.correspondence_type.id {
            return false;
        }
        let Some(item) = state.item_mut(id) else {
            return false;
        };
        item.deleted = true;
        let event = own_event(state, &shared, RESOURCE, id, "delete");
        state.emit(&event);
        true
    });
    if deleted { StatusCode::OK.into_response() } else { errors::not_found() }
}

/// An item that is not a draft is issued, and its people are mailed unless the request says not to.
fn issue(state: &mut Books, item: &mut Item, fields: &ItemFields) {
    if item.status == "Draft" {
        return;
    }
    item.issued_at = item.issued_at.or(Some(item.updated_at));
    if fields.flag("skip_emails") != Some(true) {
        state.mails.push(format!("Correspondence item {} to its people", item.id));
    }
}

fn known(shared: &Shared, tool_id: i64) -> bool {
    shared.read(|state| state.correspondence_type.id == tool_id)
}

fn next_position(state: &Books) -> String {
    let highest = state.items.iter().filter_map(|item| item.position.parse::<u32>().ok()).max();
    (highest.unwrap_or_default() + 1).to_string()
}

fn tool(state: &Books) -> Value {
    let kind = &state.correspondence_type;
    json!({ "id": kind.id, "domain_id": DOMAIN_ID, "title": kind.title, "abbreviation": kind.abbreviation })
}

fn body_of(state: &Books, item: &Item) -> Value {
    let mut body = shapes::filled(json!({
        "id": item.id,
        "position": item.position,
        "title": item.title,
        "description": item.description,
        "status": item.status,
        "status_type": item.status,
        "private": item.private,
        "created_by": shapes::user(state, item.created_by),
        "received_from": null,
        "assignees": shapes::users(state, &item.assignees),
        "distribution_members": shapes::users(state, &item.distribution),
        "created_at": shapes::time(item.created_at),
        "updated_at": shapes::time(item.updated_at),
        "issued_at": item.issued_at.map(shapes::time),
        "closed_at": null,
        "due_date": null,
        "origin_generic_tool_item_id": null,
        "origin_rfi_id": null,
        "schedule_impact": shapes::impact(),
        "cost_impact": shapes::impact(),
        "cost_code": null,
        "specification_section": null,
        "trades": [],
        "tasks": [],
        "sub_job": null,
        "generic_tool": tool(state),
        "attachments": [],
        "document_management_document_revision_ids": [],
        "custom_fields": {},
    }));
    // The two that the reference marks as nullable.
    if let Some(fields) = body.as_object_mut() {
        fields.extend(["location", "trade"].map(|name| (name.to_owned(), Value::Null)));
    }
    body
}
