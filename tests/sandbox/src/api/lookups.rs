//! Who we are, and which project this is.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{errors, page, params::Params, shapes};
use crate::state::Shared;

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

/// `GET /rest/v1.0/projects/{id}`. Procore docs: needs the company in the query as well.
pub(super) async fn project(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let named = Params::of(&uri).one("company_id").map(ToOwned::to_owned);
    if named != Some(shared.read(|state| state.company_id.to_string())) {
        return errors::field(
            StatusCode::BAD_REQUEST,
            "company_id",
            "is missing or is not the header's company",
        );
    }
    let body = shared.read(|state| {
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
            "tz_name": project.time_zone,
            "active": true,
            "is_demo": true,
            "template": false,
            "company": { "id": state.company_id, "name": project.company_name },
            "created_at": "2025-08-04T15:00:00Z",
            "updated_at": "2026-09-01T15:00:00Z",
        })
    });
    Json(body).into_response()
}
