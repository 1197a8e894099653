//! The REST API: routes, and the one door every request to them passes.

mod correspondence;
mod door;
mod errors;
pub(crate) mod files;
mod item_fields;
mod lookups;
mod oauth;
mod page;
mod params;
mod rfis;
mod shapes;
mod specifications;

use std::sync::Arc;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{any, get, post},
};

use crate::state::Shared;

const ITEMS: &str = "/rest/v1.0/projects/{project_id}/generic_tools/{generic_tool_id}/generic_tool_items";

/// The API host, the login host and the files served directly.
pub(crate) fn routes(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    Router::new()
        .route("/oauth/token", post(oauth::token))
        .route("/oauth/token/info", get(oauth::info))
        .route("/rest/v1.0/me", get(lookups::me))
        .route("/rest/v1.0/companies", get(lookups::companies))
        .route("/rest/v1.0/projects/{id}", get(lookups::project))
        .route("/rest/v1.0/projects/{project_id}/rfis", get(rfis::list))
        .route("/rest/v1.0/projects/{project_id}/rfis/{id}", get(rfis::show))
        .route("/rest/v1.0/projects/{project_id}/rfis/{id}/replies", get(rfis::replies).post(rfis::reply))
        .route(
            "/rest/v2.1/companies/{company_id}/projects/{project_id}/specification_sections",
            get(specifications::list),
        )
        .route("/rest/v1.0/companies/{company_id}/generic_tools", get(correspondence::types))
        .route(
            "/rest/v1.0/companies/{company_id}/generic_tools/{generic_tool_id}/statuses",
            get(correspondence::statuses),
        )
        .route(&format!("{ITEMS}/available_statuses"), get(correspondence::available_statuses))
        .route(ITEMS, get(correspondence::list).post(correspondence::create))
        .route(
            &format!("{ITEMS}/{{id}}"),
            get(correspondence::show).patch(correspondence::update).delete(correspondence::delete),
        )
        .route("/files/specifications/{revision_id}/{name}", get(files::specification))
        .route("/files/attachments/{id}/{name}", get(files::attachment))
        .route("/rest/{*path}", any(errors::unknown_path))
        .route("/oauth/{*path}", any(errors::unknown_path))
        .method_not_allowed_fallback(errors::unknown_path)
        .layer(from_fn_with_state(shared.clone(), door::pass))
}

/// The cloud storage host: another origin, which refuses a bearer token as the real one does.
pub(crate) fn storage_routes(shared: &Arc<Shared>) -> Router {
    Router::new().route("/storage/{kind}/{id}/{name}", get(files::stored)).with_state(shared.clone())
}
