//! Files that are not what they say, for tests of a client that downloads.

use std::{convert::Infallible, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::stream;

use super::{errors, files, shapes};
use crate::state::Shared;

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OddFile {
    /// Never ends.
    Endless,
    /// Says it is longer than it is: the connection closes early.
    Short,
    /// Redirects to a specification on the storage host, which writes down whether a token came along.
    Elsewhere,
    /// Says it is a PDF file and is a page of HTML.
    HtmlForPdf,
    /// Redirects to itself.
    Loop,
}

impl OddFile {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Endless, Self::Short, Self::Elsewhere, Self::HtmlForPdf, Self::Loop];

    fn id(self) -> i64 {
        match self {
            Self::Endless => 1,
            Self::Short => 2,
            Self::Elsewhere => 3,
            Self::HtmlForPdf => 4,
            Self::Loop => 5,
        }
    }

    /// Its address on the API host.
    pub(crate) fn address(self, shared: &Shared) -> String {
        shapes::file_url(&shared.url, "odd", self.id(), "odd.pdf")
    }
}

/// `GET /files/odd/{id}/{name}`.
pub(super) async fn serve(State(shared): State<Arc<Shared>>, Path((id, _)): Path<(i64, String)>) -> Response {
    let Some(odd) = OddFile::ALL.into_iter().find(|odd| odd.id() == id) else {
        return errors::not_found();
    };
    let pdf = (header::CONTENT_TYPE, "application/pdf".to_owned());
    match odd {
        OddFile::Endless => {
            let chunk = Bytes::from_static(&[b' '; 16 * 1024]);
            let chunks = stream::repeat_with(move || Ok::<_, Infallible>(chunk.clone()));
            ([pdf], Body::from_stream(chunks)).into_response()
        }
        OddFile::Short => {
            // Twice what comes. A smaller file would be cut before the server has written anything at all.
            let length = (header::CONTENT_LENGTH, (2 * 64 * 16 * 1024).to_string());
            let chunk = Bytes::from_static(&[b' '; 16 * 1024]);
            let chunks = stream::iter((0..64).map(move |_| Ok::<_, Infallible>(chunk.clone())));
            ([pdf, length], Body::from_stream(chunks)).into_response()
        }
        OddFile::Elsewhere => {
            let stored = shared.read(|state| {
                let section = state.sections.first()?;
                let (id, name) = (section.revision_id, section.file_name());
                Some(files::signed(&shared.storage_url, "specifications", id, &name))
            });
            stored.map_or_else(errors::not_found, |address| redirect(&address))
        }
        OddFile::HtmlForPdf => ([pdf], "<html><body>Sign in to continue</body></html>").into_response(),
        OddFile::Loop => redirect(&odd.address(&shared)),
    }
}

fn redirect(address: &str) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, address)]).into_response()
}
