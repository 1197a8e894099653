//! Which records an operator means, and how they are called at the terminal.

use agent::{
    Event,
    event::{Reason, Resource},
};
use clap::{Args, ValueEnum};

use crate::terminal::shown_on_a_line;

/// A kind of record that has workflows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Kind {
    /// RFIs.
    #[value(name = "rfi")]
    Rfi,
    /// Submittals.
    #[value(name = "submittal")]
    Submittal,
    /// Entries of daily logs, and days.
    #[value(name = "daily_log")]
    DailyLog,
}

impl Kind {
    /// The kind of record an event tells of.
    pub(crate) fn of(resource: &Resource) -> Option<Self> {
        match resource {
            Resource::Rfi => Some(Self::Rfi),
            Resource::Submittal => Some(Self::Submittal),
            Resource::DailyLog(_) | Resource::Day => Some(Self::DailyLog),
            Resource::Other(_) => None,
        }
    }
}

/// Records of one project, of one kind, or all.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Records {
    /// Only this project.
    #[arg(long)]
    pub project: Option<i64>,
    /// Only this kind of record.
    #[arg(long)]
    pub resource: Option<Kind>,
}

impl Records {
    /// True if all records are meant.
    pub(crate) fn is_all(&self) -> bool {
        self.project.is_none() && self.resource.is_none()
    }

    /// True if the event tells of one of them.
    pub(crate) fn include(&self, event: &Event) -> bool {
        let of_project = self.project.is_none() || event.project.map(procore::ProjectId::get) == self.project;
        let of_kind = self.resource.is_none() || Kind::of(&event.resource) == self.resource;
        of_project && of_kind
    }
}

/// A kind of record in one word, the same for all entries of a daily log; the vendor's own where we have none.
pub(crate) fn resource_name(resource: &Resource) -> &str {
    match resource {
        Resource::Rfi => "rfi",
        Resource::Submittal => "submittal",
        Resource::DailyLog(_) => "daily_log",
        Resource::Day => "day",
        Resource::Other(name) => name,
    }
}

/// What happened to a record, in one word; the vendor's own where we have none.
pub(crate) fn reason_name(reason: &Reason) -> &str {
    match reason {
        Reason::Create => "create",
        Reason::Update => "update",
        Reason::Delete => "delete",
        Reason::Other(name) => name,
    }
}

/// An event in a few words.
pub(crate) fn event_told(event: &Event) -> String {
    let project =
        event.project.map_or_else(|| "no project".to_owned(), |project| format!("project {project}"));
    shown_on_a_line(&format!(
        "event {}: {} {} of {project}",
        event.id,
        resource_name(&event.resource),
        event.record
    ))
}
