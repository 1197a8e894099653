//! When one call tries again, and after how long.
//! Pure but for the jitter; never beyond the caller's deadline.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use crate::error::Error;

const FIRST_DELAY: Duration = Duration::from_millis(250);
const LONGEST_DELAY: Duration = Duration::from_secs(8);
/// With less than this left, another attempt would only cost tokens.
const SHORTEST_ATTEMPT: Duration = Duration::from_millis(500);

/// The wait before the next attempt, or nothing when the error should be returned.
/// `failed` counts the attempts that failed so far, `remaining` is what is left of the deadline.
pub(crate) fn delay(error: &Error, failed: u32, attempts: u32, remaining: Duration) -> Option<Duration> {
    if failed >= attempts {
        return None;
    }
    let backoff = FIRST_DELAY.saturating_mul(1 << failed.saturating_sub(1).min(8)).min(LONGEST_DELAY);
    let delay = match error {
        // An endpoint that names a time means it: never earlier, and spread out so that waiters do not return as one.
        Error::RateLimited { after: Some(after) } => after.saturating_add(jitter(FIRST_DELAY)),
        Error::RateLimited { after: None } | Error::Unavailable { .. } => backoff / 2 + jitter(backoff),
        _ => return None,
    };
    (delay.saturating_add(SHORTEST_ATTEMPT) <= remaining).then_some(delay)
}

/// Between zero and `most`.
fn jitter(most: Duration) -> Duration {
    let random = RandomState::new().hash_one(0_u8);
    most.mul_f64((random % 1000) as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn unavailable() -> Error {
        Error::Unavailable { status: Some(503), source: None }
    }

    #[test]
    fn only_passing_troubles_are_tried_again() {
        let after = |seconds| Error::RateLimited { after: Some(Duration::from_secs(seconds)) };
        let cases = [
            (unavailable(), 1, LONG, true),
            (unavailable(), 2, LONG, false),
            (unavailable(), 1, Duration::from_millis(600), false),
            (Error::RateLimited { after: None }, 1, LONG, true),
            (after(5), 1, LONG, true),
            (after(61), 1, LONG, false),
            (Error::QuotaExhausted, 1, LONG, false),
            (Error::Unauthorized { status: 401 }, 1, LONG, false),
            (Error::Rejected { status: 400, code: None }, 1, LONG, false),
            (Error::Empty { usage: crate::Usage::default() }, 1, LONG, false),
            (Error::Deadline, 1, LONG, false),
        ];
        for (error, failed, remaining, expected) in cases {
            assert_eq!(delay(&error, failed, 2, remaining).is_some(), expected, "{error:?} after {failed}");
        }
    }

    #[test]
    fn the_named_time_is_never_undercut_and_backoff_stays_in_its_band() {
        let seven = Duration::from_secs(7);
        for failed in 1..40 {
            let wait = delay(&Error::RateLimited { after: Some(seven) }, failed, 99, LONG).unwrap();
            assert!((seven..=seven + FIRST_DELAY).contains(&wait), "{wait:?}");
            let wait = delay(&unavailable(), failed, 99, LONG).unwrap();
            assert!(wait >= FIRST_DELAY / 2 && wait <= LONGEST_DELAY * 3 / 2, "{wait:?}");
        }
    }
}
