//! Purpose: the log of a project's day, put together for whoever signs or reads it: what was recorded, with totals
//! computed here, what contradicts itself, what is missing. Never an entry of the log and never a change of one: an
//! entry of a service account is official at once, so the draft is private correspondence, one for each day.

mod answer;
pub(crate) mod clock;
mod computed;
pub(crate) mod day;
mod delays;
mod discrepancies;
mod gather;
mod labour;
mod material;
mod names;
mod number;
mod risks;
mod section;
mod sheet;
mod support;
mod tally;
mod text;
mod thresholds;
mod verdict;
mod withheld;
mod words;

#[cfg(test)]
mod tests;

use jiff::{Timestamp, civil::Date};
use procore::{ProjectId, daily_logs::LogFamily};

pub use answer::{Answer, Note, Said, Sections};
pub use day::Day;
pub use thresholds::Thresholds;

use super::{Read, Sources, Subject, Text, Trigger, Workflow};
use crate::{
    error::Error,
    event::{Event, Reason, Resource},
    evidence::Evidence,
    gate::Statement,
    hash::sha256_hex,
};

/// Phrases a summary may not hold, beside the common ones.
const FORBIDDEN: &[&str] = &[
    "fault",
    "faults",
    "faulty",
    "blame*",
    "careless*",
    "reckless*",
    "negligent",
    "violation",
    "entitled",
    "excusable",
    "compensable",
    "normal progress",
    "good progress",
    "as planned",
    "uneventful",
    "productive day",
    "hospital*",
    "ambulance",
    "concussion*",
    "stitches",
    // Forecasts and filler.
    "ahead of schedule",
    "behind schedule",
    "on schedule",
    "on track",
    "will finish",
    "finish early",
    "went smoothly",
    "smooth day",
    "ran smooth*",
    // Judgements on entries and on people.
    "is right",
    "is correct",
    "is wrong",
    "was right",
    "was wrong",
    "should be",
    "should have",
    "have to pay",
    "has to pay",
    "must pay",
    "typo",
    "unsafe*",
    "exhausted",
    "tired",
];

/// The workflow.
pub struct DailyLogSummary;

/// A day with what it is judged by.
pub struct DayLog {
    day: Day,
    thresholds: std::sync::Arc<Thresholds>,
}

impl Workflow for DailyLogSummary {
    const NAME: &'static str = "daily_log_summary";
    const SCHEMA: &'static str = "daily_log_summary/1";
    const FORBIDDEN: &'static [&'static str] = FORBIDDEN;
    const REVIEWED_BY: &'static str = "the superintendent and the project engineer";
    type Record = DayLog;
    type Output = Answer;

    fn triggers() -> Vec<Trigger> {
        let families = LogFamily::ALL.into_iter().map(Some).chain([None]);
        let trigger = |family| Trigger {
            resource: Resource::DailyLog(family),
            reasons: &[Reason::Create, Reason::Update, Reason::Delete],
        };
        let day = Trigger { resource: Resource::Day, reasons: &[Reason::Update] };
        families.map(trigger).chain([day]).collect()
    }

    async fn subject(sources: &Sources, project: ProjectId, event: &Event) -> Result<Option<Subject>, Error> {
        day::of_event(sources, project, event).await
    }

    async fn read(sources: &Sources, project: ProjectId, record: i64) -> Result<Read<DayLog>, Error> {
        let date = clock::day_of(record).ok_or(Error::Internal("a day's id is no day"))?;
        let day = day::read(sources, project, date).await?;
        Ok(if day.entries.is_empty() {
            Read::Nothing { label: Some(label(date)), why: "nothing is recorded for the day" }
        } else {
            Read::Record(DayLog { day, thresholds: sources.daily_log.clone() })
        })
    }

    fn label(log: &DayLog) -> String {
        label(log.day.date)
    }

    fn updated_at(log: &DayLog) -> Option<Timestamp> {
        log.day.updated_at()
    }

    fn fingerprint(log: &DayLog) -> String {
        let entries: Vec<String> = log
            .day
            .entries
            .iter()
            .map(|entry| {
                let place = entry.location.as_ref().map(|place| place.id);
                let vendor = entry.vendor.as_ref().map(|vendor| (vendor.id, &vendor.name));
                format!("{} {:?} {vendor:?} {place:?} {:?}", entry.id, entry.status, entry.details)
            })
            .collect();
        sha256_hex(&entries.iter().map(String::as_bytes).collect::<Vec<_>>())
    }

    async fn gather(_: &Sources, _: ProjectId, log: &DayLog) -> Result<Evidence, Error> {
        Ok(gather::gather(&log.day, &log.thresholds))
    }

    async fn precedents(_: &Sources, _: ProjectId, _: &DayLog) -> Result<Evidence, Error> {
        Ok(Evidence::default())
    }

    fn statements<'a>(output: &'a Answer, evidence: &'a Evidence) -> Vec<Statement<'a>> {
        output.statements(evidence)
    }

    fn keep(output: Answer, refused: &[String], evidence: &Evidence) -> Answer {
        output.keep(refused, evidence)
    }

    fn text(output: &Answer, log: &DayLog, evidence: &Evidence) -> Text {
        text::text(output, &log.day, evidence)
    }
}

/// What people call a day's log.
fn label(day: Date) -> String {
    format!("daily log {day}")
}
