//! Sheets and places, from `seed/drawings.toml` and `seed/locations.toml`.

use std::sync::Arc;

use serde::Deserialize;

use super::{files, pdf};
use crate::records::{Drawing, DrawingRevision, Location};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    drawing: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: i64,
    number: String,
    title: String,
    discipline: String,
    revision: Vec<RevisionRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RevisionRow {
    id: i64,
    name: String,
    issued: String,
    file: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Places {
    location: Vec<Location>,
}

pub(super) fn all() -> Vec<Drawing> {
    let rows = files::parsed::<File>(files::DRAWING_LIST).drawing;
    rows.into_iter()
        .map(|row| Drawing {
            id: row.id,
            number: row.number,
            title: row.title,
            discipline: row.discipline,
            revisions: row.revision.into_iter().map(RevisionRow::revision).collect(),
        })
        .collect()
}

/// A revision of a sheet to add.
#[derive(Debug, Clone, Copy)]
pub struct NewSheet<'a> {
    /// Sheet number such as `S-310`.
    pub number: &'a str,
    /// Title.
    pub title: &'a str,
    /// Discipline, such as `Structural`.
    pub discipline: &'a str,
    /// Revision as printed.
    pub revision: &'a str,
    /// `YYYY-MM-DD`.
    pub issued_date: &'a str,
    /// What stands on it.
    pub text: &'a str,
}

/// Issues a sheet.
pub(super) fn publish(drawings: &mut Vec<Drawing>, sheet: &NewSheet<'_>) {
    let ids =
        drawings.iter().flat_map(|one| one.revisions.iter().map(|revision| revision.id).chain([one.id]));
    let id = ids.max().unwrap_or_default() + 3;
    let revision = DrawingRevision {
        id: id + 1,
        revision: sheet.revision.to_owned(),
        issued_date: sheet.issued_date.to_owned(),
        text: sheet.text.into(),
        pdf: Arc::new(pdf::excerpt(sheet.text)),
    };
    match drawings.iter_mut().find(|drawing| drawing.number == sheet.number) {
        Some(drawing) => drawing.revisions.push(revision),
        None => drawings.push(Drawing {
            id,
            number: sheet.number.to_owned(),
            title: sheet.title.to_owned(),
            discipline: sheet.discipline.to_owned(),
            revisions: vec![revision],
        }),
    }
}

pub(super) fn locations() -> Vec<Location> {
    files::parsed::<Places>(files::LOCATIONS).location
}

impl RevisionRow {
    fn revision(self) -> DrawingRevision {
        let text = files::drawing(&self.file);
        let pdf = Arc::new(pdf::excerpt(text));
        DrawingRevision { id: self.id, revision: self.name, issued_date: self.issued, text: text.into(), pdf }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sheet_names_itself_and_some_have_superseded_revisions() {
        let drawings = all();
        for drawing in &drawings {
            assert!(!drawing.revisions.is_empty(), "{}", drawing.number);
            for revision in &drawing.revisions {
                let text = String::from_utf8_lossy(&revision.pdf).into_owned();
                assert!(text.contains(&format!("SHEET {}", drawing.number)), "{}", drawing.number);
                assert!(text.contains(&format!("REVISION {}", revision.revision)), "{}", drawing.number);
            }
        }
        assert!(drawings.iter().any(|drawing| drawing.revisions.len() > 1));
    }

    #[test]
    fn every_place_lies_in_the_one_its_path_says() {
        let places = locations();
        for place in &places {
            let parent = place.parent_id.and_then(|id| places.iter().find(|other| other.id == id));
            let expected = place.name.rsplit_once(" > ").map(|(parent, _)| parent);
            assert_eq!(parent.map(|parent| parent.name.as_str()), expected, "{}", place.name);
        }
        for seeded in super::super::rfis::all(jiff::Timestamp::now()) {
            let named = seeded.location.unwrap_or_default();
            assert!(named.is_empty() || places.iter().any(|place| place.name == named), "{named}");
        }
    }
}
