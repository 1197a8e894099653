//! Webhook administration, v1.0, which is deprecated: the same hooks in the older shapes, until it is removed.
//! Procore docs show no mark of a deprecation in the answers, so there is none here.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::{delete, get, patch, post},
};
use serde_json::{Value, json};

use super::{
    deliveries, errors,
    hook_desk::{self, Asked, Refused},
    params::Params,
    shapes, webhook_resources,
};
use crate::{
    hooks::{Registration, Subscription, Trigger, payload_version},
    journal::{Delivery, DeliveryStatus},
    state::{Shared, State as Books},
};

/// Procore docs: the most triggers one call takes.
const LARGEST_BULK: usize = 500;

pub(super) fn routes() -> Router<Arc<Shared>> {
    let hooks = "/rest/v1.0/webhooks/hooks";
    Router::new()
        .route(hooks, get(list).post(create))
        .route(&format!("{hooks}/{{id}}"), patch(update).delete(remove))
        .route(&format!("{hooks}/{{hook_id}}/triggers"), get(triggers).post(add_trigger))
        .route(&format!("{hooks}/{{hook_id}}/triggers/bulk"), post(add_triggers).delete(remove_triggers))
        .route(&format!("{hooks}/{{hook_id}}/triggers/{{id}}"), delete(remove_trigger))
        .route(&format!("{hooks}/{{hook_id}}/deliveries"), get(list_deliveries))
        .route("/rest/v1.0/webhooks/resources", get(resources))
        .route("/rest/v1.0/webhooks/resources/api_versions", get(versions))
}

/// The project a request is about, or the company. Procore docs: one of the two ids must be given.
fn scope(shared: &Shared, named: impl Fn(&str) -> Option<i64>) -> Result<Option<i64>, Box<Response>> {
    let (own_project, own_company) = shared.read(|state| (state.project.id, state.company_id));
    match (named("project_id"), named("company_id")) {
        (Some(project), _) if project == own_project => Ok(Some(project)),
        (None, Some(company)) if company == own_company => Ok(None),
        (None, None) => Err(Box::new(errors::malformed("company_id or project_id is missing"))),
        _ => Err(Box::new(errors::not_found())),
    }
}

fn scope_of_query(shared: &Shared, uri: &Uri) -> Result<Option<i64>, Box<Response>> {
    let params = Params::of(uri);
    scope(shared, |name| params.one(name)?.parse().ok())
}

fn scope_of_body(shared: &Shared, body: &Value) -> Result<Option<i64>, Box<Response>> {
    scope(shared, |name| body.get(name)?.as_i64())
}

async fn list(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let project_id = match scope_of_query(&shared, &uri) {
        Ok(project_id) => project_id,
        Err(refused) => return *refused,
    };
    let params = Params::of(&uri);
    let namespace = params.one("namespace").unwrap_or("procore");
    let version = params.one("api_version").map(payload_version);
    let rows: Vec<Value> = shared.read(|state| {
        let hooks = state.hooks.iter().filter_map(|one| Some((one, one.registration.as_ref()?)));
        hooks
            .filter(|(_, own)| !own.deleted && own.project_id == project_id && own.namespace == namespace)
            .filter(|(_, own)| version.is_none_or(|wanted| payload_version(&own.version) == wanted))
            .map(|(one, own)| row(state, one, own))
            .collect()
    });
    Json(rows).into_response()
}

async fn create(State(shared): State<Arc<Shared>>, Json(body): Json<Value>) -> Response {
    let made = scope_of_body(&shared, &body).and_then(|project_id| {
        let asked = Asked::read(body.get("hook").unwrap_or(&Value::Null))?;
        Ok((hook_desk::make(&shared, project_id, asked)?, project_id))
    });
    match made {
        Ok((id, project_id)) => told(&shared, id, project_id, StatusCode::CREATED),
        Err(refused) => *refused,
    }
}

async fn update(State(shared): State<Arc<Shared>>, Path(id): Path<i64>, Json(body): Json<Value>) -> Response {
    let asked = scope_of_body(&shared, &body)
        .and_then(|project_id| Ok((Asked::read(body.get("hook").unwrap_or(&Value::Null))?, project_id)));
    match asked {
        Ok((asked, project_id)) => {
            shared.note(|state| hook_desk::change(state, id, project_id, asked));
            told(&shared, id, project_id, StatusCode::OK)
        }
        Err(refused) => *refused,
    }
}

