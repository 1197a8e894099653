//! What a project's hook has to tell of: the changes that the workflows of its row listen to, in the vendor's words.
//! Asks nobody anything.

use std::collections::{BTreeMap, BTreeSet};

use agent::{
    Config,
    config::ProjectConfig,
    workflows::{Trigger, WorkflowId},
};
use procore::{ProjectId, hooks::TriggerEvent};

use crate::records::reason_name;

/// One kind of change of one kind of record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wanted {
    /// The kind of record, e.g. `RFIs`.
    pub resource_name: String,
    /// What happens to it.
    pub event: TriggerEvent,
}

/// What one project needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The project.
    pub project: ProjectId,
    /// Every change its hook has to tell of, each with the workflows that start on it. Empty: it needs no hook.
    pub wanted: BTreeMap<Wanted, BTreeSet<WorkflowId>>,
}

/// What each project of the configuration needs, in the order of its rows.
pub fn needs(config: &Config) -> Vec<Need> {
    config.projects.iter().map(Need::of).collect()
}

impl Need {
    /// What a project needs.
    pub fn of(project: &ProjectConfig) -> Self {
        let mut wanted: BTreeMap<Wanted, BTreeSet<WorkflowId>> = BTreeMap::new();
        for workflow in &project.workflows {
            for one in workflow.triggers().iter().flat_map(wanted_by) {
                wanted.entry(one).or_default().insert(*workflow);
            }
        }
        Self { project: project.id, wanted }
    }

    /// The workflows behind it, by name.
    pub fn workflows(&self) -> Vec<&'static str> {
        let all: BTreeSet<WorkflowId> = self.wanted.values().flatten().copied().collect();
        all.into_iter().map(WorkflowId::name).collect()
    }

    /// The workflows that start on any of these changes, by name.
    pub fn workflows_on(&self, changes: &[Wanted]) -> Vec<&'static str> {
        let on = changes.iter().filter_map(|change| self.wanted.get(change)).flatten();
        on.copied().collect::<BTreeSet<WorkflowId>>().into_iter().map(WorkflowId::name).collect()
    }
}

fn wanted_by(trigger: &Trigger) -> Vec<Wanted> {
    let Some(name) = trigger.resource.webhook_name() else { return Vec::new() };
    let one =
        |event: &str| Wanted { resource_name: name.to_owned(), event: TriggerEvent::from(event.to_owned()) };
    trigger.reasons.iter().map(|reason| one(reason_name(reason))).collect()
}

/// Changes in a few words, kinds of record with the same events together: `RFIs, Submittals (create, update)`.
pub(crate) fn told<'w>(changes: impl IntoIterator<Item = &'w Wanted>) -> String {
    let mut events: BTreeMap<&str, BTreeSet<&TriggerEvent>> = BTreeMap::new();
    for change in changes {
        events.entry(&change.resource_name).or_default().insert(&change.event);
    }
    let mut names: BTreeMap<BTreeSet<&TriggerEvent>, Vec<&str>> = BTreeMap::new();
    for (name, events) in events {
        names.entry(events).or_default().push(name);
    }
    let group = |(events, names): (BTreeSet<&TriggerEvent>, Vec<&str>)| {
        let events: Vec<&str> = events.into_iter().map(TriggerEvent::as_str).collect();
        format!("{} ({})", names.join(", "), events.join(", "))
    };
    names.into_iter().map(group).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use agent::config::EXAMPLE;

    use super::*;

    fn need(workflows: &str) -> Need {
        let text = EXAMPLE.replace("[\"rfi_response\"]", workflows);
        needs(&Config::parse(&text, "plumbline.toml").unwrap()).remove(0)
    }

    #[test]
    fn a_project_needs_what_its_workflows_listen_to() {
        for (workflows, expected) in [
            ("[]", ""),
            ("[\"rfi_response\"]", "RFIs (create, update)"),
            ("[\"rfi_question\", \"rfi_response\"]", "RFIs (create, update)"),
            ("[\"submittal_review\", \"rfi_response\"]", "RFIs, Submittals (create, update)"),
        ] {
            assert_eq!(told(need(workflows).wanted.keys()), expected, "{workflows}");
        }
    }

    #[test]
    fn a_daily_log_needs_each_family_and_no_day() {
        let need = need("[\"daily_log_summary\"]");
        assert_eq!(need.wanted.len(), 18 * 3);
        let words = told(need.wanted.keys());
        assert!(words.starts_with("Accident Logs, Call Logs, Daily Construction Report Logs, Delay Logs"));
        assert!(
            words.ends_with("Work Logs (create, update, delete)") && !words.contains("Entries"),
            "{words}"
        );
    }

    #[test]
    fn it_is_known_for_whom() {
        let need = need("[\"rfi_question\", \"rfi_response\", \"daily_log_summary\"]");
        assert_eq!(need.workflows(), ["rfi_question", "rfi_response", "daily_log_summary"]);
        let change = |name: &str| Wanted { resource_name: name.to_owned(), event: TriggerEvent::Create };
        assert_eq!(need.workflows_on(&[change("RFIs")]), ["rfi_question", "rfi_response"]);
        assert_eq!(need.workflows_on(&[change("Delay Logs"), change("Moons")]), ["daily_log_summary"]);
    }
}
