//! RFIs, as drafts only. Procore docs: `draft` can be changed on draft RFIs alone, and a draft that was opened
//! never goes back; so it is stated as true with every write, and nothing here can say otherwise.

use serde_json::{Value, json};

use super::{Write, set};
use crate::ids::{LocationId, ProjectId, RfiId, SectionId, UserId};

/// A new draft RFI. All else about it is fixed: a draft, private, without number, assignees or distribution.
#[derive(Clone, PartialEq, Eq)]
pub struct RfiDraft {
    /// Subject line.
    pub subject: String,
    /// The question, HTML.
    pub question: String,
    /// Who will run it; one of [`crate::Procore::potential_rfi_managers`]. They see the draft.
    pub rfi_manager: UserId,
    /// Where.
    pub location: Option<LocationId>,
    /// Drawing number, free text.
    pub drawing_number: Option<String>,
    /// The specification section, not one of its revisions.
    pub specification_section: Option<SectionId>,
    /// Reference, free text.
    pub reference: Option<String>,
}

/// Text for an RFI that is a draft; what is absent stays as it is. Its number, status, visibility and people
/// are its writer's and cannot be named here.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RfiDraftChange {
    /// Subject line.
    pub subject: Option<String>,
    /// The question, HTML.
    pub question: Option<String>,
    /// Where.
    pub location: Option<LocationId>,
    /// Drawing number, free text.
    pub drawing_number: Option<String>,
    /// The specification section, not one of its revisions.
    pub specification_section: Option<SectionId>,
    /// Reference, free text.
    pub reference: Option<String>,
}

/// The text of a record does not belong in a log.
impl std::fmt::Debug for RfiDraft {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("RfiDraft").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for RfiDraftChange {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("RfiDraftChange").finish_non_exhaustive()
    }
}

/// `POST …/rfis`: a new draft. Procore docs: subject, manager and the question's body are required.
pub(crate) fn create_draft(project: ProjectId, draft: &RfiDraft) -> Write {
    let mut rfi = json!({
        "draft": true,
        "private": true,
        "subject": draft.subject,
        "rfi_manager_id": draft.rfi_manager,
        "question": { "body": draft.question },
    });
    set(&mut rfi, "location_id", draft.location);
    set(&mut rfi, "drawing_number", draft.drawing_number.as_deref());
    set(&mut rfi, "specification_section_id", draft.specification_section);
    set(&mut rfi, "reference", draft.reference.as_deref());
    Write::create(rfis_path(project), json!({ "rfi": rfi }))
}

/// `PATCH …/rfis/{id}`: fills in a draft. Should it have been opened in between, `draft` asks for what cannot
/// be, and the write is refused rather than obeyed (that it is refused is to be confirmed; check the answer).
pub(crate) fn update_draft(project: ProjectId, rfi: RfiId, change: &RfiDraftChange) -> Write {
    let mut body: Value = json!({ "draft": true });
    set(&mut body, "subject", change.subject.as_deref());
    set(&mut body, "question", change.question.as_deref().map(|text| json!({ "body": text })));
    set(&mut body, "location_id", change.location);
    set(&mut body, "drawing_number", change.drawing_number.as_deref());
    set(&mut body, "specification_section_id", change.specification_section);
    set(&mut body, "reference", change.reference.as_deref());
    Write::update(rfi_path(project, rfi), json!({ "rfi": body }))
}

pub(crate) fn rfis_path(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/rfis")
}

pub(crate) fn rfi_path(project: ProjectId, rfi: RfiId) -> String {
    format!("{}/{rfi}", rfis_path(project))
}
