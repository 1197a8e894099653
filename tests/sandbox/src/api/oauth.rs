//! Client-credentials tokens.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use jiff::{Span, Timestamp};
use serde_json::{Map, Value, json};

use crate::state::{Shared, Token};

/// `POST /oauth/token`. Procore docs show a form in the guide and JSON in the reference; both are taken.
pub(super) async fn token(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let fields = fields(&body);
    let field = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    if field("grant_type") != "client_credentials" {
        return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    if field("client_id") != shared.options.client_id
        || field("client_secret") != shared.options.client_secret
    {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let now = Timestamp::now();
    let life_s = shared.options.token_life_s;
    // Not a secret worth guarding, only different from every other and from those of an earlier start.
    let value = shared.note(|state| format!("sandbox-token-{}-{}", now.as_nanosecond(), state.next_id()));
    shared.note(|state| {
        let life = Span::new().seconds(i64::try_from(life_s).unwrap_or(i64::from(i32::MAX)));
        let expires_at = now.saturating_add(life).unwrap_or(now);
        state.tokens.push(Token { value: value.clone(), expires_at });
    });
    Json(json!({
        "access_token": value,
        "token_type": "bearer",
        "expires_in": life_s,
        "created_at": shared.now().as_second(),
    }))
    .into_response()
}

/// `GET /oauth/token/info`.
pub(super) async fn info(State(shared): State<Arc<Shared>>) -> Response {
    let owner = shared.read(|state| state.service_account_id);
    Json(json!({
        "resource_owner_id": owner,
        "scopes": [],
        "expires_in_seconds": shared.options.token_life_s,
        "application": { "uid": shared.options.client_id },
        "created_at": shared.now().as_second(),
    }))
    .into_response()
}

fn fields(body: &[u8]) -> Map<String, Value> {
    serde_json::from_slice(body).unwrap_or_else(|_| {
        url::form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), json!(value))).collect()
    })
}

fn refused(status: StatusCode, error: &str) -> Response {
    let description = "Client authentication failed";
    (status, Json(json!({ "error": error, "error_description": description }))).into_response()
}
