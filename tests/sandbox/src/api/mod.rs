//! The REST API: routes, and the one door every request to them passes.

mod budget;
mod correspondence;
mod daily_logs;
mod deliveries;
mod door;
mod drawings;
mod errors;
pub(crate) mod files;
mod hook_desk;
mod item_fields;
mod lookups;
mod oauth;
mod odd_files;
mod page;
mod params;
mod permissions;
mod rfi_fields;
mod rfi_shapes;
mod rfis;
pub(crate) mod shapes;
mod specifications;
mod submittal_shapes;
mod submittals;
mod webhook_resources;
mod webhooks;
mod webhooks_v1;

use std::sync::Arc;

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{any, get, post},
};

pub use odd_files::OddFile;

use crate::state::Shared;

const ITEMS: &str = "/rest/v1.0/projects/{project_id}/generic_tools/{generic_tool_id}/generic_tool_items";

/// The API host, the login host and the files served directly.
pub(crate) fn routes(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    Router::new()
        .route("/oauth/token", post(oauth::token))
        .route("/oauth/token/info", get(oauth::info))
        .merge(directory())
        .merge(questions())
        .merge(documents())
        .merge(letters())
        .merge(daily_logs::routes())
        .merge(webhooks::routes())
        .merge(webhooks_v1::routes())
        .route("/rest/{*path}", any(errors::unknown_path))
        .route("/oauth/{*path}", any(errors::unknown_path))
        .method_not_allowed_fallback(errors::unknown_path)
        .layer(from_fn_with_state(shared.clone(), door::pass))
}

/// Companies, projects, people and places.
fn directory() -> Router<Arc<Shared>> {
    Router::new()
        .route("/rest/v1.0/me", get(lookups::me))
        .route("/rest/v1.0/companies", get(lookups::companies))
        .route("/rest/v1.0/company_base_url", get(lookups::company_base_url))
        .route("/rest/v1.0/settings/permissions", get(permissions::list))
        .route("/rest/v1.0/projects", get(lookups::projects))
        .route("/rest/v1.1/projects", get(lookups::projects))
        .route("/rest/v1.0/projects/{id}", get(lookups::project))
        .route("/rest/v1.0/projects/{project_id}/users", get(lookups::users))
        .route("/rest/v1.0/projects/{project_id}/users/{id}", get(lookups::user))
        .route("/rest/v1.0/projects/{project_id}/locations", get(lookups::locations))
}

/// RFIs and submittals.
fn questions() -> Router<Arc<Shared>> {
    let rfis = "/rest/v1.0/projects/{project_id}/rfis";
    let submittals = "/rest/v1.1/projects/{project_id}/submittals";
    Router::new()
        .route(rfis, get(rfis::list).post(rfis::create))
        .route(&format!("{rfis}/potential_rfi_managers"), get(rfis::potential_managers))
        .route(&format!("{rfis}/default_distribution"), get(rfis::default_distribution))
        .route(&format!("{rfis}/{{id}}"), get(rfis::show).patch(rfis::update))
        .route(&format!("{rfis}/{{id}}/replies"), get(rfis::replies).post(rfis::reply))
        .route(submittals, get(submittals::list).post(submittals::create))
        .route(&format!("{submittals}/next_available_number"), get(submittals::next_number))
        .route(
            &format!("{submittals}/next_available_number/{{spec_section_id}}"),
            get(submittals::next_number_of_section),
        )
        .route(&format!("{submittals}/{{id}}"), get(submittals::show))
        .route(&format!("{submittals}/{{id}}/revisions"), get(submittals::revisions))
        .route(&format!("{submittals}/{{id}}/workflow_data"), get(submittals::workflow_data))
        .route("/rest/v1.0/projects/{project_id}/submittal_responses", get(submittals::responses))
        .route("/rest/v1.0/submittal_responses", get(submittals::responses))
        .route("/rest/v1.0/companies/{company_id}/submittal_statuses", get(submittals::statuses))
        .route("/rest/v1.0/companies/{company_id}/submittal_types", get(submittals::types))
}

/// Specifications, drawings and files.
fn documents() -> Router<Arc<Shared>> {
    let project = "/rest/v1.0/projects/{project_id}";
    let newer = "/rest/v2.1/companies/{company_id}/projects/{project_id}";
    Router::new()
        .route(&format!("{newer}/specification_sections"), get(specifications::list))
        .route(
            &format!("{newer}/specification_areas/{{specification_area_id}}/specification_sections"),
            get(specifications::of_area),
        )
        .route("/rest/v1.0/specification_sections", get(specifications::sections))
        .route("/rest/v1.0/specification_section_divisions", get(specifications::divisions))
        .route("/rest/v1.0/specification_section_revisions", get(specifications::revisions))
        .route("/rest/v1.0/specification_section_revisions/{id}", get(specifications::revision))
        .route(&format!("{project}/specification_sets"), get(specifications::sets))
        .route(&format!("{project}/drawing_areas"), get(drawings::areas))
        .route(&format!("{project}/drawing_disciplines"), get(drawings::list_disciplines))
        .route(&format!("{project}/drawing_revisions"), get(drawings::revisions))
        .route(&format!("{project}/drawing_revisions/{{id}}"), get(drawings::revision))
        .route("/rest/v1.1/drawing_areas/{drawing_area_id}/drawings", get(drawings::of_area))
        .route("/files/specifications/{revision_id}/{name}", get(files::specification))
        .route("/files/drawings/{revision_id}/{name}", get(files::drawing))
        .route("/files/attachments/{id}/{name}", get(files::attachment))
        .route("/files/odd/{id}/{name}", get(odd_files::serve))
}

/// Correspondence.
fn letters() -> Router<Arc<Shared>> {
    Router::new()
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
}

/// The cloud storage host: another origin, which refuses a bearer token as the real one does.
pub(crate) fn storage_routes(shared: &Arc<Shared>) -> Router {
    Router::new().route("/storage/{kind}/{id}/{name}", get(files::stored)).with_state(shared.clone())
}
