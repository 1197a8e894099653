//! The correspondence type of a project: whether a private draft can be kept there.

use agent::{ProjectConfig, workflows::WorkflowId};
use procore::{AccessLevel, CorrespondenceType, CorrespondenceTypeId, Procore};

use super::{
    finding::{Area, Finding, Who},
    projects::Trial,
    subject::Subject,
    tools::Permissions,
    trial,
};

/// Two lines: the type, and whether its items become private drafts.
pub(super) async fn examine(
    subject: &Subject,
    row: &ProjectConfig,
    procore: &Procore,
    permissions: &Permissions,
    trial: Trial,
) -> Vec<Finding> {
    // A draft RFI is filled in itself, and only the note on a used-up budget would be missing without a type.
    let only_fills_in = row.workflows.iter().all(|workflow| *workflow == WorkflowId::RfiQuestion);
    if only_fills_in && row.correspondence_type_id.is_none() {
        return Vec::new();
    }
    let found = usable(subject, row, procore, permissions).await;
    let draft = match (&found, row.correspondence_type_id, trial) {
        (Ok(_), Some(kind), Trial::Draft) => trial::examine(row, kind, procore).await,
        (Ok(_), _, _) => Finding::not_tried(
            Area::Draft,
            "only making one shows that an item becomes a private draft; --try-draft makes one and deletes it",
        ),
        (Err(_), _, _) => Finding::not_tried(Area::Draft, "not tried, because the type cannot be used"),
    };
    vec![found.unwrap_or_else(|broken| broken), draft]
}

async fn usable(
    subject: &Subject,
    row: &ProjectConfig,
    procore: &Procore,
    permissions: &Permissions,
) -> Result<Finding, Finding> {
    let asked_again = |error: procore::Error| {
        let how = "ask again; if it stays, look at Procore's status page";
        Finding::broken(Area::Correspondence, error.to_string(), Who::PlatformEngineer, how)
    };
    let types = procore.correspondence_types(row.id).await.map_err(asked_again)?;
    let kind = configured(subject, row.correspondence_type_id, &types)?;
    let tool = format!("generic_tool_{}", kind.id);
    let named = format!("{} ({})", kind.id, kind.title);
    let level = may_create(&named, permissions, &tool)?;
    match procore.correspondence_statuses(row.id, kind.id).await {
        Ok(statuses) => has_draft(&named, &statuses)?,
        Err(error) if matches!(error.status(), Some(403 | 404)) => {
            let what = format!("{named} cannot be read: {error}");
            let how = where_types_are_permitted(&named);
            return Err(Finding::broken(Area::Correspondence, what, Who::ProcoreAdministrator, how));
        }
        Err(error) => return Err(asked_again(error)),
    }
    Ok(Finding::well(Area::Correspondence, format!("{named} has a status Draft{level}")))
}

/// The configured type, if the project has it.
fn configured<'t>(
    subject: &Subject,
    id: Option<CorrespondenceTypeId>,
    types: &'t [CorrespondenceType],
) -> Result<&'t CorrespondenceType, Finding> {
    let there: Vec<String> = types.iter().map(|kind| format!("{} ({})", kind.id, kind.title)).collect();
    let place = subject.place_of_config();
    let make = "company level Admin tool, Tool Settings, Correspondence: add a type for drafts, private by default, \
                and add it to the project; then write its id as correspondence_type_id";
    let (who, how) = if there.is_empty() {
        (Who::ProcoreAdministrator, format!("{make}: {place}"))
    } else {
        let list = there.join(", ");
        (
            Who::PlatformEngineer,
            format!("write correspondence_type_id, one of {list}: {place}. Or, for a new one: {make}"),
        )
    };
    let Some(id) = id else {
        let what = "the project has no correspondence_type_id: its drafts end NoCarrier";
        return Err(Finding::broken(Area::Correspondence, what, who, how));
    };
    types.iter().find(|kind| kind.id == id).ok_or_else(|| {
        let what = format!("the project has no correspondence type {id}: its drafts end NoCarrier");
        Finding::broken(Area::Correspondence, what, who, how)
    })
}

/// The level in words, for the line. Procore docs: Standard makes items; Read Only does with the granular permission
/// to create them.
fn may_create(named: &str, permissions: &Permissions, tool: &str) -> Result<String, Finding> {
    let Ok(row) = permissions.of(&[tool]) else {
        return Ok(", and whether an item can be made there was not told".to_owned());
    };
    let granted = row.actions.iter().any(|action| action.contains("create"));
    match row.level {
        Some(level) if level < AccessLevel::Standard && !granted => {
            let what = format!("{named} is {}, and drafts need Standard", level.title());
            let how = where_types_are_permitted(named);
            Err(Finding::broken(Area::Correspondence, what, Who::ProcoreAdministrator, how))
        }
        Some(level) => Ok(format!(" and is {}", level.title())),
        None => Ok(", and whether an item can be made there was not told".to_owned()),
    }
}

/// Procore docs: permissions of correspondence are kept for each type, and types are the company's own.
pub(super) fn where_types_are_permitted(named: &str) -> String {
    format!(
        "company level Permissions tool, Project Permissions Templates, the service account's template: set \
         correspondence type {named} to Standard"
    )
}

fn has_draft(named: &str, statuses: &[String]) -> Result<(), Finding> {
    if statuses.iter().any(|status| status.eq_ignore_ascii_case("draft")) {
        return Ok(());
    }
    let how = "project's Correspondence tool, Configure Settings, the type, Statuses: whether there is Draft; else choose \
               another type";
    let what = format!("{named} has no status Draft: an item would be issued at once");
    Err(Finding::broken(Area::Correspondence, what, Who::ProcoreAdministrator, how))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_without_a_draft_status_is_not_usable() {
        let statuses = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(has_draft("77 (Drafts)", &statuses(&["Open", "draft"])), Ok(()));
        let broken = has_draft("77 (Drafts)", &statuses(&["Open", "Closed"])).unwrap_err();
        assert_eq!(broken.what, "77 (Drafts) has no status Draft: an item would be issued at once");
    }
}
