//! One of the two windows in which Procore counts calls, as a record of our own calls over the last length of it.
//!
//! Procore docs say that the windows are an hour and ten seconds long, not when they begin. So the record rolls: at
//! no moment does any stretch of that length hold more calls than allowed, wherever Procore's own window begins.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A window is kept in so many slots: fine enough to lose little of it, coarse enough to store.
const SLOTS: i64 = 60;

/// Calls by time. Times are milliseconds since 1970 by Procore's clock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Window {
    /// Calls allowed in the window; `None` until Procore has said so.
    limit: Option<u32>,
    /// Our calls, by slot.
    slots: BTreeMap<i64, u32>,
    /// Calls of others that Procore counted against the same quota.
    foreign: u32,
    /// When those are forgotten.
    foreign_until_ms: i64,
}

/// How long a window is, and so how long its slots are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Length {
    slot_ms: i64,
}

impl Length {
    pub(super) fn new(window: std::time::Duration) -> Length {
        let window_ms = i64::try_from(window.as_millis()).unwrap_or(i64::MAX);
        // Rounded up, so that the slots together are never shorter than the window.
        Length { slot_ms: (window_ms.saturating_add(SLOTS - 1) / SLOTS).max(1) }
    }

    pub(super) fn window_ms(self) -> i64 {
        self.slot_ms.saturating_mul(SLOTS)
    }

    fn slot(self, at_ms: i64) -> i64 {
        at_ms.div_euclid(self.slot_ms)
    }

    fn begin_ms(self, slot: i64) -> i64 {
        slot.saturating_mul(self.slot_ms)
    }

    /// When a call that ends at this moment no longer counts.
    pub(super) fn clear_ms(self, at_ms: i64) -> i64 {
        self.end_ms(self.slot(at_ms))
    }

    /// When a call of this slot no longer counts: a whole window after the slot has ended.
    fn end_ms(self, slot: i64) -> i64 {
        self.begin_ms(slot.saturating_add(SLOTS + 1))
    }
}

/// Whether so many calls leave plenty of room: nobody is near the limit then, and nobody has to be told much.
pub(super) fn is_below_half(calls: u32, limit: u32) -> bool {
    calls < limit.div_ceil(2)
}

impl Window {
    pub(super) fn limit(&self) -> Option<u32> {
        self.limit
    }

    pub(super) fn set_limit(&mut self, limit: u32) {
        self.limit = Some(limit);
    }

    /// Forgets what counts no longer.
    pub(super) fn prune(&mut self, now_ms: i64, length: Length) {
        self.slots.retain(|slot, _| length.end_ms(*slot) > now_ms);
        if self.foreign_until_ms <= now_ms {
            (self.foreign, self.foreign_until_ms) = (0, 0);
        }
    }

    /// Whether one more call at this moment keeps the stretch that ends with it within the limit, with so many calls
    /// on their way and so many spared.
    pub(super) fn has_room(&self, at_ms: i64, flying: u32, spared: u32, length: Length) -> bool {
        let Some(limit) = self.limit else { return true };
        let used = self.used_until(at_ms, length).saturating_add(flying);
        used < limit.saturating_sub(spared).max(1)
    }

    /// Whether one more call keeps that stretch below half of the limit.
    pub(super) fn has_plenty(&self, at_ms: i64, flying: u32, length: Length) -> bool {
        let with_it = self.used_until(at_ms, length).saturating_add(flying).saturating_add(1);
        self.limit.is_none_or(|limit| is_below_half(with_it, limit))
    }

    /// Percent of the limit used by the stretch that ends at this moment and so many on their way, rounded up.
    pub(super) fn share_percent(&self, at_ms: i64, flying: u32, length: Length) -> Option<u32> {
        let limit = self.limit.filter(|limit| *limit > 0)?;
        let used = u64::from(self.used_until(at_ms, length).saturating_add(flying));
        u32::try_from(used.saturating_mul(100).div_ceil(u64::from(limit))).ok()
    }

