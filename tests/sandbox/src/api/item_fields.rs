//! The body of a correspondence write: which fields exist, what they may hold, and what they do to the item.

use axum::{http::StatusCode, response::Response};
use serde_json::{Map, Value};

use super::errors;
use crate::records::Item;

/// The statuses of the type.
pub(super) const STATUSES: [&str; 3] = ["Draft", "Open", "Closed"];

/// Every field the vendor's reference names for `generic_tool_item`; another one answers 406.
const FIELDS: [&str; 25] = [
    "title",
    "description",
    "status",
    "private",
    "skip_emails",
    "position",
    "due_date",
    "schedule_impact",
    "schedule_impact_value",
    "cost_impact",
    "cost_impact_value",
    "received_from_id",
    "location_id",
    "cost_code_id",
    "specification_section_id",
    "trade_id",
    "distribution_member_ids",
    "assignee_ids",
    "attachments",
    "drawing_revision_ids",
    "file_version_ids",
    "form_ids",
    "image_ids",
    "upload_ids",
    "document_management_document_revision_ids",
];

/// A body that passed the checks.
pub(super) struct ItemFields(Map<String, Value>);

impl ItemFields {
    /// Checks the body; the error is the answer to give.
    pub(super) fn read(body: Option<&Value>) -> Result<Self, Box<Response>> {
        let Some(Value::Object(fields)) = body.and_then(|body| body.get("generic_tool_item")) else {
            return Err(Box::new(errors::field(StatusCode::BAD_REQUEST, "generic_tool_item", "is missing")));
        };
        if let Some(unknown) =
            fields.keys().find(|key| !FIELDS.contains(&key.as_str()) && !key.starts_with("custom_field_"))
        {
            return Err(Box::new(errors::field(
                StatusCode::NOT_ACCEPTABLE,
                unknown,
                "is not a field of this resource",
            )));
        }
        for name in ["title", "description", "status"] {
            if fields.get(name).is_some_and(|value| !value.is_string()) {
                return Err(Box::new(errors::unprocessable(name, "must be a string")));
            }
        }
        let status = fields.get("status").and_then(Value::as_str);
        if status.is_some_and(|status| !STATUSES.contains(&status)) {
            return Err(Box::new(errors::unprocessable("status", "is not a status of this type")));
        }
        Ok(Self(fields.clone()))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name).and_then(Value::as_bool)
    }

    /// Ids in an array; numbers and strings of digits are both taken.
    fn ids(&self, name: &str) -> Option<Vec<i64>> {
        let values = self.0.get(name)?.as_array()?;
        Some(values.iter().filter_map(|id| id.as_i64().or_else(|| id.as_str()?.parse().ok())).collect())
    }

    /// Puts the given fields on the item and leaves the others as they are.
    pub(super) fn apply(&self, item: &mut Item) {
        for (name, target) in [
            ("title", &mut item.title),
            ("description", &mut item.description),
            ("status", &mut item.status),
            ("position", &mut item.position),
        ] {
            if let Some(text) = self.text(name) {
                text.clone_into(target);
            }
        }
        if let Some(private) = self.flag("private") {
            item.private = private;
        }
        if let Some(assignees) = self.ids("assignee_ids") {
            item.assignees = assignees;
        }
        if let Some(members) = self.ids("distribution_member_ids") {
            item.distribution = members;
        }
    }
}
