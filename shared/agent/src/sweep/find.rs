//! What a sweep found: every sign of one change of one record united, so that it is told once. Pure.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use procore::{CompanyId, ProjectId};

use crate::{
    config::ProjectConfig,
    envelope::{Envelope, Source},
    event::{Actor, Event, EventId, Reason, Resource},
    ledger::ClaimKey,
    workflows::WorkflowId,
};

/// How a change showed itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// In a list, with the record's own time of change.
    Listed(Timestamp),
    /// In a delivery that did not reach us, with the event's time.
    Told(Timestamp),
    /// In a delivery that tells of its deletion, with the event's time.
    Gone(Timestamp),
    /// By the clock: a day is over since then.
    Due(Timestamp),
    /// Its worker is gone, and held it until then.
    Abandoned(Timestamp),
}

/// All signs of one record, of each kind the latest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Find {
    resource: Resource,
    record: i64,
    listed: Option<Timestamp>,
    told: Option<Timestamp>,
    gone: Option<Timestamp>,
    due: Option<Timestamp>,
    abandoned: Option<Timestamp>,
}

/// The finds of one project, one for each record.
#[derive(Clone, Debug, Default)]
pub(super) struct Finds(BTreeMap<(String, i64), Find>);

impl Finds {
    /// Adds a sign to what is known of the record.
    pub(super) fn add(&mut self, resource: &Resource, record: i64, sign: Sign) {
        let find = self.0.entry((kind(resource), record)).or_insert_with(|| Find {
            resource: resource.clone(),
            record,
            listed: None,
            told: None,
            gone: None,
            due: None,
            abandoned: None,
        });
        let (slot, at) = match sign {
            Sign::Listed(at) => (&mut find.listed, at),
            Sign::Told(at) => (&mut find.told, at),
            Sign::Gone(at) => (&mut find.gone, at),
            Sign::Due(at) => (&mut find.due, at),
            Sign::Abandoned(until) => (&mut find.abandoned, until),
        };
        *slot = (*slot).max(Some(at));
    }

    pub(super) fn into_all(self) -> Vec<Find> {
        self.0.into_values().collect()
    }
}

impl Find {
    /// The claims of those who may have worked on it: every workflow of the project that listens. None for an entry of a
    /// daily log, whose claim goes by a day nobody knows yet.
    pub(super) fn claims(&self, row: &ProjectConfig) -> Vec<ClaimKey> {
        if matches!(self.resource, Resource::DailyLog(_)) {
            return Vec::new();
        }
        let key = |workflow: WorkflowId| ClaimKey {
            workflow: workflow.name(),
            project: row.id,
            record: self.record,
        };
        listening(row, &self.resource).map(key).collect()
    }

    /// Whether somebody worked on it who saw the record at `seen_at` or later, its own time of change.
    ///
    /// An event is stamped a little later than the change it tells of. A record is read only once it was quiet for
    /// `quiet`: whoever saw it at `seen_at` saw all that happened until `seen_at + quiet`.
    pub(super) fn is_worked_on(&self, seen_at: Option<Timestamp>, quiet: SignedDuration) -> bool {
        let Some(seen_at) = seen_at.filter(|_| self.due.is_none() && self.abandoned.is_none()) else {
            return false;
        };
        if self.is_deleted() {
            return false;
        }
        let all_until = seen_at.checked_add(quiet).unwrap_or(seen_at);
        // A list shows a record as it is; of a day it shows the entries that are left, and not that one is gone.
        let told = self.told.filter(|_| self.listed.is_none() || self.resource == Resource::Day);
        self.listed.is_none_or(|at| at <= seen_at) && told.is_none_or(|at| at <= all_until)
    }

    /// Deleted, as far as the last event says, and in no list.
    fn is_deleted(&self) -> bool {
        self.listed.is_none() && self.gone.is_some_and(|gone| self.told.is_none_or(|told| told <= gone))
    }

    /// The envelope that tells of it. Nobody is named as its cause: who it was, a list does not say.
    pub(super) fn envelope(&self, company: CompanyId, project: ProjectId, now: Timestamp) -> Envelope {
        let occurred_at = self.listed.or(self.told.max(self.gone).max(self.due));
        let since = occurred_at.or(self.abandoned).unwrap_or(now);
        let id = format!("sweep-{}-{}-{}", kind(&self.resource), self.record, since.as_millisecond());
        let event = Event {
            id: EventId(id.clone()),
            company,
            project: Some(project),
            resource: self.resource.clone(),
            record: self.record.to_string(),
            reason: if self.is_deleted() { Reason::Delete } else { Reason::Update },
            actor: Actor::default(),
            occurred_at,
        };
        Envelope { event, source: Source::Reconcile, trace: id, received_at: now, traceparent: None }
    }
}