    /// Calls in the stretch that ends at this moment. Those noted for later ones are in it too: they were made by a
    /// process whose clock may be ahead.
    fn used_until(&self, at_ms: i64, length: Length) -> u32 {
        let first = length.slot(at_ms).saturating_sub(SLOTS);
        let ours = self.slots.range(first..).fold(0_u32, |sum, (_, calls)| sum.saturating_add(*calls));
        ours.saturating_add(self.foreign_at(at_ms))
    }

    /// Moments at which room may appear.
    pub(super) fn openings(&self, length: Length) -> impl Iterator<Item = i64> {
        self.slots.keys().map(move |slot| length.end_ms(*slot)).chain([self.foreign_until_ms])
    }

    /// Notes a call that ended at this moment: Procore may have counted it any time until then.
    pub(super) fn add(&mut self, at_ms: i64, length: Length) {
        let calls = self.slots.entry(length.slot(at_ms)).or_default();
        *calls = calls.saturating_add(1);
    }

    /// Takes Procore's own count: what it counted beyond ours, those on their way included, is the work of others,
    /// until its window ends.
    pub(super) fn told(&mut self, used: u32, flying: u32, now_ms: i64, until_ms: i64, length: Length) {
        let known = self.used_until(now_ms, length).saturating_add(flying);
        let ours = known.saturating_sub(self.foreign_at(now_ms));
        let foreign = used.saturating_sub(ours);
        // Answers overtake each other: an older one must not make light of what a newer one told.
        if foreign == 0 || (foreign <= self.foreign_at(now_ms) && until_ms <= self.foreign_until_ms) {
            return;
        }
        self.foreign = foreign.max(self.foreign_at(now_ms));
        self.foreign_until_ms = until_ms.min(now_ms.saturating_add(length.window_ms()));
    }

    fn foreign_at(&self, now_ms: i64) -> u32 {
        if now_ms < self.foreign_until_ms { self.foreign } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn ten_seconds() -> Length {
        Length::new(Duration::from_secs(10))
    }

    /// The most calls Procore could have counted in one of its windows, wherever they begin.
    fn most_in_any_window(calls_ms: &[i64], window_ms: i64) -> usize {
        calls_ms
            .iter()
            .map(|begin| calls_ms.iter().filter(|at| (*begin..*begin + window_ms).contains(at)).count())
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn no_stretch_holds_more_than_the_limit_and_little_is_lost() {
        let length = ten_seconds();
        let mut window = Window::default();
        window.set_limit(25);
        let mut calls = Vec::new();
        for now_ms in (5_000..105_000).step_by(7) {
            window.prune(now_ms, length);
            while window.has_room(now_ms, 0, 0, length) {
                window.add(now_ms, length);
                calls.push(now_ms);
            }
        }
        assert_eq!(most_in_any_window(&calls, 10_000), 25);
        assert!(calls.len() >= 245, "of the 250 calls of 100 s {} were used", calls.len());
    }

    #[test]
    fn what_is_spared_is_not_given_out_but_one_call_always_is() {
        let length = ten_seconds();
        let mut window = Window::default();
        window.set_limit(3);
        for (spared, room) in [(0, true), (1, true), (2, true), (3, true)] {
            assert_eq!(window.has_room(0, 0, spared, length), room, "spared {spared} of an empty window");
        }
        window.add(0, length);
        for (spared, room) in [(0, true), (1, true), (2, false), (3, false)] {
            assert_eq!(window.has_room(0, 0, spared, length), room, "spared {spared}");
        }
    }

    #[test]
    fn calls_of_others_count_until_their_window_ends() {
        let length = ten_seconds();
        let mut window = Window::default();
        window.set_limit(25);
        window.add(0, length);
        window.told(1, 0, 100, 9_000, length);
        assert_eq!(window.foreign, 0, "that one was ours");
        window.told(21, 0, 100, 9_000, length);
        window.told(15, 0, 200, 9_000, length); // an older answer that came later
        let mut granted = 0;
        while window.has_room(200, 0, 0, length) {
            window.add(200, length);
            granted += 1;
        }
        assert_eq!(granted, 4);
        assert!(!window.has_room(8_999, 0, 0, length));
        assert!(window.has_room(9_000, 0, 0, length));
        assert!(window.openings(length).any(|at_ms| at_ms == 9_000));
        window.prune(9_000, length);
        assert_eq!(window.foreign, 0);
    }
}
