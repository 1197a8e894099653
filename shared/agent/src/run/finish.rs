//! The end of a run: the claim given back and the story stored, in one change.

use super::{Held, Run, Step, milliseconds};
use crate::{
    claim::State,
    claiming::{self, StepError},
    draft::{Placed, draft_id},
    error::{AMBIGUOUS_WAIT, Class, Error},
    evidence::Evidence,
    ledger::{Change, Ledger},
    outcome::Outcome,
    record::RunRecord,
    run::carrier,
};

impl<L: Ledger> Run<'_, L> {
    /// Stores how it ended and gives the claim back.
    pub(super) async fn finish(
        mut self,
        result: Result<Outcome, Error>,
    ) -> Result<(Outcome, RunRecord), (Error, Box<RunRecord>)> {
        self.watch.begin(Step::Record);
        let mut result = match result {
            Err(error) => match error.class() {
                Class::Wait { after } => {
                    tracing::info!(event_id = self.story.event_id, %error, "waiting for leave to call Procore");
                    Ok(Outcome::Paced { wait_ms: milliseconds(after) })
                }
                _ => Err(error),
            },
            ended => ended,
        };
        self.story.tally.procore_429 = self.sources.procore.too_many_calls();
        self.story.tally.call_budget_percent = self.sources.procore.budget_share_percent().await;
        self.tell_end(&result);
        if let Err(error) = self.give_up_claim(&result).await
            && result.is_ok()
        {
            result = Err(error);
            self.tell_end(&result);
        }
        self.watch.end();
        match result {
            Ok(outcome) => Ok((outcome, self.story)),
            Err(error) => Err((error, Box::new(self.story))),
        }
    }

    fn tell_end(&mut self, result: &Result<Outcome, Error>) {
        self.story.procore_calls = self.sources.procore.calls();
        match result {
            Ok(outcome) => {
                self.story.outcome = format!("{:?}", outcome.name());
                self.story.reason = outcome.reason();
            }
            Err(error) => {
                self.story.outcome = "Failed".to_owned();
                self.story.reason = error.to_string();
            }
        }
        self.story.steps.clone_from(&self.watch.times);
    }

    async fn give_up_claim(&mut self, result: &Result<Outcome, Error>) -> Result<(), Error> {
        // A wait is no end; its story would only hide the one that follows.
        let told = !result.as_ref().is_ok_and(Outcome::is_wait);
        let payment = self.give_back(0);
        let ends = |held: &Held| held.stored || matches!(held.claim.state, State::Posted | State::Closed);
        let Some(held) = self.held.as_mut().filter(|held| ends(held)) else {
            if told {
                self.store_story().await;
            }
            return Ok(());
        };
        let claim = &mut held.claim;
        if matches!(claim.state, State::Posted | State::Closed) {
            claim.precedents = Evidence::default();
        }
        // After a write of unknown end the lease is kept for a while: nobody should look before it has arrived.
        let ambiguous =
            matches!(result, Err(Error::Procore(error)) if error.class() == procore::Class::Ambiguous);
        match &mut claim.lease {
            Some(lease) if ambiguous => {
                lease.until = (self.ctx.clock)().checked_add(AMBIGUOUS_WAIT).unwrap_or(jiff::Timestamp::MAX);
            }
            lease => *lease = None,
        }
        let story = told.then_some(&self.story);
        match claiming::advance(&self.ctx.ledger, &held.key, claim, payment, story).await {
            Ok(()) => Ok(()),
            Err(StepError::Lost) => {
                self.yield_if_overtaken().await;
                self.store_story().await;
                Err(Error::ClaimLost)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The story alone. It is told to people; a run does not fail for it.
    async fn store_story(&self) {
        let change = Change { run: Some(&self.story), ..Change::default() };
        if let Err(error) = self.ctx.ledger.change(change).await {
            tracing::warn!(event_id = self.story.event_id, %error, "the story of a run was not stored");
        }
    }

    /// A worker that was held up for longer than its lease may have posted after another had taken over. Of two items
    /// the older stays; ours goes if it is the newer.
    async fn yield_if_overtaken(&self) {
        let Some(Held { key, claim, .. }) = &self.held else { return };
        let Some(Placed::Item { item, .. }) = claim.placed.as_ref().filter(|_| claim.state == State::Posted)
        else {
            return;
        };
        let kind = self.ctx.config.project(key.project).and_then(|row| row.correspondence_type_id);
        let Some(kind) = kind else { return };
        let procore = self.sources.procore.posting().until(self.posting_until());
        let items = carrier::Correspondence {
            procore: &procore,
            project: key.project,
            kind,
            service_account: self.ctx.own.service_account,
        };
        let draft_id = draft_id(key.workflow, key.project.get(), key.record);
        if let Err(error) = items.yield_to_older(*item, claim, &draft_id).await {
            tracing::error!(
                project_id = key.project.get(), item_id = item.get(), %error,
                "ALARM: there may be two drafts of one record: a worker wrote after its lease had ended"
            );
        }
    }
}
