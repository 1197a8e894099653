//! Webhook administration, v2.0, of the company and of a project: the same handlers, told apart by the path.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use serde_json::{Value, json};

use super::{
    deliveries, errors,
    hook_desk::{self, Asked, Refused},
    page,
    params::Params,
    shapes, webhook_resources,
};
use crate::{
    hooks::{Registration, Subscription, Trigger, payload_version},
    state::{Shared, State as Books},
};

/// Ids in the path, by their names.
type Ids = Path<BTreeMap<String, i64>>;

/// The administration at both scopes.
pub(super) fn routes() -> Router<Arc<Shared>> {
    let mut routes = Router::new();
    for scope in
        ["/rest/v2.0/companies/{company_id}", "/rest/v2.0/companies/{company_id}/projects/{project_id}"]
    {
        let hooks = format!("{scope}/webhooks/hooks");
        routes = routes
            .route(&hooks, get(list).post(create))
            .route(&format!("{hooks}/{{id}}"), get(show).patch(update).delete(remove))
            .route(&format!("{hooks}/{{hook_id}}/triggers"), get(triggers).post(add_trigger))
            .route(&format!("{hooks}/{{hook_id}}/triggers/bulk"), post(add_triggers).delete(remove_triggers))
            .route(&format!("{hooks}/{{hook_id}}/triggers/{{id}}"), delete(remove_trigger))
            .route(&format!("{hooks}/{{hook_id}}/deliveries"), get(deliveries::list))
            .route(&format!("{scope}/webhooks/resources"), get(resources));
    }
    routes
}

/// An id of the path; 0, which no record has, if the route has none of this name.
pub(super) fn id(ids: &BTreeMap<String, i64>, name: &str) -> i64 {
    ids.get(name).copied().unwrap_or_default()
}

async fn list(State(shared): State<Arc<Shared>>, Path(ids): Ids, uri: Uri) -> Response {
    let params = Params::of(&uri);
    let project_id = ids.get("project_id").copied();
    let namespace = params.one("namespace");
    if namespace.is_none() && project_id.is_none() {
        return errors::malformed("namespace is missing");
    }
    let version = params.one("payload_version").map(payload_version);
    let counted = params.one("include_trigger_count") == Some("true");
    let rows: Vec<Value> = shared.read(|state| {
        let hooks = state.hooks.iter().filter_map(|one| Some((one, one.registration.as_ref()?)));
        hooks
            .filter(|(_, own)| !own.deleted && own.project_id == project_id)
            .filter(|(_, own)| namespace.is_none_or(|wanted| own.namespace == wanted))
            .filter(|(_, own)| version.is_none_or(|wanted| payload_version(&own.version) == wanted))
            .map(|(one, own)| row(state, one, own, counted))
            .collect()
    });
    page::V2.answer(&shared.url, &uri, &rows)
}

async fn show(State(shared): State<Arc<Shared>>, Path(ids): Ids) -> Response {
    told(&shared, &ids, id(&ids, "id"), StatusCode::OK)
}

async fn create(State(shared): State<Arc<Shared>>, Path(ids): Ids, body: Option<Json<Value>>) -> Response {
    let body = body.map(|Json(body)| body).unwrap_or_default();
    if body.get("namespace").is_none() {
        return errors::malformed("namespace is missing");
    }
    let made =
        Asked::read(&body).and_then(|asked| hook_desk::make(&shared, ids.get("project_id").copied(), asked));
    match made {
        Ok(made) => told(&shared, &ids, made, StatusCode::CREATED),
        Err(refused) => *refused,
    }
}

async fn update(State(shared): State<Arc<Shared>>, Path(ids): Ids, body: Option<Json<Value>>) -> Response {
    let asked = match Asked::read(&body.map(|Json(body)| body).unwrap_or_default()) {
        Ok(asked) => asked,
        Err(refused) => return *refused,
    };
    let (hook_id, project_id) = (id(&ids, "id"), ids.get("project_id").copied());
    shared.note(|state| hook_desk::change(state, hook_id, project_id, asked));
    told(&shared, &ids, hook_id, StatusCode::OK)
}

async fn remove(State(shared): State<Arc<Shared>>, Path(ids): Ids) -> Response {
    let (hook_id, project_id) = (id(&ids, "id"), ids.get("project_id").copied());
    let removed = shared.note(|state| hook_desk::remove(state, hook_id, project_id));
    if removed { StatusCode::NO_CONTENT.into_response() } else { errors::not_found() }
}

async fn triggers(State(shared): State<Arc<Shared>>, Path(ids): Ids, uri: Uri) -> Response {
    let rows = shared.read(|state| {
        let (_, _, own) = state.hook(id(&ids, "hook_id"), ids.get("project_id").copied())?;
        Some(own.triggers.iter().map(|one| trigger_row(state, own, one)).collect::<Vec<Value>>())
    });
    rows.map_or_else(errors::not_found, |rows| page::V2.answer(&shared.url, &uri, &rows))
}

async fn add_trigger(
    State(shared): State<Arc<Shared>>,
    Path(ids): Ids,
    body: Option<Json<Value>>,
) -> Response {
    match add(&shared, &ids, &[body.map(|Json(body)| body).unwrap_or_default()]) {
        Ok(mut rows) => (StatusCode::CREATED, Json(json!({ "data": rows.pop() }))).into_response(),
        Err(refused) => *refused,
    }
}