async fn remove(State(shared): State<Arc<Shared>>, Path(id): Path<i64>, uri: Uri) -> Response {
    match scope_of_query(&shared, &uri) {
        Ok(project_id) if shared.note(|state| hook_desk::remove(state, id, project_id)) => {
            StatusCode::OK.into_response()
        }
        Ok(_) => errors::not_found(),
        Err(refused) => *refused,
    }
}

async fn triggers(State(shared): State<Arc<Shared>>, Path(hook_id): Path<i64>, uri: Uri) -> Response {
    let project_id = match scope_of_query(&shared, &uri) {
        Ok(project_id) => project_id,
        Err(refused) => return *refused,
    };
    let rows = shared.read(|state| {
        let (_, _, own) = state.hook(hook_id, project_id)?;
        Some(own.triggers.iter().map(|one| trigger_row(state, own, one)).collect::<Vec<Value>>())
    });
    rows.map_or_else(errors::not_found, |rows| Json(rows).into_response())
}

async fn add_trigger(
    State(shared): State<Arc<Shared>>,
    Path(hook_id): Path<i64>,
    Json(body): Json<Value>,
) -> Response {
    let project_id = match scope_of_body(&shared, &body) {
        Ok(project_id) => project_id,
        Err(refused) => return *refused,
    };
    let asked = body.get("trigger").unwrap_or(&Value::Null);
    shared.note(|state| match hook_desk::add_trigger(state, hook_id, project_id, asked) {
        Some(Ok(trigger)) => match state.hook(hook_id, project_id) {
            Some((_, _, own)) => {
                (StatusCode::CREATED, Json(trigger_row(state, own, &trigger))).into_response()
            }
            None => errors::not_found(),
        },
        Some(Err(Refused::Duplicate)) => errors::unprocessable("event_type", "has already been taken"),
        Some(Err(Refused::Unknown)) => errors::unprocessable("resource_name", "is not known"),
        None => errors::not_found(),
    })
}

/// Procore docs: 200 when all were made, 207 with the failed ones when some were not.
async fn add_triggers(
    State(shared): State<Arc<Shared>>,
    Path(hook_id): Path<i64>,
    Json(body): Json<Value>,
) -> Response {
    let project_id = match scope_of_body(&shared, &body) {
        Ok(project_id) => project_id,
        Err(refused) => return *refused,
    };
    let asked = body.get("triggers").and_then(Value::as_array).cloned().unwrap_or_default();
    if asked.len() > LARGEST_BULK {
        return errors::too_large("At most 500 triggers are taken");
    }
    shared.note(|state| {
        let (mut made, mut failed) = (Vec::new(), Vec::new());
        for row in &asked {
            let (message, why) = match hook_desk::add_trigger(state, hook_id, project_id, row) {
                None => return errors::not_found(),
                Some(Ok(trigger)) => {
                    made.push(trigger);
                    continue;
                }
                Some(Err(Refused::Duplicate)) => ("Duplicate", "has already been taken"),
                Some(Err(Refused::Unknown)) => ("Unknown", "is not known"),
            };
            failed.push(json!({
                "code": "422",
                "message": message,
                "trigger": { "resource_name": row.get("resource_name") },
                "errors": { "event_type": why },
            }));
        }
        let Some((_, _, own)) = state.hook(hook_id, project_id) else { return errors::not_found() };
        let success: Vec<Value> = made.iter().map(|trigger| trigger_row(state, own, trigger)).collect();
        if failed.is_empty() {
            return Json(json!({ "success": success })).into_response();
        }
        (StatusCode::MULTI_STATUS, Json(json!({ "success": success, "failed": failed }))).into_response()
    })
}

async fn remove_triggers(
    State(shared): State<Arc<Shared>>,
    Path(hook_id): Path<i64>,
    Json(body): Json<Value>,
) -> Response {
    let project_id = match scope_of_body(&shared, &body) {
        Ok(project_id) => project_id,
        Err(refused) => return *refused,
    };
    let asked = body.get("triggers").and_then(Value::as_array).cloned().unwrap_or_default();
    let (success, failed): (Vec<Value>, Vec<Value>) = asked.into_iter().partition(|id| {
        let id = id.as_i64().unwrap_or_default();
        shared.note(|state| hook_desk::remove_trigger(state, hook_id, project_id, id)) == Some(true)
    });
    if failed.is_empty() {
        return Json(json!({ "success": success })).into_response();
    }
    let failed: Vec<Value> = failed.iter().map(|id| json!({ "code": "404", "trigger": id })).collect();
    (StatusCode::MULTI_STATUS, Json(json!({ "success": success, "failed": failed }))).into_response()
}

