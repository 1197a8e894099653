//! Drawings, their revisions and the areas they are filed under.
//!
//! A drawing goes through revisions, of which one is in force; a superseded one must never be quoted as if it
//! were. RFIs point to drawings (`drawing_ids`), people to sheets by their number (`A-501`).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::ids::{DrawingAreaId, DrawingId, DrawingRevisionId, DrawingSetId, ProjectId};
use crate::wire;

/// One revision of a drawing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct DrawingRevision {
    /// Which.
    pub id: DrawingRevisionId,
    /// The drawing; not stated where the revision stands inside it.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub drawing_id: Option<DrawingId>,
    /// Number of the sheet, e.g. `A-501`.
    #[serde(default, deserialize_with = "wire::words")]
    pub number: String,
    /// Title of the sheet.
    #[serde(default, deserialize_with = "wire::words")]
    pub title: String,
    /// Name of the revision, free text.
    #[serde(rename = "revision_number", default, deserialize_with = "wire::text")]
    pub revision: Option<String>,
    /// Whether it is the one in force, where stated.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub current: Option<bool>,
    /// Whether it was taken out of use.
    #[serde(default, deserialize_with = "wire::flag")]
    pub obsolete: bool,
    /// Day on the sheet.
    #[serde(default, deserialize_with = "wire::day")]
    pub drawing_date: Option<Date>,
    /// Day it was received.
    #[serde(default, deserialize_with = "wire::day")]
    pub received_date: Option<Date>,
    /// When it last changed.
    #[serde(default, deserialize_with = "wire::moment")]
    pub updated_at: Option<Timestamp>,
    /// The set it was issued in.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub drawing_set_id: Option<DrawingSetId>,
    /// Where its file is.
    #[serde(default, deserialize_with = "wire::text")]
    pub pdf_url: Option<String>,
}

impl DrawingRevision {
    /// Whether it must not be relied on: no longer the one in force, or taken out of use. One that does not say
    /// is superseded only by what [`current_sheets`] finds beside it.
    pub fn is_superseded(&self) -> bool {
        self.current == Some(false) || self.obsolete
    }

    /// A stated "in force" first, then the paper's dates, then the upload's order.
    fn rank(&self) -> (bool, Option<Date>, Option<Date>, DrawingRevisionId) {
        (self.current == Some(true), self.drawing_date, self.received_date, self.id)
    }
}

/// The revisions in force of the sheets with this number, one for each drawing: more than one means that the
/// number alone does not say which is meant, none that no such sheet is in force.
pub fn current_sheets(revisions: Vec<DrawingRevision>, number: &str) -> Vec<DrawingRevision> {
    let mut newest: BTreeMap<Option<DrawingId>, DrawingRevision> = BTreeMap::new();
    for revision in revisions {
        let is_newer = newest.get(&revision.drawing_id).is_none_or(|known| known.rank() < revision.rank());
        if is_same_sheet(&revision.number, number) && !revision.is_superseded() && is_newer {
            newest.insert(revision.drawing_id, revision);
        }
    }
    newest.into_values().collect()
}

/// Whether two numbers mean one sheet: people write `A-501`, `a501` and `A 501` for the same.
pub fn is_same_sheet(a: &str, b: &str) -> bool {
    let a = plain(a);
    !a.is_empty() && a == plain(b)
}

fn plain(number: &str) -> String {
    number
        .chars()
        .filter(|letter| letter.is_alphanumeric() || *letter == '.')
        .flat_map(char::to_uppercase)
        .collect()
}

/// A drawing as an area lists it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Drawing {
    /// Which.
    pub id: DrawingId,
    /// Number of the sheet.
    #[serde(default, deserialize_with = "wire::words")]
    pub number: String,
    /// Title of the sheet.
    #[serde(default, deserialize_with = "wire::words")]
    pub title: String,
    /// Name of its discipline, e.g. `Architectural`.
    #[serde(default, deserialize_with = "wire::text")]
    pub discipline: Option<String>,
    /// Whether it was taken out of use.
    #[serde(default, deserialize_with = "wire::flag")]
    pub obsolete: bool,
    /// The revision in force.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub current_revision: Option<DrawingRevision>,
}

/// Drawings issued together.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DrawingSet {
    /// Which.
    pub id: DrawingSetId,
    /// Its name.
    #[serde(default, deserialize_with = "wire::words")]
    pub name: String,
    /// Its day.
    #[serde(default, deserialize_with = "wire::day")]
    pub date: Option<Date>,
}

/// An area drawings are filed under.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DrawingArea {
    /// Which.
    pub id: DrawingAreaId,
    /// Its name.
    #[serde(default, deserialize_with = "wire::words")]
    pub name: String,
    /// The sets in it.
    #[serde(default, deserialize_with = "wire::list")]
    pub drawing_sets: Vec<DrawingSet>,
}