/// The workflows of a project that any change of such a record starts.
pub(super) fn listening(row: &ProjectConfig, resource: &Resource) -> impl Iterator<Item = WorkflowId> {
    let on = WorkflowId::all().iter().copied().filter(|workflow| row.workflows.contains(workflow));
    on.filter(|workflow| workflow.listens_to(resource))
}

fn kind(resource: &Resource) -> String {
    match resource {
        Resource::Rfi => "rfi".to_owned(),
        Resource::Submittal => "submittal".to_owned(),
        Resource::Day => "day".to_owned(),
        Resource::DailyLog(Some(family)) => family.as_str().to_owned(),
        Resource::DailyLog(None) => "daily_log".to_owned(),
        Resource::Other(name) => name.to_lowercase().replace(' ', "_"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn find(resource: Resource, signs: &[Sign]) -> Find {
        let mut finds = Finds::default();
        signs.iter().for_each(|sign| finds.add(&resource, 7, *sign));
        let mut all = finds.into_all();
        assert_eq!(all.len(), 1, "one record is one find");
        all.remove(0)
    }

    #[test]
    fn what_was_seen_since_is_left_out() {
        use Resource::{Day, Rfi};
        use Sign::*;
        let quiet = SignedDuration::from_secs(60);
        // (resource, signs, seen at, worked on)
        let table: [(Resource, &[Sign], Option<i64>, bool); 16] = [
            (Rfi, &[Listed(at(0))], None, false),
            (Rfi, &[Listed(at(0))], Some(0), true),
            (Rfi, &[Listed(at(0))], Some(-1), false),
            (Rfi, &[Told(at(60))], Some(0), true),
            (Rfi, &[Told(at(61))], Some(0), false),
            (Rfi, &[Listed(at(0)), Told(at(99))], Some(0), true),
            (Rfi, &[Gone(at(0))], Some(50), false),
            (Rfi, &[Told(at(0)), Gone(at(0))], Some(50), false),
            (Rfi, &[Told(at(1)), Gone(at(0))], Some(50), true),
            (Rfi, &[Listed(at(0)), Gone(at(9))], Some(50), true),
            (Rfi, &[Listed(at(0)), Abandoned(at(5))], Some(50), false),
            (Day, &[Listed(at(0))], Some(0), true),
            (Day, &[Listed(at(0)), Told(at(60))], Some(0), true),
            (Day, &[Listed(at(0)), Told(at(61))], Some(0), false),
            (Day, &[Due(at(0))], Some(50), false),
            (Day, &[Listed(at(0)), Listed(at(9)), Listed(at(3))], Some(8), false),
        ];
        for (resource, signs, seen, expected) in table {
            let find = find(resource, signs);
            assert_eq!(find.is_worked_on(seen.map(at), quiet), expected, "{signs:?} {seen:?}");
        }
    }

    #[test]
    fn an_envelope_tells_of_the_record_and_of_nobody() {
        let (company, project) = (CompanyId::new(8001), ProjectId::new(4071));
        let told =
            find(Resource::Rfi, &[Sign::Told(at(9)), Sign::Listed(at(3))]).envelope(company, project, at(20));
        assert_eq!(told.trace, "sweep-rfi-7-1800000003000");
        assert_eq!(told.event.id.to_string(), told.trace);
        assert_eq!((told.source, told.received_at), (Source::Reconcile, at(20)));
        assert_eq!(told.event.occurred_at, Some(at(3)), "the record's own time");
        assert_eq!((told.event.actor, told.event.reason), (Actor::default(), Reason::Update));
        let gone = find(Resource::Rfi, &[Sign::Gone(at(9))]).envelope(company, project, at(20));
        assert_eq!((gone.event.reason, gone.event.occurred_at), (Reason::Delete, Some(at(9))));
        let abandoned = find(Resource::Day, &[Sign::Abandoned(at(5))]).envelope(company, project, at(20));
        assert_eq!(abandoned.trace, "sweep-day-7-1800000005000");
        assert_eq!(abandoned.event.occurred_at, None, "nothing is known of a change");
    }

    #[test]
    fn only_workflows_of_the_project_that_listen_are_asked() {
        let config = crate::Config::parse(crate::config::EXAMPLE, "plumbline.toml").unwrap();
        let row = &config.projects[0];
        let keys = |resource| -> Vec<String> {
            find(resource, &[Sign::Listed(at(0))]).claims(row).iter().map(ToString::to_string).collect()
        };
        assert_eq!(keys(Resource::Rfi), ["rfi_response/4071/7"]);
        assert_eq!(keys(Resource::Submittal), Vec::<String>::new(), "not switched on here");
    }
}
