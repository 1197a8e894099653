//! The projects of the configuration: whether the app is permitted there, and whether the reviewer is.

use agent::{Config, ProjectConfig};
use procore::Procore;

use super::{
    correspondence,
    finding::{Area, Finding, Who},
    hooks,
    subject::Subject,
    tools,
};

/// How much is tried beyond looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trial {
    /// Nothing is written.
    Look,
    /// One private draft is made and deleted in each project.
    Draft,
}

/// Everything about every project.
pub(super) async fn examine(
    subject: &Subject,
    config: &Config,
    procore: &Procore,
    trial: Trial,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for row in &config.projects {
        let lines = project(subject, config, row, procore, trial).await;
        findings.extend(lines.into_iter().map(|finding| finding.of(row.id)));
    }
    findings
}

/// Lines that say that nothing could be asked.
pub(super) fn not_asked(config: &Config, why: &str) -> Vec<Finding> {
    config.projects.iter().map(|row| Finding::not_tried(Area::Project, why).of(row.id)).collect()
}

async fn project(
    subject: &Subject,
    config: &Config,
    row: &ProjectConfig,
    procore: &Procore,
    trial: Trial,
) -> Vec<Finding> {
    let access = access(subject, row, procore).await;
    if !access.holds() {
        let why = "not asked, because the project cannot be read";
        let rest =
            [Area::Permission, Area::Correspondence, Area::Hook].map(|area| Finding::not_tried(area, why));
        return std::iter::once(access).chain(rest).collect();
    }
    let permissions = tools::Permissions::read(row.id, procore).await;
    let mut findings = vec![access, reviewer(subject, row, procore).await];
    findings.extend(tools::examine(row, procore, &permissions).await);
    findings.extend(correspondence::examine(subject, row, procore, &permissions, trial).await);
    findings.extend(hooks::examine(subject, config, row, procore).await);
    findings
}

async fn access(subject: &Subject, row: &ProjectConfig, procore: &Procore) -> Finding {
    match procore.project(row.id).await {
        Ok(project) if !project.active => {
            let how = format!("if its work is done, take its row out: {}", subject.place_of_config());
            Finding::warning(Area::Project, "the project is not active", Who::PlatformEngineer, how)
        }
        Ok(_) => Finding::well(Area::Project, "the app is permitted here"),
        Err(error) => match error.status() {
            Some(status @ (403 | 404)) => {
                let how = "company level Admin tool, Company Settings, App Management, View next to the app, Permissions \
                           tab: select the project, Add. An update of the app asks for its projects again";
                let what = format!("the app is not permitted in this project (status {status})");
                Finding::broken(Area::Project, what, Who::ProcoreAdministrator, how)
            }
            _ => {
                let how = "ask again; if it stays, look at Procore's status page";
                Finding::broken(Area::Project, error.to_string(), Who::PlatformEngineer, how)
            }
        },
    }
}

async fn reviewer(subject: &Subject, row: &ProjectConfig, procore: &Procore) -> Finding {
    let reviewer = row.reviewer_id;
    match procore.project_user(row.id, reviewer).await {
        Ok(user) if user.is_active => {
            Finding::well(Area::Reviewer, format!("user {reviewer} is in the project's directory"))
        }
        Err(error) if error.status() != Some(404) => {
            Finding::not_tried(Area::Reviewer, "the directory may not be read, which no draft needs")
        }
        found => {
            let how = format!("correct reviewer_id: {}", subject.place_of_config());
            let why = if found.is_ok() { "is not active" } else { "is not there" };
            let what = format!("user {reviewer} {why} in the project's directory");
            Finding::warning(Area::Reviewer, what, Who::PlatformEngineer, how)
        }
    }
}
