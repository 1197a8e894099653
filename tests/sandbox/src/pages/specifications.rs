//! The specification: sections, their revisions, text and PDF files.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use minijinja::{Value, context};

use super::render::{self, Page, day};
use crate::{api::files, records::SectionRevision, state::Shared};

pub(super) async fn log(State(shared): State<Arc<Shared>>) -> Response {
    let rows: Vec<Value> = shared.read(|state| {
        let mut sections: Vec<&SectionRevision> = state.sections.iter().collect();
        sections.sort_by_key(|section| (section.number.clone(), !section.current));
        sections.into_iter().map(row).collect()
    });
    let page = Page {
        tool: "specifications",
        title: "Specifications".to_owned(),
        fragment: "fragments/specifications.html",
        refetch: None,
    };
    render::page(&shared, &page, context! { rows })
}

pub(super) async fn show(State(shared): State<Arc<Shared>>, Path(revision_id): Path<i64>) -> Response {
    let found = shared.read(|state| {
        let section = state.sections.iter().find(|section| section.revision_id == revision_id)?;
        let others: Vec<Value> = state
            .sections
            .iter()
            .filter(|other| other.section_id == section.section_id && other.revision_id != revision_id)
            .map(row)
            .collect();
        let lines: Vec<Value> = section.text.lines().filter_map(line).collect();
        let title = format!("{} {}", section.number, section.title);
        Some((title, context! { ..row(section), ..context! { lines, others } }))
    });
    let Some((title, content)) = found else {
        return render::missing(&shared, "This section");
    };
    let page = Page { tool: "specifications", title, fragment: "fragments/section.html", refetch: None };
    render::page(&shared, &page, content)
}

/// The PDF file, for the browser: no token needed here.
pub(super) async fn file(State(shared): State<Arc<Shared>>, Path((id, _)): Path<(i64, String)>) -> Response {
    shared
        .read(|state| files::find(state, "specifications", id))
        .map_or_else(|| render::missing(&shared, "This file"), IntoResponse::into_response)
}

fn row(section: &SectionRevision) -> Value {
    context! {
        revision_id => section.revision_id,
        number => &section.number,
        section_title => &section.title,
        revision => &section.revision,
        issued => day(&section.issued_date),
        current => section.current,
        file_name => section.file_name(),
    }
}

/// One line of the text with the style of its level.
fn line(text: &str) -> Option<Value> {
    let body = text.trim();
    let level = if body.is_empty() {
        return None;
    } else if body.starts_with("PART ") || body == "END OF SECTION" {
        "part"
    } else if text.starts_with("  ") {
        "item"
    } else if body.get(1..3) == Some(". ") {
        "paragraph"
    } else {
        "article"
    };
    Some(context! { level, body })
}
