//! One message, from the queue to what becomes of it. The one-process service and the Lambda share this; they differ
//! only in how they tell their queue.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures::FutureExt;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use crate::{
    envelope::Envelope,
    error::{Class, Error},
    ledger::{Counter, Ledger},
    outcome::Outcome,
    record::RunRecord,
    run::{self, Ctx},
    trace::trace_of,
};

/// So many tries may fail for a reason of the message's own before it goes to the dead letters. Waits that were ours
/// and interruptions do not count.
pub const MAX_TRIES: i64 = 5;

/// So many where the far side is to blame: with the waits between them some six hours.
const MAX_TRIES_OF_AN_OUTAGE: i64 = 30;

/// Received that often without coming to any end, a message is taken for one that kills its worker. The redrive policy of
/// an SQS queue has to be above this.
pub const MAX_RECEIVES: u32 = 40;

/// A message that waited for so long is shown to a person: queues themselves forget after 14 days.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Longest wait between two tries, in seconds.
const LONGEST_BACKOFF_S: u64 = 900;

/// A message in hand.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// Names it on its queue; the same however often it is received.
    pub id: &'a str,
    /// An envelope.
    pub body: &'a str,
    /// How often it was received, this time included.
    pub receive_count: u32,
}

/// What becomes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Done: delete it.
    Done,
    /// Show it again after so long. `counted`: the try failed, and the receive counts.
    HandBack {
        /// How long to hide it.
        delay: Duration,
        /// Whether the receive counts against [`MAX_RECEIVES`].
        counted: bool,
    },
    /// Keep it on the dead-letter queue.
    Bury {
        /// Why, for an operator.
        reason: String,
    },
}

/// Works on one message. A panic in it is its own failure and nobody else's.
pub async fn work<L: Ledger>(
    ctx: &Ctx<L>,
    message: Message<'_>,
    deadline: Timestamp,
) -> (Disposition, Option<RunRecord>) {
    let envelope = match Envelope::from_body(message.body) {
        Ok(envelope) => envelope,
        Err(error) => {
            let reason = format!("not an envelope: {:?} at column {}", error.classify(), error.column());
            tracing::error!(reason, "kept on the dead-letter queue");
            return (Disposition::Bury { reason }, None);
        }
    };
    if message.receive_count > MAX_RECEIVES {
        let reason = format!("received {} times without coming to an end", message.receive_count);
        tracing::error!(event_id = %envelope.event.id, reason, "ALARM: kept on the dead-letter queue");
        return (Disposition::Bury { reason }, None);
    }
    let attempt = message.receive_count;
    let (mut disposition, story) =
        match AssertUnwindSafe(run::run(ctx, &envelope, deadline)).catch_unwind().await {
            Ok(Ok((outcome, story))) => {
                log(&envelope, &story, attempt);
                (after(&outcome, (ctx.clock)()), Some(story))
            }
            Ok(Err((error, story))) => {
                log(&envelope, &story, attempt);
                (after_error(ctx, &envelope, message, &error).await, Some(*story))
            }
            Err(_) => {
                tracing::error!(event_id = %envelope.event.id, attempt, "the run panicked");
                let failure =
                    Failure { reason: "the run panicked", most: MAX_TRIES, at_least: Duration::ZERO };
                (failed(ctx, &envelope, message, failure).await, None)
            }
        };
    let age = (ctx.clock)().duration_since(envelope.received_at);
    if let Disposition::HandBack { .. } = disposition
        && age > MAX_AGE
    {
        let why = story.as_ref().map_or("", |story| story.reason.as_str());
        disposition =
            Disposition::Bury { reason: format!("still waiting after {} days: {why}", age.as_hours() / 24) };
    }
    (disposition, story)
}

fn after(outcome: &Outcome, now: Timestamp) -> Disposition {
    let back = |ms| Disposition::HandBack { delay: Duration::from_millis(ms), counted: false };
    match outcome {
        Outcome::Settling { wait_ms }
        | Outcome::Busy { wait_ms }
        | Outcome::Paced { wait_ms }
        | Outcome::Parked { wait_ms } => back(*wait_ms),
        Outcome::Superseded => back(1000),
        // Parked until the purse is filled again, at midnight UTC.
        Outcome::OverBudget => {
            let day_ms = 86_400_000_i64;
            let left = day_ms.saturating_sub(now.as_millisecond().rem_euclid(day_ms));
            back(u64::try_from(left).unwrap_or(0))
        }
        Outcome::Drafted { .. }
        | Outcome::InsufficientContext { .. }
        | Outcome::Skipped { .. }
        | Outcome::Unchanged
        | Outcome::Quarantined { .. } => Disposition::Done,
        // Kept for the day the type is set up; the paid answer is kept with the claim.
        Outcome::NoCarrier => Disposition::Bury { reason: outcome.reason() },
    }
}

