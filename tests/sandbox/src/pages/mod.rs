//! The pages: what a project engineer knows of a project-controls tool, with the draft and its run beside the record.
//!
//! They read the sandbox's state and the product's run records and change nothing, except the forms for new records.

mod about;
mod attachments;
mod chips;
mod correspondence;
mod daily_log;
mod drafts;
mod drawings;
mod evidence;
mod fields;
mod filled;
mod forms;
mod home;
mod live;
mod marks;
mod render;
mod rfis;
mod runs;
mod specifications;
mod submittals;

use std::sync::Arc;

use axum::{Router, extract::Path, middleware::from_fn, routing::get};

pub(crate) use render::templates;

use crate::state::Shared;

/// Pages, their fragments, the event stream and the static files.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(home::show))
        .merge(records())
        .merge(documents())
        .route("/correspondence", get(correspondence::log))
        .route("/correspondence/{id}", get(correspondence::show))
        .route("/runs", get(runs::log))
        .route("/runs/{id}", get(runs::show))
        .merge(fragments())
        .route("/events", get(live::events))
        .route("/static/{name}", get(render::static_file))
        // Browsers ask for it beside a file that names no icon.
        .route("/favicon.ico", get(async || render::static_file(Path("mark.svg".to_owned())).await))
        .layer(from_fn(render::guard))
}

fn records() -> Router<Arc<Shared>> {
    Router::new()
        .route("/rfis", get(rfis::log))
        .route("/rfis/new", get(forms::rfi::show).post(forms::rfi::create))
        .route("/rfis/{id}", get(rfis::show))
        .route("/submittals", get(submittals::log))
        .route("/submittals/new", get(forms::submittal::show).post(forms::submittal::create))
        .route("/submittals/{id}", get(submittals::show))
        .route("/daily-log", get(daily_log::log))
        .route("/daily-log/new", get(forms::log_entry::show).post(forms::log_entry::create))
        .route("/daily-log/{date}", get(daily_log::show))
        .route("/attachments/{id}/{name}", get(attachments::file))
}

fn documents() -> Router<Arc<Shared>> {
    Router::new()
        .route("/specifications", get(specifications::log))
        .route("/specifications/{revision_id}", get(specifications::show))
        .route("/specifications/{revision_id}/file/{name}", get(specifications::file))
        .route("/drawings", get(drawings::log))
        .route("/drawings/{revision_id}", get(drawings::show))
        .route("/drawings/{revision_id}/file/{name}", get(drawings::file))
}

/// Of the pages that change by themselves.
fn fragments() -> Router<Arc<Shared>> {
    Router::new()
        .route("/fragments/home", get(home::fragment))
        .route("/fragments/rfis", get(rfis::log_fragment))
        .route("/fragments/rfis/{id}", get(rfis::show_fragment))
        .route("/fragments/submittals", get(submittals::log_fragment))
        .route("/fragments/submittals/{id}", get(submittals::show_fragment))
        .route("/fragments/daily-log", get(daily_log::log_fragment))
        .route("/fragments/daily-log/{date}", get(daily_log::show_fragment))
        .route("/fragments/correspondence", get(correspondence::log_fragment))
        .route("/fragments/correspondence/{id}", get(correspondence::show_fragment))
        .route("/fragments/runs", get(runs::log_fragment))
        .route("/fragments/runs/{id}", get(runs::show_fragment))
}
