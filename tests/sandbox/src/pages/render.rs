//! Templates, static files and the headers of every page.

use axum::{
    extract::{Path, Request},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use jiff::{Timestamp, tz::TimeZone};
use minijinja::{Environment, Value, context};

use crate::state::Shared;

/// Name and source of each template.
const TEMPLATES: [(&str, &str); 28] = [
    ("base.html", include_str!("../../templates/base.html")),
    ("page.html", include_str!("../../templates/page.html")),
    ("macros.html", include_str!("../../templates/macros.html")),
    ("rfi_new.html", include_str!("../../templates/rfi_new.html")),
    ("missing.html", include_str!("../../templates/missing.html")),
    ("fragments/rfi_log.html", include_str!("../../templates/fragments/rfi_log.html")),
    ("fragments/rfi.html", include_str!("../../templates/fragments/rfi.html")),
    ("fragments/draft.html", include_str!("../../templates/fragments/draft.html")),
    ("fragments/correspondence.html", include_str!("../../templates/fragments/correspondence.html")),
    ("fragments/item.html", include_str!("../../templates/fragments/item.html")),
    ("fragments/specifications.html", include_str!("../../templates/fragments/specifications.html")),
    ("fragments/section.html", include_str!("../../templates/fragments/section.html")),
    ("fragments/runs.html", include_str!("../../templates/fragments/runs.html")),
    ("fragments/run.html", include_str!("../../templates/fragments/run.html")),
    ("submittal_new.html", include_str!("../../templates/submittal_new.html")),
    ("log_entry_new.html", include_str!("../../templates/log_entry_new.html")),
    ("attach.html", include_str!("../../templates/attach.html")),
    ("problems.html", include_str!("../../templates/problems.html")),
    ("fragments/home.html", include_str!("../../templates/fragments/home.html")),
    ("fragments/draft_chip.html", include_str!("../../templates/fragments/draft_chip.html")),
    ("fragments/evidence.html", include_str!("../../templates/fragments/evidence.html")),
    ("fragments/submittal_log.html", include_str!("../../templates/fragments/submittal_log.html")),
    ("fragments/submittal.html", include_str!("../../templates/fragments/submittal.html")),
    ("fragments/daily_log.html", include_str!("../../templates/fragments/daily_log.html")),
    ("fragments/day.html", include_str!("../../templates/fragments/day.html")),
    ("fragments/drawings.html", include_str!("../../templates/fragments/drawings.html")),
    ("fragments/sheet.html", include_str!("../../templates/fragments/sheet.html")),
    ("fragments/steps.html", include_str!("../../templates/fragments/steps.html")),
];

const STYLE: &str = include_str!("../../templates/static/sandbox.css");
const LIVE: &str = include_str!("../../templates/static/live.js");
const MARK: &str = include_str!("../../templates/static/mark.svg");

/// A page: which part of the navigation it belongs to, its title, its fragment, and where to fetch it again.
pub(super) struct Page<'a> {
    pub(super) tool: &'a str,
    pub(super) title: String,
    pub(super) fragment: &'a str,
    /// `None` for pages that do not change by themselves.
    pub(super) refetch: Option<String>,
}

pub(crate) fn templates() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

/// The whole page around a fragment.
pub(super) fn page(shared: &Shared, page: &Page<'_>, content: Value) -> Response {
    let frame = shared.read(|state| {
        context! {
            tool => page.tool,
            title => &page.title,
            fragment => page.fragment,
            refetch => &page.refetch,
            version => *shared.version.borrow(),
            project => context! { name => &state.project.name, number => &state.project.number },
            company => &state.project.company_name,
        }
    });
    html(shared, "page.html", context! { ..frame, ..content })
}

/// A fragment alone, for the script that swaps it in.
pub(super) fn fragment(shared: &Shared, name: &str, content: Value) -> Response {
    html(shared, name, content)
}

pub(super) fn html(shared: &Shared, name: &str, context: Value) -> Response {
    match shared.templates.get_template(name).and_then(|template| template.render(context)) {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(template = name, %error, "a page cannot be drawn");
            (StatusCode::INTERNAL_SERVER_ERROR, "This page cannot be drawn; the log says why.")
                .into_response()
        }
    }
}

/// A page for something that is not there.
pub(super) fn missing(shared: &Shared, what: &str) -> Response {
    let frame = Page { tool: "", title: "Not found".to_owned(), fragment: "missing.html", refetch: None };
    let mut response = page(shared, &frame, context! { what });
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// `Nov 20, 2026, 10:41`, in the project's time zone where the machine knows it.
pub(super) fn when(shared: &Shared, at: Timestamp) -> String {
    let zone = shared.read(|state| state.project.time_zone.clone());
    at.to_zoned(TimeZone::get(&zone).unwrap_or(TimeZone::UTC)).strftime("%b %-d, %Y, %H:%M").to_string()
}

/// `Nov 20, 2026` from `2026-11-20`.
pub(super) fn day(date: &str) -> String {
    date.parse::<jiff::civil::Date>()
        .map_or_else(|_| date.to_owned(), |date| date.strftime("%b %-d, %Y").to_string())
}

/// The words with a capital first letter, for where they begin a line.
pub(super) fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The style sheet, the script and the icon.
pub(super) async fn static_file(Path(name): Path<String>) -> Response {
    let (content_type, text) = match name.as_str() {
        "sandbox.css" => ("text/css; charset=utf-8", STYLE),
        "live.js" => ("text/javascript; charset=utf-8", LIVE),
        "mark.svg" => ("image/svg+xml", MARK),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, content_type)], text).into_response()
}

/// Nothing on a page may load or run anything from elsewhere: records hold whatever anybody typed.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // A browser's own PDF viewer is an embedded object, which the policy would forbid.
    let pdf =
        headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/pdf"));
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                  form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("x-content-type-options"), "nosniff"),
    ] {
        if pdf && name == header::CONTENT_SECURITY_POLICY {
            continue;
        }
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
