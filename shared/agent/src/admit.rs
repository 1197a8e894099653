//! Whether to act on an event. Pure, and the only place that knows which events are our own.

use procore::UserId;

use crate::{
    config::Config,
    event::{Actor, Event},
    outcome::SkipReason,
    workflows::WorkflowId,
};

/// Who we are, to recognise what we caused ourselves.
#[derive(Clone, Debug)]
pub struct Own {
    /// OAuth client id of our application.
    pub client_id: String,
    /// Directory user of the service account (DMSA).
    pub service_account: UserId,
}

impl Own {
    /// True if this actor is us. v2.0 and v3.0 may tell it by application or by user, any of them null; v4.0
    /// carries no metadata, so there `user` alone decides.
    fn is(&self, actor: &Actor) -> bool {
        actor.source_application.as_deref() == Some(self.client_id.as_str())
            || actor.user == Some(self.service_account)
            || actor.source_user == Some(self.service_account)
    }
}

/// What becomes of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admit {
    /// These workflows are asked, in this order: what the record is decides whose it is.
    Run(Vec<WorkflowId>),
    /// Nothing runs.
    Skip(SkipReason),
}

/// What the front door can tell without the configuration of projects: events that no setting makes ours to do.
pub fn at_the_door(event: &Event, own: &Own, company: procore::CompanyId) -> Option<SkipReason> {
    if own.is(&event.actor) {
        return Some(SkipReason::OwnEvent);
    }
    if event.company != company {
        return Some(SkipReason::OtherCompany);
    }
    if event.project.is_none() {
        return Some(SkipReason::NoProject);
    }
    if !WorkflowId::all().iter().any(|workflow| workflow.listens_to(&event.resource)) {
        return Some(SkipReason::unknown(&event.resource));
    }
    if event.record_id().is_none() {
        return Some(SkipReason::UnreadableId);
    }
    None
}

/// Decides about an event. Asked again by the router: the configuration may have changed on the way.
pub fn admit(event: &Event, own: &Own, config: &Config) -> Admit {
    if let Some(reason) = at_the_door(event, own, config.company_id) {
        return Admit::Skip(reason);
    }
    let Some(project) = event.project.and_then(|project| config.project(project)) else {
        return Admit::Skip(SkipReason::ProjectOff);
    };
    let listening: Vec<WorkflowId> = WorkflowId::all()
        .iter()
        .copied()
        .filter(|workflow| workflow.triggered_by(&event.resource, &event.reason))
        .collect();
    if listening.is_empty() {
        return Admit::Skip(SkipReason::UnknownReason);
    }
    let on: Vec<WorkflowId> =
        listening.into_iter().filter(|workflow| project.workflows.contains(workflow)).collect();
    if on.is_empty() { Admit::Skip(SkipReason::WorkflowOff) } else { Admit::Run(on) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{EventId, Reason, Resource};
    use procore::{CompanyId, ProjectId};

    fn event(change: impl FnOnce(&mut Event)) -> Event {
        let mut event = Event {
            id: EventId("e".into()),
            company: CompanyId::new(8001),
            project: Some(ProjectId::new(4071)),
            resource: Resource::Rfi,
            record: "9007199254740993".into(),
            reason: Reason::Create,
            actor: Actor { user: Some(UserId::new(5)), ..Actor::default() },
            occurred_at: None,
        };
        change(&mut event);
        event
    }

    #[test]
    fn who_is_admitted() {
        let config = Config::parse(crate::config::EXAMPLE, "t").unwrap();
        let mut off = config.clone();
        off.projects.iter_mut().for_each(|project| project.workflows.clear());
        let own = Own { client_id: "client".into(), service_account: UserId::new(990_001) };
        let skip = |reason| Admit::Skip(reason);
        let run = Admit::Run(vec![WorkflowId::RfiResponse]);
        let cases = [
            ("an RFI somebody made", event(|_| ()), run.clone()),
            ("nobody is named", event(|e| e.actor = Actor::default()), run),
            (
                "v4.0: our user",
                event(|e| e.actor.user = Some(own.service_account)),
                skip(SkipReason::OwnEvent),
            ),
            (
                "v2.0: our application, another user",
                event(|e| e.actor.source_application = Some("client".into())),
                skip(SkipReason::OwnEvent),
            ),
            (
                "v2.0: our source user, user null",
                event(|e| {
                    e.actor = Actor { source_user: Some(own.service_account), ..Actor::default() };
                }),
                skip(SkipReason::OwnEvent),
            ),
            ("company level", event(|e| e.project = None), skip(SkipReason::NoProject)),
            ("another company", event(|e| e.company = CompanyId::new(1)), skip(SkipReason::OtherCompany)),
            ("another project", event(|e| e.project = Some(ProjectId::new(1))), skip(SkipReason::ProjectOff)),
            (
                "unknown resource",
                event(|e| e.resource = Resource::Other("Moon Logs".into())),
                skip(SkipReason::UnknownResource { resource: "Moon Logs".into() }),
            ),
            ("deleted", event(|e| e.reason = Reason::Delete), skip(SkipReason::UnknownReason)),
            (
                "deleted from a day's log, which is not asked for here",
                event(|e| {
                    e.resource = Resource::DailyLog(Some(procore::daily_logs::LogFamily::Manpower));
                    e.reason = Reason::Delete;
                }),
                skip(SkipReason::WorkflowOff),
            ),
            ("not a number", event(|e| e.record = "x".into()), skip(SkipReason::UnreadableId)),
        ];
        for (name, event, expected) in cases {
            assert_eq!(admit(&event, &own, &config), expected, "{name}");
        }
        assert_eq!(admit(&event(|_| ()), &own, &off), skip(SkipReason::WorkflowOff));
        let mut both = config.clone();
        both.projects.iter_mut().for_each(|project| {
            project.workflows = vec![WorkflowId::RfiResponse, WorkflowId::RfiQuestion];
        });
        let asked = Admit::Run(vec![WorkflowId::RfiQuestion, WorkflowId::RfiResponse]);
        assert_eq!(admit(&event(|_| ()), &own, &both), asked, "in the order of the list, not of the file");
    }
}
