//! Error answers, in the shapes Procore's docs show. They are not uniform there either.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::faults::ErrorShape;

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

/// The tool is there and the level is not.
pub(super) fn no_permission() -> Response {
    common(StatusCode::FORBIDDEN, "You do not have permission to perform this action", "forbidden")
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
    let shape = match status.as_u16() {
        502 | 504 => ErrorShape::Html,
        500..=599 => ErrorShape::Coded,
        _ => ErrorShape::Common,
    };
    shaped(status, shape)
}

/// An ordered error in one of the documented shapes.
pub(super) fn shaped(status: StatusCode, shape: ErrorShape) -> Response {
    const WHY: &str = "Ordered by a test";
    let body = match shape {
        ErrorShape::Common => return common(status, WHY, "ordered"),
        ErrorShape::ErrorsText => json!({ "errors": WHY }),
        ErrorShape::ErrorsList => json!({ "errors": [WHY] }),
        ErrorShape::ErrorsByField => json!({ "errors": { "title": [WHY] } }),
        ErrorShape::Coded => coded("unavailable", WHY),
        ErrorShape::BaseAndFields => json!({ "base": [WHY], "fields": { "title": [WHY] } }),
        ErrorShape::Html => {
            let page = "<html><body><h1>Bad Gateway</h1></body></html>";
            return (status, [(header::CONTENT_TYPE, "text/html")], page).into_response();
        }
    };
    (status, Json(body)).into_response()
}

/// A duplicate, or a state that forbids it, in the shape of v2.
pub(super) fn conflict(message: &str) -> Response {
    (StatusCode::CONFLICT, Json(coded("conflict", message))).into_response()
}

/// A field that is wrong, in the shape of v2.
pub(super) fn coded_unprocessable(message: &str) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(coded("unprocessable", message))).into_response()
}

/// Something missing or malformed.
pub(super) fn malformed(message: &str) -> Response {
    common(StatusCode::BAD_REQUEST, message, "bad_request")
}

/// More rows than one call takes.
pub(super) fn too_large(message: &str) -> Response {
    common(StatusCode::PAYLOAD_TOO_LARGE, message, "too_large")
}

fn coded(code: &str, message: &str) -> serde_json::Value {
    json!({ "error": { "code": code, "message": message, "details": [] } })
}

fn common(status: StatusCode, message: &str, reason: &str) -> Response {
    let body = json!({ "code": status.as_u16(), "message": message, "reason": reason });
    (status, Json(body)).into_response()
}