async fn after_error<L: Ledger>(
    ctx: &Ctx<L>,
    envelope: &Envelope,
    message: Message<'_>,
    error: &Error,
) -> Disposition {
    match error.class() {
        // Nobody's fault here, and no count of it could be trusted.
        Class::Retry { .. } if matches!(error, Error::Ledger(_)) => uncounted(message, Duration::ZERO),
        Class::Retry { after } => {
            let most = if error.is_outage() { MAX_TRIES_OF_AN_OUTAGE } else { MAX_TRIES };
            let failure = Failure { reason: &error.to_string(), most, at_least: after.unwrap_or_default() };
            failed(ctx, envelope, message, failure).await
        }
        Class::Wait { after } => Disposition::HandBack { delay: after, counted: false },
        Class::Permanent => Disposition::Bury { reason: error.to_string() },
    }
}

/// A try that came to nothing.
struct Failure<'a> {
    /// Why, for an operator.
    reason: &'a str,
    /// So many are made.
    most: i64,
    /// Not tried again sooner.
    at_least: Duration,
}

/// Counts the try in the ledger: queues count receives, and most of those were waits of ours.
async fn failed<L: Ledger>(
    ctx: &Ctx<L>,
    envelope: &Envelope,
    message: Message<'_>,
    failure: Failure<'_>,
) -> Disposition {
    let day = envelope.received_at.to_zoned(TimeZone::UTC).date();
    let tries = Counter(format!("tries/{}/{day}", message.id));
    match ctx.ledger.add(&tries, 1).await {
        Ok(tries) if tries >= failure.most => {
            Disposition::Bury { reason: format!("{} (after {tries} tries)", failure.reason) }
        }
        Ok(tries) => Disposition::HandBack { delay: backoff(tries).max(failure.at_least), counted: true },
        // Without the ledger nothing can be counted, and nothing can be done either: that is nobody's fault here.
        Err(error) => {
            tracing::warn!(%error, "a failed try could not be counted");
            uncounted(message, failure.at_least)
        }
    }
}

/// Tried again without being counted.
fn uncounted(message: Message<'_>, at_least: Duration) -> Disposition {
    let delay = backoff(i64::from(message.receive_count)).max(at_least);
    Disposition::HandBack { delay, counted: false }
}

/// 5 s, 20 s, 80 s, 320 s, 900 s.
fn backoff(tries: i64) -> Duration {
    let doublings = u32::try_from(tries.saturating_sub(1)).unwrap_or(0);
    Duration::from_secs(5_u64.saturating_mul(4_u64.saturating_pow(doublings)).min(LONGEST_BACKOFF_S))
}

/// The one line of an event: fixed fields, no words of the record.
fn log(envelope: &Envelope, story: &RunRecord, attempt: u32) {
    let event = &envelope.event;
    let trace_id = envelope.traceparent.map_or_else(|| trace_of(&envelope.trace), |door| door.trace);
    tracing::info!(
        event_id = %event.id,
        trace_id = %trace_id,
        company_id = %event.company,
        project_id = story.project_id,
        resource = ?event.resource,
        resource_id = event.record,
        workflow = story.workflow,
        prompt_version = story.prompt.as_ref().map(|prompt| prompt.version),
        model = story.model,
        attempt,
        outcome = story.outcome,
        skip_reason = (story.outcome == "Skipped").then_some(story.reason.as_str()),
        error = (story.outcome == "Failed").then_some(story.reason.as_str()),
        tokens_in = story.spent.tokens_in,
        tokens_out = story.spent.tokens_out,
        cost_micro_usd = story.spent.cost_micro_usd,
        latency_ms = story.took_ms(),
        "event"
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::SkipReason;

    #[test]
    fn what_becomes_of_a_message() {
        let noon: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let back = |ms| Disposition::HandBack { delay: Duration::from_millis(ms), counted: false };
        assert_eq!(after(&Outcome::Settling { wait_ms: 1234 }, noon), back(1234));
        assert_eq!(after(&Outcome::Busy { wait_ms: 99 }, noon), back(99));
        assert_eq!(after(&Outcome::Paced { wait_ms: 40_000 }, noon), back(40_000));
        assert_eq!(after(&Outcome::OverBudget, noon), back(12 * 3_600_000));
        assert_eq!(after(&Outcome::Unchanged, noon), Disposition::Done);
        assert_eq!(after(&Outcome::Skipped { reason: SkipReason::OwnEvent }, noon), Disposition::Done);
        assert!(matches!(after(&Outcome::NoCarrier, noon), Disposition::Bury { .. }));
    }

    #[test]
    fn waits_between_tries_grow() {
        let seconds: Vec<u64> = (1..=6).map(|tries| backoff(tries).as_secs()).collect();
        assert_eq!(seconds, [5, 20, 80, 320, 900, 900]);
    }
}
