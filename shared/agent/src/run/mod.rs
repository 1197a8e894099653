//! The only orchestrator: `admit -> read -> settle -> gather -> claim -> budget -> render -> call -> validate ->
//! ground -> recheck -> post -> record`.
//!
//! Every run ends in exactly one [`Outcome`] or one [`Error`]; after a crash anywhere the next delivery of the message
//! goes on where this one stopped.

mod ask;
mod call;
mod carrier;
mod compose;
mod ctx;
mod finish;
mod model;
mod notice;
mod pass;
mod standing;
mod steps;

pub use ctx::{Ctx, Model};
pub use steps::{Edge, Step, Watcher};

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use self::{
    carrier::{Announced, Carrier, Placing},
    standing::Standing,
    steps::Stopwatch,
};
use crate::{
    admit::{Admit, admit},
    claim::{Claim, State},
    envelope::Envelope,
    error::Error,
    event::{Reason, Resource},
    gate::Finding,
    ledger::{ClaimKey, Ledger},
    outcome::{Outcome, SkipReason, Written},
    record::{Arrival, RunRecord, Tally},
    spent::Spent,
    workflows::{HandedOn, Sources, WorkflowId},
};

/// Works on one event. `deadline` ends the lease; no new step of length begins after it.
///
/// # Errors
/// When the run came to no outcome: see [`Error::class`] for what becomes of the message.
pub async fn run<L: Ledger>(
    ctx: &Ctx<L>,
    envelope: &Envelope,
    deadline: Timestamp,
) -> Result<(Outcome, RunRecord), (Error, Box<RunRecord>)> {
    let mut run = Run::new(ctx, envelope, deadline);
    let result = run.go().await;
    run.finish(result).await
}

/// The state of one run.
struct Run<'a, L: Ledger> {
    ctx: &'a Ctx<L>,
    envelope: &'a Envelope,
    deadline: Timestamp,
    sources: Sources,
    watch: Stopwatch,
    story: RunRecord,
    standing: Standing,
    held: Option<Held>,
    /// What the one corrective turn of this run may cost at most.
    correction_micro_usd: i64,
}

/// The claim this run works under.
struct Held {
    key: ClaimKey,
    claim: Claim,
    /// True once the ledger knows that it is held: then it has to be given back.
    stored: bool,
}

/// The end of one pass over the record.
enum Pass {
    End(Outcome),
    /// The record asks nothing of this workflow. Nothing is held, and the next that listens may be asked.
    NothingToDo(&'static str),
    /// The record changed while we worked on it.
    Changed,
}

impl<'a, L: Ledger> Run<'a, L> {
    fn new(ctx: &'a Ctx<L>, envelope: &'a Envelope, deadline: Timestamp) -> Self {
        let watch = Stopwatch::start(ctx.clock, ctx.watcher);
        let event = &envelope.event;
        let started_at = (ctx.clock)();
        let story = RunRecord {
            id: ctx.run_id(&envelope.trace, started_at),
            event_id: event.id.to_string(),
            event: Some(event.clone()),
            workflow: None,
            project_id: event.project.map(procore::ProjectId::get),
            record_id: event.record.clone(),
            record_label: String::new(),
            started_at,
            outcome: String::new(),
            reason: String::new(),
            steps: Vec::new(),
            evidence: Vec::new(),
            evidence_hash: String::new(),
            quotes: Vec::new(),
            observations: Vec::new(),
            findings: Vec::new(),
            answer: None,
            prompt: None,
            model: None,
            spent: Spent::default(),
            procore_calls: 0,
            item_id: None,
            draft_text: None,
            flags: Vec::new(),
            not_read: Vec::new(),
            tally: Tally {
                arrival: Some(Arrival::from(envelope)),
                paid: Some(Spent::default()),
                ..Tally::default()
            },
        };
        // Waiting for leave to read may take a quarter of the time: the rest is the model's and the posting's.
        let patience = deadline.duration_since(started_at) / 4;
        let reading = started_at.checked_add(patience).unwrap_or(deadline);
        let sources = Sources {
            procore: ctx.procore.metered().until(reading),
            extractor: ctx.extractor.clone(),
            shelf: ctx.shelf.clone(),
            service_account: ctx.own.service_account,
            reviewer: event
                .project
                .and_then(|project| ctx.config.project(project))
                .map(|row| row.reviewer_id),
            daily_log: Arc::clone(&ctx.config.daily_log),
            handed_on: HandedOn::default(),
        };
        let standing = Standing::default();
        Self { ctx, envelope, deadline, sources, watch, story, standing, held: None, correction_micro_usd: 0 }
    }

