//! The front door's wire on one machine: `POST /webhooks/procore`, `GET /healthz`, and `GET /metrics` as Prometheus reads
//! it: counts and times, no ids.

use std::{sync::Arc, time::Duration};

use agent::{
    Watch,
    ingest::{Door, MAX_BODY_BYTES, Request},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::State,
    http::{
        HeaderMap, Method, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE},
    },
    response::IntoResponse,
    routing::{any, get},
};
use embedded::Store;
use jiff::Timestamp;
use secrecy::SecretString;
use tokio::time::timeout;

/// The vendor gives up after 5 s; a body that takes longer is nobody's.
const BODY_TIME: Duration = Duration::from_secs(5);

struct Wire {
    door: Door,
    accepted: Vec<SecretString>,
    store: Store,
    watch: Arc<Watch>,
}

pub(crate) fn router(door: Door, accepted: Vec<SecretString>, store: Store, watch: Arc<Watch>) -> Router {
    Router::new()
        .route("/webhooks/procore", any(webhook))
        .route("/healthz", get(health))
        .route("/metrics", get(metrics))
        .with_state(Arc::new(Wire { door, accepted, store, watch }))
}

async fn webhook(
    State(wire): State<Arc<Wire>>,
    method: Method,
    headers: HeaderMap,
    body: Body,
) -> StatusCode {
    let began = Timestamp::now();
    // One byte more than allowed is read, so that the door can tell "too large" from "just large enough".
    let limit = MAX_BODY_BYTES.saturating_add(1);
    let too_large = vec![0; limit];
    let body = match timeout(BODY_TIME, to_bytes(body, limit)).await {
        Ok(Ok(body)) => body.to_vec(),
        Ok(Err(_)) => too_large,
        Err(_) => return StatusCode::REQUEST_TIMEOUT,
    };
    let request = Request {
        method: method.as_str(),
        authorization: headers.get(AUTHORIZATION).map(|value| value.as_bytes()),
        body: &body,
    };
    let answer = wire.door.receive(request, &wire.accepted, &wire.store, Timestamp::now()).await;
    wire.watch.answer(&answer, began, Timestamp::now());
    StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

async fn health(State(wire): State<Arc<Wire>>) -> StatusCode {
    match wire.store.counts().await {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn metrics(State(wire): State<Arc<Wire>>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], wire.watch.exposition())
}
