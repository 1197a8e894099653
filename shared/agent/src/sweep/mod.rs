//! The sweep: what webhooks did not tell. Lost deliveries, records changed since the last look, hooks that were switched
//! off, days that are over, claims whose workers are gone; all of it onto the same queue, as the same envelope.
//!
//! A cursor moves only after the queue has accepted what lies before it. Two sweeps at once do no harm: runs are claimed
//! by record. Never writes to Procore, but that it may switch a hook of ours on again; never uses the share of the call
//! limits that is kept for posting.

mod abandoned;
mod changed;
mod cursor;
mod days;
mod deliveries;
mod find;
mod hooks;
mod project;
mod report;
mod terms;

pub use report::{HookOff, LastSweep, Problem, Swept};
pub use terms::SweepTerms;

use jiff::{SignedDuration, Timestamp};
use procore::{Class, HookId, Procore, ProjectId, hooks::Scope};
use serde::Serialize;

use self::project::Found;
use crate::{
    config::ProjectConfig,
    event::Event,
    ledger::{Ledger, LedgerError, Note},
    queue::{Queue, QueueError},
    run::Ctx,
};

/// The note of the project to begin with, where the last sweep ended early.
const NEXT: &str = "sweep/next";

/// Why a sweep could not do its work. What was queued stays queued; no cursor passed what was not.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The queue refused.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

/// Sweeps all configured projects. Begins with no project after `deadline`, and waits for no call longer than until then. With `ctx.dry_run` it looks and changes nothing.
///
/// # Errors
/// When ledger or queue fail. What goes wrong at Procore is told in the report.
pub async fn sweep<L: Ledger, Q: Queue>(
    ctx: &Ctx<L>,
    queue: &Q,
    deadline: Timestamp,
) -> Result<Swept, SweepError> {
    let procore = ctx.procore.metered().until(deadline);
    let now = (ctx.clock)();
    let hours = SignedDuration::from_hours(i64::from(ctx.config.sweep.look_back_h));
    let first = now.checked_sub(hours).unwrap_or(now);
    let report = Swept { projects: ctx.config.projects.len(), dry_run: ctx.dry_run, ..Swept::default() };
    let mut round = Round { ctx, queue, procore, now, first, deadline, report };
    let ended = round.go().await;
    // Leave for calls that were not made is others' now.
    ctx.procore.hand_back().await;
    ended?;
    let Round { procore, mut report, .. } = round;
    report.calls = procore.calls();
    report.too_many_calls = procore.too_many_calls();
    report.call_budget_percent = procore.budget_share_percent().await;
    if !ctx.dry_run {
        remember(&ctx.ledger, &LastSweep::of(&report, (ctx.clock)())).await;
    }
    tracing::info!(
        projects = report.projects,
        completed = report.completed,
        changed = report.changed,
        deliveries = report.deliveries,
        days = report.days,
        abandoned = report.abandoned,
        worked_on = report.worked_on,
        sent = report.sent,
        hooks_off = report.hooks_off.len(),
        problems = report.problems.len(),
        ended_early = report.ended_early.is_some(),
        calls = report.calls,
        dry_run = report.dry_run,
        "sweep"
    );
    Ok(report)
}

/// For those who ask when it was looked last. A sweep does not fail for it.
async fn remember<L: Ledger>(ledger: &L, last: &LastSweep) {
    let told = async {
        let before = ledger.look(&[], &[LastSweep::NOTE]).await?.notes.pop().unwrap_or_default();
        let text = serde_json::to_string(last).unwrap_or_default();
        ledger.swap(LastSweep::NOTE, before.version, &text).await
    };
    if let Err(error) = told.await {
        tracing::warn!(%error, "the end of a sweep was not noted");
    }
}

/// One sweep under way.
struct Round<'a, L: Ledger, Q: Queue> {
    ctx: &'a Ctx<L>,
    queue: &'a Q,
    procore: Procore,
    now: Timestamp,
    /// Where a first look begins.
    first: Timestamp,
    deadline: Timestamp,
    report: Swept,
}

/// Why a sweep does not go on.
enum Halt {
    /// Every further call of Procore would fail as well: what was found is sent, and that is all for this time.
    Stop,
    /// Ledger or queue failed.
    Failed(SweepError),
}

impl<E: Into<SweepError>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// A note to be written once the queue has what lies before it.
struct Move {
    note: String,
    version: u64,
    text: String,
}

impl Move {
    fn of(note: String, before: &Note, after: &impl Serialize) -> Option<Self> {
        let text = serde_json::to_string(after).ok()?;
        Some(Self { note, version: before.version, text })
    }
}

/// Lost deliveries of one scope.
#[derive(Default)]
struct Lost {
    events: Vec<Event>,
    moves: Vec<Move>,
}

