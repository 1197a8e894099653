//! Files on a record, as links the browser opens.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use minijinja::{Value, context};

use super::render;
use crate::{api::files, records::Attachment, state::Shared};

/// A file of a record, for the browser: no token needed here.
pub(super) async fn file(State(shared): State<Arc<Shared>>, Path((id, _)): Path<(i64, String)>) -> Response {
    shared
        .read(|state| files::find(state, "attachments", id))
        .map_or_else(|| render::missing(&shared, "This file"), IntoResponse::into_response)
}

pub(super) fn listed(files: &[Attachment]) -> Vec<Value> {
    files
        .iter()
        .map(|file| context! { id => file.id, encoded => encoded(&file.name), name => &file.name, bytes => file.bytes.len() })
        .collect()
}

/// A file name as a part of a path.
fn encoded(name: &str) -> String {
    url::form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}
