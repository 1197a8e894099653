//! Waiting for others who write the same items.
//!
//! The SDK sends again what was throttled or got no answer. It does not know what a transaction does to its neighbours:
//! while one is under way, DynamoDB refuses whoever else wants its items, at once and without having stored anything.

use std::time::Duration;

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use ulid::Ulid;

/// The longest waits before each further try: about 3 s in all.
const WAITS_MS: [u64; 6] = [50, 100, 200, 400, 800, 1500];

/// How often was waited for one thing.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    waits: usize,
}

impl Backoff {
    /// Waits, longer each time and never two callers alike; false at once when there is no time left.
    pub(crate) async fn wait(&mut self) -> bool {
        let Some(longest_ms) = WAITS_MS.get(self.waits) else { return false };
        self.waits = self.waits.saturating_add(1);
        // The random half of an identifier is the randomness at hand.
        tokio::time::sleep(wait_of(*longest_ms, Ulid::generate().random())).await;
        true
    }
}

/// Between half of the longest wait and all of it.
fn wait_of(longest_ms: u64, random: u128) -> Duration {
    let part = u64::try_from(random % 1025).unwrap_or_default();
    Duration::from_millis((longest_ms / 2).saturating_add(longest_ms.saturating_mul(part) / 2048))
}

/// A code with which DynamoDB refuses because of a transaction under way.
pub(crate) fn is_conflict(code: &str) -> bool {
    matches!(code, "TransactionConflict" | "TransactionConflictException")
}

/// A code with which DynamoDB refuses because too much is asked of it.
pub(crate) fn is_throttle(code: &str) -> bool {
    matches!(
        code,
        "ThrottlingError"
            | "ThrottlingException"
            | "ProvisionedThroughputExceeded"
            | "ProvisionedThroughputExceededException"
            | "RequestLimitExceeded"
    )
}

/// Makes a call, and again while it is refused with one of these codes: each says that nothing was stored.
pub(crate) async fn while_refused<T, E: ProvideErrorMetadata, F>(
    with: impl Fn(&str) -> bool,
    call: impl Fn() -> F,
) -> Result<T, SdkError<E, HttpResponse>>
where
    F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
{
    let mut backoff = Backoff::default();
    loop {
        match call().await {
            Err(error) if error.code().is_some_and(&with) && backoff.wait().await => {}
            end => return end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_differ_and_end() {
        for (random, waits_ms) in [(0, [25, 750]), (512, [37, 1125]), (1024, [50, 1500]), (1025, [25, 750])] {
            let waits = [50, 1500].map(|longest_ms| wait_of(longest_ms, random).as_millis());
            assert_eq!(waits, waits_ms, "{random}");
        }
        assert!((2500..=3100).contains(&WAITS_MS.iter().sum::<u64>()), "about 3 s in all");
    }
}
