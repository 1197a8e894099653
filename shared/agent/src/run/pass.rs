//! One pass over a record: read it, gather, claim, compose, look again, post.

use jiff::{SignedDuration, Timestamp};

use super::{Announced, Carrier, Held, Pass, Placing, Run, Step, drafted, ms_between, nothing};
use crate::{
    breaker::Verdict,
    claim::{Claim, Lease, State, Taken, decide},
    claiming::{self, StepError},
    draft::{Draft, Placed, draft_id},
    error::{Class, Error, SENT_WITHIN},
    ledger::{ClaimKey, Ledger},
    limit,
    outcome::{Outcome, OutcomeName, QuarantineReason, SkipReason, Written},
    prompt::Prompt,
    workflows::{Read, Sources, Subject, Workflow, WorkflowId},
};

/// Time to end a run in order.
const HANDING_BACK: SignedDuration = SignedDuration::from_secs(10);
/// A claim held by another run is looked at again this soon: runs end long before their leases do.
const LOOK_AGAIN_MS: u64 = 10_000;

impl<L: Ledger> Run<'_, L> {
    /// Every step but the last, from top to bottom.
    pub(super) async fn pass<W: Workflow>(&mut self, workflow: WorkflowId) -> Result<Pass, Error> {
        let event = &self.envelope.event;
        let Some(project) = event.project else {
            return Err(Error::Internal("admit let an event without project pass"));
        };
        let ctx = self.ctx;
        let Some(row) = ctx.config.project(project) else {
            return Err(Error::Internal("admit let an unknown project pass"));
        };

        self.watch.begin(Step::Read);
        ctx.check_account(&self.sources.procore).await?;
        let Some(Subject { record: record_id, changed_at }) =
            W::subject(&self.sources, project, event).await?
        else {
            return Ok(Pass::End(nothing("the event does not tell which record it is about")));
        };
        self.story.record_id = record_id.to_string();
        let key = ClaimKey { workflow: W::NAME, project, record: record_id };
        let stored = self.stored(&key).await?;
        if stored.as_ref().is_some_and(Claim::is_paid_for) {
            // What is left to do is bringing it to its place, and reading the record again is part of that.
            self.sources.procore = self.sources.procore.posting().until(self.posting_until());
        }
        let prompt = match row.prompts.get(&workflow) {
            Some(version) => Prompt::version(W::NAME, *version)?,
            None => Prompt::labelled(W::NAME, "production")?,
        };
        if !stored.as_ref().is_some_and(Claim::is_paid_for)
            && let Some(wait_ms) = self.is_open(&prompt)
        {
            return Ok(Pass::End(Outcome::Parked { wait_ms }));
        }
        // A record that takes many calls to read is not read while somebody is still typing.
        if let Some(wait_ms) = self.settling(changed_at) {
            return Ok(Pass::End(Outcome::Settling { wait_ms }));
        }
        let record = match W::read(&self.sources, project, record_id).await? {
            Read::Record(record) => record,
            Read::Nothing { label, why } => {
                self.story.record_label = label.unwrap_or_default();
                return Ok(Pass::NothingToDo(why));
            }
        };
        self.story.record_label = W::label(&record);

        self.watch.begin(Step::Settle);
        if let Some(wait_ms) = self.settling(W::updated_at(&record)) {
            return Ok(Pass::End(Outcome::Settling { wait_ms }));
        }

        self.watch.begin(Step::Gather);
        let mut evidence = W::gather(&self.sources, project, &record).await?;
        let (budget, tokenizer) = (ctx.config.budget.evidence_tokens, ctx.tokenizer(&prompt.tier)?);
        limit::keep_within(&mut evidence, budget, tokenizer, limit::is_looked_up);
        let evidence_hash = evidence.hash(&prompt.reference.sha256);
        self.tell_evidence(&evidence, &evidence_hash, &prompt);

        self.watch.begin(Step::Claim);
        // From here on calls may use what is kept for posting: an answer is about to be paid for.
        let procore = self.sources.procore.posting().until(self.posting_until());
        let posting = Sources { procore, ..self.sources.clone() };
        let account = ctx.own.service_account;
        let Some(carrier) = Carrier::of(W::target(&record), &posting.procore, project, row, account) else {
            return Ok(Pass::End(Outcome::NoCarrier));
        };
        let lease = Lease { holder: ctx.holder.clone(), run: self.story.id.clone(), until: self.deadline };
        let now = (ctx.clock)();
        // What this run itself set aside before the record changed is still there.
        let reserve = self.held.take().and_then(|held| held.claim.reserve);
        let is_ours =
            stored.as_ref().and_then(|claim| claim.lease.as_ref()).is_some_and(|held| held.run == lease.run);
        match decide(stored, &evidence_hash, lease, now) {
            Taken::Unchanged => return Ok(Pass::End(Outcome::Unchanged)),
            Taken::Busy { until } => {
                return Ok(Pass::End(Outcome::Busy { wait_ms: ms_between(now, until).min(LOOK_AGAIN_MS) }));
            }
            Taken::Granted(claim) => {
                let seen_at = W::updated_at(&record);
                let claim = Claim { seen_at, reserve: reserve.or(claim.reserve.clone()), ..*claim };
                self.held = Some(Held { key: key.clone(), claim, stored: is_ours });
            }
        }
        // An answer that waits is worked on at once. Otherwise the claim is stored with the money for the answer: until
        // then only reading is done, which another worker may do as well.
        if self.claim()?.answer.is_some() && !self.hold().await? {
            return Ok(Pass::End(Outcome::Busy { wait_ms: LOOK_AGAIN_MS }));
        }
        if !carrier.is_free(self.claim()?).await? {
            return Ok(Pass::End(self.close(Outcome::Skipped { reason: SkipReason::TakenOver })?));
        }

        if self.claim()?.answer.is_none() {
            let precedents = W::precedents(&self.sources, project, &record).await?;
            self.claim_mut()?.precedents = precedents;
        }
        evidence.append(&self.claim()?.precedents);
        limit::keep_within(&mut evidence, budget, tokenizer, limit::is_precedent);
        self.tell_evidence(&evidence, &evidence_hash, &prompt);

        let draft_id = draft_id(W::NAME, project.get(), record_id);
        let stored =
            self.claim()?.draft.clone().filter(|_| self.claim().is_ok_and(|c| c.state == State::Posting));
        let draft = match stored {
            // The text was final before the interruption; it is posted as it was.
            Some(draft) => draft,
            None => match self.compose::<W>(workflow, &record, &evidence, &prompt, row, &draft_id).await? {
                Ok(draft) => draft,
                Err(outcome) => return Ok(Pass::End(outcome)),
            },
        };
        self.story.draft_text = Some(format!("{}\n\n{}", draft.title, draft.body));

        self.watch.begin(Step::Recheck);
        let again = match W::read(&posting, project, record_id).await? {
            Read::Nothing { why, .. } => return Ok(Pass::End(nothing(why))),
            Read::Record(again) if W::fingerprint(&again) != W::fingerprint(&record) => {
                return Ok(Pass::Changed);
            }
            Read::Record(again) => again,
        };

        // A place in the record itself is judged by the newest look at it.
        let Some(carrier) = Carrier::of(W::target(&again), &posting.procore, project, row, account) else {
            return Ok(Pass::End(Outcome::NoCarrier));
        };
        Ok(Pass::End(self.post(workflow, &carrier, draft, &draft_id).await?))
    }

    /// What was paid for may wait for its calls until shortly before the end, when the message must be handed back.
    pub(super) fn posting_until(&self) -> Timestamp {
        self.deadline.checked_sub(HANDING_BACK).unwrap_or(self.deadline)
    }

    /// How long the model of a prompt is out of order, as far as was known when the run began.
    fn is_open(&self, prompt: &Prompt) -> Option<u64> {
        let now = (self.ctx.clock)();
        let endpoint = &self.ctx.models.get(&prompt.tier)?.endpoint;
        match self.breaker(endpoint).verdict(now) {
            Verdict::Open(until) => Some(ms_between(now, until)),
            Verdict::Closed | Verdict::Try => None,
        }
    }

    /// Tells the ledger that this run works on the record. False if another was faster.
    async fn hold(&mut self) -> Result<bool, Error> {
        let Some(held) = &mut self.held else {
            return Err(Error::Internal("no claim is held"));
        };
        match claiming::advance(&self.ctx.ledger, &held.key, &mut held.claim, None, None).await {
            Ok(()) => held.stored = true,
            Err(StepError::Lost) => self.held = None,
            Err(error) => return Err(error.into()),
        }
        Ok(self.held.is_some())
    }

    /// What a write came to is known: there is nothing to be looked for.
    fn settled(&mut self) -> Result<(), Error> {
        self.claim_mut()?.settle();
        Ok(())
    }

    /// The only write. What is about to be written is stored before, so that it is looked for, not repeated, if the
    /// end of the write is never seen.
    async fn post(
        &mut self,
        workflow: WorkflowId,
        carrier: &Carrier<'_>,
        draft: Draft,
        draft_id: &str,
    ) -> Result<Outcome, Error> {
        self.watch.begin(Step::Post);
        let abstains = self.claim()?.outcome == Some(OutcomeName::InsufficientContext);
        if self.ctx.dry_run {
            return Ok(drafted(abstains, Written::Nothing));
        }
        if abstains && !carrier.takes_notes() {
            // Words of ours that stand there from before stay: they are a person's to judge.
            return self.close(drafted(abstains, Written::Nothing));
        }
        if let Some(outcome) = self.switched_off(workflow).await {
            return Ok(outcome);
        }
        let intended = carrier.intended(&draft);
        let now = (self.ctx.clock)();
        let payment = self.give_back(0);
        let Some(Held { key, claim, .. }) = &mut self.held else {
            return Err(Error::Internal("no claim is held"));
        };
        // What an earlier interrupted write carried is still looked for if this one never began.
        let before = (claim.unsettled.clone(), claim.unsettled_since);
        let mut looked_for = before.0.clone();
        if looked_for.is_empty() && claim.placed.is_some() {
            looked_for.push(intended.clone());
        }
        claim.state = State::Posting;
        claim.draft = Some(draft.clone());
        claim.announce(intended, now);
        claiming::advance(&self.ctx.ledger, key, claim, payment, None).await?;
        let to_settle = Claim { unsettled: looked_for, unsettled_since: before.1, ..claim.clone() };
        let soon = now.checked_add(SENT_WITHIN).unwrap_or(now);
        let procore = self.sources.procore.posting().until(soon.min(self.posting_until()));
        let announced = Announced { at: now, clock: self.ctx.clock };
        let placing = match carrier.through(&procore).place(&to_settle, &draft, draft_id, announced).await {
            // Nothing was written, so there is nothing new to be looked for.
            Err(error) if matches!(error.class(), Class::Wait { .. }) => {
                let claim = self.claim_mut()?;
                (claim.unsettled, claim.unsettled_since) = before;
                return Err(error);
            }
            end => end?,
        };
        match placing {
            Placing::Placed(placed) => {
                let written = match &placed {
                    Placed::Item { item, .. } => Written::Item(item.get()),
                    Placed::Field { .. } => Written::Field,
                };
                if let Written::Item(item) = written {
                    self.story.item_id = Some(item);
                }
                let claim = self.claim_mut()?;
                claim.placed = Some(placed);
                claim.settle();
                claim.state = State::Posted;
                Ok(drafted(abstains, written))
            }
            Placing::TakenOver => self.close(Outcome::Skipped { reason: SkipReason::TakenOver }),
            Placing::NoCarrier => {
                // Nothing was written. The answer stays paid for until the type is set up.
                let claim = self.claim_mut()?;
                (claim.unsettled, claim.unsettled_since) = before;
                claim.state = State::Answered;
                Ok(Outcome::NoCarrier)
            }
            Placing::OnItsWay { until } => {
                // Nothing was written: what is waited for is the write of before.
                let claim = self.claim_mut()?;
                (claim.unsettled, claim.unsettled_since) = before;
                Ok(Outcome::Busy { wait_ms: ms_between(now, until) })
            }
            Placing::TooLate => {
                let claim = self.claim_mut()?;
                (claim.unsettled, claim.unsettled_since) = before;
                Ok(Outcome::Busy { wait_ms: 1000 })
            }
            Placing::NotADraft { wrong, deleted } => {
                let reason = if deleted {
                    QuarantineReason::NotADraft { wrong }
                } else {
                    QuarantineReason::NotADraftStillThere { wrong }
                };
                self.settled()?;
                self.close(Outcome::Quarantined { reason })
            }
            Placing::NotOnlyFilledIn { wrong } => {
                self.settled()?;
                self.close(Outcome::Quarantined { reason: QuarantineReason::NotOnlyFilledIn { wrong } })
            }
        }
    }
}