impl<'a, L: Ledger, Q: Queue> Round<'a, L, Q> {
    async fn go(&mut self) -> Result<(), SweepError> {
        let next = self.note(NEXT).await?;
        // Hooks of the company are for all projects: noted when all of them had what is theirs.
        let company = match self.lost(Scope::Company).await {
            Ok(company) => company,
            Err(Halt::Stop) => return Ok(()),
            Err(Halt::Failed(error)) => return Err(error),
        };
        let mut stopped_at = String::new();
        for row in self.in_turn(&next.text) {
            if (self.ctx.clock)() >= self.deadline {
                self.report.ended_early = Some("its time was over".to_owned());
                stopped_at = row.id.to_string();
                break;
            }
            let mut found = Found::default();
            let end = self.look_at(row, &company.events, &mut found).await;
            if let Err(Halt::Failed(error)) = end {
                return Err(error);
            }
            self.settle(row, found).await?;
            if end.is_err() {
                stopped_at = row.id.to_string();
                break;
            }
            self.report.completed = self.report.completed.saturating_add(1);
        }
        if stopped_at.is_empty() {
            self.keep(company.moves).await?;
        }
        if stopped_at == next.text {
            return Ok(());
        }
        self.keep(vec![Move { note: NEXT.to_owned(), version: next.version, text: stopped_at }]).await
    }

    /// The projects, beginning with the one the last sweep did not come to the end of.
    fn in_turn(&self, next: &str) -> Vec<&'a ProjectConfig> {
        let rows = &self.ctx.config.projects;
        let begin = rows.iter().position(|row| row.id.to_string() == next).unwrap_or_default();
        rows.iter().cycle().skip(begin).take(rows.len()).collect()
    }

    /// Looks after the hooks of a scope and reads what of their deliveries was lost.
    async fn lost(&mut self, scope: Scope) -> Result<Lost, Halt> {
        let project = match scope {
            Scope::Company => None,
            Scope::Project(project) => Some(project),
        };
        let (procore, ctx) = (self.procore.clone(), self.ctx);
        let ours = procore.hooks(scope, &ctx.config.namespace).await;
        let ours = self.told(project, "its hooks", ours)?.unwrap_or_default();
        let reactivate = ctx.config.sweep.reactivate_hooks && !ctx.dry_run;
        for hook in &ours {
            self.report.hooks_off.extend(hooks::attend(&procore, scope, hook, reactivate).await);
        }
        let mut all = Lost::default();
        for (hook, note) in self.notes_of(ours.iter().map(|hook| hook.id).collect()).await? {
            let lost = deliveries::lost(&procore, scope, hook, &note, self.first, self.now).await;
            let Some(lost) = self.told(project, "deliveries of its hooks", lost)? else { continue };
            self.report.deliveries = self.report.deliveries.saturating_add(lost.events.len());
            if lost.unreadable > 0 {
                let why = format!("{} deliveries hold no event that can be read", lost.unreadable);
                self.problem(project, "deliveries of its hooks", why);
            }
            all.events.extend(lost.events);
            all.moves.extend(lost.moved);
        }
        Ok(all)
    }

    async fn notes_of(&self, hooks: Vec<HookId>) -> Result<Vec<(HookId, Note)>, SweepError> {
        if hooks.is_empty() {
            return Ok(Vec::new());
        }
        let names: Vec<String> = hooks.iter().map(|hook| deliveries::note_of(*hook)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let notes = self.ctx.ledger.look(&[], &names).await?.notes;
        Ok(hooks.into_iter().zip(notes).collect())
    }

    async fn note(&self, name: &str) -> Result<Note, SweepError> {
        Ok(self.ctx.ledger.look(&[], &[name]).await?.notes.pop().unwrap_or_default())
    }

    /// Writes notes. Where another sweep was faster, its word stands: it sent the same.
    async fn keep(&self, moves: Vec<Move>) -> Result<(), SweepError> {
        if self.ctx.dry_run {
            return Ok(());
        }
        for Move { note, version, text } in moves {
            self.ctx.ledger.swap(&note, version, &text).await?;
        }
        Ok(())
    }

    /// What Procore answered. A failure is told, and the sweep goes on without; one that the next call would meet as well
    /// ends it.
    fn told<T>(
        &mut self,
        project: Option<ProjectId>,
        what: &'static str,
        result: Result<T, procore::Error>,
    ) -> Result<Option<T>, Halt> {
        let error = match result {
            Ok(value) => return Ok(Some(value)),
            Err(error) => error,
        };
        if ends_it(&error) || (self.ctx.clock)() >= self.deadline {
            self.report.ended_early = Some(error.to_string());
            return Err(Halt::Stop);
        }
        self.problem(project, what, error.to_string());
        Ok(None)
    }

    fn problem(&mut self, project: Option<ProjectId>, what: &'static str, why: String) {
        tracing::warn!(project_id = project.map(ProjectId::get), what, why, "not swept");
        self.report.problems.push(Problem { project, what, why });
    }
}

/// Whether the next call would fail in the same way.
fn ends_it(error: &procore::Error) -> bool {
    use procore::Error;
    matches!(error.class(), Class::Paced { .. })
        || matches!(error, Error::Unauthorized { .. } | Error::Connect { .. } | Error::Book(_))
}
