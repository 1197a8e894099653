//! The body of an RFI write: which fields exist, what they may hold, and what they do to the record.

use axum::{http::StatusCode, response::Response};
use serde_json::{Map, Value};

use super::{errors, shapes};
use crate::records::{Location, RfiRecord};

/// Every field the vendor's reference names for `rfi`; another one answers 406.
const FIELDS: [&str; 29] = [
    "subject",
    "reference",
    "accepted",
    "assignee_id",
    "assignee_ids",
    "required_assignee_ids",
    "ball_in_court_id",
    "draft",
    "due_date",
    "received_from_login_information_id",
    "responsible_contractor_id",
    "distribution_ids",
    "number",
    "private",
    "project_stage_id",
    "schedule_impact",
    "cost_impact",
    "location_id",
    "drawing_number",
    "specification_section_id",
    "cost_code_id",
    "rfi_manager_id",
    "question",
    "custom_textfield_1",
    "custom_textfield_2",
    "revision",
    "source_rfi_header_id",
    "prostore_file_ids",
    "upload_ids",
];

/// A body that passed the checks.
pub(super) struct RfiFields(Map<String, Value>);

impl RfiFields {
    /// Checks the body; the error is the answer to give.
    pub(super) fn read(body: Option<&Value>, managers: &[i64]) -> Result<Self, Box<Response>> {
        let Some(Value::Object(fields)) = body.and_then(|body| body.get("rfi")) else {
            return Err(Box::new(errors::field(StatusCode::BAD_REQUEST, "rfi", "is missing")));
        };
        let known = |key: &str| FIELDS.contains(&key) || key.starts_with("custom_field_");
        if let Some(unknown) = fields.keys().find(|key| !known(key)) {
            let status = StatusCode::NOT_ACCEPTABLE;
            return Err(Box::new(errors::field(status, unknown, "is not a field of this resource")));
        }
        let manager = fields.get("rfi_manager_id").and_then(Value::as_i64);
        if manager.is_some_and(|id| !managers.contains(&id)) {
            let why = "is not a potential RFI manager";
            return Err(Box::new(errors::unprocessable("rfi_manager_id", why)));
        }
        Ok(Self(fields.clone()))
    }

    /// Whether everything a new RFI needs is there. Procore docs: subject, manager and question.
    pub(super) fn complete(&self) -> Result<(), Box<Response>> {
        let missing = if self.text("subject").is_none_or(|subject| subject.trim().is_empty()) {
            "subject"
        } else if self.id("rfi_manager_id").is_none() {
            "rfi_manager_id"
        } else if self.question().is_none_or(|question| question.trim().is_empty()) {
            "question"
        } else {
            return Ok(());
        };
        Err(Box::new(errors::unprocessable(missing, "can't be blank")))
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name).and_then(Value::as_bool)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    fn id(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_i64)
    }

    fn ids(&self, name: &str) -> Option<Vec<i64>> {
        let values = self.0.get(name)?.as_array()?;
        Some(values.iter().filter_map(Value::as_i64).collect())
    }

    fn question(&self) -> Option<&str> {
        self.0.get("question")?.get("body")?.as_str()
    }

    /// Path of the place that is named, if it is one of the project's.
    pub(super) fn location(&self, places: &[Location]) -> Option<String> {
        let id = self.id("location_id")?;
        places.iter().find(|place| place.id == id).map(|place| place.name.clone())
    }

    /// Puts the given fields on the record and leaves the others as they are. `location` comes from
    /// [`RfiFields::location`].
    pub(super) fn apply(&self, rfi: &mut RfiRecord, location: Option<String>) {
        if location.is_some() {
            rfi.location = location;
        }
        if let Some(subject) = self.text("subject") {
            subject.clone_into(&mut rfi.subject);
        }
        for (name, target) in [
            ("reference", &mut rfi.reference),
            ("due_date", &mut rfi.due_date),
            ("drawing_number", &mut rfi.drawing_number),
        ] {
            if let Some(text) = self.text(name) {
                *target = Some(text.to_owned());
            }
        }
        if let Some(html) = self.question() {
            rfi.question = shapes::plain(html);
            rfi.question_html = html.contains('<').then(|| html.to_owned());
        }
        if let Some(private) = self.flag("private") {
            rfi.private = private;
        }
        if let Some(manager) = self.id("rfi_manager_id") {
            rfi.rfi_manager = manager;
        }
        if let Some(section) = self.id("specification_section_id") {
            rfi.section_id = Some(section);
        }
        if let Some(assignees) = self.ids("assignee_ids") {
            rfi.assignees = assignees;
        }
        if let Some(members) = self.ids("distribution_ids") {
            rfi.distribution = members;
        }
    }
}
