//! One message, from the queue to what becomes of it. The one-process service and the Lambda share this; they differ
//! only in how they tell their queue.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures::FutureExt;
use jiff::Timestamp;

use crate::{
    envelope::Envelope,
    error::{Class, Error},
    ledger::Ledger,
    outcome::Outcome,
    record::RunRecord,
    run::{self, Ctx},
};

/// A message is tried so many times before it goes to the dead letters. Waits that were ours do not count.
pub const MAX_RECEIVES: u32 = 5;

/// What becomes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Done: delete it.
    Done,
    /// Show it again after so long. `counted`: the try failed, and counts.
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
    body: &str,
    receive_count: u32,
    deadline: Timestamp,
) -> (Disposition, Option<RunRecord>) {
    let envelope = match Envelope::from_body(body) {
        Ok(envelope) => envelope,
        Err(error) => {
            let reason = format!("not an envelope: {:?} at column {}", error.classify(), error.column());
            tracing::error!(reason, "kept on the dead-letter queue");
            return (Disposition::Bury { reason }, None);
        }
    };
    let event = &envelope.event;
    match AssertUnwindSafe(run::run(ctx, &envelope, deadline)).catch_unwind().await {
        Ok(Ok((outcome, story))) => {
            log(&envelope, &story, receive_count);
            (after(&outcome, (ctx.clock)()), Some(story))
        }
        Ok(Err((error, story))) => {
            log(&envelope, &story, receive_count);
            (after_error(&error, receive_count), Some(*story))
        }
        Err(_) => {
            tracing::error!(event_id = %event.id, attempt = receive_count, "the run panicked");
            (give_up_or(receive_count, "the run panicked", backoff(receive_count)), None)
        }
    }
}

fn after(outcome: &Outcome, now: Timestamp) -> Disposition {
    let back = |ms| Disposition::HandBack { delay: Duration::from_millis(ms), counted: false };
    match outcome {
        Outcome::Settling { wait_ms } | Outcome::Busy { wait_ms } | Outcome::Paced { wait_ms } => {
            back(*wait_ms)
        }
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

fn after_error(error: &Error, receive_count: u32) -> Disposition {
    match error.class() {
        Class::Retry { after } => {
            let delay = backoff(receive_count).max(after.unwrap_or_default());
            give_up_or(receive_count, &error.to_string(), delay)
        }
        Class::Wait { after } => Disposition::HandBack { delay: after, counted: false },
        Class::Permanent => Disposition::Bury { reason: error.to_string() },
    }
}

fn give_up_or(receive_count: u32, reason: &str, delay: Duration) -> Disposition {
    if receive_count >= MAX_RECEIVES {
        Disposition::Bury { reason: format!("{reason} (after {receive_count} tries)") }
    } else {
        Disposition::HandBack { delay, counted: true }
    }
}

/// 5 s, 20 s, 80 s, 320 s.
fn backoff(receive_count: u32) -> Duration {
    Duration::from_secs(5_u64.saturating_mul(4_u64.saturating_pow(receive_count.saturating_sub(1))).min(900))
}

/// The one line of an event: fixed fields, no words of the record.
fn log(envelope: &Envelope, story: &RunRecord, attempt: u32) {
    let event = &envelope.event;
    tracing::info!(
        event_id = %event.id,
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
        latency_ms = story.steps.last().map(|step| step.started_ms.saturating_add(step.took_ms)),
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
    fn errors_are_tried_again_with_growing_waits_and_then_kept() {
        let again = Error::ClaimLost;
        for (receive, seconds) in [(1, 5), (2, 20), (3, 80), (4, 320)] {
            let expected = Disposition::HandBack { delay: Duration::from_secs(seconds), counted: true };
            assert_eq!(after_error(&again, receive), expected);
        }
        assert!(matches!(after_error(&again, MAX_RECEIVES), Disposition::Bury { .. }));
        assert!(matches!(after_error(&Error::Internal("x"), 1), Disposition::Bury { .. }));
    }
}