async fn remove_trigger(
    State(shared): State<Arc<Shared>>,
    Path((hook_id, id)): Path<(i64, i64)>,
    uri: Uri,
) -> Response {
    match scope_of_query(&shared, &uri) {
        Ok(project_id) => {
            let removed = shared.note(|state| hook_desk::remove_trigger(state, hook_id, project_id, id));
            if removed == Some(true) { StatusCode::OK.into_response() } else { errors::not_found() }
        }
        Err(refused) => *refused,
    }
}

/// One row for each attempt. Pages are asked for by `page_start` and `page_size`.
async fn list_deliveries(State(shared): State<Arc<Shared>>, Path(hook_id): Path<i64>, uri: Uri) -> Response {
    let project_id = match scope_of_query(&shared, &uri) {
        Ok(project_id) => project_id,
        Err(refused) => return *refused,
    };
    let params = Params::of(&uri);
    let number = |name, usual| params.one(name).and_then(|text| text.parse::<usize>().ok()).unwrap_or(usual);
    let (start, size) = (number("page_start", 1).max(1), number("page_size", 100));
    let rows: Option<Vec<Value>> = shared.read(|state| {
        let (index, _, _) = state.hook(hook_id, project_id)?;
        let own = state.deliveries.iter().filter(|delivery| delivery.hook == index);
        let rows = own
            .flat_map(|delivery| attempts(state, delivery))
            .filter(|row| {
                let outcome = row.get("outcome").and_then(Value::as_str);
                params.filter("status").is_none_or(|wanted| outcome == Some(wanted))
            })
            .skip((start - 1).saturating_mul(size))
            .take(size);
        Some(rows.collect())
    });
    rows.map_or_else(errors::not_found, |rows| Json(rows).into_response())
}

fn attempts(state: &Books, delivery: &Delivery) -> Vec<Value> {
    let last = delivery.attempts.len();
    let numbered = delivery.attempts.iter().zip(1_usize..);
    numbered
        .map(|(attempt, number)| {
            let outcome = match delivery.status {
                _ if deliveries::succeeded(attempt) => "ok",
                DeliveryStatus::Discarded if number == last => "discarded",
                _ => "retried",
            };
            shapes::filled(json!({
                "event": delivery.listed,
                "event_id": delivery.listed.get("id"),
                "outcome": outcome,
                "started_at": shapes::time(state.by_server(attempt.at)),
                "completed_at": shapes::time(state.by_server(attempt.completed_at)),
                "response_status": attempt.status,
            }))
        })
        .collect()
}

async fn resources(uri: Uri) -> Response {
    let project_id = Params::of(&uri).one("project_id").and_then(|id| id.parse().ok());
    let rows: Vec<Value> =
        webhook_resources::at(project_id).iter().map(webhook_resources::Resource::deprecated_row).collect();
    Json(rows).into_response()
}

async fn versions() -> Response {
    Json(json!(["v2", "v3", "v4"])).into_response()
}

fn told(shared: &Shared, id: i64, project_id: Option<i64>, status: StatusCode) -> Response {
    let body = shared.read(|state| state.hook(id, project_id).map(|(_, one, own)| row(state, one, own)));
    body.map_or_else(errors::not_found, |body| (status, Json(body)).into_response())
}

fn row(state: &Books, one: &Subscription, own: &Registration) -> Value {
    shapes::filled(json!({
        "id": own.id,
        "api_version": own.version,
        "namespace": own.namespace,
        "destination_headers": hook_desk::masked_headers(&one.hook),
        "destination_url": one.hook.url.as_str(),
        "owned_by_company_id": own.project_id.is_none().then_some(state.company_id),
        "owned_by_project_id": own.project_id,
        "owned_by_user_id": state.service_account_id,
    }))
}

/// Procore docs: the event type in upper case here, in lower case where it is asked for.
fn trigger_row(state: &Books, own: &Registration, trigger: &Trigger) -> Value {
    shapes::filled(json!({
        "id": trigger.id,
        "webhook_hook_id": own.id,
        "resource_name": trigger.resource_name,
        "event_type": trigger.event_type.to_uppercase(),
        "company_id": own.project_id.is_none().then_some(state.company_id),
        "project_id": own.project_id,
    }))
}
