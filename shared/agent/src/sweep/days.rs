//! Days at the project: those whose log changed, and those that are over.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, civil::Time, tz::TimeZone};
use procore::{
    Error, Procore, ProjectId, UserId,
    daily_logs::{LogDays, LogFamily},
};

use super::cursor::{Cursor, Version};
use crate::{
    event::{Event, Reason, Resource},
    workflows::daily_log_summary::{clock, day},
};

/// Days of a log are filled in, corrected and signed for about so long. What is changed later is told by its webhook, and
/// by the delivery if that is lost: lists of entries go by their day, not by their time of change.
const LATE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// However long nothing changed: a longer list is a bulk export.
const LONGEST: SignedDuration = SignedDuration::from_hours(31 * 24);

/// The entries of the last days.
#[derive(Default)]
pub(super) struct Entries {
    /// The day of each entry, whoever made it.
    days: HashMap<(LogFamily, i64), Date>,
    /// Entries of others and when they were changed.
    pub(super) changed: Vec<(Version, Date)>,
    /// Families the service account may not read.
    pub(super) forbidden: usize,
}

/// Reads the entries of the last days before the cursor and since.
pub(super) async fn entries(
    procore: &Procore,
    project: ProjectId,
    zone: &TimeZone,
    cursor: &Cursor,
    service_account: UserId,
    now: Timestamp,
) -> Result<Entries, Error> {
    let before = |at: Timestamp, by| at.checked_sub(by).unwrap_or(at);
    let from = before(cursor.since(), LATE).max(before(now, LONGEST));
    let days = LogDays::Span { first: clock::local_day(from, zone), last: clock::local_day(now, zone) };
    let entered = day::entered(procore, project, days).await?;
    let mut entries = Entries { forbidden: entered.forbidden.len(), ..Entries::default() };
    for entry in entered.entries {
        let Some(date) = entry.date else { continue };
        entries.days.insert((entry.family(), entry.id.get()), date);
        let ours = entry.created_by.as_ref().is_some_and(|author| author.id == service_account);
        if let (false, Some(at)) = (ours, entry.updated_at) {
            entries.changed.push(((format!("{}/{}", entry.family().as_str(), entry.id), at), date));
        }
    }
    Ok(entries)
}

impl Entries {
    /// The record that an event of a daily log is about: the day of its entry. One that was deleted, or of which nobody
    /// says what its id is, is of the day of the event, as for the workflow itself. One of a day long gone stays an entry.
    pub(super) fn subject(&self, event: &Event, at: Timestamp, zone: &TimeZone) -> Option<(Resource, i64)> {
        let on = |date| Some((Resource::Day, clock::id_of(date)));
        match (&event.resource, &event.reason) {
            (Resource::DailyLog(None), _) | (Resource::DailyLog(_), Reason::Delete) => {
                on(clock::local_day(at, zone))
            }
            (Resource::DailyLog(Some(family)), _) => {
                let id = event.record_id()?;
                match self.days.get(&(*family, id)) {
                    Some(date) => on(*date),
                    None => Some((event.resource.clone(), id)),
                }
            }
            _ => None,
        }
    }
}

/// A day that is over, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Over {
    pub(super) date: Date,
    pub(super) since: Timestamp,
}

impl Over {
    /// The id a day goes by.
    pub(super) fn record(&self) -> i64 {
        clock::id_of(self.date)
    }
}

/// The days that are over at the project and were not told of: those after `told`, of the last week; if none was told of
/// ever, those since `first`.
pub(super) fn over(
    told: Option<Date>,
    first: Timestamp,
    now: Timestamp,
    zone: &TimeZone,
    ends_at: Time,
) -> Vec<Over> {
    let since = |date: Date| Some(date.to_datetime(ends_at).to_zoned(zone.clone()).ok()?.timestamp());
    let earliest = match told {
        Some(told) => {
            let late = clock::local_day(now.checked_sub(LATE).unwrap_or(now), zone);
            told.tomorrow().unwrap_or(told).max(late)
        }
        None => clock::local_day(first, zone),
    };
    earliest
        .series(1.day())
        .take_while(|date| *date <= clock::local_day(now, zone))
        .filter_map(|date| Some(Over { date, since: since(date)? }))
        .filter(|day| day.since <= now)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_over_when_it_is_at_the_project() {
        let table = [
            // (zone, told, now, days over); the first look begins a day before now, and days end at 18:00.
            ("America/Los_Angeles", None, "2026-11-21T01:59:59Z", "2026-11-19"),
            ("America/Los_Angeles", None, "2026-11-21T02:00:00Z", "2026-11-19 2026-11-20"),
            ("America/Los_Angeles", Some("2026-11-19"), "2026-11-21T01:59:59Z", ""),
            ("America/Los_Angeles", Some("2026-11-19"), "2026-11-21T02:00:00Z", "2026-11-20"),
            ("America/Los_Angeles", Some("2026-11-20"), "2026-11-21T07:59:00Z", ""),
            ("Australia/Sydney", Some("2026-11-20"), "2026-11-21T06:59:59Z", ""),
            ("Australia/Sydney", Some("2026-11-20"), "2026-11-21T07:00:00Z", "2026-11-21"),
            // An outage over days; and one longer than a week.
            ("UTC", Some("2026-11-17"), "2026-11-20T18:30:00Z", "2026-11-18 2026-11-19 2026-11-20"),
            (
                "UTC",
                Some("2026-10-01"),
                "2026-11-08T12:00:00Z",
                "2026-11-01 2026-11-02 2026-11-03 2026-11-04 2026-11-05 2026-11-06 2026-11-07",
            ),
            // Clocks go back: 18:00 is 02:00Z, no longer 01:00Z.
            ("America/Los_Angeles", Some("2026-10-31"), "2026-11-02T01:30:00Z", ""),
        ];
        for (name, told, now, expected) in table {
            let now: Timestamp = now.parse().unwrap();
            let first = now.checked_sub(SignedDuration::from_hours(24)).unwrap();
            let zone = TimeZone::get(name).unwrap();
            let told = told.map(|day| day.parse().unwrap());
            let days = over(told, first, now, &zone, Time::constant(18, 0, 0, 0));
            let days: Vec<String> = days.iter().map(|day| day.date.to_string()).collect();
            assert_eq!(days.join(" "), expected, "{name} {now}");
        }
    }

    #[test]
    fn an_event_is_about_the_day_of_its_entry() {
        let mut entries = Entries::default();
        entries.days.insert((LogFamily::Manpower, 7), jiff::civil::date(2026, 11, 18));
        let event = |family, reason, record: &str| Event {
            id: crate::event::EventId("e".into()),
            company: procore::CompanyId::new(1),
            project: None,
            resource: Resource::DailyLog(family),
            record: record.into(),
            reason,
            actor: crate::event::Actor::default(),
            occurred_at: None,
        };
        let zone = TimeZone::get("America/Los_Angeles").unwrap();
        // Late on the 19th at the project.
        let at: Timestamp = "2026-11-20T06:50:00Z".parse().unwrap();
        let manpower = Some(LogFamily::Manpower);
        let day = |id| Some((Resource::Day, id));
        let table = [
            (manpower, Reason::Update, "7", day(20_261_118)),
            (manpower, Reason::Update, "8", Some((Resource::DailyLog(manpower), 8))),
            (manpower, Reason::Delete, "7", day(20_261_119)),
            (None, Reason::Update, "7", day(20_261_119)),
        ];
        for (family, reason, record, expected) in table {
            let event = event(family, reason, record);
            assert_eq!(entries.subject(&event, at, &zone), expected, "{event:?}");
        }
    }
}
