//! A day at the project: found for an event, and read with all that was entered for it. Never writes, and never takes
//! what our own account entered for evidence.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use procore::{
    Class, LogEntryId, Procore, ProjectId, UserId,
    daily_logs::{LogCount, LogDays, LogEntry, LogFamily},
};

use super::{clock, section::Section};
use crate::{
    error::Error,
    event::{Event, Reason, Resource},
    shelf::Shelf,
    workflows::{Sources, Subject},
};

/// The entries of one project-local day, in a fixed order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// What was entered: approved and pending entries, by section, then by id.
    pub entries: Vec<LogEntry>,
    /// What could not be read, in words for the reviewer.
    pub unread: Vec<String>,
}

impl Day {
    /// When an entry was last saved.
    pub(super) fn updated_at(&self) -> Option<Timestamp> {
        self.entries.iter().filter_map(|entry| entry.updated_at).max()
    }
}

/// The day an event is about. An event of our own names it; an entry says its own day. One that is gone cannot be asked any more: the event's own
/// time in the project's time zone decides then, which is right for whoever deletes on the day itself; what is deleted
/// later shows when the day's log changes again. The same for names of which nobody says what their ids are.
pub(super) async fn of_event(
    sources: &Sources,
    project: ProjectId,
    event: &Event,
) -> Result<Option<Subject>, Error> {
    if event.resource == Resource::Day {
        let record = event.record_id().filter(|id| clock::day_of(*id).is_some());
        return Ok(record.map(|record| Subject { record, changed_at: None }));
    }
    let family = match (&event.resource, &event.reason) {
        (_, Reason::Delete) => None,
        (Resource::DailyLog(family), _) => *family,
        _ => None,
    };
    let mut changed_at = None;
    let mut at = event.occurred_at;
    if let (Some(family), Some(id)) = (family, event.record_id()) {
        match sources.procore.log_entry(project, family, LogEntryId::new(id)).await {
            Ok(Some(entry)) => {
                changed_at = entry.updated_at;
                if let Some(day) = entry.date {
                    return Ok(Some(Subject { record: clock::id_of(day), changed_at }));
                }
                at = entry.created_at.or(at);
            }
            Ok(None) => {}
            Err(error) if matches!(error.class(), Class::NotFound | Class::Forbidden) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let Some(at) = at else { return Ok(None) };
    let zone = zone(&sources.procore, &sources.shelf, project).await?;
    Ok(Some(Subject { record: clock::id_of(clock::local_day(at, &zone)), changed_at }))
}

/// The project's time zone; UTC if Procore does not say one that is known.
pub(crate) async fn zone(
    procore: &Procore,
    shelf: &Shelf,
    project: ProjectId,
) -> Result<TimeZone, procore::Error> {
    let name = match shelf.zone(project).await {
        Some(name) => name,
        None => {
            let name = procore.project(project).await?.time_zone.unwrap_or_default();
            shelf.keep_zone(project, &name).await;
            name
        }
    };
    Ok(TimeZone::get(&name).unwrap_or_else(|_| {
        tracing::warn!(
            project_id = project.get(),
            "the project's time zone is not known; its days are those of UTC"
        );
        TimeZone::UTC
    }))
}

/// What was entered on some days, before anything is left out of it.
pub(crate) struct Entered {
    /// The entries, by family.
    pub(crate) entries: Vec<LogEntry>,
    /// How many entries each family has, as far as Procore says.
    counts: Vec<LogCount>,
    /// The families the service account may not read.
    pub(crate) forbidden: Vec<LogFamily>,
}

/// Reads some days: the counts first, then the families that have entries.
pub(crate) async fn entered(
    procore: &Procore,
    project: ProjectId,
    days: impl Into<LogDays>,
) -> Result<Entered, procore::Error> {
    let days = days.into();
    let counts = match procore.log_counts(project, days).await {
        Ok(counts) => counts,
        // Counts save calls; without them every family is asked.
        Err(error) if error.class() == Class::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    let (mut entries, mut forbidden) = (Vec::new(), Vec::new());
    for family in LogFamily::ALL.into_iter().filter(|family| may_have_entries(*family, &counts)) {
        match procore.log_entries(project, family, days).await {
            Ok(read) => entries.extend(read),
            Err(error) if matches!(error.class(), Class::NotFound | Class::Forbidden) => {
                forbidden.push(family);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Entered { entries, counts, forbidden })
}

/// Reads the day.
pub(super) async fn read(sources: &Sources, project: ProjectId, date: Date) -> Result<Day, Error> {
    let Entered { mut entries, counts, forbidden } = entered(&sources.procore, project, date).await?;
    let mut unread = Vec::new();
    let unknown: u32 =
        counts.iter().filter(|row| family_of(&row.module).is_none()).filter_map(|row| row.count).sum();
    if unknown > 0 {
        unread.push(format!("{unknown} entries of kinds that are not read here (timecards, for one)"));
    }
    unread.extend(
        forbidden
            .into_iter()
            .map(|family| format!("{}: the service account may not read them", super::words::family(family))),
    );
    entries.retain(|entry| counts_as_evidence(entry, date, sources.service_account));
    entries.sort_by_key(|entry| (Section::of(entry.family()), entry.family(), entry.id));
    entries.dedup_by_key(|entry| (entry.family(), entry.id));
    Ok(Day { date, entries, unread })
}

/// Whether a family has to be asked. One that the counts do not name may have entries all the same: how the counts
/// spell their names is not described.
fn may_have_entries(family: LogFamily, counts: &[LogCount]) -> bool {
    match counts.iter().find(|row| family_of(&row.module) == Some(family)) {
        Some(row) => row.count != Some(0),
        None => true,
    }
}

/// The family a row of the counts is of: `manpower_logs`, `manpower_log` and `Manpower Log` are one.
fn family_of(module: &str) -> Option<LogFamily> {
    let plain = |name: &str| {
        let letters: String =
            name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        letters.trim_end_matches('s').to_owned()
    };
    let module = plain(module);
    LogFamily::ALL
        .into_iter()
        .find(|family| plain(family.as_str()) == module || plain(family.resource_name()) == module)
}

fn counts_as_evidence(entry: &LogEntry, date: Date, service_account: UserId) -> bool {
    let ours = entry.created_by.as_ref().is_some_and(|author| author.id == service_account);
    let rejected = entry.status.as_deref().is_some_and(|status| status.eq_ignore_ascii_case("rejected"));
    let of_the_day = entry.date.is_none_or(|day| day == date);
    !ours && !rejected && of_the_day && entry.deleted_at.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(module: &str, count: Option<u32>) -> LogCount {
        LogCount { module: module.to_owned(), count }
    }

    #[test]
    fn counts_are_understood_however_they_are_spelt() {
        for name in ["manpower_logs", "manpower_log", "Manpower Logs", "ManpowerLog"] {
            assert_eq!(family_of(name), Some(LogFamily::Manpower), "{name}");
        }
        assert_eq!(family_of("notes_log"), Some(LogFamily::Note));
        assert_eq!(family_of("timecard_entries"), None);
        let counts = [row("manpower_log", Some(0)), row("note_logs", Some(2)), row("delay_logs", None)];
        let asked = |family| may_have_entries(family, &counts);
        assert!(!asked(LogFamily::Manpower), "said to have none");
        assert!(asked(LogFamily::Delay) && asked(LogFamily::Weather), "not said to have none");
    }
}
