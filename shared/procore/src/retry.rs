//! Which failures of a reading are worth another try at once, and how soon.
//!
//! Only readings are ever repeated here. A write that was not plainly turned away may have happened: whoever asked
//! for it looks for what it left.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

use crate::error::Error;

const LONGEST_PAUSE: Duration = Duration::from_secs(4);
const MOST_RETRIES: usize = 3;

/// The pauses between tries of one reading: this one, twice and four times as long, each up to twice that by chance,
/// so that workers that failed together do not return together.
pub(crate) fn pauses(first: Duration) -> impl Iterator<Item = Duration> + Send {
    ExponentialBuilder::default()
        .with_min_delay(first)
        .with_max_delay(LONGEST_PAUSE)
        .with_max_times(MOST_RETRIES)
        .with_jitter()
        .build()
}

/// Whether this failure may be gone in a moment. Procore docs: 408, 429 and 5xx are to be retried; how long a 429 or
/// 503 asks to wait is minded by the pacer, before the next try. A reading that failed because there was no token is
/// not one: the token was asked for with a POST, and is asked for again by the next call.
pub(crate) fn is_worth_it(error: &Error) -> bool {
    match error {
        Error::Connect { operation, .. } | Error::Timeout { operation } | Error::Broken { operation, .. } => {
            operation.is_reading()
        }
        Error::Status { operation, refused } => {
            operation.is_reading() && matches!(refused.status, 408 | 429 | 500..=599)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Operation;
    use crate::refusal::Refused;

    #[test]
    fn pauses_grow_and_end_and_differ() {
        for _ in 0..20 {
            let pauses: Vec<Duration> = pauses(Duration::from_millis(250)).collect();
            assert_eq!(pauses.len(), 3);
            for (pause, least_ms) in pauses.iter().zip([250, 500, 1000]) {
                let least = Duration::from_millis(least_ms);
                assert!((least..=least * 2).contains(pause), "{pause:?} of {least:?}");
            }
        }
        let all: std::collections::HashSet<Vec<Duration>> =
            (0..20).map(|_| pauses(Duration::from_millis(250)).collect()).collect();
        assert!(all.len() > 1);
    }

    #[test]
    fn only_readings_are_repeated_and_only_after_what_passes() {
        let status = |operation: &Operation, status| Error::Status {
            operation: operation.clone(),
            refused: Box::new(Refused::read(status, b"", None)),
        };
        for (method, expected) in [("GET", true), ("POST", false), ("PATCH", false), ("DELETE", false)] {
            let operation = Operation::new(method, "/x");
            for code in [408, 429, 500, 502, 503, 504] {
                assert_eq!(is_worth_it(&status(&operation, code)), expected, "{method} {code}");
            }
            let timeout = Error::Timeout { operation: operation.clone() };
            assert_eq!(is_worth_it(&timeout), expected, "{method}");
            for code in [400, 403, 404, 406, 409, 410, 422] {
                assert!(!is_worth_it(&status(&operation, code)), "{method} {code}");
            }
        }
        let paced = Error::NoPermit { after: Duration::from_secs(9) };
        assert!(!is_worth_it(&paced), "its wait is known");
    }
}
