//! Which of the workflows that listen to an event has work with its record. Never two of them.

use futures::future::BoxFuture;

use super::{Pass, Run, nothing};
use crate::{
    error::Error,
    event::Resource,
    ledger::{ClaimKey, Ledger},
    outcome::Outcome,
    workflows::{Visitor, Workflow, WorkflowId},
};

/// The end of one workflow's work.
enum Driven {
    End(Outcome),
    /// It has none, and why.
    NothingToDo(&'static str),
}

/// Drives a run with the workflow that its name stands for.
struct Drive<'r, 'a, L: Ledger> {
    run: &'r mut Run<'a, L>,
    workflow: WorkflowId,
}

impl<'r, L: Ledger> Visitor for Drive<'r, '_, L> {
    type Output = BoxFuture<'r, Result<Driven, Error>>;

    fn visit<W: Workflow>(self) -> Self::Output {
        Box::pin(self.run.drive::<W>(self.workflow))
    }
}

impl<L: Ledger> Run<'_, L> {
    /// Asks the workflows that listen, in the order of their list, until one has work with the record: by what the
    /// record is now, not by the event, one record is never two workflows' work. One event, one outcome, one story.
    pub(super) async fn ask(&mut self, workflows: &[WorkflowId]) -> Result<Outcome, Error> {
        self.look_at(workflows).await?;
        if self.is_any_paid_for() {
            // Whose it is shows only when the record was read, and reading it is part of bringing it to its place.
            self.sources.procore = self.sources.procore.posting().until(self.posting_until());
        }
        let mut whys = Vec::new();
        for workflow in workflows.iter().copied() {
            self.story.workflow = Some(workflow.name().to_owned());
            match workflow.visit(Drive { run: self, workflow }).await? {
                Driven::End(outcome) => return Ok(outcome),
                Driven::NothingToDo(why) if whys.contains(&why) => {}
                Driven::NothingToDo(why) => whys.push(why),
            }
        }
        Ok(nothing(&whys.join("; ")))
    }

    /// The claims of the record, in one look, where the event itself names the record they go by.
    async fn look_at(&mut self, workflows: &[WorkflowId]) -> Result<(), Error> {
        let event = &self.envelope.event;
        let (Some(project), Some(record)) = (event.project, event.record_id()) else { return Ok(()) };
        if matches!(event.resource, Resource::DailyLog(_)) {
            // The claim is the day's, and the event names an entry of it.
            return Ok(());
        }
        let key = |workflow: &WorkflowId| ClaimKey { workflow: workflow.name(), project, record };
        self.look(&workflows.iter().map(key).collect::<Vec<_>>()).await
    }

    /// Works on the record; once more from the start if it changed meanwhile.
    async fn drive<W: Workflow>(&mut self, workflow: WorkflowId) -> Result<Driven, Error> {
        for _ in 0..2 {
            match self.pass::<W>(workflow).await? {
                Pass::End(outcome) => return Ok(Driven::End(outcome)),
                // Work was begun on what the record was before: that is the end of this run, and what changed it tells
                // of itself.
                Pass::NothingToDo(why) if self.held.is_some() => return Ok(Driven::End(nothing(why))),
                Pass::NothingToDo(why) => return Ok(Driven::NothingToDo(why)),
                Pass::Changed => {}
            }
        }
        Ok(Driven::End(Outcome::Superseded))
    }
}
