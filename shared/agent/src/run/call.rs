//! One call of the model: money set aside before, the endpoint's circuit breaker asked and told.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::{Model, Run, ms_between};
use crate::{
    breaker::{Breaker, Verdict},
    claim::Reserve,
    claiming::{self, StepError},
    error::Error,
    ledger::{Counter, Ledger, Payment},
    outcome::Outcome,
    spent::Spent,
};

/// The model's share of the time that is left; the rest is for posting.
const SHARE_OF_DEADLINE: f64 = 0.7;
/// Longest wait for one answer.
const MAX_WAIT: Duration = Duration::from_secs(120);
/// Bytes of a token of a model whose tokeniser is not known, counted low so that the reserve is high.
const BYTES_PER_TOKEN: usize = 3;
/// What an endpoint puts around the texts, in tokens.
const AROUND: usize = 100;
/// What a corrective turn says of the mistakes, in tokens at most.
const CORRECTIONS: u32 = 3000;
/// Looked at again this soon where another worker's word on an endpoint came first.
const SOON_MS: u64 = 10_000;

/// What came of a call that was made.
pub(super) enum Called {
    Answer(llm::Answer, Spent),
    /// Not the answer's form: raw text, what is wrong, cost.
    Broken(String, Vec<String>, Spent),
    /// No answer, and none to be had.
    Useless(llm::Error, Spent),
    /// The purse does not carry it; nothing was called.
    OverBudget,
    /// The endpoint is out of order: this is how long to wait.
    OutOfOrder(u64),
}

