//! What webhooks can tell of, at each scope. Procore docs: hooks of a company get the company's resources only.

use serde_json::{Value, json};

/// One resource.
pub(super) struct Resource {
    category: &'static str,
    tool: &'static str,
    pub(super) name: &'static str,
    /// Some of `create`, `update` and `delete`.
    pub(super) actions: &'static [&'static str],
}

const ALL: &[&str] = &["create", "update", "delete"];
const KEPT: &[&str] = &["create", "update"];

const fn resource(
    category: &'static str,
    tool: &'static str,
    name: &'static str,
    actions: &'static [&'static str],
) -> Resource {
    Resource { category, tool, name, actions }
}

const COMPANY: [Resource; 8] = [
    resource("Core", "Admin", "Projects", KEPT),
    resource("Core", "Directory", "Company Users", KEPT),
    resource("Core", "Directory", "Company Vendors", KEPT),
    resource("Core", "Directory", "Company Insurances", ALL),
    resource("Core", "Documents", "Company Files", ALL),
    resource("Core", "Documents", "Company Folders", ALL),
    resource("Core", "Admin", "Standard Cost Codes", ALL),
    resource("Core", "Admin", "Trades", &["create", "delete"]),
];

const PROJECT: [Resource; 37] = [
    resource("Project Management", "RFI", "RFIs", ALL),
    resource("Project Management", "RFI", "RFI Replies", ALL),
    resource("Project Management", "Submittals", "Submittals", ALL),
    resource("Project Management", "Submittals", "Submittal Packages", ALL),
    resource("Project Management", "Correspondence", "Generic Tool Items", ALL),
    resource("Project Management", "Meetings", "Meetings", ALL),
    resource("Project Management", "Tasks", "Task Items", KEPT),
    resource("Project Management", "Daily Log", "Daily Logs", ALL),
    resource("Project Management", "Daily Log", "Accident Logs", ALL),
    resource("Project Management", "Daily Log", "Call Logs", ALL),
    resource("Project Management", "Daily Log", "Daily Construction Report Logs", ALL),
    resource("Project Management", "Daily Log", "Delivery Logs", ALL),
    resource("Project Management", "Daily Log", "Dumpster Logs", ALL),
    resource("Project Management", "Daily Log", "Equipment Logs", ALL),
    resource("Project Management", "Daily Log", "Inspection Logs", ALL),
    resource("Project Management", "Daily Log", "Manpower Logs", ALL),
    resource("Project Management", "Daily Log", "Notes Logs", ALL),
    resource("Project Management", "Daily Log", "Plan Revision Logs", ALL),
    resource("Project Management", "Daily Log", "Productivity Logs", ALL),
    resource("Project Management", "Daily Log", "Quantity Logs", ALL),
    resource("Project Management", "Daily Log", "Safety Violation Logs", ALL),
    resource("Project Management", "Daily Log", "Timecard Entries", ALL),
    resource("Project Management", "Daily Log", "Visitor Logs", ALL),
    resource("Project Management", "Daily Log", "Waste Logs", ALL),
    resource("Project Management", "Daily Log", "Weather Logs", KEPT),
    resource("Project Management", "Daily Log", "Work Logs", ALL),
    resource("Project Management", "Drawings", "Drawings", ALL),
    resource("Project Management", "Drawings", "Drawing Sets", ALL),
    resource("Project Management", "Specifications", "Specification Sections", KEPT),
    resource("Project Management", "Specifications", "Specification Section Revisions", ALL),
    resource("Project Management", "Specifications", "Specification Sets", ALL),
    resource("Core", "Admin", "Locations", ALL),
    resource("Core", "Directory", "Project Users", ALL),
    resource("Core", "Directory", "Project Vendors", ALL),
    resource("Core", "Documents", "Project Files", ALL),
    resource("Quality & Safety", "Observations", "Observation Items", ALL),
    resource("Quality & Safety", "Punch List", "Punch Items", ALL),
];

/// The resources of a project or of the company.
pub(super) fn at(project_id: Option<i64>) -> &'static [Resource] {
    if project_id.is_some() { &PROJECT } else { &COMPANY }
}

/// Whether a trigger can be made of these at this scope.
pub(super) fn allows(project_id: Option<i64>, name: &str, event_type: &str) -> bool {
    at(project_id).iter().any(|one| one.name == name && one.actions.contains(&event_type))
}

impl Resource {
    /// As v2.0 lists it.
    pub(super) fn row(&self, payload_version: &str) -> Value {
        json!({
            "category": self.category,
            "tool": self.tool,
            "name": self.name,
            "payload_version": payload_version,
            "actions": self.actions,
        })
    }

    /// As v1.0 lists it: a text for each event. Which texts is not described, nor what `except` holds.
    pub(super) fn deprecated_row(&self) -> Value {
        let told = |event| if self.actions.contains(&event) { "Yes" } else { "No" };
        json!({
            "api_version": "v2",
            "product_category": self.category,
            "tools": self.name,
            "create": told("create"),
            "update": told("update"),
            "delete": told("delete"),
        })
    }
}
