//! The tools of a project: whether the service account may read there what the workflows read, and write what they
//! write. Levels are told by Procore's list of permissions; each reading is tried as well, one row of it.

use std::collections::BTreeMap;

use agent::{ProjectConfig, workflows::WorkflowId};
use procore::{AccessLevel, Call, Error, Procore, ProjectId, ToolPermission, hooks::Scope};

use super::finding::{Area, Finding, Who};
use crate::permissions::{self, Level, Tool};

/// Where a level is changed. Procore docs: what a service account of an app may do stands in the app's version, which
/// the company's administrator then updates; some give the account a permissions template instead.
const WHERE_LEVELS_ARE: &str = "Developer Portal, the app, Edit Components, Data Connector, Service Account \
     Authentication, Manage, Project Level; then the Procore administrator updates the app in App Management. Where the \
     account has a permissions template: company level Permissions tool, Project Permissions Templates";

/// What Procore's list may call a tool. Only `daily_log` is documented; the others are known by their titles.
fn names(tool: Tool) -> &'static [&'static str] {
    match tool {
        Tool::Webhooks => &["webhooks_api", "webhooks"],
        Tool::Rfis => &["rfi", "rfis"],
        Tool::Submittals => &["submittals", "submittal_log"],
        Tool::DailyLog => &["daily_log"],
        Tool::Specifications => &["specifications", "specification_sections"],
        Tool::Drawings => &["drawings", "drawing_log"],
        Tool::Correspondence => &["correspondence"],
    }
}

/// The reading a workflow on the tool begins with, one row of it. `None` where other lines try the tool.
fn reading(tool: Tool, project: ProjectId) -> Option<Call> {
    let (path, key) = match tool {
        Tool::Webhooks | Tool::Correspondence => return None,
        Tool::Rfis => (format!("/rest/v1.0/projects/{project}/rfis"), None),
        Tool::Submittals => (format!("/rest/v1.1/projects/{project}/submittals"), None),
        Tool::DailyLog => (format!("/rest/v1.0/projects/{project}/notes_logs"), None),
        Tool::Specifications => {
            ("/rest/v1.0/specification_section_divisions".to_owned(), Some(("project_id", project)))
        }
        Tool::Drawings => (format!("/rest/v1.0/projects/{project}/drawing_revisions"), None),
    };
    let call = Call::get(path).query("page", 1).query("per_page", 1);
    Some(match key {
        Some((key, id)) => call.query(key, id),
        None => call,
    })
}

fn is_enough(level: AccessLevel, needed: Level) -> bool {
    level
        >= match needed {
            Level::ReadOnly => AccessLevel::ReadOnly,
            Level::Standard => AccessLevel::Standard,
            Level::Admin => AccessLevel::Admin,
        }
}

/// What Procore says the service account may do in a project; `Err` says why it is not known.
pub(super) struct Permissions(Result<Vec<ToolPermission>, String>);

impl Permissions {
    pub(super) async fn read(project: ProjectId, procore: &Procore) -> Self {
        Self(procore.permissions(Scope::Project(project)).await.map_err(|error| error.to_string()))
    }

    /// The row of a tool under one of these names.
    pub(super) fn of(&self, names: &[&str]) -> Result<&ToolPermission, String> {
        let rows = self.0.as_ref().map_err(Clone::clone)?;
        let row = rows.iter().find(|row| names.iter().any(|name| row.is_called(name)));
        row.ok_or_else(|| "Procore's list of permissions does not name the tool".to_owned())
    }
}

/// The workflows of a project that need one tool, each with its level.
type Demand = Vec<(WorkflowId, Level)>;

/// One line for each tool that the workflows of the project need. Correspondence has a line of its own.
pub(super) async fn examine(
    row: &ProjectConfig,
    procore: &Procore,
    permissions: &Permissions,
) -> Vec<Finding> {
    let mut demands: BTreeMap<Tool, Demand> = BTreeMap::new();
    for workflow in &row.workflows {
        for needed in
            permissions::needed(*workflow).iter().filter(|needed| needed.tool != Tool::Correspondence)
        {
            demands.entry(needed.tool).or_default().push((*workflow, needed.level()));
        }
    }
    let mut findings = Vec::new();
    for (tool, demand) in demands {
        findings.push(of_tool(row.id, procore, permissions, tool, &demand).await);
    }
    findings
}

async fn of_tool(
    project: ProjectId,
    procore: &Procore,
    permissions: &Permissions,
    tool: Tool,
    demand: &Demand,
) -> Finding {
    let title = tool.name();
    // A tool that is not available is as good as none.
    let told = permissions
        .of(names(tool))
        .map(|row| if row.available { row.level } else { Some(AccessLevel::None) });
    if let Ok(Some(level)) = told {
        let unmet: Demand = demand.iter().copied().filter(|(_, needed)| !is_enough(level, *needed)).collect();
        if let Some(needed) = highest(&unmet) {
            let (workflows, needed) = (named(&unmet), needed.name());
            let what = format!("{title} is {}, and {workflows} needs {needed}", level.title());
            let how = format!("set {title} to {needed}: {WHERE_LEVELS_ARE}");
            return Finding::broken(Area::Permission, what, Who::AppOwner, how);
        }
    }
    if let Some(call) = reading(tool, project)
        && let Err(error) = procore.send(call).await
    {
        return unreadable(title, demand, &error);
    }
    let more = highest(demand).filter(|needed| *needed > Level::ReadOnly).map(Level::name);
    match (told, more) {
        (Ok(Some(level)), _) => {
            // Procore docs: a draft RFI shows to its creator, the RFI manager and the tool's admins.
            let fills_in = demand.iter().any(|(workflow, _)| *workflow == WorkflowId::RfiQuestion);
            let partly = tool == Tool::Rfis && fills_in && level < AccessLevel::Admin;
            let note =
                if partly { "; of draft RFIs it may see only its own and those it manages" } else { "" };
            Finding::well(Area::Permission, format!("{title} is {} and readable{note}", level.title()))
        }
        (_, None) => Finding::well(Area::Permission, format!("{title} is readable")),
        (told, Some(needed)) => {
            let why =
                told.err().unwrap_or_else(|| "its level has a name this program does not know".to_owned());
            let why = format!("{title} is readable; whether it is {needed} was not told: {why}");
            Finding::not_tried(Area::Permission, why)
        }
    }
}

fn highest(demand: &Demand) -> Option<Level> {
    demand.iter().map(|(_, level)| *level).max()
}

fn named(demand: &Demand) -> String {
    demand.iter().map(|(workflow, _)| workflow.name()).collect::<Vec<_>>().join(", ")
}

fn unreadable(title: &str, demand: &Demand, error: &Error) -> Finding {
    if matches!(error.status(), Some(403 | 404)) {
        let needed = highest(demand).unwrap_or(Level::ReadOnly).name();
        let what = format!("{title} cannot be read, which {} does: {error}", named(demand));
        let how = format!(
            "project level Admin tool, Project Settings, Active Tools: whether {title} is on in this project; then its level, {needed} or \
             more: {WHERE_LEVELS_ARE}"
        );
        return Finding::broken(Area::Permission, what, Who::ProcoreAdministrator, how);
    }
    let how = "ask again; if it stays, look at Procore's status page";
    let what = format!("{title} gave no answer: {error}");
    Finding::warning(Area::Permission, what, Who::PlatformEngineer, how)
}
