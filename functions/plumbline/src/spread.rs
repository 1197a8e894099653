//! Events an operator sends, spread over time: what failed together would fail together again, and the calls they cost
//! at Procore are shared with the day's own work.

use std::time::Duration;

use clap::Args;

/// Queues hold a message back for no longer (AWS docs: `DelaySeconds`, at most 15 minutes).
const MINUTES: u32 = 15;

/// How fast.
#[derive(Clone, Copy, Debug, Args)]
pub struct Spread {
    /// So many a minute. One command sends what goes into 15 minutes and says how many are left.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=6000), value_name = "N")]
    pub per_minute: u32,
}

impl Spread {
    /// So many can be sent by one command.
    pub(crate) fn most(self) -> usize {
        usize::try_from(self.per_minute.saturating_mul(MINUTES)).unwrap_or(usize::MAX)
    }

    /// How long the queue holds the one at this position back; the first is at 0.
    pub(crate) fn delay(self, position: usize) -> Duration {
        let position = u64::try_from(position).unwrap_or(u64::MAX);
        let delay_ms = position.saturating_mul(60_000) / u64::from(self.per_minute.max(1));
        Duration::from_millis(delay_ms).min(Duration::from_secs(u64::from(MINUTES) * 60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_ends_within_fifteen_minutes() {
        for per_minute in [1, 7, 30, 6000] {
            let spread = Spread { per_minute };
            let last = spread.delay(spread.most() - 1);
            assert!(last < Duration::from_secs(900), "{per_minute}: {last:?}");
            assert!(spread.delay(spread.most()) >= Duration::from_secs(900), "{per_minute}");
        }
        assert_eq!(Spread { per_minute: 30 }.delay(3), Duration::from_secs(6));
    }
}
