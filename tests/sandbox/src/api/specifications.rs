//! The specification. Procore docs: v2.1 rows are revisions, `id` is the revision's, ids are strings; the rows of
//! v1.0 and of the areas are sections, which name their current revision.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{errors, files, page, params::Params, shapes};
use crate::{
    records::SectionRevision,
    state::{Shared, State as Books},
};

const AREA_ID: i64 = 60_007;
const SET_ID: i64 = 61_007;

/// `GET /rest/v2.1/companies/{company_id}/projects/{project_id}/specification_sections`.
pub(super) async fn list(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let params = Params::of(&uri);
    if params.one("specification_area_id").is_some_and(|area| area != AREA_ID.to_string()) {
        return page::V2.answer(&shared.url, &uri, &[]);
    }
    let wanted = Wanted::of(&params);
    let rows: Vec<Value> = shared.read(|state| {
        let sections = state.sections.iter().filter(|section| wanted.holds(section));
        sections.map(|section| row(&shared, section)).collect()
    });
    page::V2.answer(&shared.url, &uri, &rows)
}

/// `GET .../specification_areas/{specification_area_id}/specification_sections`, v2.1: sections, not revisions.
pub(super) async fn of_area(
    State(shared): State<Arc<Shared>>,
    Path((_, _, area_id)): Path<(i64, i64, i64)>,
    uri: Uri,
) -> Response {
    if area_id != AREA_ID {
        return errors::not_found();
    }
    let wanted = Wanted::of(&Params::of(&uri));
    let rows: Vec<Value> = shared.read(|state| {
        current(state)
            .filter(|section| wanted.holds(section))
            .map(|section| {
                json!({
                    "id": section.section_id.to_string(),
                    "current_revision_id": section.revision_id.to_string(),
                    "number": section.number,
                    "description": section.title,
                    "specification_area_id": AREA_ID.to_string(),
                    "specification_section_division_id": division_id(section).to_string(),
                    "created_at": issued_at(section),
                })
            })
            .collect()
    });
    page::V2.answer(&shared.url, &uri, &rows)
}

/// `GET /rest/v1.0/specification_sections`: not paged.
pub(super) async fn sections(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let params = Params::of(&uri);
    if let Some(refused) = no_project(&params) {
        return refused;
    }
    let ids = params.ids("id");
    let rows: Vec<Value> = shared.read(|state| {
        current(state)
            .filter(|section| ids.as_ref().is_none_or(|ids| ids.contains(&section.section_id)))
            .map(|section| {
                json!({
                    "id": section.section_id,
                    "number": section.number,
                    "description": section.title,
                    "label": format!("{} - {}", section.number, section.title),
                    "current_revision_id": section.revision_id,
                })
            })
            .collect()
    });
    Json(rows).into_response()
}

