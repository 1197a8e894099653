//! The steps of a run, their times, and who watches them.

use jiff::Timestamp;

use crate::record::StepTime;

/// The steps of [`super::run`], in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the module's documentation tells each")]
pub enum Step {
    Admit,
    Read,
    Settle,
    Gather,
    Claim,
    Budget,
    Render,
    Call,
    Validate,
    Ground,
    Recheck,
    Post,
    Record,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Admit,
        Self::Read,
        Self::Settle,
        Self::Gather,
        Self::Claim,
        Self::Budget,
        Self::Render,
        Self::Call,
        Self::Validate,
        Self::Ground,
        Self::Recheck,
        Self::Post,
        Self::Record,
    ];

    /// The step with this name in records.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    /// Its name in records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admit => "admit",
            Self::Read => "read",
            Self::Settle => "settle",
            Self::Gather => "gather",
            Self::Claim => "claim",
            Self::Budget => "budget",
            Self::Render => "render",
            Self::Call => "call",
            Self::Validate => "validate",
            Self::Ground => "ground",
            Self::Recheck => "recheck",
            Self::Post => "post",
            Self::Record => "record",
        }
    }
}

/// Told at both ends of every step. Tests stop the process here.
pub type Watcher = fn(Step, Edge);

/// Which end of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// Nothing of the step was done yet.
    Begin,
    /// All of the step was done.
    End,
}

/// Measures steps.
pub(super) struct Stopwatch {
    clock: fn() -> Timestamp,
    watcher: Option<Watcher>,
    started_at: Timestamp,
    current: Option<(Step, u64)>,
    pub(super) times: Vec<StepTime>,
}

impl Stopwatch {
    pub(super) fn start(clock: fn() -> Timestamp, watcher: Option<Watcher>) -> Self {
        Self { clock, watcher, started_at: clock(), current: None, times: Vec::new() }
    }

    fn elapsed_ms(&self) -> u64 {
        let elapsed = (self.clock)().duration_since(self.started_at);
        u64::try_from(elapsed.as_millis()).unwrap_or(0)
    }

    /// Ends the step before and begins this one; goes on with it if it is the same.
    pub(super) fn begin(&mut self, step: Step) {
        if self.current.is_some_and(|(current, _)| current == step) {
            return;
        }
        self.end();
        self.current = Some((step, self.elapsed_ms()));
        if let Some(watch) = self.watcher {
            watch(step, Edge::Begin);
        }
    }

    /// Ends the step at hand, if there is one.
    pub(super) fn end(&mut self) {
        if let Some((step, started_ms)) = self.current.take() {
            let took_ms = self.elapsed_ms().saturating_sub(started_ms);
            self.times.push(StepTime { name: step.name().to_owned(), started_ms, took_ms });
            if let Some(watch) = self.watcher {
                watch(step, Edge::End);
            }
        }
    }
}
