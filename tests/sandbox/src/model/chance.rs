//! Failures that come by chance, one request in so many, until they are taken back.

use std::time::Duration;

use super::behaviour::Failure;
use crate::dice::Dice;

/// Failures by how often they come.
const FAILURES: [(u64, Failure); 5] = [
    (1, Failure::RateLimited),
    (3, Failure::ServerError),
    (2, Failure::Empty),
    (2, Failure::NotJson),
    (4, Failure::Slow(Duration::from_millis(200))),
];

/// The dice, and how often they hit.
#[derive(Debug)]
pub(super) struct Chance {
    one_in: u64,
    dice: Dice,
}

impl Chance {
    pub(super) fn new(one_in: u64, seed: u64) -> Self {
        Self { one_in, dice: Dice::seeded(seed) }
    }

    /// The failure of the next request, if it has one.
    pub(super) fn take(&mut self) -> Option<Failure> {
        if self.dice.one_in(self.one_in) { self.dice.weighed(&FAILURES) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_request_in_ten_fails_in_every_way_and_the_same_seed_does_it_again() {
        let failures = |seed| {
            let mut chance = Chance::new(10, seed);
            (0..10_000).map(|_| chance.take()).collect::<Vec<_>>()
        };
        let told = failures(3);
        assert_eq!(told, failures(3));
        let hit = told.iter().flatten().count();
        assert!((900..1100).contains(&hit), "{hit}");
        for (_, failure) in FAILURES {
            assert!(told.contains(&Some(failure)), "{failure:?}");
        }
    }
}