impl<L: Ledger> Run<'_, L> {
    /// Takes the claim in the ledger and, with it, what an answer and its one corrective turn can cost at most. `Some` is
    /// the outcome of a run that may not go on.
    pub(super) async fn set_aside(
        &mut self,
        model: &Model,
        request: &llm::Request,
    ) -> Result<Option<Outcome>, Error> {
        let first = highest_price(model, most_tokens(request), request.max_output_tokens);
        let again =
            most_tokens(request).saturating_add(request.max_output_tokens).saturating_add(CORRECTIONS);
        self.correction_micro_usd = highest_price(model, again, request.max_output_tokens);
        let whole = first.saturating_add(self.correction_micro_usd);
        let today = (self.ctx.clock)().to_zoned(TimeZone::UTC).date();
        let project = self.story.project_id.unwrap_or_default();
        let limit = i64::try_from(self.ctx.config.budget.micro_usd_per_project_per_day).unwrap_or(i64::MAX);
        let Some(held) = &mut self.held else {
            return Err(Error::Internal("no claim is held"));
        };
        let before = held.claim.reserve.take();
        let purse =
            before.as_ref().map_or_else(|| format!("usd/{project}/{today}"), |kept| kept.purse.clone());
        let micro_usd = whole.saturating_sub(before.as_ref().map_or(0, |kept| kept.micro_usd));
        let payment = Payment { purse: Counter(purse.clone()), micro_usd, ceiling: Some(limit) };
        held.claim.reserve = Some(Reserve { purse, micro_usd: whole });
        match claiming::advance(&self.ctx.ledger, &held.key, &mut held.claim, Some(payment), None).await {
            Ok(()) => {
                held.stored = true;
                Ok(None)
            }
            Err(StepError::OverBudget) => {
                held.claim.reserve = before;
                Ok(Some(Outcome::OverBudget))
            }
            // Whoever was faster has it; nothing of it is ours.
            Err(StepError::Lost) if !held.stored => {
                self.held = None;
                Ok(Some(Outcome::Busy { wait_ms: SOON_MS }))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What is set aside beyond `keep` goes back to its purse, together with the next step of the claim.
    pub(super) fn give_back(&mut self, keep_micro_usd: i64) -> Option<Payment> {
        let reserve = &mut self.held.as_mut()?.claim.reserve;
        let Reserve { purse, micro_usd } = reserve.take()?;
        let back = micro_usd.saturating_sub(keep_micro_usd);
        if keep_micro_usd > 0 {
            *reserve = Some(Reserve { purse: purse.clone(), micro_usd: keep_micro_usd });
        }
        (back != 0).then(|| Payment {
            purse: Counter(purse),
            micro_usd: back.saturating_neg(),
            ceiling: None,
        })
    }

    /// How long the endpoint has to be left alone, if it has; whoever may try it says so first.
    pub(super) async fn out_of_order(&mut self, endpoint: &str) -> Result<Option<u64>, Error> {
        let now = (self.ctx.clock)();
        let breaker = self.breaker(endpoint);
        match breaker.verdict(now) {
            Verdict::Closed => Ok(None),
            Verdict::Open(until) => Ok(Some(ms_between(now, until))),
            Verdict::Try => {
                let first = self.tell_breaker(endpoint, breaker.trying(self.deadline)).await?;
                Ok((!first).then_some(SOON_MS))
            }
        }
    }

    /// One call, paid from what was set aside.
    pub(super) async fn call(&mut self, model: &Model, request: &llm::Request) -> Result<Called, Error> {
        let most = highest_price(model, most_tokens(request), request.max_output_tokens);
        // Nothing is set aside for a model that costs nothing.
        if self.claim()?.reserve.as_ref().map_or(0, |reserve| reserve.micro_usd) < most {
            return Ok(Called::OverBudget);
        }
        let before = (self.ctx.clock)();
        let left_ms = ms_between(before, self.deadline) as f64 * SHARE_OF_DEADLINE;
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
            latency_ms: ms_between(before, (self.ctx.clock)()),
            calls: 1,
        };
        if let Some(paid) = &mut self.story.tally.paid {
            *paid += spent;
        }
        if let Some(reserve) = &mut self.claim_mut()?.reserve {
            let cost = i64::try_from(spent.cost_micro_usd).unwrap_or(i64::MAX);
            reserve.micro_usd = reserve.micro_usd.saturating_sub(cost);
        }
        match result {
            Err(error) if matches!(error.class(), llm::Class::Retry { .. }) => {
                match self.failed(&model.endpoint, &error).await? {
                    Some(wait_ms) => Ok(Called::OutOfOrder(wait_ms)),
                    None => Err(error.into()),
                }
            }
            answered => {
                if self.breaker(&model.endpoint) != Breaker::default() {
                    // If another worker's word came first it is as fresh as ours.
                    self.tell_breaker(&model.endpoint, Breaker::default()).await?;
                }
                Ok(match answered {
                    Ok(answer) => Called::Answer(answer, spent),
                    Err(llm::Error::Malformed { problems, raw, .. }) => Called::Broken(raw, problems, spent),
                    Err(llm::Error::Empty { .. }) => {
                        Called::Broken(String::new(), vec!["the answer was empty".to_owned()], spent)
                    }
                    Err(error) => Called::Useless(error, spent),
                })
            }
        }
    }

    /// Tells the breaker of a failure. `Some` if it is open now: then the endpoint is to blame, not the message.
    async fn failed(&mut self, endpoint: &str, error: &llm::Error) -> Result<Option<u64>, Error> {
        let after = match error.class() {
            llm::Class::Retry { after } => after,
            _ => None,
        };
        let now = (self.ctx.clock)();
        let mut breaker = self.breaker(endpoint);
        for _ in 0..3 {
            let failed = breaker.failed(now, after);
            if self.tell_breaker(endpoint, failed).await? {
                if let Verdict::Open(until) = failed.verdict(now) {
                    tracing::warn!(%error, until = %until, "ALARM: the model's endpoint is out of order: messages wait");
                }
                breaker = failed;
                break;
            }
            breaker = self.breaker_now(endpoint).await?;
        }
        Ok(match breaker.verdict(now) {
            Verdict::Open(until) => Some(ms_between(now, until)),
            Verdict::Closed | Verdict::Try => None,
        })
    }
}

fn highest_price(model: &Model, tokens_in: u32, tokens_out: u32) -> i64 {
    let most = llm::Usage { tokens_in, tokens_out, tokens_cached: 0 };
    i64::try_from(llm::cost_micro_usd(&model.price, &most)).unwrap_or(i64::MAX)
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
