//! What a process holds between two writes of the book: calls granted ahead of need, and ends not told yet. Pure.
//!
//! To the account all of it is on its way, so it counts in full whatever becomes of the process. It is held while there
//! is plenty of room only; what others must know is told at once. One thing is given up for that: a process hears of a
//! hold that was told to another one only when its calls ahead are used or stale.

use super::account::{Account, Lengths, Told};
use super::window::is_below_half;
use crate::clock::Span;

/// A call granted ahead is good for this part of the short window: two seconds of ten.
const GOOD_FOR: i64 = 5;

/// Leave for one call.
#[derive(Debug)]
pub(crate) struct Permit {
    granted_ms: i64,
    /// There was plenty of room, so the end of the call may be told later, with others.
    plenty: bool,
}

/// The end of a call.
#[derive(Clone, Copy, Debug)]
struct End {
    granted_ms: i64,
    at: Span,
    answer: Option<Told>,
}

/// Calls granted with one write, less those handed out, and the ends that were not told.
#[derive(Debug, Default)]
pub(super) struct Block {
    granted_ms: i64,
    ahead: u32,
    ends: Vec<End>,
}

impl Block {
    /// Begins a block: leave for the call that was asked for, and so many granted ahead.
    pub(super) fn begin(&mut self, granted_ms: i64, ahead: u32) -> Permit {
        *self = Block { granted_ms, ahead, ends: Vec::new() };
        Permit { granted_ms, plenty: ahead > 0 }
    }

    /// A call granted ahead, if one is left that is not stale.
    pub(super) fn take(&mut self, now: Span, lengths: Lengths) -> Option<Permit> {
        let good_until_ms = self.granted_ms.saturating_add(lengths.spike_ms() / GOOD_FOR);
        // Before the grant: the clock was set, so how old it is is not known.
        if !(self.granted_ms..good_until_ms).contains(&now.latest_ms) {
            return None;
        }
        self.ahead = self.ahead.checked_sub(1)?;
        Some(Permit { granted_ms: self.granted_ms, plenty: true })
    }

    /// Takes the end of a call. Whether the book must be told at once: it need not while there is plenty of room and
    /// the answer says nothing else. `knows` says whether a limit is the known one.
    pub(super) fn end(
        &mut self,
        permit: Permit,
        at: Span,
        answer: Option<Told>,
        knows: impl Fn(u32) -> bool,
    ) -> bool {
        let Permit { granted_ms, plenty } = permit;
        self.ends.push(End { granted_ms, at, answer });
        let Told { quota, hold_until_ms } = answer.unwrap_or_default();
        let news = quota.is_some_and(|(limit, remaining, _)| {
            !is_below_half(limit.saturating_sub(remaining), limit) || !knows(limit)
        });
        !plenty || news || hold_until_ms.is_some()
    }

    /// Whether there is nothing to tell.
    pub(super) fn is_empty(&self) -> bool {
        self.ahead == 0 && self.ends.is_empty()
    }

