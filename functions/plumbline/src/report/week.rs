//! The figures of a week, from the stories of its runs. Pure.

use std::collections::BTreeMap;

use agent::{RunRecord, prompt::Prompt, workflows::WorkflowId};
use jiff::{
    SignedDuration,
    civil::{Date, Weekday},
    tz::TimeZone,
};

/// Days of a week.
const DAYS: i64 = 7;

/// A week of UTC days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week {
    /// Its days, oldest first.
    pub days: Vec<Day>,
    /// Runs by how they ended, most first.
    pub outcomes: Vec<(String, u64)>,
    /// What was written where, the project with most first.
    pub rows: Vec<Row>,
    /// The prompt versions that drafts were made with, and those in force.
    pub prompts: Vec<PromptRow>,
    /// What a person has to look at, newest first.
    pub people: Vec<Matter>,
    /// All times from webhook to draft, in milliseconds.
    pub times_ms: Vec<u64>,
}

/// One day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The UTC day.
    pub date: Date,
    /// Drafts by workflow.
    pub drafts: BTreeMap<String, u64>,
    /// Times from webhook to draft, in milliseconds.
    pub times_ms: Vec<u64>,
    /// What the model cost, in millionths of a US dollar.
    pub cost_micro_usd: u64,
}

/// What was written in one project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The project; `None` for several that are told together.
    pub project_id: Option<i64>,
    /// Drafts by workflow.
    pub drafts: BTreeMap<String, u64>,
    /// Notes on what a draft would need.
    pub notes: u64,
    /// What the model cost, drafts or not, in millionths of a US dollar.
    pub cost_micro_usd: u64,
    /// Times from webhook to draft, in milliseconds.
    pub times_ms: Vec<u64>,
}

/// A prompt version and what was made with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptRow {
    /// The workflow.
    pub workflow: String,
    /// The version.
    pub version: u32,
    /// True if it is the one new drafts are made with, unless a project pins another.
    pub in_force: bool,
    /// Drafts and notes made with it.
    pub made: u64,
}

/// Something that needs a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// The record by its number, such as `RFI 7`; the project where it is all of its records.
    pub what: String,
    /// The project.
    pub project_id: Option<i64>,
    /// What the run said. Never holds record text.
    pub why: String,
}

impl Week {
    /// The first day of the week that ends with this one.
    pub fn first_day(until: Date) -> Date {
        until.checked_sub(SignedDuration::from_hours(24 * (DAYS - 1))).unwrap_or(until)
    }

    /// The figures of these runs, newest first, as far as they began in the week.
    pub fn of(runs: &[RunRecord], until: Date) -> Self {
        let first = Self::first_day(until);
        let dates = std::iter::successors(Some(first), |day| day.tomorrow().ok());
        let days = dates.take_while(|day| *day <= until).map(|date| Day {
            date,
            drafts: BTreeMap::new(),
            times_ms: Vec::new(),
            cost_micro_usd: 0,
        });
        let mut week = Self {
            days: days.collect(),
            outcomes: Vec::new(),
            rows: Vec::new(),
            prompts: in_force(),
            people: Vec::new(),
            times_ms: Vec::new(),
        };
        let mut outcomes: BTreeMap<&str, u64> = BTreeMap::new();
        let mut rows: BTreeMap<i64, Row> = BTreeMap::new();
        for run in runs {
            let date = run.started_at.to_zoned(TimeZone::UTC).date();
            let Some(day) = week.days.iter_mut().find(|day| day.date == date) else { continue };
            count(outcomes.entry(&run.outcome).or_default());
            day.add(run);
            week.times_ms.extend(run.webhook_to_draft_ms());
            if let Some(project_id) = run.project_id {
                rows.entry(project_id).or_default().add(run);
            }
            week.add_prompt(run);
            week.people.extend(matter(run).filter(|matter| !week.people.contains(matter)));
        }
        week.outcomes = outcomes.into_iter().map(|(name, runs)| (name.to_owned(), runs)).collect();
        week.outcomes.sort_by_key(|(_, runs)| std::cmp::Reverse(*runs));
        let rows = rows.into_iter().map(|(id, row)| Row { project_id: Some(id), ..row });
        week.rows = rows.filter(|row| row.written() > 0 || row.cost_micro_usd > 0).collect();
        week.rows.sort_by_key(|row| std::cmp::Reverse(row.written()));
        week
    }

