//! Specification sections, their divisions, and their revisions.
//!
//! RFIs and submittals point to a section; its text is in its current revision. v1.0 knows sections and says
//! which revision is current; rows of the v2.1 list are revisions, under whose `id` the section stands apart.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::ids::{DivisionId, ProjectId, RevisionId, SectionId};
use crate::wire;

/// A specification section (v1.0).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct SpecificationSection {
    /// Which.
    pub id: SectionId,
    /// Number, e.g. `10 14 00`.
    #[serde(default, deserialize_with = "wire::words")]
    pub number: String,
    /// Title.
    #[serde(default, deserialize_with = "wire::words")]
    pub description: String,
    /// The revision in force; a section may have none.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub current_revision_id: Option<RevisionId>,
}

/// A division of the specifications.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SpecificationDivision {
    /// Which.
    pub id: DivisionId,
    /// Number, e.g. `10`.
    #[serde(default, deserialize_with = "wire::words")]
    pub number: String,
    /// Title.
    #[serde(default, deserialize_with = "wire::words")]
    pub description: String,
}

/// One revision of one specification section, from v2.1 or v1.0.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SpecificationRevision {
    /// The revision. Procore docs: rows of this v2.1 list are revisions, so their `id` is the revision's.
    #[serde(rename = "id")]
    pub revision_id: RevisionId,
    /// The section; what RFIs and submittals point to.
    #[serde(rename = "specification_section_id")]
    pub section_id: SectionId,
    /// Number of the section, e.g. `10 14 00`.
    #[serde(default, deserialize_with = "wire::words")]
    pub number: String,
    /// Title of the section.
    #[serde(default, deserialize_with = "wire::words")]
    pub description: String,
    /// Name of the revision, free text.
    #[serde(default, deserialize_with = "wire::text")]
    pub revision: Option<String>,
    /// Day it was issued, YYYY-MM-DD.
    #[serde(default, deserialize_with = "wire::text")]
    pub issued_date: Option<String>,
    /// Day it was received, YYYY-MM-DD.
    #[serde(default, deserialize_with = "wire::text")]
    pub received_date: Option<String>,
    /// When it was uploaded, ISO 8601.
    #[serde(default, deserialize_with = "wire::text")]
    pub created_at: Option<String>,
    /// When it last changed, ISO 8601.
    #[serde(default, deserialize_with = "wire::text")]
    pub updated_at: Option<String>,
    /// Where its file is.
    #[serde(default, deserialize_with = "wire::text")]
    pub url: Option<String>,
}

impl SpecificationRevision {
    /// What makes one revision newer than another: the paper's dates first, then the upload's.
    fn age(&self) -> (Option<&str>, Option<&str>, Option<&str>, RevisionId) {
        (
            self.issued_date.as_deref(),
            self.received_date.as_deref(),
            self.created_at.as_deref(),
            self.revision_id,
        )
    }
}

/// The newest revision of each section, by issued date, received date, creation and id, in the order of the
/// sections' numbers. A date that is not stated is older than any that is.
pub fn current_revisions(revisions: Vec<SpecificationRevision>) -> Vec<SpecificationRevision> {
    let mut newest: BTreeMap<SectionId, SpecificationRevision> = BTreeMap::new();
    for revision in revisions {
        let replaces = newest.get(&revision.section_id).is_none_or(|known| known.age() < revision.age());
        if replaces {
            newest.insert(revision.section_id, revision);
        }
    }
    let mut current: Vec<_> = newest.into_values().collect();
    current.sort_by(|a, b| a.number.cmp(&b.number).then(a.section_id.cmp(&b.section_id)));
    current
}

impl Procore {
    /// The sections of a project, in one answer.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn specification_sections(
        &self,
        project: ProjectId,
    ) -> Result<Vec<SpecificationSection>, Error> {
        let call = Call::get("/rest/v1.0/specification_sections").query("project_id", project);
        self.send(call).await?.list()
    }

    /// The divisions of a project's specifications.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn specification_divisions(
        &self,
        project: ProjectId,
    ) -> Result<Vec<SpecificationDivision>, Error> {
        let call = Call::get("/rest/v1.0/specification_section_divisions").query("project_id", project);
        self.pages(call, None).await
    }

    /// The revisions of the sections of one division (v1.0). Which of them a list holds that was not asked for
    /// all is not said; see [`current_revisions`].
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn specification_revisions_of(
        &self,
        project: ProjectId,
        division: DivisionId,
    ) -> Result<Vec<SpecificationRevision>, Error> {
        let call = Call::get("/rest/v1.0/specification_section_revisions")
            .query("project_id", project)
            .query("specification_section_division_id", division);
        self.pages(call, None).await
    }

    /// The revisions that a search finds. What is searched is not said: a row may be of any section, and the
    /// one that was meant may be missing.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn specification_revisions_matching(
        &self,
        project: ProjectId,
        search: &str,
    ) -> Result<Vec<SpecificationRevision>, Error> {
        self.pages(Call::get(self.revisions_path(project)).query("search_string", search), None).await
    }

    /// Every revision of every section of a project; see [`current_revisions`].
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn specification_revisions(
        &self,
        project: ProjectId,
    ) -> Result<Vec<SpecificationRevision>, Error> {
        self.pages(Call::get(self.revisions_path(project)), None).await
    }

    fn revisions_path(&self, project: ProjectId) -> String {
        format!("/rest/v2.1/companies/{}/projects/{project}/specification_sections", self.company())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revision(id: i64, section: i64, dates: [Option<&str>; 3]) -> SpecificationRevision {
        let [issued_date, received_date, created_at] = dates.map(|date| date.map(str::to_owned));
        SpecificationRevision {
            revision_id: RevisionId::new(id),
            section_id: SectionId::new(section),
            number: format!("{:02} 00 00", 99 - section),
            description: String::new(),
            revision: None,
            issued_date,
            received_date,
            created_at,
            updated_at: None,
            url: None,
        }
    }

    #[test]
    fn the_newest_of_each_section_stays() {
        let (old, new) = (Some("2026-01-31"), Some("2026-02-01"));
        for (why, first, second) in [
            ("issued later", [new, None, None], [old, new, new]),
            ("received later", [old, new, None], [old, old, new]),
            ("uploaded later", [old, old, new], [old, old, old]),
            ("a higher id", [old, old, old], [old, old, old]),
            ("nothing is known but the id", [None; 3], [None; 3]),
            ("a stated date beats none", [old, None, None], [None, new, new]),
        ] {
            let (newer, older) = (revision(12, 1, first), revision(11, 1, second));
            for order in [vec![newer.clone(), older.clone()], vec![older, newer.clone()]] {
                assert_eq!(current_revisions(order), std::slice::from_ref(&newer), "{why}");
            }
        }
    }

    #[test]
    fn sections_are_kept_apart_and_sorted_by_number() {
        let (a, b) = (revision(1, 10, [None; 3]), revision(2, 20, [None; 3]));
        assert_eq!(current_revisions(vec![a.clone(), b.clone()]), [b, a]); // section 20 has the lower number
        assert_eq!(current_revisions(vec![]), []);
    }
}
