//! The invented project the sandbox starts with: people, specification, drawings, RFIs, and hostile texts.
//!
//! Everything here was written for Plumbline; no real project, person or product is meant.

mod daily_log;
mod drawings;
mod files;
mod hostile;
mod metrics;
mod pdf;
mod project;
mod rfis;
mod sections;
mod submittals;

pub use drawings::NewSheet;
pub use hostile::{Hostile, hostile};
pub(crate) use pdf::excerpt;
pub use project::{CorrespondenceType, Project};
pub use rfis::SeedRfi;
pub(crate) use sections::issue;

use jiff::{Span, Timestamp, tz::TimeZone};

use crate::records::{Drawing, Location, NewLogEntry, NewSubmittal, Person, SectionRevision};

/// What a sandbox knows when it starts.
#[derive(Debug, Clone)]
pub struct Seed {
    /// Company of the `Procore-Company-Id` header.
    pub company_id: i64,
    /// User id of the service account; its record is among the people.
    pub service_account_id: i64,
    /// The project.
    pub project: Project,
    /// A project of the company the service account was not given: answers 403.
    pub forbidden_project_id: i64,
    /// The directory.
    pub people: Vec<Person>,
    /// The one correspondence type.
    pub correspondence_type: CorrespondenceType,
    /// All revisions of all sections.
    pub sections: Vec<SectionRevision>,
    /// Sheets with their revisions.
    pub drawings: Vec<Drawing>,
    /// Places.
    pub locations: Vec<Location>,
    /// RFIs, lowest number first.
    pub rfis: Vec<SeedRfi>,
    /// Submittals.
    pub submittals: Vec<NewSubmittal>,
    /// Daily-log entries, each with how many days ago it was written.
    pub log_entries: Vec<(i64, NewLogEntry)>,
}

/// A date so many days from a moment, as Procore writes it.
fn in_days(now: Timestamp, days: i64) -> Option<String> {
    Some(now.to_zoned(TimeZone::UTC).date().checked_add(Span::new().days(days)).ok()?.to_string())
}

impl Seed {
    /// The whole project as it is now.
    #[must_use]
    pub fn demo() -> Self {
        Self::demo_at(Timestamp::now())
    }

    /// The whole project as it would be at this moment: its dates are so many days from it.
    #[must_use]
    pub fn demo_at(now: Timestamp) -> Self {
        Self {
            rfis: rfis::all(now),
            submittals: submittals::all(now),
            log_entries: daily_log::all(),
            ..Self::empty()
        }
    }

    /// The project without its RFIs, submittals and daily log.
    #[must_use]
    pub fn empty() -> Self {
        let book = project::book();
        Self {
            company_id: book.company_id,
            service_account_id: book.service_account_id,
            project: book.project,
            forbidden_project_id: book.forbidden_project_id,
            people: book.people,
            correspondence_type: book.correspondence_type,
            sections: sections::all(),
            drawings: drawings::all(),
            locations: drawings::locations(),
            rfis: Vec::new(),
            submittals: Vec::new(),
            log_entries: Vec::new(),
        }
    }

    /// Adds a revision of a specification section, which may be a new section; the newest by date is current.
    pub fn add_section(&mut self, number: &str, title: &str, revision: &str, issued_date: &str, text: &str) {
        let printed = sections::Printed { number, title, revision, issued_date, text };
        sections::publish(&mut self.sections, &printed);
    }

    /// Adds a sheet, or another revision to one, which is then current.
    pub fn add_sheet(&mut self, sheet: &NewSheet<'_>) {
        drawings::publish(&mut self.drawings, sheet);
    }
}