    fn add_prompt(&mut self, run: &RunRecord) {
        let Some(prompt) = run.prompt.as_ref().filter(|_| run.is_draft()) else { return };
        let is_it = |row: &&mut PromptRow| row.workflow == prompt.workflow && row.version == prompt.version;
        match self.prompts.iter_mut().find(is_it) {
            Some(row) => count(&mut row.made),
            None => {
                let (workflow, version) = (prompt.workflow.clone(), prompt.version);
                self.prompts.push(PromptRow { workflow, version, in_force: false, made: 1 });
                self.prompts.sort_by(|one, other| {
                    (&one.workflow, one.version).cmp(&(&other.workflow, other.version))
                });
            }
        }
    }

    /// Drafts.
    pub fn drafts(&self) -> u64 {
        self.days.iter().flat_map(|day| day.drafts.values()).sum()
    }

    /// Notes on what a draft would need.
    pub fn notes(&self) -> u64 {
        self.rows.iter().map(|row| row.notes).sum()
    }

    /// What the model cost, in millionths of a US dollar.
    pub fn cost_micro_usd(&self) -> u64 {
        self.days.iter().map(|day| day.cost_micro_usd).sum()
    }

    /// The same by draft or note.
    pub fn cost_of_one_micro_usd(&self) -> Option<u64> {
        self.cost_micro_usd().checked_div(self.drafts().saturating_add(self.notes()))
    }
}

impl Day {
    fn add(&mut self, run: &RunRecord) {
        self.cost_micro_usd = self.cost_micro_usd.saturating_add(run.paid().cost_micro_usd);
        self.times_ms.extend(run.webhook_to_draft_ms());
        if let Some(workflow) = run.workflow.as_ref().filter(|_| run.outcome == "Drafted") {
            count(self.drafts.entry(workflow.clone()).or_default());
        }
    }

    /// `Mon 16`.
    pub fn label(&self) -> String {
        let weekday = match self.date.weekday() {
            Weekday::Monday => "Mon",
            Weekday::Tuesday => "Tue",
            Weekday::Wednesday => "Wed",
            Weekday::Thursday => "Thu",
            Weekday::Friday => "Fri",
            Weekday::Saturday => "Sat",
            Weekday::Sunday => "Sun",
        };
        format!("{weekday} {}", self.date.day())
    }
}

impl Row {
    fn add(&mut self, run: &RunRecord) {
        match (run.outcome.as_str(), &run.workflow) {
            ("Drafted", Some(workflow)) => count(self.drafts.entry(workflow.clone()).or_default()),
            ("InsufficientContext", _) if run.is_draft() => count(&mut self.notes),
            _ => {}
        }
        self.cost_micro_usd = self.cost_micro_usd.saturating_add(run.paid().cost_micro_usd);
        self.times_ms.extend(run.webhook_to_draft_ms());
    }

    /// Drafts and notes.
    pub fn written(&self) -> u64 {
        self.drafts.values().sum::<u64>().saturating_add(self.notes)
    }

    /// Several projects as one.
    pub fn together(rows: &[Self]) -> Self {
        let mut all = Self::default();
        for row in rows {
            for (workflow, drafts) in &row.drafts {
                let sum = all.drafts.entry(workflow.clone()).or_default();
                *sum = sum.saturating_add(*drafts);
            }
            all.notes = all.notes.saturating_add(row.notes);
            all.cost_micro_usd = all.cost_micro_usd.saturating_add(row.cost_micro_usd);
            all.times_ms.extend(&row.times_ms);
        }
        all
    }
}

fn count(number: &mut u64) {
    *number = number.saturating_add(1);
}

fn in_force() -> Vec<PromptRow> {
    let versions = WorkflowId::all().iter().filter_map(|workflow| {
        let prompt = Prompt::labelled(workflow.name(), "production").ok()?;
        let (workflow, version) = (workflow.name().to_owned(), prompt.reference.version);
        Some(PromptRow { workflow, version, in_force: true, made: 0 })
    });
    versions.collect()
}

fn matter(run: &RunRecord) -> Option<Matter> {
    let what = match run.outcome.as_str() {
        "Quarantined" if run.record_label.is_empty() => format!("record {}", run.record_id),
        "Quarantined" => run.record_label.clone(),
        "NoCarrier" => "all drafts".to_owned(),
        _ => return None,
    };
    Some(Matter { what, project_id: run.project_id, why: run.reason.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_seven_days_with_the_last_one() {
        let week = Week::of(&[], jiff::civil::date(2026, 3, 2));
        let labels: Vec<String> = week.days.iter().map(Day::label).collect();
        assert_eq!(labels, ["Tue 24", "Wed 25", "Thu 26", "Fri 27", "Sat 28", "Sun 1", "Mon 2"]);
        assert_eq!((week.drafts(), week.cost_of_one_micro_usd()), (0, None));
        assert_eq!(week.prompts.len(), WorkflowId::all().len(), "what is in force is told in any week");
    }
}