    /// Tells the account everything. What was not made goes first: it must not pass for calls that Procore counted.
    pub(super) fn settle(&self, account: &mut Account, lengths: Lengths) {
        account.give_back(self.granted_ms, self.ahead);
        for end in &self.ends {
            account.note(end.granted_ms, end.at, end.answer, lengths);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::account::Purpose;
    use super::*;
    use crate::settings::Windows;

    fn lengths() -> Lengths {
        Windows::default().into()
    }

    fn at(moment_ms: i64) -> Span {
        Span { earliest_ms: moment_ms, latest_ms: moment_ms }
    }

    fn told(limit: u32, remaining: u32, reset_ms: i64) -> Told {
        Told { quota: Some((limit, remaining, reset_ms)), hold_until_ms: None }
    }

    /// An account that was told these limits by two calls, an hour ago.
    fn known(spike: u32, hour: u32) -> Account {
        let mut account = Account::default();
        for (limit, reset_ms) in [(spike, 5_000), (hour, 3_600_000)] {
            let granted_ms = account.grant(Purpose::Read, at(0), lengths()).unwrap();
            account.note(granted_ms, at(0), Some(told(limit, limit, reset_ms)), lengths());
        }
        account
    }

    /// Well after those two calls.
    const LATER_MS: i64 = 4_000_000;

    fn granted(account: &mut Account, now_ms: i64) -> Option<(i64, u32)> {
        let granted_ms = account.grant(Purpose::Read, at(now_ms), lengths()).ok()?;
        Some((granted_ms, account.grant_ahead(granted_ms, at(now_ms), lengths())))
    }

    #[test]
    fn calls_are_granted_ahead_below_half_of_both_windows_only() {
        for (spike, hour, blocks) in [
            (100, 600, vec![7, 7, 7, 7, 7, 7, 0]),
            (25, 600, vec![7, 3, 0, 0]),
            (100, 25, vec![7, 3, 0, 0]),
            (17, 600, vec![7, 0]),
            (16, 600, vec![6, 0]),
            (3, 600, vec![0, 0]),
        ] {
            let mut account = known(spike, hour);
            for ahead in blocks {
                let granted = granted(&mut account, LATER_MS).unwrap();
                assert_eq!(granted, (LATER_MS, ahead), "{spike} and {hour}");
            }
        }
        let mut account = Account::default();
        assert_eq!(granted(&mut account, 0), Some((0, 0)), "nothing is known");
        let hourly = Some(told(600, 599, 3_600_000));
        account.note(0, at(0), hourly, lengths());
        assert_eq!(granted(&mut account, 10), Some((10, 0)), "the short window's limit is not known");
    }

    #[test]
    fn what_is_granted_ahead_is_handed_out_while_it_is_fresh() {
        for (now_ms, calls) in [(999, 0), (1_000, 2), (2_999, 2), (3_010, 0), (900_000, 0)] {
            let mut block = Block::default();
            block.begin(1_000, 2);
            let taken = std::iter::from_fn(|| block.take(at(now_ms), lengths())).count();
            assert_eq!(taken, calls, "at {now_ms}");
        }
    }

    #[test]
    fn an_end_waits_while_there_is_plenty_of_room_and_its_answer_says_nothing_else() {
        let hold = Told { quota: None, hold_until_ms: Some(7_000) };
        for (name, ahead, answer, at_once) in [
            ("plenty", 3, Some(told(100, 51, 9_000)), false),
            ("no rate headers", 3, Some(Told::default()), false),
            ("no answer", 3, None, false),
            ("granted by itself", 0, Some(told(100, 51, 9_000)), true),
            ("granted by itself, no answer", 0, None, true),
            ("half is used", 3, Some(told(100, 50, 9_000)), true),
            ("another limit", 3, Some(told(90, 89, 9_000)), true),
            ("a hold", 3, Some(hold), true),
        ] {
            let mut block = Block::default();
            let permit = block.begin(0, ahead);
            assert_eq!(block.end(permit, at(10), answer, |limit| limit == 100), at_once, "{name}");
        }
    }

    #[test]
    fn what_is_settled_is_as_if_every_call_had_been_asked_for_and_noted_alone() {
        let (mut together, mut alone) = (known(100, 600), known(100, 600));
        let (granted_ms, ahead) = granted(&mut together, LATER_MS).unwrap();
        let mut block = Block::default();
        let mut permit = Some(block.begin(granted_ms, ahead));
        // Somebody else has two of the calls that Procore counts.
        for call in 0..5_u32 {
            let now_ms = LATER_MS + i64::from(call) * 300;
            let answer = Some(told(100, 97 - call, LATER_MS + 9_000));
            let next = permit.take().or_else(|| block.take(at(now_ms), lengths())).unwrap();
            assert!(!block.end(next, at(now_ms + 200), answer, |_| true));
            let granted_ms = alone.grant(Purpose::Read, at(now_ms), lengths()).unwrap();
            alone.note(granted_ms, at(now_ms + 200), answer, lengths());
        }
        assert!(!block.is_empty());
        block.settle(&mut together, lengths());
        assert_eq!(together, alone);
    }

    #[test]
    fn a_block_that_is_never_settled_counts_until_it_is_given_up_and_a_window_more() {
        let mut account = known(25, 600);
        assert_eq!(granted(&mut account, LATER_MS), Some((LATER_MS, 7)));
        let room = |account: &Account, now_ms| {
            let mut account = account.clone();
            std::iter::from_fn(|| account.grant(Purpose::Post, at(now_ms), lengths()).ok()).count()
        };
        let given_up_ms = LATER_MS + 90_000;
        for (now_ms, free) in [(LATER_MS, 17), (given_up_ms - 1, 17), (given_up_ms + 10_000, 17)] {
            assert_eq!(room(&account, now_ms), free, "{}", now_ms - LATER_MS);
        }
        assert_eq!(room(&account, given_up_ms + 10_400), 25);
        // What was frozen for so long and comes back lifts nobody else's calls.
        let mut block = Block::default();
        block.begin(LATER_MS, 7);
        account.grant(Purpose::Post, at(given_up_ms + 10), lengths()).unwrap();
        block.settle(&mut account, lengths());
        assert_eq!(room(&account, given_up_ms + 10), 16);
    }
}
