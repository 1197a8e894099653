//! The pages: what a project engineer knows of a project-controls tool, with the draft and its run beside the record.
//!
//! They read the sandbox's state and the product's run records and change nothing, except the form for a new RFI.

mod chips;
mod correspondence;
mod drafts;
mod form;
mod live;
mod marks;
mod render;
mod rfis;
mod runs;
mod specifications;

use std::sync::Arc;

use axum::{Router, middleware::from_fn, response::Redirect, routing::get};

pub(crate) use render::templates;

use crate::state::Shared;

/// Pages, their fragments, the event stream and the static files.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(async || Redirect::to("/rfis")))
        .route("/rfis", get(rfis::log))
        .route("/rfis/new", get(form::show).post(form::create))
        .route("/rfis/{id}", get(rfis::show))
        .route("/correspondence", get(correspondence::log))
        .route("/correspondence/{id}", get(correspondence::show))
        .route("/specifications", get(specifications::log))
        .route("/specifications/{revision_id}", get(specifications::show))
        .route("/specifications/{revision_id}/file/{name}", get(specifications::file))
        .route("/attachments/{id}/{name}", get(rfis::attachment))
        .route("/runs", get(runs::log))
        .route("/runs/{id}", get(runs::show))
        .route("/fragments/rfis", get(rfis::log_fragment))
        .route("/fragments/rfis/{id}", get(rfis::show_fragment))
        .route("/fragments/correspondence", get(correspondence::log_fragment))
        .route("/fragments/correspondence/{id}", get(correspondence::show_fragment))
        .route("/fragments/runs", get(runs::log_fragment))
        .route("/fragments/runs/{id}", get(runs::show_fragment))
        .route("/events", get(live::events))
        .route("/static/{name}", get(render::static_file))
        .layer(from_fn(render::guard))
}