/// Which revisions a list should hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrawingFilter {
    /// Of this drawing.
    pub drawing: Option<DrawingId>,
    /// Of this set.
    pub set: Option<DrawingSetId>,
    /// Found by this text. What is searched is not said: compare numbers with [`current_sheets`].
    pub text: Option<String>,
    /// Those taken out of use as well. Procore docs: hidden unless asked for.
    pub with_obsolete: bool,
    /// Changed since then.
    pub updated_since: Option<Timestamp>,
}

impl Procore {
    /// The revisions of a project's drawings that the filter lets through.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn drawing_revisions(
        &self,
        project: ProjectId,
        filter: &DrawingFilter,
    ) -> Result<Vec<DrawingRevision>, Error> {
        let mut call = Call::get(format!("/rest/v1.0/projects/{project}/drawing_revisions"));
        if let Some(drawing) = filter.drawing {
            call = call.query("drawing_id", drawing);
        }
        if let Some(set) = filter.set {
            call = call.query("drawing_set_id", set);
        }
        if let Some(text) = &filter.text {
            call = call.query("query", text);
        }
        if filter.with_obsolete {
            call = call.query("with_obsolete", true);
        }
        if let Some(start) = filter.updated_since {
            call = call.query("filters[updated_at]", wire::range_from(start));
        }
        self.pages(call, None).await
    }

    /// One revision.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn drawing_revision(
        &self,
        project: ProjectId,
        revision: DrawingRevisionId,
    ) -> Result<DrawingRevision, Error> {
        let path = format!("/rest/v1.0/projects/{project}/drawing_revisions/{revision}");
        self.send(Call::get(path)).await?.one()
    }

    /// The areas of a project's drawings, with their sets.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn drawing_areas(&self, project: ProjectId) -> Result<Vec<DrawingArea>, Error> {
        self.pages(Call::get(format!("/rest/v1.0/projects/{project}/drawing_areas")), None).await
    }

    /// The drawings of an area, each with its revision in force.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn drawings(&self, project: ProjectId, area: DrawingAreaId) -> Result<Vec<Drawing>, Error> {
        let call = Call::get(format!("/rest/v1.1/drawing_areas/{area}/drawings"));
        self.pages(call.query("project_id", project), None).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revision(json: &str) -> DrawingRevision {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_sheet_in_force_is_found_by_its_number() {
        let all = [
            r#"{"id": 1, "drawing_id": 10, "number": "A-501", "current": false, "drawing_date": "2026-03-01"}"#,
            r#"{"id": 2, "drawing_id": 10, "number": "A-501", "current": true, "drawing_date": "2026-02-01"}"#,
            r#"{"id": 3, "drawing_id": 11, "number": "A-5.01", "current": true}"#,
            r#"{"id": 4, "drawing_id": 12, "number": "A-502", "current": true, "obsolete": true}"#,
            r#"{"id": 5, "drawing_id": 13, "number": "S-101"}"#,
            r#"{"id": 6, "drawing_id": 13, "number": "S-101", "received_date": "2026-01-01"}"#,
            r#"{"id": 7, "drawing_id": 14, "number": "M-1", "current": true}"#,
            r#"{"id": 8, "drawing_id": 15, "number": "M-1", "current": true}"#,
            r#"{"id": 9, "drawing_id": 16, "number": "E-1", "current": true}"#,
            r#"{"id": 10, "drawing_id": 16, "number": "E-1", "drawing_date": "2026-09-01"}"#,
        ]
        .map(revision);
        for (number, expected) in [
            ("A-501", vec![2]),
            (" a 501", vec![2]),
            ("A-5.01", vec![3]),
            ("A-502", vec![]),
            ("S-101", vec![6]),
            ("M-1", vec![7, 8]),
            ("E-1", vec![9]),
            ("A-50", vec![]),
            ("", vec![]),
        ] {
            for rows in [all.to_vec(), all.iter().rev().cloned().collect()] {
                let found = current_sheets(rows, number);
                let ids: Vec<i64> = found.iter().map(|revision| revision.id.get()).collect();
                assert_eq!(ids, expected, "{number}");
            }
        }
    }

    #[test]
    fn what_was_written_down_of_a_revision_reads_as_it_was() {
        let told = r#"{"id": 1, "drawing_id": 10, "number": "A-501", "revision_number": 2, "current": true,
            "drawing_date": "2026-03-01", "updated_at": "2026-03-02T09:00:00Z", "pdf_url": "https://x.example/a"}"#;
        for told in [told, r#"{"id": 2}"#] {
            let told = revision(told);
            assert_eq!(revision(&serde_json::to_string(&told).unwrap()), told);
        }
    }

    #[test]
    fn a_superseded_revision_says_so() {
        for (members, superseded) in [
            ("", false),
            (r#", "current": true"#, false),
            (r#", "current": null"#, false),
            (r#", "current": false"#, true),
            (r#", "current": true, "obsolete": true"#, true),
        ] {
            assert_eq!(revision(&format!("{{\"id\": 1{members}}}")).is_superseded(), superseded, "{members}");
        }
    }
}
