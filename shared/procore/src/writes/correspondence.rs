//! Items of correspondence: private drafts nobody is told about, and taking one of them back.

use serde_json::{Value, json};

use super::Write;
use crate::ids::{CorrespondenceItemId, CorrespondenceTypeId, ProjectId};

/// What a draft item of correspondence says. All else about it is fixed: status Draft, private, no e-mail,
/// nobody assigned, nobody on distribution.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftItem {
    /// The title, plain text.
    pub title: String,
    /// The description. Procore shows it as HTML, so the caller has escaped what must be text.
    pub description: String,
}

/// The text of a record does not belong in a log, not even by accident.
impl std::fmt::Debug for DraftItem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("DraftItem").finish_non_exhaustive()
    }
}

/// `POST …/generic_tool_items`: a new draft item.
pub(crate) fn create_draft(project: ProjectId, kind: CorrespondenceTypeId, draft: &DraftItem) -> Write {
    Write::create(items_path(project, kind), body(draft))
}

/// `PATCH …/generic_tool_items/{id}`: new text for a draft item; the rest is asserted again.
pub(crate) fn update_draft(
    project: ProjectId,
    kind: CorrespondenceTypeId,
    item: CorrespondenceItemId,
    draft: &DraftItem,
) -> Write {
    Write::update(item_path(project, kind, item), body(draft))
}

/// `DELETE …/generic_tool_items/{id}`: takes back an item that did not become a draft.
pub(crate) fn delete_item(
    project: ProjectId,
    kind: CorrespondenceTypeId,
    item: CorrespondenceItemId,
) -> Write {
    Write::delete(item_path(project, kind, item))
}

/// Procore docs: correspondence takes its status by name, and `skip_emails` stops mail on create and update.
fn body(draft: &DraftItem) -> Value {
    json!({
        "generic_tool_item": {
            "title": draft.title,
            "description": draft.description,
            "status": "Draft",
            "private": true,
            "skip_emails": true,
        }
    })
}

pub(crate) fn items_path(project: ProjectId, kind: CorrespondenceTypeId) -> String {
    format!("/rest/v1.0/projects/{project}/generic_tools/{kind}/generic_tool_items")
}

pub(crate) fn item_path(
    project: ProjectId,
    kind: CorrespondenceTypeId,
    item: CorrespondenceItemId,
) -> String {
    format!("{}/{item}", items_path(project, kind))
}
