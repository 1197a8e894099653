//! The drawings: sheets, their revisions, text and PDF files.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use minijinja::{Value, context};

use super::render::{self, Page, day};
use crate::{
    api::files,
    records::{Drawing, DrawingRevision},
    state::Shared,
};

pub(super) async fn log(State(shared): State<Arc<Shared>>) -> Response {
    let rows: Vec<Value> = shared.read(|state| {
        let mut sheets: Vec<&Drawing> = state.drawings.iter().collect();
        sheets.sort_by_key(|sheet| sheet.number.clone());
        let newest_first = sheets
            .into_iter()
            .flat_map(|sheet| sheet.revisions.iter().rev().map(move |revision| row(sheet, revision)));
        newest_first.collect()
    });
    let page = Page {
        tool: "drawings",
        title: "Drawings".to_owned(),
        fragment: "fragments/drawings.html",
        refetch: None,
    };
    render::page(&shared, &page, context! { rows })
}

pub(super) async fn show(State(shared): State<Arc<Shared>>, Path(id): Path<i64>) -> Response {
    let found = shared.read(|state| {
        let of_sheets = state.drawings.iter();
        let (sheet, revision) = of_sheets
            .flat_map(|sheet| sheet.revisions.iter().map(move |revision| (sheet, revision)))
            .find(|(_, revision)| revision.id == id)?;
        let others: Vec<Value> = sheet
            .revisions
            .iter()
            .rev()
            .filter(|other| other.id != id)
            .map(|other| row(sheet, other))
            .collect();
        let title = format!("{} {}", sheet.number, sheet.title);
        Some((title, context! { ..row(sheet, revision), ..context! { text => &*revision.text, others } }))
    });
    let Some((title, content)) = found else {
        return render::missing(&shared, "This sheet");
    };
    let page = Page { tool: "drawings", title, fragment: "fragments/sheet.html", refetch: None };
    render::page(&shared, &page, content)
}

/// The PDF file, for the browser: no token needed here.
pub(super) async fn file(State(shared): State<Arc<Shared>>, Path((id, _)): Path<(i64, String)>) -> Response {
    shared
        .read(|state| files::find(state, "drawings", id))
        .map_or_else(|| render::missing(&shared, "This file"), IntoResponse::into_response)
}

fn row(sheet: &Drawing, revision: &DrawingRevision) -> Value {
    context! {
        id => revision.id,
        number => &sheet.number,
        sheet_title => &sheet.title,
        discipline => &sheet.discipline,
        revision => &revision.revision,
        issued => day(&revision.issued_date),
        current => sheet.current().is_some_and(|current| current.id == revision.id),
        file_name => sheet.file_name(revision),
    }
}
