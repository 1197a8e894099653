//! Chance that is the same every time: what a seed orders can be ordered again.

/// SplitMix64: small, and its numbers are the same on every machine.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// A sequence of its own for every seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 below 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.roll().checked_rem(end).unwrap_or(0)
    }

    /// True once in so many times.
    pub fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of several; `None` of none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let place = self.below(items.len() as u64);
        items.get(usize::try_from(place).unwrap_or(0))
    }

    /// One of several, each as often as its weight says; `None` where nothing weighs anything.
    pub fn weighed<T: Copy>(&mut self, items: &[(u64, T)]) -> Option<T> {
        let mut left = self.below(items.iter().map(|(weight, _)| weight).sum());
        items.iter().find_map(|(weight, item)| match left.checked_sub(*weight) {
            Some(rest) => {
                left = rest;
                None
            }
            None => Some(*item),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_its_own_sequence_and_always_the_same() {
        let rolls = |seed| {
            let mut dice = Dice::seeded(seed);
            (0..20).map(|_| dice.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(rolls(7), rolls(7));
        assert_ne!(rolls(7), rolls(8));
    }

    #[test]
    fn weights_are_kept() {
        let mut dice = Dice::seeded(1);
        let mut told = [0_u32; 3];
        for _ in 0..10_000 {
            told[dice.weighed(&[(1, 0_usize), (3, 1), (0, 2)]).unwrap()] += 1;
        }
        assert!((2300..2700).contains(&told[0]) && told[0] + told[1] == 10_000, "{told:?}");
        assert_eq!(dice.weighed::<u8>(&[]), None);
    }
}
