//! Which of the workflows that listen to an event has work with its record. Never two of them.

use futures::future::BoxFuture;

use super::{Pass, Run, nothing};
use crate::{
    error::Error,
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
        if workflows.len() > 1 && self.is_any_paid_for(workflows).await? {
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

    /// True if one of the workflows that share a record has a paid answer to bring to its place.
    async fn is_any_paid_for(&self, workflows: &[WorkflowId]) -> Result<bool, Error> {
        let event = &self.envelope.event;
        if let (Some(project), Some(record)) = (event.project, event.record_id()) {
            for workflow in workflows {
                let key = ClaimKey { workflow: workflow.name(), project, record };
                if self.ctx.ledger.read(&key).await?.is_some_and(|claim| claim.is_paid_for()) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
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
