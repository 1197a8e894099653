//! Drawings: one area with one set, sheets, and their revisions.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::Uri,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

use super::{errors, page, params::Params, shapes};
use crate::{
    records::{Drawing, DrawingRevision},
    state::{Shared, State as Books},
};

const AREA_ID: i64 = 42_001;
const SET_ID: i64 = 43_001;
const DISCIPLINES: [(i64, &str); 2] = [(44_001, "Architectural"), (44_002, "Structural")];
const CREATED_AT: &str = "2025-08-04T15:00:00Z";

/// `GET .../drawing_areas`.
pub(super) async fn areas(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let row = shared.read(|state| {
        let revisions: usize = state.drawings.iter().map(|drawing| drawing.revisions.len()).sum();
        let set = json!({
            "id": SET_ID,
            "project_id": state.project.id,
            "name": "Construction documents",
            "created_at": CREATED_AT,
            "updated_at": CREATED_AT,
            "date": "2026-02-23",
            "position": 1,
            "drawing_revisions_count": revisions,
        });
        json!({
            "id": AREA_ID,
            "name": "Clinic",
            "description": "",
            "drawings_count": state.drawings.len(),
            "drawing_sets": [set],
            "drawing_disciplines": disciplines(),
            "created_at": CREATED_AT,
            "updated_at": CREATED_AT,
            "area_deletable": false,
        })
    });
    page::V1.answer(&shared.url, &uri, &[row])
}

/// `GET .../drawing_disciplines`: not paged.
pub(super) async fn list_disciplines() -> Response {
    Json(disciplines()).into_response()
}

/// `GET .../drawing_revisions`. Procore docs: superseded ones are hidden unless asked for.
pub(super) async fn revisions(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let params = Params::of(&uri);
    let updated = match params.range("updated_at") {
        Ok(updated) => updated,
        Err(refused) => return *refused,
    };
    let one = |name| params.one(name).and_then(|id| id.parse::<i64>().ok());
    let (drawing_id, area) = (one("drawing_id"), one("drawing_area_id"));
    let (set, discipline) = (one("drawing_set_id"), one("drawing_discipline_id"));
    let listed: Vec<i64> =
        params.pairs().filter(|(name, _)| *name == "id[]").flat_map(|(_, id)| id.parse()).collect();
    let ids = params.ids("ids").or((!listed.is_empty()).then_some(listed));
    let all = params.one("with_obsolete") == Some("true");
    let query = params.one("query").unwrap_or_default().to_lowercase();
    let rows: Vec<Value> = shared.read(|state| {
        revisions_of(state)
            .filter(|(drawing, revision)| all || is_current(drawing, revision))
            .filter(|(drawing, _)| drawing_id.is_none_or(|id| drawing.id == id))
            .filter(|_| area.is_none_or(|id| id == AREA_ID) && set.is_none_or(|id| id == SET_ID))
            .filter(|(drawing, _)| discipline.is_none_or(|id| discipline_id(drawing) == id))
            .filter(|(_, revision)| ids.as_ref().is_none_or(|ids| ids.contains(&revision.id)))
            .filter(|(drawing, _)| {
                format!("{} {}", drawing.number, drawing.title).to_lowercase().contains(&query)
            })
            .filter(|(_, revision)| {
                updated.is_none_or(|(from, to)| {
                    issued_at(revision).parse().is_ok_and(|at: Timestamp| (from..=to).contains(&at))
                })
            })
            .map(|(drawing, revision)| row(&shared.url, drawing, revision))
            .collect()
    });
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `GET .../drawing_revisions/{id}`.
pub(super) async fn revision(State(shared): State<Arc<Shared>>, Path((_, id)): Path<(i64, i64)>) -> Response {
    let body = shared.read(|state| {
        let (drawing, revision) = revisions_of(state).find(|(_, revision)| revision.id == id)?;
        Some(row(&shared.url, drawing, revision))
    });
    body.map_or_else(errors::not_found, |body| Json(body).into_response())
}

/// `GET /rest/v1.1/drawing_areas/{drawing_area_id}/drawings`: sheets with the revision in force.
pub(super) async fn of_area(
    State(shared): State<Arc<Shared>>,
    Path(area_id): Path<i64>,
    uri: Uri,
) -> Response {
    if area_id != AREA_ID {
        return errors::not_found();
    }
    let rows: Vec<Value> = shared.read(|state| {
        let sheets = state.drawings.iter();
        sheets
            .map(|drawing| {
                let current = drawing.current().map(|revision| {
                    json!({
                        "id": revision.id,
                        "revision_number": revision.revision,
                        "pdf_url": pdf_url(&shared.url, drawing, revision),
                        "pdf_size": revision.pdf.len(),
                        "updated_at": issued_at(revision),
                    })
                });
                json!({
                    "id": drawing.id,
                    "number": drawing.number,
                    "title": drawing.title,
                    "discipline": drawing.discipline,
                    "drawing_discipline_id": discipline_id(drawing),
                    "obsolete": false,
                    "current_revision": current,
                })
            })
            .collect()
    });
    page::V1.answer(&shared.url, &uri, &rows)
}

fn revisions_of(state: &Books) -> impl Iterator<Item = (&Drawing, &DrawingRevision)> {
    state.drawings.iter().flat_map(|drawing| drawing.revisions.iter().map(move |one| (drawing, one)))
}

fn is_current(drawing: &Drawing, revision: &DrawingRevision) -> bool {
    drawing.current().is_some_and(|current| current.id == revision.id)
}

fn row(base: &Url, drawing: &Drawing, revision: &DrawingRevision) -> Value {
    let current = is_current(drawing, revision);
    json!({
        "id": revision.id,
        "drawing_id": drawing.id,
        "number": drawing.number,
        "title": drawing.title,
        "revision_number": revision.revision,
        "drawing_date": revision.issued_date,
        "received_date": revision.issued_date,
        "current": current,
        "obsolete": !current,
        "pdf_url": pdf_url(base, drawing, revision),
        "pdf_size": revision.pdf.len(),
        "drawing_set_id": SET_ID,
        "drawing_set": { "id": SET_ID },
        "drawing_area": { "id": AREA_ID },
        "discipline": { "id": discipline_id(drawing), "name": drawing.discipline, "position": 1 },
        "updated_at": issued_at(revision),
    })
}

fn pdf_url(base: &Url, drawing: &Drawing, revision: &DrawingRevision) -> String {
    shapes::file_url(base, "drawings", revision.id, &drawing.file_name(revision))
}

fn disciplines() -> Vec<Value> {
    let numbered = DISCIPLINES.iter().zip(1_i64..);
    numbered.map(|((id, name), position)| json!({ "id": id, "name": name, "position": position })).collect()
}

fn discipline_id(drawing: &Drawing) -> i64 {
    DISCIPLINES.iter().find(|(_, name)| *name == drawing.discipline).map_or(0, |(id, _)| *id)
}

fn issued_at(revision: &DrawingRevision) -> String {
    format!("{}T09:00:00Z", revision.issued_date)
}