/// All or none. Procore docs: an array, or a single one as it is.
async fn add_triggers(
    State(shared): State<Arc<Shared>>,
    Path(ids): Ids,
    body: Option<Json<Value>>,
) -> Response {
    let asked = match body.map(|Json(body)| body).unwrap_or_default() {
        Value::Array(rows) => rows,
        row => vec![row],
    };
    match add(&shared, &ids, &asked) {
        Ok(rows) => (StatusCode::CREATED, Json(json!({ "data": rows }))).into_response(),
        Err(refused) => *refused,
    }
}

async fn remove_trigger(State(shared): State<Arc<Shared>>, Path(ids): Ids) -> Response {
    let (hook_id, project_id) = (id(&ids, "hook_id"), ids.get("project_id").copied());
    let removed = shared.note(|state| hook_desk::remove_trigger(state, hook_id, project_id, id(&ids, "id")));
    if removed == Some(true) { StatusCode::NO_CONTENT.into_response() } else { errors::not_found() }
}

/// Procore docs: 207 with the failed ones where some could not be deleted.
async fn remove_triggers(
    State(shared): State<Arc<Shared>>,
    Path(ids): Ids,
    body: Option<Json<Value>>,
) -> Response {
    let Some(Value::Array(asked)) = body.map(|Json(body)| body) else {
        return errors::malformed("an array of trigger ids is expected");
    };
    let (hook_id, project_id) = (id(&ids, "hook_id"), ids.get("project_id").copied());
    if shared.read(|state| state.hook(hook_id, project_id).is_none()) {
        return errors::not_found();
    }
    let (succeeded, failed): (Vec<Value>, Vec<Value>) = asked.into_iter().partition(|asked| {
        let trigger_id = asked.as_str().and_then(|text| text.parse().ok()).unwrap_or_default();
        let removed = shared.note(|state| hook_desk::remove_trigger(state, hook_id, project_id, trigger_id));
        removed == Some(true)
    });
    if failed.is_empty() {
        return Json(json!({ "data": { "succeeded": succeeded } })).into_response();
    }
    let body = json!({ "data": { "succeeded": succeeded, "failed": failed } });
    (StatusCode::MULTI_STATUS, Json(body)).into_response()
}

async fn resources(State(shared): State<Arc<Shared>>, Path(ids): Ids, uri: Uri) -> Response {
    let Some(version) = Params::of(&uri).one("payload_version").and_then(payload_version) else {
        return errors::malformed("payload_version is missing or unknown");
    };
    let listed = webhook_resources::at(ids.get("project_id").copied());
    let rows: Vec<Value> = listed.iter().map(|one| one.row(version)).collect();
    page::V2.answer(&shared.url, &uri, &rows)
}

fn add(shared: &Shared, ids: &BTreeMap<String, i64>, asked: &[Value]) -> Result<Vec<Value>, Box<Response>> {
    let (hook_id, project_id) = (id(ids, "hook_id"), ids.get("project_id").copied());
    shared.note(|state| {
        let mut made: Vec<Trigger> = Vec::new();
        for row in asked {
            match hook_desk::add_trigger(state, hook_id, project_id, row) {
                Some(Ok(trigger)) => made.push(trigger),
                refused => {
                    for trigger in made {
                        hook_desk::remove_trigger(state, hook_id, project_id, trigger.id);
                    }
                    return Err(Box::new(match refused {
                        Some(Err(Refused::Duplicate)) => errors::conflict("The trigger exists already"),
                        Some(_) => errors::coded_unprocessable("No such resource or event at this scope"),
                        None => errors::not_found(),
                    }));
                }
            }
        }
        let Some((_, _, own)) = state.hook(hook_id, project_id) else {
            return Err(Box::new(errors::not_found()));
        };
        Ok(made.iter().map(|trigger| trigger_row(state, own, trigger)).collect())
    })
}

fn told(shared: &Shared, ids: &BTreeMap<String, i64>, hook_id: i64, status: StatusCode) -> Response {
    let body = shared.read(|state| {
        let (_, one, own) = state.hook(hook_id, ids.get("project_id").copied())?;
        Some(json!({ "data": row(state, one, own, true) }))
    });
    body.map_or_else(errors::not_found, |body| (status, Json(body)).into_response())
}

fn row(state: &Books, one: &Subscription, own: &Registration, counted: bool) -> Value {
    shapes::filled(json!({
        "id": own.id.to_string(),
        "status": if own.active { "active" } else { "disabled" },
        "payload_version": own.version,
        "namespace": own.namespace,
        "destination_headers": hook_desk::masked_headers(&one.hook),
        "destination_url": one.hook.url.as_str(),
        "trigger_count": counted.then_some(own.triggers.len()),
        "company_id": state.company_id.to_string(),
        "project_id": own.project_id.map(|id| id.to_string()),
        "created_at": shapes::time(own.created_at),
        "updated_at": shapes::time(own.updated_at),
    }))
}

fn trigger_row(state: &Books, own: &Registration, trigger: &Trigger) -> Value {
    shapes::filled(json!({
        "id": trigger.id.to_string(),
        "webhook_hook_id": own.id.to_string(),
        "resource_name": trigger.resource_name,
        "event_type": trigger.event_type,
        "company_id": state.company_id.to_string(),
        "project_id": own.project_id.map(|id| id.to_string()),
    }))
}
