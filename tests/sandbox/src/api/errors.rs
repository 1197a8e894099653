//! Error answers, in the shapes Procore's docs show. They are not uniform there either.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

pub(super) fn unauthorized() -> Response {
    common(StatusCode::UNAUTHORIZED, "The access token is missing, expired or revoked", "invalid_token")
}

/// Plain text, unlike the others. Procore docs: the text begins this way.
pub(super) fn missing_company() -> Response {
    let text = "Missing Procore-Company-Id header! Every request must name the company it is for.";
    (StatusCode::BAD_REQUEST, text).into_response()
}

pub(super) fn other_company() -> Response {
    common(StatusCode::FORBIDDEN, "App is not connected to this company", "forbidden")
}

pub(super) fn forbidden() -> Response {
    common(StatusCode::FORBIDDEN, "You do not have access to this project", "forbidden")
}

pub(super) fn not_found() -> Response {
    common(StatusCode::NOT_FOUND, "Not found", "not_found")
}

/// Any path or method the stand-in does not know, writes above all.
pub(super) async fn unknown_path() -> Response {
    not_found()
}

/// A field that is wrong: `{"errors": {field: [message]}}`.
pub(super) fn field(status: StatusCode, field: &str, message: &str) -> Response {
    (status, Json(json!({ "errors": { field: [message] } }))).into_response()
}

pub(super) fn unprocessable(name: &str, message: &str) -> Response {
    field(StatusCode::UNPROCESSABLE_ENTITY, name, message)
}

pub(super) fn too_many() -> Response {
    (StatusCode::TOO_MANY_REQUESTS, Json(json!({ "errors": ["Rate limit exceeded"] }))).into_response()
}

/// What a test ordered: a gateway's HTML for 502 and 504, the v2 shape for other server errors, else the v1 shape.
pub(super) fn ordered(status: StatusCode) -> Response {
    match status.as_u16() {
        502 | 504 => (status, "<html><body><h1>Bad Gateway</h1></body></html>").into_response(),
        500..=599 => {
            let error =
                json!({ "error": { "code": "unavailable", "message": "Ordered by a test", "details": [] } });
            (status, Json(error)).into_response()
        }
        _ => common(status, "Ordered by a test", "ordered"),
    }
}

fn common(status: StatusCode, message: &str, reason: &str) -> Response {
    let body = json!({ "code": status.as_u16(), "message": message, "reason": reason });
    (status, Json(body)).into_response()
}
