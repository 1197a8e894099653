//! File downloads: some directly, some by a redirect to the storage host, where our token must not go.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use url::Url;

use super::{errors, shapes};
use crate::{
    journal::Recorded,
    state::{Shared, State as Books},
};

/// A file to serve.
pub(crate) struct Stored {
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) bytes: Arc<Vec<u8>>,
    pub(crate) in_storage: bool,
}

/// `GET /files/specifications/{revision_id}/{name}`.
pub(super) async fn specification(
    State(shared): State<Arc<Shared>>,
    Path((id, _)): Path<(i64, String)>,
) -> Response {
    download(&shared, "specifications", id)
}

/// `GET /files/attachments/{id}/{name}`.
pub(super) async fn attachment(
    State(shared): State<Arc<Shared>>,
    Path((id, _)): Path<(i64, String)>,
) -> Response {
    download(&shared, "attachments", id)
}

/// `GET /files/drawings/{revision_id}/{name}`.
pub(super) async fn drawing(
    State(shared): State<Arc<Shared>>,
    Path((id, _)): Path<(i64, String)>,
) -> Response {
    download(&shared, "drawings", id)
}

/// `GET /storage/...` on the storage host. A request that carries a token is refused, as cloud storage does.
pub(super) async fn stored(
    State(shared): State<Arc<Shared>>,
    Path((kind, id, name)): Path<(String, i64, String)>,
    headers: HeaderMap,
) -> Response {
    let carries_token = headers.contains_key(header::AUTHORIZATION);
    let file = shared.read(|state| find(state, &kind, id));
    let response = match file {
        _ if carries_token => {
            (StatusCode::BAD_REQUEST, "Only one authorization mechanism is allowed").into_response()
        }
        Some(file) => file.into_response(),
        None => errors::not_found(),
    };
    let authorization = if carries_token { "bearer wrong" } else { "bearer none" };
    let mut seen: std::collections::BTreeMap<String, String> = headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    seen.insert("authorization".to_owned(), authorization.to_owned());
    shared.note(|state| {
        state.record(Recorded {
            method: "GET".to_owned(),
            path: format!("/storage/{kind}/{id}/{name}"),
            query: String::new(),
            headers: seen,
            body: serde_json::Value::Null,
            status: response.status().as_u16(),
            dropped: false,
            at: Timestamp::now(),
        })
    });
    response
}

fn download(shared: &Shared, kind: &str, id: i64) -> Response {
    let Some(file) = shared.read(|state| find(state, kind, id)) else {
        return errors::not_found();
    };
    if !file.in_storage {
        return file.into_response();
    }
    (StatusCode::FOUND, [(header::LOCATION, signed(&shared.storage_url, kind, id, &file.name))])
        .into_response()
}

/// Address at the storage host, which stands for itself: it takes no token.
pub(super) fn signed(storage: &Url, kind: &str, id: i64, name: &str) -> String {
    let stored = shapes::file_url(storage, kind, id, name).replacen("/files/", "/storage/", 1);
    format!("{stored}?signature=sandbox")
}

/// The file behind an attachment or a specification revision.
pub(crate) fn find(state: &Books, kind: &str, id: i64) -> Option<Stored> {
    if kind == "specifications" {
        let section = state.sections.iter().find(|section| section.revision_id == id)?;
        return Some(Stored {
            name: section.file_name(),
            content_type: "application/pdf".to_owned(),
            bytes: section.pdf.clone(),
            in_storage: section.in_storage,
        });
    }
    if kind == "drawings" {
        let revisions = state.drawings.iter().flat_map(|one| one.revisions.iter().map(move |rev| (one, rev)));
        let (drawing, revision) = revisions.into_iter().find(|(_, revision)| revision.id == id)?;
        return Some(Stored {
            name: drawing.file_name(revision),
            content_type: "application/pdf".to_owned(),
            bytes: revision.pdf.clone(),
            in_storage: false,
        });
    }
    let of_submittals = state.submittals.iter().flat_map(|submittal| &submittal.attachments);
    let file =
        state.rfis.iter().flat_map(|rfi| &rfi.attachments).chain(of_submittals).find(|file| file.id == id)?;
    Some(Stored {
        name: file.name.clone(),
        content_type: file.content_type.clone(),
        bytes: file.bytes.clone(),
        in_storage: file.in_storage,
    })
}

impl IntoResponse for Stored {
    fn into_response(self) -> Response {
        let ascii: String = self
            .name
            .chars()
            .map(|c| if c.is_ascii_graphic() && c != '"' || c == ' ' { c } else { '_' })
            .collect();
        let headers: [(HeaderName, String); 3] = [
            (header::CONTENT_TYPE, self.content_type),
            (header::CONTENT_DISPOSITION, format!("inline; filename=\"{ascii}\"")),
            // Attachments are what anybody uploaded: the browser must not guess a livelier type.
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        ];
        (headers, self.bytes.to_vec()).into_response()
    }
}
