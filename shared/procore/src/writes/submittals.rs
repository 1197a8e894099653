//! Submittals, as drafts only. What a draft is, each company says for itself: the status has to be proven.

use serde_json::json;

use super::{Write, set};
use crate::ids::{ProjectId, SectionId, SubmittalStatusId};
use crate::submittals::SubmittalStatus;

/// A status that is this company's Draft. There is no way to one but through a row of the company's own list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DraftStatus(SubmittalStatusId);

impl DraftStatus {
    /// The proof, if this row is one. Procore docs: of a row it is `status` that says what the name stands for.
    pub fn of(row: &SubmittalStatus) -> Option<DraftStatus> {
        row.is_draft().then_some(DraftStatus(row.id()))
    }

    /// Which status.
    pub fn id(self) -> SubmittalStatusId {
        self.0
    }
}

/// A new draft submittal. All else about it is fixed: status Draft, private, no e-mail, no workflow, nobody on
/// distribution.
#[derive(Clone, PartialEq, Eq)]
pub struct SubmittalDraft {
    /// Its number. Procore docs: the server gives none; see [`crate::Procore::next_submittal_number`].
    pub number: String,
    /// Title.
    pub title: String,
    /// Description, HTML.
    pub description: String,
    /// Name of one of [`crate::Procore::submittal_types`].
    pub kind: Option<String>,
    /// The specification section, not one of its revisions.
    pub specification_section: Option<SectionId>,
}

/// The text of a record does not belong in a log.
impl std::fmt::Debug for SubmittalDraft {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SubmittalDraft").finish_non_exhaustive()
    }
}

/// `POST …/submittals?send_emails=false`: a new draft. Procore docs: `send_emails` is false when absent; it is
/// stated, so that no default of theirs decides.
pub(crate) fn create_draft(project: ProjectId, status: DraftStatus, draft: &SubmittalDraft) -> Write {
    let mut submittal = json!({
        "status_id": status.0,
        "private": true,
        "number": draft.number,
        "title": draft.title,
        "description": draft.description,
    });
    set(&mut submittal, "type", draft.kind.as_deref());
    set(&mut submittal, "specification_section_id", draft.specification_section);
    Write::create(submittals_path(project), json!({ "submittal": submittal }))
        .with_query("send_emails", false)
}

pub(crate) fn submittals_path(project: ProjectId) -> String {
    format!("/rest/v1.1/projects/{project}/submittals")
}
