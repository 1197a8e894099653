//! The vendor's payload, translated once into our own words. Nothing further in knows the vendor's JSON.

use std::fmt;

use jiff::Timestamp;
use procore::{CompanyId, ProjectId, UserId, daily_logs::LogFamily, webhook::Payload};
use serde::{Deserialize, Serialize};

/// Identity of one event as the vendor gave it: the ULID in v2.0 and v3.0, the `id` in v4.0.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub String);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kind of record that changed. A name nobody here handles is a value, not an error.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resource {
    /// `RFIs`
    Rfi,
    /// `Submittals`
    Submittal,
    /// An entry of a day's log, such as `Manpower Logs`; `None` where the name tells no family that is read.
    DailyLog(Option<LogFamily>),
    /// A whole local day of the daily log, told of by ourselves: the record's id is its date, `20261120`.
    Day,
    /// Any other resource name, as the vendor spells it.
    Other(String),
}

impl Resource {
    /// Reads the vendor's `resource_name` (v2.0, v3.0) or `resource_type` (v4.0); both use the same names.
    pub fn named(name: &str) -> Self {
        match name {
            "RFIs" => Self::Rfi,
            "Submittals" => Self::Submittal,
            // Of these no source says whose id an event carries, or where to read it.
            "Daily Logs" | "Daily Log/Entries" | "Timecard Entries" => Self::DailyLog(None),
            other => match LogFamily::ALL.into_iter().find(|family| family.resource_name() == other) {
                Some(family) => Self::DailyLog(Some(family)),
                None => Self::Other(other.to_owned()),
            },
        }
    }

    /// What a hook has to listen for to tell of it. `None` where we make the event ourselves, and for names that tell no
    /// family: entries have names of their own, and a second event for each would only be read twice.
    pub fn webhook_name(&self) -> Option<&str> {
        match self {
            Self::Rfi => Some("RFIs"),
            Self::Submittal => Some("Submittals"),
            Self::DailyLog(family) => family.map(LogFamily::resource_name),
            Self::Day => None,
            Self::Other(name) => Some(name),
        }
    }
}

/// What happened to the record. The vendor announces that v4.0 may bring more reasons than these three.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The record is new.
    Create,
    /// The record changed.
    Update,
    /// The record is gone.
    Delete,
    /// Any other reason, lower-cased.
    Other(String),
}

impl Reason {
    fn named(name: &str) -> Self {
        match name {
            "create" => Self::Create,
            "update" => Self::Update,
            "delete" => Self::Delete,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Who caused the change, as far as the payload says. Every member may be missing; v4.0 knows only `user`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// `user_id` of the event.
    pub user: Option<UserId>,
    /// `metadata.source_user_id`.
    pub source_user: Option<UserId>,
    /// `metadata.source_application_id`: the OAuth client id of the application that made the change.
    pub source_application: Option<String>,
}

/// One change of one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The vendor's identity of the event; two events may still tell of one change.
    pub id: EventId,
    /// The company the record belongs to.
    pub company: CompanyId,
    /// The project; `None` for company-level resources.
    pub project: Option<ProjectId>,
    /// The kind of record.
    pub resource: Resource,
    /// The record's id, as text: resources nobody here handles may use ids that are not numbers.
    pub record: String,
    /// What happened.
    pub reason: Reason,
    /// Who did it.
    pub actor: Actor,
    /// When, by the vendor's clock.
    pub occurred_at: Option<Timestamp>,
}

impl Event {
    /// The record's id as a number: every resource with a workflow has one.
    pub fn record_id(&self) -> Option<i64> {
        self.record.parse().ok()
    }
}

impl From<Payload> for Event {
    fn from(payload: Payload) -> Self {
        let (source_user, source_application) =
            payload.source.map_or((None, None), |source| (source.user_id, source.application_id));
        Self {
            id: EventId(payload.delivery_id),
            company: payload.company_id,
            project: payload.project_id,
            resource: Resource::named(&payload.resource_name),
            record: payload.resource_id,
            reason: Reason::named(&payload.reason),
            actor: Actor { user: payload.user_id, source_user, source_application },
            occurred_at: payload.occurred_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_daily_log_is_known_and_survives_the_queue() {
        let named = [
            ("Manpower Logs", Some(LogFamily::Manpower)),
            ("Work Logs", Some(LogFamily::ScheduledWork)),
            ("Notes Logs", Some(LogFamily::Note)),
            ("Daily Construction Report Logs", Some(LogFamily::ConstructionReport)),
            ("Daily Logs", None),
            ("Daily Log/Entries", None),
            ("Timecard Entries", None),
        ];
        for (name, family) in named {
            let resource = Resource::named(name);
            assert_eq!(resource, Resource::DailyLog(family), "{name}");
            let kept = serde_json::to_string(&resource).unwrap();
            assert_eq!(serde_json::from_str::<Resource>(&kept).unwrap(), resource, "{kept}");
        }
        assert_eq!(Resource::named("Moon Logs"), Resource::Other("Moon Logs".into()));
    }

    #[test]
    fn what_a_hook_listens_for_is_read_back_as_the_same() {
        for name in ["RFIs", "Submittals", "Manpower Logs", "Work Logs", "Punch Items"] {
            assert_eq!(Resource::named(name).webhook_name(), Some(name));
        }
        for none in [Resource::Day, Resource::named("Daily Logs")] {
            assert_eq!(none.webhook_name(), None, "{none:?}");
        }
    }
}
