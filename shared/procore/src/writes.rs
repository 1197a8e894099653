//! The closed list of everything this program can write to Procore.
//!
//! A [`Write`] can be made in this file only, and each function here makes one that stays a private draft
//! nobody is told about. Never add a reply, a review response, an approval, a status change, an assignee,
//! a recipient, or an operation whose name contains send, email, distribute, issue or close.

use reqwest::Method;
use serde_json::{Value, json};

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

/// How a write is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WriteMethod {
    Create,
    Update,
    Delete,
}

impl WriteMethod {
    pub(crate) fn name(self) -> &'static str {
        match self {
            WriteMethod::Create => "POST",
            WriteMethod::Update => "PATCH",
            WriteMethod::Delete => "DELETE",
        }
    }

    pub(crate) fn http(self) -> Method {
        match self {
            WriteMethod::Create => Method::POST,
            WriteMethod::Update => Method::PATCH,
            WriteMethod::Delete => Method::DELETE,
        }
    }

    /// A deletion repeated is a deletion. A creation repeated is a second record, and an update repeated
    /// may undo what a person did in between.
    pub(crate) fn repeatable(self) -> bool {
        matches!(self, WriteMethod::Delete)
    }
}

/// One permitted write.
#[derive(Clone)]
pub(crate) struct Write {
    method: WriteMethod,
    path: String,
    body: Option<Value>,
}

impl Write {
    pub(crate) fn method(&self) -> WriteMethod {
        self.method
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }
}

impl std::fmt::Debug for Write {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.method.name(), self.path)
    }
}

/// `POST …/generic_tool_items`: a new draft item.
pub(crate) fn create_correspondence_draft(
    project: ProjectId,
    kind: CorrespondenceTypeId,
    draft: &DraftItem,
) -> Write {
    Write { method: WriteMethod::Create, path: items_path(project, kind), body: Some(draft_body(draft)) }
}

/// `PATCH …/generic_tool_items/{id}`: new text for a draft item; the rest is asserted again.
pub(crate) fn update_correspondence_draft(
    project: ProjectId,
    kind: CorrespondenceTypeId,
    item: CorrespondenceItemId,
    draft: &DraftItem,
) -> Write {
    Write { method: WriteMethod::Update, path: item_path(project, kind, item), body: Some(draft_body(draft)) }
}

/// `DELETE …/generic_tool_items/{id}`: takes back an item that did not become a draft.
pub(crate) fn delete_correspondence_item(
    project: ProjectId,
    kind: CorrespondenceTypeId,
    item: CorrespondenceItemId,
) -> Write {
    Write { method: WriteMethod::Delete, path: item_path(project, kind, item), body: None }
}

/// Procore docs: correspondence takes its status by name, and `skip_emails` stops mail on create and update.
fn draft_body(draft: &DraftItem) -> Value {
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

#[cfg(test)]
mod tests {
    use super::*;

    const PROJECT: ProjectId = ProjectId::new(4071);
    const KIND: CorrespondenceTypeId = CorrespondenceTypeId::new(77);
    const ITEM: CorrespondenceItemId = CorrespondenceItemId::new(9);

    fn draft() -> DraftItem {
        DraftItem { title: "RFI 12".into(), description: "text".into() }
    }

    #[test]
    fn the_whole_list() {
        let body = json!({"generic_tool_item": {
            "title": "RFI 12", "description": "text", "status": "Draft", "private": true, "skip_emails": true,
        }});
        let items = "/rest/v1.0/projects/4071/generic_tools/77/generic_tool_items";
        for (write, method, path, body, repeatable) in [
            (
                create_correspondence_draft(PROJECT, KIND, &draft()),
                "POST",
                items.to_owned(),
                Some(&body),
                false,
            ),
            (
                update_correspondence_draft(PROJECT, KIND, ITEM, &draft()),
                "PATCH",
                format!("{items}/9"),
                Some(&body),
                false,
            ),
            (delete_correspondence_item(PROJECT, KIND, ITEM), "DELETE", format!("{items}/9"), None, true),
        ] {
            assert_eq!(write.method().name(), method);
            assert_eq!(write.method().http().as_str(), method);
            assert_eq!(write.path(), path);
            assert_eq!(write.body(), body);
            assert_eq!(write.method().repeatable(), repeatable, "{method}");
        }
    }

    #[test]
    fn text_is_not_shown() {
        let draft = DraftItem { title: "Kitchen leak".into(), description: "Smith said".into() };
        let shown = format!("{draft:?} {:?}", create_correspondence_draft(PROJECT, KIND, &draft));
        assert!(!shown.contains("Kitchen") && !shown.contains("Smith"), "{shown}");
    }
}
