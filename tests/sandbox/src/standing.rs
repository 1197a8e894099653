//! Faults that come by chance, one call in so many, until they are taken back.
//!
//! The dice decide the sequence of faults; which call meets which of them follows from the order the calls come in.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    dice::Dice,
    faults::{Fault, GivenHeaders, RetryAfter},
};

/// Faults by how often they come. A 429 is rare: it holds all calls, not only its own.
const FAULTS: [(u64, Fault); 7] = [
    (24, Fault::Status(500)),
    (14, Fault::Status(502)),
    // Without Retry-After, which would hold all calls too.
    (20, Fault::Headers(GivenHeaders::none(503))),
    (2, Fault::Headers(TOO_MANY)),
    (15, Fault::DropBeforeApplying),
    (15, Fault::DropAfterApplying),
    (10, Fault::Delay(Duration::from_millis(200))),
];

const TOO_MANY: GivenHeaders =
    GivenHeaders { retry_after: Some(RetryAfter::Seconds(1)), ..GivenHeaders::none(429) };

/// Of the faults that would hit the login host, one in so many does.
const ONE_LOGIN_IN: u64 = 10;

/// Chance, where it was ordered, and what came of it.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    chance: Option<(u64, Dice)>,
    injected: BTreeMap<&'static str, u64>,
}

impl Standing {
    /// From now on one call in `one_in` fails.
    pub(crate) fn order(&mut self, one_in: u64, seed: u64) {
        self.chance = Some((one_in, Dice::seeded(seed)));
    }

    /// From now on none does. What was injected stays counted.
    pub(crate) fn heal(&mut self) {
        self.chance = None;
    }

    /// The fault of this call, if it has one.
    pub(crate) fn take(&mut self, path: &str) -> Option<Fault> {
        let (one_in, dice) = self.chance.as_mut()?;
        if !dice.one_in(*one_in) || (path.starts_with("/oauth/") && !dice.one_in(ONE_LOGIN_IN)) {
            return None;
        }
        let fault = dice.weighed(&FAULTS)?;
        *self.injected.entry(name(fault)).or_default() += 1;
        Some(fault)
    }

    /// How many faults there were, by name.
    pub(crate) fn injected(&self) -> &BTreeMap<&'static str, u64> {
        &self.injected
    }
}

fn name(fault: Fault) -> &'static str {
    match fault {
        Fault::Status(500) => "500",
        Fault::Status(502) => "502",
        Fault::Headers(GivenHeaders { status: 429, .. }) => "429",
        Fault::Headers(_) => "503",
        Fault::DropBeforeApplying => "closed before applying",
        Fault::DropAfterApplying => "closed after applying",
        Fault::Delay(_) => "delayed",
        Fault::Status(_) | Fault::Body(..) | Fault::WithoutRateHeaders | Fault::Hold(_) => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(standing: &mut Standing, path: &str, calls: usize) -> Vec<Option<Fault>> {
        (0..calls).map(|_| standing.take(path)).collect()
    }

    #[test]
    fn one_call_in_ten_fails_in_every_way_and_the_same_seed_does_it_again() {
        let (mut first, mut again) = (Standing::default(), Standing::default());
        assert_eq!(first.take("/rest/v1.0/me"), None, "nothing was ordered");
        first.order(10, 42);
        again.order(10, 42);
        let faults = taken(&mut first, "/rest/v1.0/me", 10_000);
        assert_eq!(faults, taken(&mut again, "/rest/v1.0/me", 10_000));
        let hit = faults.iter().flatten().count() as u64;
        assert!((900..1100).contains(&hit), "{hit}");
        assert_eq!(first.injected().values().sum::<u64>(), hit);
        assert_eq!(first.injected().len(), FAULTS.len(), "{:?}", first.injected());
        assert!(first.injected()["429"] < hit / 20);
        assert_eq!(first.injected().get("other"), None);
    }

    #[test]
    fn tokens_are_rarely_refused_and_what_was_healed_stays_counted() {
        let mut standing = Standing::default();
        standing.order(10, 42);
        let hit = taken(&mut standing, "/oauth/token", 10_000).into_iter().flatten().count() as u64;
        assert!((50..200).contains(&hit), "{hit}");
        standing.heal();
        assert!(taken(&mut standing, "/rest/v1.0/me", 100).iter().all(Option::is_none));
        assert_eq!(standing.injected().values().sum::<u64>(), hit);
    }
}