    async fn go(&mut self) -> Result<Outcome, Error> {
        self.watch.begin(Step::Admit);
        match admit(&self.envelope.event, &self.ctx.own, &self.ctx.config) {
            Admit::Skip(reason) => {
                self.forget_deleted().await?;
                Ok(Outcome::Skipped { reason })
            }
            Admit::Run(workflows) => {
                // While the event itself is younger than the quiet window nothing need be asked of anybody.
                if let Some(wait_ms) = self.settling(self.envelope.event.occurred_at) {
                    return Ok(Outcome::Settling { wait_ms });
                }
                let outcome = self.ask(&workflows).await?;
                if outcome == Outcome::OverBudget {
                    self.tell_over_budget().await;
                }
                Ok(outcome)
            }
        }
    }

    /// A record that was deleted starts nothing, and is no evidence for others any more.
    async fn forget_deleted(&self) -> Result<(), Error> {
        let event = &self.envelope.event;
        match (&event.resource, &event.reason, event.project, event.record_id()) {
            (Resource::Rfi, Reason::Delete, Some(project), Some(rfi)) => {
                self.ctx.shelf.forget_precedent(project, procore::RfiId::new(rfi)).await
            }
            _ => Ok(()),
        }
    }

    /// Milliseconds until the record has been quiet for long enough, if it has not.
    fn settling(&self, updated_at: Option<Timestamp>) -> Option<u64> {
        let window_ms = u64::from(self.ctx.config.quiet_window_s).saturating_mul(1000);
        let age_ms = ms_between(updated_at?, (self.ctx.clock)());
        // A clock behind Procore's sees a record of the future: age 0, and the whole window is waited.
        (age_ms < window_ms).then(|| window_ms.saturating_sub(age_ms))
    }

    fn claim(&self) -> Result<&Claim, Error> {
        self.held.as_ref().map(|held| &held.claim).ok_or(Error::Internal("no claim is held"))
    }

    fn claim_mut(&mut self) -> Result<&mut Claim, Error> {
        self.held.as_mut().map(|held| &mut held.claim).ok_or(Error::Internal("no claim is held"))
    }

    /// Ends this version of the record for good without a draft.
    fn close(&mut self, outcome: Outcome) -> Result<Outcome, Error> {
        let claim = self.claim_mut()?;
        claim.state = State::Closed;
        claim.outcome = Some(outcome.name());
        Ok(outcome)
    }

    fn find(&mut self, findings: &[Finding]) {
        self.story.findings.extend_from_slice(findings);
    }

    /// The outcome of a run whose workflow or project was switched off since it began. What was paid for stays with the
    /// claim: switched on again, the next event brings it to its place.
    async fn switched_off(&self, workflow: WorkflowId) -> Option<Outcome> {
        let config = self.ctx.live.current().await;
        let reason = match self.envelope.event.project.and_then(|project| config.project(project)) {
            None => SkipReason::ProjectOff,
            Some(row) if !row.workflows.contains(&workflow) => SkipReason::WorkflowOff,
            Some(_) => return None,
        };
        Some(Outcome::Skipped { reason })
    }
}

fn nothing(what: &str) -> Outcome {
    Outcome::Skipped { reason: SkipReason::NoWork { what: what.to_owned() } }
}

fn drafted(abstains: bool, written: Written) -> Outcome {
    if abstains { Outcome::InsufficientContext { written } } else { Outcome::Drafted { written } }
}

/// Rounded up: what is waited for is then there.
fn milliseconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}

fn ms_between(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_millis()).unwrap_or(0)
}
