//! The circuit breaker of a model endpoint, pure. Its state is one note in the ledger, so all workers share it.
//!
//! Failures that follow each other open it; while it is open nobody calls and messages wait, without that being counted
//! against them. After the wait one worker tries; only if that succeeds do the others go on.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// So many failures without a success between them open it.
const FAILURES: u32 = 3;
/// A failure that long ago says nothing about now.
const MEMORY: Duration = Duration::from_secs(600);
/// The first wait; each further one in a row is twice as long.
const FIRST_WAIT: Duration = Duration::from_secs(30);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(900);

/// How an endpoint stands, for those who ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "until")]
pub enum Standing {
    /// It is called.
    Closed,
    /// Nobody calls it before this moment.
    Open(Timestamp),
    /// The wait is over; the next worker tries it.
    Try,
}

/// The note of an endpoint in the ledger.
pub fn note_of(endpoint: &str) -> String {
    format!("breaker/{endpoint}")
}

/// What the text of that note says at this moment.
pub fn standing(text: &str, now: Timestamp) -> Standing {
    match Breaker::read(text).verdict(now) {
        Verdict::Closed => Standing::Closed,
        Verdict::Open(until) => Standing::Open(until),
        Verdict::Try => Standing::Try,
    }
}

/// What is known of an endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Breaker {
    /// Failures since the last success.
    failures: u32,
    /// The last of them.
    failed_at: Option<Timestamp>,
    /// Nobody calls before this.
    open_until: Option<Timestamp>,
    /// One worker is trying, until then at most.
    trying_until: Option<Timestamp>,
}

/// Whether the endpoint may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It may.
    Closed,
    /// Not before this moment.
    Open(Timestamp),
    /// By one worker, who says so first.
    Try,
}

impl Breaker {
    /// Reads the note. One that another version of the program wrote is begun anew.
    pub(crate) fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// The note.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(crate) fn verdict(&self, now: Timestamp) -> Verdict {
        match (self.open_until, self.trying_until) {
            (Some(until), _) if until > now => Verdict::Open(until),
            (Some(_), Some(until)) if until > now => Verdict::Open(until),
            (Some(_), _) => Verdict::Try,
            (None, _) => Verdict::Closed,
        }
    }

    /// After somebody said that they try, until then at most.
    pub(crate) fn trying(self, until: Timestamp) -> Self {
        Self { trying_until: Some(until), ..self }
    }

    /// After a failure; `retry_after` is what the endpoint itself asked for.
    pub(crate) fn failed(self, now: Timestamp, retry_after: Option<Duration>) -> Self {
        let fresh = self.failed_at.is_some_and(|at| plus(at, MEMORY) > now) || self.open_until.is_some();
        let failures = if fresh { self.failures.saturating_add(1) } else { 1 };
        let open_until = failures.checked_sub(FAILURES).map(|more| {
            let doubled = FIRST_WAIT.saturating_mul(1 << more.min(5)).min(LONGEST_WAIT);
            plus(now, doubled.max(retry_after.unwrap_or_default().min(LONGEST_WAIT)))
        });
        Self { failures, failed_at: Some(now), open_until, trying_until: None }
    }
}

fn plus(at: Timestamp, wait: Duration) -> Timestamp {
    at.checked_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn opens_after_three_failures_and_waits_longer_each_time() {
        let mut breaker = Breaker::read("");
        let mut now = 0;
        for _ in 0..2 {
            breaker = breaker.failed(at(now), None);
            assert_eq!(breaker.verdict(at(now)), Verdict::Closed);
        }
        for wait in [30, 60, 120, 240, 480, 900, 900] {
            breaker = Breaker::read(&breaker.failed(at(now), None).text());
            assert_eq!(breaker.verdict(at(now)), Verdict::Open(at(now + wait)), "{wait} s");
            assert_eq!(breaker.verdict(at(now + wait - 1)), Verdict::Open(at(now + wait)));
            assert_eq!(breaker.verdict(at(now + wait)), Verdict::Try);
            now += wait;
        }
    }

    #[test]
    fn one_tries_and_the_others_wait_for_it() {
        let mut breaker = Breaker::default();
        for _ in 0..3 {
            breaker = breaker.failed(at(0), None);
        }
        let trying = breaker.trying(at(200));
        assert_eq!(trying.verdict(at(29)), Verdict::Open(at(30)));
        assert_eq!(trying.verdict(at(31)), Verdict::Open(at(200)));
        assert_eq!(trying.verdict(at(200)), Verdict::Try, "who tried is gone");
        assert_eq!(trying.failed(at(40), None).verdict(at(41)), Verdict::Open(at(100)));
    }

    #[test]
    fn the_endpoints_own_wish_counts_and_old_failures_do_not() {
        let twice = Breaker::default().failed(at(0), None).failed(at(1), None);
        assert_eq!(
            twice.failed(at(2), Some(Duration::from_secs(300))).verdict(at(2)),
            Verdict::Open(at(302))
        );
        assert_eq!(
            twice.failed(at(2), Some(Duration::from_secs(9999))).verdict(at(2)),
            Verdict::Open(at(902))
        );
        assert_eq!(twice.failed(at(700), None).verdict(at(700)), Verdict::Closed);
    }
}
