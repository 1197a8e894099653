//! What a sweep did, in words for an operator. Never a word of a record.

use std::fmt;

use jiff::Timestamp;
use procore::{HookId, ProjectId};
use serde::{Deserialize, Serialize};

/// A hook of ours that Procore switched off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookOff {
    /// Which.
    pub hook: HookId,
    /// Whose; `None` for one of the company.
    pub project: Option<ProjectId>,
    /// Whether it was switched on again.
    pub reactivated: bool,
    /// Why it could not be, if it was to be.
    pub refusal: Option<String>,
}

/// Something that could not be looked at. The next sweep looks again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where; `None` for the company.
    pub project: Option<ProjectId>,
    /// What it was about, in a few fixed words.
    pub what: &'static str,
    /// What went wrong.
    pub why: String,
}

/// What a sweep did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Projects there are.
    pub projects: usize,
    /// Projects that were looked at to the end.
    pub completed: usize,
    /// Versions of records that lists showed for the first time; of a daily log, entries.
    pub changed: usize,
    /// Lost deliveries that were not dealt with before.
    pub deliveries: usize,
    /// Of these, ours to do nothing about: our own, of another company, of a project or record no workflow is on for.
    pub not_ours: usize,
    /// Days that are over.
    pub days: usize,
    /// Claims whose workers are gone.
    pub abandoned: usize,
    /// Records left out because somebody had worked on their latest version.
    pub worked_on: usize,
    /// Envelopes on the queue: one for each record.
    pub sent: usize,
    /// Hooks that were found switched off.
    pub hooks_off: Vec<HookOff>,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
    /// Why the sweep ended before its end; the next goes on where it stopped.
    pub ended_early: Option<String>,
    /// Requests made to Procore.
    pub calls: u32,
    /// Of these, so many were answered with 429.
    pub too_many_calls: u32,
    /// Percent of the tighter of Procore's call limits that was used at its end.
    pub call_budget_percent: Option<u32>,
    /// True if nothing was sent, noted or switched on.
    pub dry_run: bool,
}

/// The last sweep that came to an end, as `plumbline status` tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastSweep {
    /// When it ended.
    pub at: Timestamp,
    /// Projects there are.
    pub projects: usize,
    /// Projects that were looked at to the end.
    pub completed: usize,
    /// Records it found work in.
    pub sent: usize,
    /// Hooks that were found switched off.
    pub hooks_off: Vec<HookOff>,
    /// Things that could not be looked at.
    pub problems: usize,
}

impl LastSweep {
    /// The note in the ledger that holds it.
    pub const NOTE: &str = "sweep/last";

    /// Reads the note; `None` before the first sweep.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub(super) fn of(swept: &Swept, at: Timestamp) -> Self {
        Self {
            at,
            projects: swept.projects,
            completed: swept.completed,
            sent: swept.sent,
            hooks_off: swept.hooks_off.clone(),
            problems: swept.problems.len(),
        }
    }
}

impl fmt::Display for Swept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { projects, completed, changed, deliveries, days, abandoned, .. } = self;
        writeln!(f, "swept      {completed} of {projects} projects, {} calls of Procore", self.calls)?;
        writeln!(
            f,
            "found      {changed} changes, {deliveries} lost deliveries, {days} days over, {abandoned} abandoned claims"
        )?;
        writeln!(
            f,
            "left out   {} records worked on, {} deliveries not ours",
            self.worked_on, self.not_ours
        )?;
        let sent = if self.dry_run { "dry run   " } else { "sent      " };
        writeln!(f, "{sent} {} records", self.sent)?;
        for off in &self.hooks_off {
            let whose = whose(off.project);
            let what = match (&off.refusal, off.reactivated) {
                (Some(why), _) => format!("could not be switched on again: {why}"),
                (None, true) => "switched on again".to_owned(),
                (None, false) => "still off; set reactivate_hooks in [sweep], or switch it on".to_owned(),
            };
            writeln!(f, "hook off   hook {} of {whose}: {what}", off.hook)?;
        }
        for Problem { project, what, why } in &self.problems {
            writeln!(f, "problem    {}, {what}: {why}", whose(*project))?;
        }
        if let Some(why) = &self.ended_early {
            writeln!(f, "ended early, the next sweep goes on: {why}")?;
        }
        Ok(())
    }
}

fn whose(project: Option<ProjectId>) -> String {
    project.map_or_else(|| "the company".to_owned(), |project| format!("project {project}"))
}
