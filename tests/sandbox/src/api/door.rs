//! What every request passes before its handler: journal, call budget, ordered faults, token, company, project.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::{budget, errors, params::Params};
use crate::{
    connection::Cut,
    faults::{self, Fault},
    journal::Recorded,
    permissions,
    state::{Shared, Switches},
};

const LARGEST_BODY_BYTES: usize = 8 * 1024 * 1024;

/// Runs apart from the connection: a client that goes away does not stop what it asked for.
pub(super) async fn pass(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
    next: Next,
) -> Response {
    tokio::spawn(checked(shared, cut, request, next))
        .await
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Serves, and holds request and answer against the vendor's description where there is one. Files have none.
async fn checked(shared: Arc<Shared>, cut: Cut, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST_BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let described = ["/rest/", "/oauth/"].iter().any(|start| parts.uri.path().starts_with(start));
    let Some(checker) = shared.contract.filter(|_| described) else {
        return serve(shared, cut, parts, bytes, next).await;
    };
    let asked = (parts.clone(), bytes.clone());
    let (answer, body) = serve(shared, cut, parts, bytes, next).await.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    checker.check(&asked.0, &asked.1, answer.status, &answer.headers, &body);
    Response::from_parts(answer, Body::from(body))
}

async fn serve(shared: Arc<Shared>, cut: Cut, parts: Parts, bytes: Bytes, next: Next) -> Response {
    let method = parts.method.as_str().to_owned();
    let path = parts.uri.path().to_owned();
    let number = record(&shared, &parts, &bytes);
    // The login host is another one, with no part in the quota.
    let counts = !path.starts_with("/oauth/");
    let (reading, fault) = shared.note(|state| {
        let reading = counts.then(|| state.meter.count(state.now()));
        let ordered = faults::take(&mut state.faults, &method, &path);
        (reading, ordered.or_else(|| state.standing.take(&path)))
    });
    let exceeded = reading.is_some_and(|reading| reading.exceeded);
    let status_of = |status| StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);

    let mut response = match (exceeded, fault) {
        (true, _) => errors::too_many(),
        (false, Some(Fault::Status(status))) => errors::ordered(status_of(status)),
        (false, Some(Fault::Headers(given))) => errors::ordered(status_of(given.status)),
        (false, Some(Fault::Body(status, shape))) => errors::shaped(status_of(status), shape),
        // Nobody sees this answer: the connection is cut below.
        (false, Some(Fault::DropBeforeApplying)) => errors::ordered(StatusCode::SERVICE_UNAVAILABLE),
        (false, fault) => {
            match fault {
                Some(Fault::Delay(delay)) => sleep(delay).await,
                Some(Fault::Hold(name)) => {
                    let _ = shared.released.subscribe().wait_for(|released| released.contains(&name)).await;
                }
                _ => {}
            }
            match refusal(&shared, &parts) {
                Some(refused) => refused,
                None => next.run(Request::from_parts(parts, Body::from(bytes))).await,
            }
        }
    };
    let dropped = matches!(fault, Some(Fault::DropAfterApplying | Fault::DropBeforeApplying));
    if dropped {
        cut.now();
    }
    let status = response.status();
    let (headers, now) = (response.headers_mut(), shared.now());
    budget::date(headers, now);
    match fault.filter(|_| !exceeded) {
        Some(Fault::Headers(given)) => budget::given(headers, given, now),
        Some(Fault::WithoutRateHeaders) => {}
        _ => budget::usual(headers, reading, status, now),
    }
    shared.note(|state| {
        if let Some((_, recorded)) = state.journal.iter_mut().rev().find(|(entry, _)| *entry == number) {
            recorded.status = status.as_u16();
            recorded.dropped = dropped;
        }
    });
    response
}

/// Checks the token, the company and the project named in the path.
fn refusal(shared: &Shared, parts: &Parts) -> Option<Response> {
    let path = parts.uri.path();
    if path == "/oauth/token" {
        return None;
    }
    if bearer(shared, &parts.headers) != "bearer ok" {
        return Some(errors::unauthorized());
    }
    if !path.starts_with("/rest/") {
        return None;
    }
    let Some(company) = parts.headers.get("procore-company-id") else {
        return Some(errors::missing_company());
    };
    if shared.read(|state| removed(&state.switches, path)) {
        return Some(errors::not_found());
    }
    shared.read(|state| {
        let own = state.company_id.to_string();
        let named = segment_after(path, "companies");
        if state.switches.app_disconnected
            || company.to_str().ok() != Some(own.as_str())
            || named.is_some_and(|id| id != own)
        {
            return Some(errors::other_company());
        }
        let params = Params::of(&parts.uri);
        let project = segment_after(path, "projects").or_else(|| params.one("project_id"))?;
        if project == state.project.id.to_string() {
            let allowed = permissions::allows(&state.switches.levels, parts.method.as_str(), path);
            (!allowed).then(errors::no_permission)
        } else if project == state.forbidden_project_id.to_string() {
            Some(errors::forbidden())
        } else {
            Some(errors::not_found())
        }
    })
}

/// Whether a test has taken this version of the webhook administration away.
fn removed(switches: &Switches, path: &str) -> bool {
    let administration = path.contains("/webhooks/");
    let older = path.starts_with("/rest/v1.0/");
    administration && if older { switches.webhooks_v1_removed } else { switches.webhooks_v2_missing }
}

fn segment_after<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let mut segments = path.split('/');
    segments.find(|segment| *segment == name)?;
    segments.next()
}

/// Writes the request into the journal at its arrival; the status follows.
fn record(shared: &Shared, parts: &Parts, bytes: &[u8]) -> u64 {
    let mut headers: BTreeMap<String, String> = parts
        .headers
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    headers.insert("authorization".to_owned(), bearer(shared, &parts.headers).to_owned());
    let recorded = Recorded {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers,
        body: body_for_journal(bytes),
        status: 0,
        dropped: false,
        at: Timestamp::now(),
    };
    shared.note(|state| state.record(recorded))
}

fn bearer(shared: &Shared, headers: &HeaderMap) -> &'static str {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return "bearer none";
    };
    let token = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let now = Timestamp::now();
    let known = shared
        .read(|state| state.tokens.iter().any(|issued| issued.value == token && issued.expires_at > now));
    if known { "bearer ok" } else { "bearer wrong" }
}

/// JSON as it came; forms as an object; anything else as text. Client secrets are masked.
fn body_for_journal(bytes: &[u8]) -> Value {
    if bytes.is_empty() {
        return Value::Null;
    }
    let mut body = serde_json::from_slice(bytes).unwrap_or_else(|_| {
        let fields: serde_json::Map<String, Value> = url::form_urlencoded::parse(bytes)
            .map(|(name, value)| (name.into_owned(), json!(value)))
            .collect();
        Value::Object(fields)
    });
    if let Some(secret) = body.get_mut("client_secret") {
        *secret = json!("<masked>");
    }
    body
}
