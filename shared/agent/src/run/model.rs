//! The answer of a run: asked for once, corrected at most once, and its way through the gate.

use jiff::tz::TimeZone;

use super::{Run, Step, call::Called};
use crate::{
    claim::{State, StoredAnswer},
    claiming,
    error::Error,
    evidence::Evidence,
    gate::{Finding, Rules},
    ledger::Ledger,
    outcome::{Outcome, QuarantineReason},
    prompt::Prompt,
    recheck,
    run::Model,
    spent::Spent,
    workflows::{Workflow, WorkflowId},
};

impl<L: Ledger> Run<'_, L> {
    /// An answer that passed the gate, or the outcome that stands for its absence.
    pub(super) async fn answer<W: Workflow>(
        &mut self,
        workflow: WorkflowId,
        evidence: &Evidence,
        prompt: &Prompt,
        rules: &Rules<'_>,
    ) -> Result<Result<W::Output, Outcome>, Error> {
        let model = self.ctx.models.get(&prompt.tier).cloned();
        let model = model.ok_or_else(|| Error::NoSuchTier { tier: prompt.tier.clone() })?;
        let schema = W::schema();

        let paid = self.claim()?.answer.clone();
        self.watch.begin(Step::Budget);
        if paid.is_none() {
            if let Some(outcome) = self.switched_off(workflow).await {
                return Ok(Err(outcome));
            }
            let today = (self.ctx.clock)().to_zoned(TimeZone::UTC).date();
            if self.claim()?.drafts.of(today) >= self.ctx.config.budget.max_drafts_per_record_per_day {
                tracing::error!(
                    project_id = self.story.project_id,
                    "ALARM: a record was drafted too often today"
                );
                let reason = QuarantineReason::TooManyDrafts;
                return Ok(Err(self.close(Outcome::Quarantined { reason })?));
            }
            if let Some(wait_ms) = self.out_of_order(&model.endpoint).await? {
                return Ok(Err(Outcome::Parked { wait_ms }));
            }
        }

        self.watch.begin(Step::Render);
        let request = llm::Request {
            model: model.name.clone(),
            system: prompt.system.clone(),
            user: prompt.user(evidence, rules.fence)?,
            repair: None,
            schema_name: W::NAME.to_owned(),
            schema,
            max_output_tokens: prompt.max_output_tokens,
            deadline: std::time::Duration::ZERO,
        };

        self.watch.begin(Step::Call);
        let stored = match paid {
            Some(stored) => stored,
            None => {
                if let Some(outcome) = self.set_aside(&model, &request).await? {
                    return Ok(Err(outcome));
                }
                match self.first_call(&model, &request).await? {
                    Ok(stored) => stored,
                    Err(outcome) => return Ok(Err(outcome)),
                }
            }
        };
        self.tell_model(&stored);

        self.watch.begin(Step::Validate);
        let mut output: W::Output =
            serde_json::from_value(stored.json.clone()).map_err(Error::StoredAnswer)?;
        self.store(stored.clone()).await?;

        self.watch.begin(Step::Ground);
        let mut findings = recheck::findings::<W>(&output, evidence, rules);
        if !findings.is_empty() && !stored.repaired {
            findings.iter_mut().for_each(|finding| "sent_back".clone_into(&mut finding.action));
            self.find(&findings);
            let repair = llm::Repair { previous: stored.json.to_string(), findings: told(&findings) };
            let mut again = stored.clone();
            again.repaired = true;
            let request = llm::Request { repair: Some(repair), ..request };
            match self.call(&model, &request).await? {
                Called::Answer(answer, spent) => {
                    again.spent += spent;
                    again.json = answer.json;
                }
                // The first answer stands; what the gate refused in it is dropped.
                Called::Useless(_, spent) | Called::Broken(_, _, spent) => again.spent += spent,
                Called::OverBudget => {}
                Called::OutOfOrder(wait_ms) => return Ok(Err(Outcome::Parked { wait_ms })),
            }
            output = serde_json::from_value(again.json.clone()).map_err(Error::StoredAnswer)?;
            self.tell_model(&again);
            self.store(again).await?;
        }
        match recheck::settled::<W>(output, evidence, rules, |findings| self.find(findings)) {
            Ok(output) => Ok(Ok(output)),
            Err(findings) => {
                let rules = findings.into_iter().map(|finding| finding.rule).collect();
                Ok(Err(self.close(Outcome::Quarantined { reason: QuarantineReason::UnsafeText { rules } })?))
            }
        }
    }

    /// The call that the draft is made from, with one corrective turn if the answer breaks the schema.
    async fn first_call(
        &mut self,
        model: &Model,
        request: &llm::Request,
    ) -> Result<Result<StoredAnswer, Outcome>, Error> {
        let mut spent = Spent::default();
        let mut request = request.clone();
        for turn in 0..2 {
            let last = turn == 1;
            match self.call(model, &request).await? {
                Called::Answer(answer, cost) => {
                    spent += cost;
                    return Ok(Ok(StoredAnswer {
                        json: answer.json,
                        model: answer.model,
                        spent,
                        repaired: last,
                    }));
                }
                Called::Broken(raw, problems, cost) if !last => {
                    spent += cost;
                    request.repair = Some(llm::Repair { previous: raw, findings: problems.join("\n") });
                }
                Called::Broken(_, problems, cost) => {
                    spent += cost;
                    self.story.spent = spent;
                    let usage = llm::Usage::default();
                    return Err(llm::Error::Malformed { problems, raw: String::new(), usage }.into());
                }
                Called::Useless(error, cost) => {
                    spent += cost;
                    self.story.spent = spent;
                    return match error {
                        llm::Error::Refusal { .. } | llm::Error::ContentFilter { .. } => {
                            let reason = QuarantineReason::ModelRefused;
                            Ok(Err(self.close(Outcome::Quarantined { reason })?))
                        }
                        error => Err(error.into()),
                    };
                }
                Called::OverBudget => return Ok(Err(Outcome::OverBudget)),
                Called::OutOfOrder(wait_ms) => return Ok(Err(Outcome::Parked { wait_ms })),
            }
        }
        Err(Error::Internal("a corrective turn came to no end"))
    }

    fn tell_model(&mut self, stored: &StoredAnswer) {
        self.story.model = Some(stored.model.clone());
        self.story.answer = Some(stored.json.clone());
        self.story.spent = stored.spent;
    }

    /// Keeps a paid answer, unless it is the one kept already, and gives back what will not be needed for it.
    async fn store(&mut self, stored: StoredAnswer) -> Result<(), Error> {
        let before = self.claim()?.answer.clone();
        if before.as_ref() == Some(&stored) {
            return Ok(());
        }
        let today = (self.ctx.clock)().to_zoned(TimeZone::UTC).date();
        let payment = self.give_back(if stored.repaired { 0 } else { self.correction_micro_usd });
        let Some(held) = &mut self.held else {
            return Err(Error::Internal("no claim is held"));
        };
        if before.is_none() {
            held.claim.drafts = held.claim.drafts.and_one(today);
        }
        held.claim.answer = Some(stored);
        held.claim.state = State::Answered;
        Ok(claiming::advance(&self.ctx.ledger, &held.key, &mut held.claim, payment, None).await?)
    }
}

/// What the model is told of its mistakes.
fn told(findings: &[Finding]) -> String {
    findings
        .iter()
        .take(30)
        .map(|finding| format!("{}: {} ({})\n", finding.field, finding.rule, finding.value))
        .collect()
}
