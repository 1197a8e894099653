//! The one model call of a run, its budget, its corrective turn and its way through the gate.

use std::time::Duration;

use super::{Run, Step};
use crate::{
    claim::{State, StoredAnswer},
    claiming,
    config::ProjectConfig,
    error::Error,
    evidence::Evidence,
    gate::{Finding, Rules},
    ledger::{Counter, Ledger},
    outcome::{Outcome, QuarantineReason},
    prompt::Prompt,
    recheck,
    run::Model,
    spent::Spent,
    workflows::Workflow,
};

/// The model's share of the time that is left; the rest is for posting.
const SHARE_OF_DEADLINE: f64 = 0.7;
/// Longest wait for one answer.
const MAX_WAIT: Duration = Duration::from_secs(120);
/// Bytes of a token of a model whose tokeniser is not known, counted low so that the reserve is high.
const BYTES_PER_TOKEN: usize = 3;
/// What an endpoint puts around the texts, in tokens.
const AROUND: usize = 100;

impl<L: Ledger> Run<'_, L> {
    /// An answer that passed the gate, or the outcome that stands for its absence.
    pub(super) async fn answer<W: Workflow>(
        &mut self,
        evidence: &Evidence,
        prompt: &Prompt,
        row: &ProjectConfig,
        rules: &Rules<'_>,
    ) -> Result<Result<W::Output, Outcome>, Error> {
        let model = self.ctx.models.get(&prompt.tier).cloned();
        let model = model.ok_or_else(|| Error::NoSuchTier { tier: prompt.tier.clone() })?;
        let schema = W::schema();

        let paid = self.claim()?.answer.clone();
        self.watch.begin(Step::Budget);
        let today = (self.ctx.clock)().to_zoned(jiff::tz::TimeZone::UTC).date();
        let purse = Counter(format!("usd/{}/{today}", row.id));
        let key = self.held.as_ref().map(|(key, _)| key.to_string()).unwrap_or_default();
        let drafts = Counter(format!("drafts/{key}/{today}"));
        if paid.is_none() {
            let most = i64::from(self.ctx.config.budget.max_drafts_per_record_per_day);
            if !self.ctx.ledger.add(&drafts, 1, Some(most)).await? {
                tracing::error!(project_id = row.id.get(), "ALARM: a record was drafted too often today");
                let reason = QuarantineReason::TooManyDrafts;
                return Ok(Err(self.close(Outcome::Quarantined { reason })?));
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
            deadline: Duration::ZERO,
        };

        self.watch.begin(Step::Call);
        let stored = match paid {
            Some(stored) => stored,
            None => match self.first_call(&model, &request, &purse).await {
                Ok(Ok(stored)) => stored,
                // No draft came of it: it does not count towards a loop.
                Ok(Err(outcome)) => {
                    self.ctx.ledger.add(&drafts, -1, None).await?;
                    return Ok(Err(outcome));
                }
                Err(error) => {
                    self.ctx.ledger.add(&drafts, -1, None).await?;
                    return Err(error);
                }
            },
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
            match self.call(&model, &request, &purse).await? {
                Called::Answer(answer, spent) => {
                    again.spent += spent;
                    again.json = answer.json;
                }
                // The first answer stands; what the gate refused in it is dropped.
                Called::Useless(_, spent) | Called::Broken(_, _, spent) => again.spent += spent,
                Called::OverBudget => {}
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
        purse: &Counter,
    ) -> Result<Result<StoredAnswer, Outcome>, Error> {
        let mut spent = Spent::default();
        let mut request = request.clone();
        for turn in 0..2 {
            let last = turn == 1;
            match self.call(model, &request, purse).await? {
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
            }
        }
        Err(Error::Internal("a corrective turn came to no end"))
    }

    /// One call, paid from the project's purse: its highest price is reserved before, the difference given back after.
    async fn call(
        &mut self,
        model: &Model,
        request: &llm::Request,
        purse: &Counter,
    ) -> Result<Called, Error> {
        let most = llm::Usage {
            tokens_in: most_tokens(request),
            tokens_out: request.max_output_tokens,
            tokens_cached: 0,
        };
        let reserve = i64::try_from(llm::cost_micro_usd(&model.price, &most)).unwrap_or(i64::MAX);
        let limit = i64::try_from(self.ctx.config.budget.micro_usd_per_project_per_day).unwrap_or(i64::MAX);
        if !self.ctx.ledger.add(purse, reserve, Some(limit)).await? {
            return Ok(Called::OverBudget);
        }
        let before = (self.ctx.clock)();
        let left_ms = super::ms_between(before, self.deadline) as f64 * SHARE_OF_DEADLINE;
        let request =
            llm::Request { deadline: MAX_WAIT.min(Duration::from_millis(left_ms as u64)), ..request.clone() };
        let result = model.client.answer(&request).await;
        let usage = match &result {
            Ok(answer) => answer.usage(),
            Err(error) => error.usage(),
        };
        let spent = Spent {
            tokens_in: usage.tokens_in,
            tokens_out: usage.tokens_out,
            tokens_cached: usage.tokens_cached,
            cost_micro_usd: llm::cost_micro_usd(&model.price, &usage),
            latency_ms: super::ms_between(before, (self.ctx.clock)()),
            calls: 1,
        };
        let difference = i64::try_from(spent.cost_micro_usd).unwrap_or(i64::MAX).saturating_sub(reserve);
        self.ctx.ledger.add(purse, difference, None).await?;
        match result {
            Ok(answer) => Ok(Called::Answer(answer, spent)),
            Err(llm::Error::Malformed { problems, raw, .. }) => Ok(Called::Broken(raw, problems, spent)),
            Err(llm::Error::Empty { .. }) => {
                Ok(Called::Broken(String::new(), vec!["the answer was empty".to_owned()], spent))
            }
            Err(error) if error.class() == llm::Class::Permanent => Ok(Called::Useless(error, spent)),
            Err(error) => Err(error.into()),
        }
    }

    fn tell_model(&mut self, stored: &StoredAnswer) {
        self.story.model = Some(stored.model.clone());
        self.story.answer = Some(stored.json.clone());
        self.story.spent = stored.spent;
    }

    /// Keeps a paid answer, unless it is the one kept already.
    async fn store(&mut self, stored: StoredAnswer) -> Result<(), Error> {
        let ledger = &self.ctx.ledger;
        let Some((key, claim)) = &mut self.held else {
            return Err(Error::Internal("no claim is held"));
        };
        if claim.answer.as_ref() == Some(&stored) {
            return Ok(());
        }
        claim.answer = Some(stored);
        claim.state = State::Answered;
        Ok(claiming::advance(ledger, key, claim).await?)
    }
}

/// Most prompt tokens that a request comes to, as far as can be known before.
fn most_tokens(request: &llm::Request) -> u32 {
    let tokenizer = llm::Tokenizer::of(&request.model);
    let schema = request.schema.to_string();
    let repair = request.repair.as_ref();
    let texts = [&request.system, &request.user, &schema].into_iter();
    let texts =
        texts.chain(repair.map(|repair| &repair.previous)).chain(repair.map(|repair| &repair.findings));
    let tokens = texts.map(|text| {
        let guess = if tokenizer.is_known() { 0 } else { text.len() / BYTES_PER_TOKEN };
        tokenizer.count(text).max(guess)
    });
    u32::try_from(tokens.sum::<usize>().saturating_add(AROUND)).unwrap_or(u32::MAX)
}

/// What came of a call that was made.
enum Called {
    Answer(llm::Answer, Spent),
    /// Not the answer's form: raw text, what is wrong, cost.
    Broken(String, Vec<String>, Spent),
    /// No answer, and none to be had.
    Useless(llm::Error, Spent),
    /// The purse does not carry it; nothing was called.
    OverBudget,
}

/// What the model is told of its mistakes.
fn told(findings: &[Finding]) -> String {
    findings
        .iter()
        .take(30)
        .map(|finding| format!("{}: {} ({})\n", finding.field, finding.rule, finding.value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(model: &str, user: &str, repair: Option<llm::Repair>) -> llm::Request {
        llm::Request {
            model: model.to_owned(),
            system: "rules".to_owned(),
            user: user.to_owned(),
            repair,
            schema_name: "s".to_owned(),
            schema: serde_json::Value::Null,
            max_output_tokens: 9,
            deadline: Duration::ZERO,
        }
    }

    #[test]
    fn what_is_reserved_is_counted_and_where_it_cannot_be_is_no_less() {
        let text = "Mount grab bars 34 inches above the finished floor. ".repeat(40);
        let counted = u32::try_from(llm::Tokenizer::of("gpt-4.1").count(&text)).unwrap();
        let around = most_tokens(&request("gpt-4.1", "", None));
        assert_eq!(most_tokens(&request("gpt-4.1", &text, None)), around + counted);
        let repair = llm::Repair { previous: text.clone(), findings: text.clone() };
        assert_eq!(most_tokens(&request("gpt-4.1", &text, Some(repair))), around + 3 * counted);
        let guessed = most_tokens(&request("our-deployment", &text, None));
        assert!(
            guessed > around + counted && guessed >= u32::try_from(text.len() / BYTES_PER_TOKEN).unwrap()
        );
    }
}
