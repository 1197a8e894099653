//! Who we are, which projects there are, who works on them and where.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{errors, page, params::Params, shapes};
use crate::{
    records::Person,
    state::{Shared, State as Books},
};

const CREATED_AT: &str = "2025-08-04T15:00:00Z";
const UPDATED_AT: &str = "2026-09-01T15:00:00Z";

/// `GET /rest/v1.0/me`: the service account.
pub(super) async fn me(State(shared): State<Arc<Shared>>) -> Response {
    Json(shared.read(|state| shapes::user(state, state.service_account_id))).into_response()
}

/// `GET /rest/v1.0/companies`.
pub(super) async fn companies(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let row = shared.read(|state| {
        json!({ "id": state.company_id, "name": state.project.company_name, "is_active": true, "logo_url": null })
    });
    page::V1.answer(&shared.url, &uri, &[row])
}

/// `GET /rest/v1.0/company_base_url`. Procore docs: for links into the browser.
pub(super) async fn company_base_url(State(shared): State<Arc<Shared>>) -> Response {
    Json(json!({ "zone": "us01", "web_base_url": shared.url.as_str() })).into_response()
}

/// `GET /rest/v1.0/projects` and its v1.1 twin: the projects the service account was given.
pub(super) async fn projects(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let params = Params::of(&uri);
    if let Some(refused) = other_company(&shared, &params) {
        return refused;
    }
    let ids = params.ids("id");
    let name = params.filter("name").unwrap_or_default().to_lowercase();
    let rows: Vec<Value> = shared.read(|state| {
        let project = &state.project;
        let wanted = ids.is_none_or(|ids| ids.contains(&project.id))
            && project.name.to_lowercase().contains(&name)
            && params.filter("by_status") != Some("Inactive");
        wanted.then(|| common(state)).into_iter().collect()
    });
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `GET /rest/v1.0/projects/{id}`. Procore docs: needs the company in the query as well.
pub(super) async fn project(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    if let Some(refused) = other_company(&shared, &Params::of(&uri)) {
        return refused;
    }
    let body = shared.read(|state| {
        let mut body = common(state);
        if let Some(fields) = body.as_object_mut() {
            fields.insert("tz_name".to_owned(), json!(state.project.time_zone));
            fields.insert("template".to_owned(), json!(false));
        }
        body
    });
    Json(body).into_response()
}

/// `GET .../users`.
pub(super) async fn users(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let params = Params::of(&uri);
    let id = params.filter("id").and_then(|id| id.parse::<i64>().ok());
    let search = params.filter("search").unwrap_or_default().to_lowercase();
    let rows: Vec<Value> = shared.read(|state| {
        let people = state.people.iter().filter(|person| id.is_none_or(|id| person.id == id));
        people
            .filter(|person| person.name.to_lowercase().contains(&search))
            .map(|person| compact_user(state, person))
            .collect()
    });
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `GET .../users/{id}`.
pub(super) async fn user(State(shared): State<Arc<Shared>>, Path((_, id)): Path<(i64, i64)>) -> Response {
    let body = shared.read(|state| {
        let person = state.person(id)?;
        let mut body = compact_user(state, person);
        if let Some(fields) = body.as_object_mut() {
            fields.insert("email_address".to_owned(), json!(person.login));
            fields.insert("job_title".to_owned(), json!(person.role));
            fields.insert("is_active".to_owned(), json!(true));
            fields.insert("is_employee".to_owned(), json!(person.company == state.project.company_name));
        }
        Some(body)
    });
    body.map_or_else(errors::not_found, |body| Json(body).into_response())
}

/// `GET .../locations`.
pub(super) async fn locations(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let params = Params::of(&uri);
    let ids = params.ids("id");
    let parent = params.filter("parent_id").and_then(|id| id.parse::<i64>().ok());
    let search = params.filter("search").unwrap_or_default().to_lowercase();
    let rows: Vec<Value> = shared.read(|state| {
        let places = state.locations.iter();
        places
            .filter(|place| ids.as_ref().is_none_or(|ids| ids.contains(&place.id)))
            .filter(|place| parent.is_none_or(|id| place.parent_id == Some(id)))
            .filter(|place| place.name.to_lowercase().contains(&search))
            .map(shapes::place)
            .collect()
    });
    page::V1.answer(&shared.url, &uri, &rows)
}

fn other_company(shared: &Shared, params: &Params) -> Option<Response> {
    let own = shared.read(|state| state.company_id.to_string());
    (params.one("company_id") != Some(own.as_str())).then(|| {
        errors::field(StatusCode::BAD_REQUEST, "company_id", "is missing or is not the header's company")
    })
}

/// The fields list and show have in common.
fn common(state: &Books) -> Value {
    let project = &state.project;
    json!({
        "id": project.id,
        "name": project.name,
        "display_name": format!("{} - {}", project.number, project.name),
        "project_number": project.number,
        "address": project.address,
        "city": project.city,
        "state_code": project.state_code,
        "country_code": "US",
        "time_zone": project.time_zone_label,
        "active": true,
        "is_demo": true,
        "company": { "id": state.company_id, "name": project.company_name },
        "created_at": CREATED_AT,
        "updated_at": UPDATED_AT,
    })
}

fn compact_user(state: &Books, person: &Person) -> Value {
    let (first, last) = person.name.rsplit_once(' ').unwrap_or(("", &person.name));
    json!({
        "id": person.id,
        "name": person.name,
        "first_name": first,
        "last_name": last,
        "vendor": { "id": vendor_id(state, &person.company), "name": person.company },
    })
}

/// The place of the employer in the directory, as its id.
fn vendor_id(state: &Books, company: &str) -> i64 {
    let first = state.people.iter().find(|person| person.company == company);
    first.map_or(0, |person| person.id + 2000)
}