/// `GET /rest/v1.0/specification_section_divisions`.
pub(super) async fn divisions(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    if let Some(refused) = no_project(&Params::of(&uri)) {
        return refused;
    }
    let mut rows: Vec<Value> = shared.read(|state| {
        current(state)
            .map(|section| {
                json!({ "id": division_id(section), "number": division(section), "description": "", "url": null })
            })
            .collect()
    });
    rows.dedup();
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `GET /rest/v1.0/specification_section_revisions`: of one division, current ones unless asked otherwise.
pub(super) async fn revisions(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let params = Params::of(&uri);
    if let Some(refused) = no_project(&params) {
        return refused;
    }
    let Some(division) =
        params.one("specification_section_division_id").and_then(|id| id.parse::<i64>().ok())
    else {
        return errors::field(StatusCode::BAD_REQUEST, "specification_section_division_id", "is missing");
    };
    let all = params.one("all_revisions") == Some("true");
    let rows: Vec<Value> = shared.read(|state| {
        let sections = state.sections.iter().filter(|section| all || section.current);
        sections
            .filter(|section| division_id(section) == division)
            .map(|section| {
                json!({
                    "id": section.revision_id,
                    "specification_section_id": section.section_id,
                    "specification_section_division_id": division,
                    "specification_set_id": SET_ID,
                    "number": section.number,
                    "description": section.title,
                    "url": url(&shared, section),
                    "revision": section.revision,
                    "issued_date": section.issued_date,
                    "received_date": section.issued_date,
                    "updated_at": issued_at(section),
                })
            })
            .collect()
    });
    page::V1.answer(&shared.url, &uri, &rows)
}

/// `GET /rest/v1.0/specification_section_revisions/{id}`.
pub(super) async fn revision(State(shared): State<Arc<Shared>>, Path(id): Path<i64>, uri: Uri) -> Response {
    if let Some(refused) = no_project(&Params::of(&uri)) {
        return refused;
    }
    let body = shared.read(|state| {
        let section = state.sections.iter().find(|section| section.revision_id == id)?;
        Some(json!({
            "id": section.revision_id,
            "source_id": section.revision_id,
            "name": section.file_name(),
            "section_id": section.section_id,
            "section_name": section.title,
            "source_create_time": issued_at(section),
            "source_update_time": issued_at(section),
            "url": url(&shared, section),
        }))
    });
    body.map_or_else(errors::not_found, |body| Json(body).into_response())
}

/// `GET .../specification_sets`.
pub(super) async fn sets(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let (project, company) = shared.read(|state| (state.project.id, state.company_id));
    let row = json!({
        "id": SET_ID,
        "project_id": project,
        "company_id": company,
        "name": "Conformed set",
        "created_at": "2026-01-12",
        "updated_at": "2026-01-12",
        "date": "2026-01-12",
        "position": 1,
    });
    page::V1.answer(&shared.url, &uri, &[row])
}

/// Which sections a query of v2.1 asks for.
struct Wanted {
    search: String,
    divisions: Option<Vec<i64>>,
}

impl Wanted {
    fn of(params: &Params) -> Self {
        let one = params.one("filter_division_id").and_then(|id| id.parse().ok());
        Self {
            search: params.one("search_string").unwrap_or_default().to_lowercase(),
            divisions: one.map(|id| vec![id]).or_else(|| params.ids("division_ids")),
        }
    }

    fn holds(&self, section: &SectionRevision) -> bool {
        let label = format!("{} {}", section.number, section.title).to_lowercase();
        label.contains(&self.search)
            && self.divisions.as_ref().is_none_or(|ids| ids.contains(&division_id(section)))
    }
}

fn row(shared: &Shared, section: &SectionRevision) -> Value {
    let issued_at = issued_at(section);
    let division = division(section);
    json!({
        "id": section.revision_id.to_string(),
        "specification_section_id": section.section_id.to_string(),
        "specification_area_id": AREA_ID.to_string(),
        "number": section.number,
        "description": section.title,
        "division": { "id": division_id(section).to_string(), "number": division, "description": "" },
        "revision": section.revision,
        "issued_date": section.issued_date,
        "received_date": section.issued_date,
        "set": { "id": SET_ID.to_string(), "name": "Conformed set" },
        "created_at": issued_at,
        "updated_at": issued_at,
        "url": url(shared, section),
    })
}

fn url(shared: &Shared, section: &SectionRevision) -> String {
    let (kind, id, name) = ("specifications", section.revision_id, section.file_name());
    if section.direct {
        files::signed(&shared.storage_url, kind, id, &name)
    } else {
        shapes::file_url(&shared.url, kind, id, &name)
    }
}

fn current(state: &Books) -> impl Iterator<Item = &SectionRevision> {
    state.sections.iter().filter(|section| section.current)
}

/// `10` of `10 14 00`.
fn division(section: &SectionRevision) -> &str {
    section.number.get(..2).unwrap_or_default()
}

fn division_id(section: &SectionRevision) -> i64 {
    division(section).parse().unwrap_or_default()
}

fn issued_at(section: &SectionRevision) -> String {
    format!("{}T09:00:00Z", section.issued_date)
}

/// Procore docs: these v1.0 paths name no project, the query must.
fn no_project(params: &Params) -> Option<Response> {
    params
        .one("project_id")
        .is_none()
        .then(|| errors::field(StatusCode::BAD_REQUEST, "project_id", "is missing"))
}
