//! Specification sections, v2.1. Procore docs: the rows are revisions; `id` is the revision's, ids are strings.

use std::sync::Arc;

use axum::{extract::State, http::Uri, response::Response};
use serde_json::{Value, json};
use url::Url;

use super::{page, shapes};
use crate::{records::SectionRevision, state::Shared};

/// `GET /rest/v2.1/companies/{company_id}/projects/{project_id}/specification_sections`.
pub(super) async fn list(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let rows: Vec<Value> =
        shared.read(|state| state.sections.iter().map(|section| row(&shared.url, section)).collect());
    page::V2.answer(&shared.url, &uri, &rows)
}

fn row(base: &Url, section: &SectionRevision) -> Value {
    let division = section.number.get(..2).unwrap_or_default();
    let issued_at = format!("{}T09:00:00Z", section.issued_date);
    json!({
        "id": section.revision_id.to_string(),
        "specification_section_id": section.section_id.to_string(),
        "number": section.number,
        "description": section.title,
        "division": { "id": division.trim_start_matches('0'), "number": division, "description": "" },
        "revision": section.revision,
        "issued_date": section.issued_date,
        "received_date": section.issued_date,
        "set": { "id": "61007", "name": "Conformed set" },
        "created_at": issued_at,
        "updated_at": issued_at,
        "url": shapes::file_url(base, "specifications", section.revision_id, &section.file_name()),
    })
}
