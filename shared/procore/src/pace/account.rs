//! The account of all calls: two windows and a hold, and who may call when. Pure: times come in, decisions go out.

use serde::{Deserialize, Serialize};

use super::window::{Length, Window};
use crate::clock::Span;
use crate::settings::Windows;

/// Before Procore has answered at all nothing is known, so only so many calls are made to find out.
const PROBES: u32 = 2;
/// One call in so many is kept for posting, and at least one.
const KEPT_SHARE: u32 = 20;
/// A call on its way for longer has ended with its process: no attempt is given so much time.
const LONGEST_FLIGHT_MS: i64 = 90_000;
/// So many calls are granted ahead of need at most: with the one that is asked for, enough for a draft.
const MOST_AHEAD: u32 = 7;
/// Headers have whole seconds.
const SLACK_MS: i64 = 1000;

/// What a call is for: what was paid for must always find its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Reading, before anything was paid for.
    Read,
    /// Everything that brings a finished draft to its place.
    Post,
}

/// Why a call may not be made now. Nothing is noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// Not before this moment, if nobody else takes the room that appears then. Milliseconds since 1970 by Procore's
    /// clock.
    NotBefore(i64),
    /// The first answers are not there yet: ask again in a moment.
    Unknown,
}

/// What an answer told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Calls allowed, calls left, and the moment the window ends.
    pub(crate) quota: Option<(u32, u32, i64)>,
    /// No call before this moment.
    pub(crate) hold_until_ms: Option<i64>,
}

/// Both windows' lengths.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lengths {
    spike: Length,
    hour: Length,
}

impl Lengths {
    pub(super) fn spike_ms(self) -> i64 {
        self.spike.window_ms()
    }
}

impl From<Windows> for Lengths {
    fn from(windows: Windows) -> Lengths {
        Lengths { spike: Length::new(windows.spike), hour: Length::new(windows.hour) }
    }
}

/// The account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Account {
    spike: Window,
    hour: Window,
    /// Calls on their way, by the moment they were granted. They count in both windows however long they take.
    flying_ms: Vec<i64>,
    /// Procore asked for silence until then.
    hold_until_ms: i64,
    /// Procore has answered at least once.
    answered: bool,
    /// When calls were made to find out, while nothing was known.
    probes_ms: Vec<i64>,
}

impl Account {
    /// Grants a call if it keeps to both windows. It counts until it has ended, and for a whole window after that.
    /// Returns the moment, in milliseconds, that names it when it has ended.
    ///
    /// # Errors
    /// How long to wait.
    pub(super) fn grant(&mut self, purpose: Purpose, now: Span, lengths: Lengths) -> Result<i64, Wait> {
        let Span { earliest_ms: now_ms, latest_ms } = now;
        self.prune(now_ms, lengths);
        let at_ms = self.earliest(purpose, now_ms, lengths);
        if at_ms > now_ms {
            return Err(Wait::NotBefore(at_ms));
        }
        if !self.answered {
            let probes = u32::try_from(self.probes_ms.len()).unwrap_or(u32::MAX);
            if probes >= PROBES {
                return Err(Wait::Unknown);
            }
            self.probes_ms.push(now_ms);
        }
        self.flying_ms.push(latest_ms);
        Ok(latest_ms)
    }

    /// Grants more calls beside the one that was granted just now, under the same name, while there is plenty of room:
    /// what is used stays below half of both windows. Returns how many; they count like any that is on its way.
    ///
    /// The short window's limit must be known. The hourly one may not be: the headers describe whichever is nearer, so
    /// one that was never told has more room left.
    pub(super) fn grant_ahead(&mut self, granted_ms: i64, now: Span, lengths: Lengths) -> u32 {
        if self.spike.limit().is_none() {
            return 0;
        }
        let mut ahead = 0;
        while ahead < MOST_AHEAD
            && self.spike.has_plenty(now.earliest_ms, self.flying(), lengths.spike)
            && self.hour.has_plenty(now.earliest_ms, self.flying(), lengths.hour)
        {
            self.flying_ms.push(granted_ms);
            ahead += 1;
        }
        ahead
    }

    /// Takes back so many calls that were granted and not made. Those already given up as lost stay counted.
    pub(super) fn give_back(&mut self, granted_ms: i64, calls: u32) {
        for _ in 0..calls {
            self.lift(granted_ms);
        }
    }

    /// Whether one of the limits is this one.
    pub(super) fn knows(&self, limit: u32) -> bool {
        [&self.spike, &self.hour].iter().any(|window| window.limit() == Some(limit))
    }

    /// Corrects the account by the end of a call.
    pub(super) fn note(&mut self, granted_ms: i64, now: Span, answer: Option<Told>, lengths: Lengths) {
        // Nothing is forgotten before it certainly is over, and nothing counts for shorter than it may.
        self.prune(now.earliest_ms, lengths);
        let now_ms = now.latest_ms;
        // One that was given up as lost is noted all the same.
        self.lift(granted_ms);
        self.land(now_ms, lengths);
        let Some(told) = answer else {
            // Nobody answered, so nothing is known yet: somebody else may find out.
            self.probes_ms.pop();
            return;
        };
        self.answered = true;
        self.probes_ms.clear();
        if let Some((limit, remaining, reset_ms)) = told.quota {
            self.told(limit, remaining, reset_ms, now_ms, lengths);
        }
        if let Some(until_ms) = told.hold_until_ms {
            let until_ms = until_ms.min(now_ms.saturating_add(lengths.hour.window_ms()));
            self.hold_until_ms = self.hold_until_ms.max(until_ms);
        }
    }

    /// Percent of the tighter window that is used, calls on their way included; `None` while no limit is known.
    pub(super) fn share_percent(&self, now_ms: i64, lengths: Lengths) -> Option<u32> {
        let spike = self.spike.share_percent(now_ms, self.flying(), lengths.spike);
        spike.max(self.hour.share_percent(now_ms, self.flying(), lengths.hour))
    }

    fn lift(&mut self, granted_ms: i64) {
        if let Some(place) = self.flying_ms.iter().position(|flying_ms| *flying_ms == granted_ms) {
            self.flying_ms.swap_remove(place);
        }
    }

    fn land(&mut self, at_ms: i64, lengths: Lengths) {
        self.spike.add(at_ms, lengths.spike);
        self.hour.add(at_ms, lengths.hour);
    }

    fn flying(&self) -> u32 {
        u32::try_from(self.flying_ms.len()).unwrap_or(u32::MAX)
    }

    fn prune(&mut self, now_ms: i64, lengths: Lengths) {
        let lost = |granted_ms: &mut i64| now_ms.saturating_sub(*granted_ms) >= LONGEST_FLIGHT_MS;
        let lost: Vec<i64> = self.flying_ms.extract_if(.., lost).collect();
        lost.iter().for_each(|granted_ms| self.land(granted_ms.saturating_add(LONGEST_FLIGHT_MS), lengths));
        self.spike.prune(now_ms, lengths.spike);
        self.hour.prune(now_ms, lengths.hour);
        let oldest_ms = now_ms.saturating_sub(lengths.spike.window_ms());
        self.probes_ms.retain(|at_ms| *at_ms > oldest_ms);
    }

    /// Room only ever appears when something ends, so those moments are all there is to try. What is on its way now
    /// is taken to end now.
    fn earliest(&self, purpose: Purpose, now_ms: i64, lengths: Lengths) -> i64 {
        let from_ms = now_ms.max(self.hold_until_ms);
        let windows = [(&self.spike, lengths.spike), (&self.hour, lengths.hour)];
        let openings = windows.iter().flat_map(|(window, length)| window.openings(*length));
        let landings = windows.iter().map(|(_, length)| length.clear_ms(now_ms));
        let mut moments: Vec<i64> = openings.chain(landings).filter(|at_ms| *at_ms > from_ms).collect();
        moments.push(from_ms);
        moments.sort_unstable();
        let has_room = |at_ms: i64, window: &Window, length: Length| {
            let flying = if at_ms < length.clear_ms(now_ms) { self.flying() } else { 0 };
            let spared = match purpose {
                Purpose::Post => 0,
                Purpose::Read => window.limit().map_or(0, |limit| (limit / KEPT_SHARE).max(1)),
            };
            window.has_room(at_ms, flying, spared, length)
        };
        let last = moments.last().copied().unwrap_or(from_ms);
        moments
            .into_iter()
            .find(|at_ms| windows.iter().all(|(window, length)| has_room(*at_ms, window, *length)))
            .unwrap_or(last)
    }

    /// Procore docs: the headers describe whichever limit is nearer, and do not say which. One whose window ends
    /// later than the short window could is the hourly one; an hourly one about to end is known by its limit.
    fn told(&mut self, limit: u32, remaining: u32, reset_ms: i64, now_ms: i64, lengths: Lengths) {
        let flying = self.flying();
        let far = reset_ms.saturating_sub(now_ms) > lengths.spike.window_ms().saturating_add(SLACK_MS);
        let hourly = far || (self.hour.limit() == Some(limit) && self.spike.limit() != Some(limit));
        let (window, length) =
            if hourly { (&mut self.hour, lengths.hour) } else { (&mut self.spike, lengths.spike) };
        window.set_limit(limit);
        window.told(limit.saturating_sub(remaining), flying, now_ms, reset_ms, length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Result<i64, Wait> = Ok(0);

    fn at(moment_ms: i64) -> Span {
        Span { earliest_ms: moment_ms, latest_ms: moment_ms }
    }

    fn lengths() -> Lengths {
        Windows::default().into()
    }

    /// An account that knows both limits.
    fn known(spike: u32, hour: u32) -> Account {
        let mut account = Account { answered: true, ..Account::default() };
        account.spike.set_limit(spike);
        account.hour.set_limit(hour);
        account
    }

    fn told(limit: u32, remaining: u32, reset_ms: i64) -> Option<Told> {
        Some(Told { quota: Some((limit, remaining, reset_ms)), hold_until_ms: None })
    }

    #[test]
    fn two_calls_find_out_and_the_others_wait_for_their_answer() {
        let mut account = Account::default();
        let mut ask = |now_ms| account.grant(Purpose::Read, at(now_ms), lengths());
        assert_eq!([ask(0), ask(0), ask(0)], [NOW, NOW, Err(Wait::Unknown)]);
        // Both were lost with their process: after a window somebody else may try.
        assert_eq!([ask(9_999), ask(10_100)], [Err(Wait::Unknown), Ok(10_100)]);
        account.note(10_100, at(10_150), None, lengths());
        let again = account.grant(Purpose::Read, at(10_150), lengths());
        assert_eq!(again, Ok(10_150), "the other got no answer");
        account.note(10_150, at(10_200), told(25, 24, 20_000), lengths());
        assert_eq!(account.spike.limit(), Some(25));
        let granted =
            account.grant(Purpose::Read, Span { earliest_ms: 10_200, latest_ms: 10_230 }, lengths());
        assert_eq!(granted, Ok(10_230), "it counts from the latest that now can be");
    }

    #[test]
    fn both_windows_are_kept_and_the_wait_is_exact() {
        let mut account = known(25, 40);
        let (mut now_ms, mut calls) = (0, Vec::new());
        while now_ms < 60_000 {
            match account.grant(Purpose::Post, at(now_ms), lengths()) {
                Ok(granted_ms) => {
                    account.note(granted_ms, at(now_ms), None, lengths());
                    calls.push(granted_ms);
                }
                Err(Wait::NotBefore(at_ms)) => now_ms = at_ms,
                Err(Wait::Unknown) => unreachable!("both limits are known"),
            }
        }
        assert_eq!((calls.len(), calls.iter().filter(|at_ms| **at_ms == 0).count()), (40, 25));
        let second = calls.last().copied().unwrap();
        assert!((10_000..10_400).contains(&second), "{second}");
        // The slot of the first calls ends after one minute, and counts for an hour more.
        assert_eq!(now_ms, 3_660_000);
        assert_eq!(account.grant(Purpose::Post, at(now_ms - 1), lengths()), Err(Wait::NotBefore(now_ms)));
    }

    #[test]
    fn a_call_counts_while_it_is_on_its_way_and_a_window_after() {
        let mut account = known(1, 600);
        assert_eq!(account.grant(Purpose::Post, at(0), lengths()), NOW);
        let wait = |verdict| match verdict {
            Err(Wait::NotBefore(at_ms)) => at_ms,
            other => panic!("{other:?}"),
        };
        // Not sooner than if it ended now, and then asked again.
        let at_ms = wait(account.grant(Purpose::Post, at(50_000), lengths()));
        assert!((60_000..60_400).contains(&at_ms), "{at_ms}");
        account.note(0, at(55_000), None, lengths());
        let at_ms = wait(account.grant(Purpose::Post, at(60_200), lengths()));
        assert!((65_000..65_400).contains(&at_ms), "{at_ms}");
        // The next one is lost with its process.
        account.grant(Purpose::Post, at(at_ms), lengths()).unwrap();
        let given_up_ms = at_ms + LONGEST_FLIGHT_MS;
        let next_ms = wait(account.grant(Purpose::Post, at(given_up_ms), lengths()));
        assert!((10_000..10_400).contains(&(next_ms - given_up_ms)), "{next_ms}");
    }

    #[test]
    fn the_tighter_window_says_how_much_is_used() {
        let mut account = known(25, 40);
        assert_eq!(Account::default().share_percent(0, lengths()), None, "nothing is known");
        assert_eq!(account.share_percent(0, lengths()), Some(0));
        for call in 0..10 {
            let granted_ms = account.grant(Purpose::Post, at(0), lengths()).unwrap();
            if call < 5 {
                account.note(granted_ms, at(0), None, lengths());
            }
        }
        assert_eq!(account.share_percent(0, lengths()), Some(40), "10 of 25, half of them on their way");
        account.note(0, at(0), told(40, 10, 3_000_000), lengths());
        assert_eq!(account.share_percent(0, lengths()), Some(75), "others used the hourly one");
    }

    #[test]
    fn a_share_is_kept_for_posting() {
        for (spike, hour, readings) in
            [(25, 600, 24), (100, 600, 95), (100, 40, 38), (2, 600, 1), (1, 600, 1)]
        {
            let mut account = known(spike, hour);
            let mut granted = 0;
            while account.grant(Purpose::Read, at(0), lengths()) == NOW {
                granted += 1;
            }
            assert_eq!(granted, readings, "{spike} and {hour}");
            let posting = account.grant(Purpose::Post, at(0), lengths());
            assert_eq!(posting == NOW, spike.min(hour) > 1, "{spike} and {hour}");
        }
    }

    #[test]
    fn knows_which_window_the_headers_describe() {
        // (known spike limit, known hourly limit, told limit, reset in ms) -> (spike, hourly)
        for (spike, hour, limit, reset_ms, expected) in [
            (None, None, 25, 10_000, (Some(25), None)),
            (None, None, 600, 3_599_000, (None, Some(600))),
            (Some(25), None, 600, 12_000, (Some(25), Some(600))),
            (Some(25), Some(600), 600, 4_000, (Some(25), Some(600))),
            (Some(25), Some(600), 30, 4_000, (Some(30), Some(600))),
            (Some(25), Some(600), 900, 40_000, (Some(25), Some(900))),
            // Alike: the short one then, which is the careful reading.
            (Some(100), Some(100), 100, 4_000, (Some(100), Some(100))),
        ] {
            let mut account = Account { answered: true, ..Account::default() };
            spike.into_iter().for_each(|limit| account.spike.set_limit(limit));
            hour.into_iter().for_each(|limit| account.hour.set_limit(limit));
            account.note(0, at(0), told(limit, limit, reset_ms), lengths());
            assert_eq!((account.spike.limit(), account.hour.limit()), expected, "{limit} until {reset_ms}");
        }
    }

    #[test]
    fn a_hold_is_kept_by_all_and_never_shortened_nor_endless() {
        let mut account = known(25, 600);
        let hold = |until_ms| Some(Told { quota: None, hold_until_ms: Some(until_ms) });
        account.note(0, at(0), hold(7_000), lengths());
        account.note(0, at(0), hold(3_000), lengths());
        assert_eq!(account.grant(Purpose::Post, at(6_999), lengths()), Err(Wait::NotBefore(7_000)));
        assert_eq!(account.grant(Purpose::Post, at(7_000), lengths()), Ok(7_000));
        account.note(0, at(0), hold(i64::MAX), lengths());
        assert_eq!(account.hold_until_ms, 3_600_000);
    }

    #[test]
    fn the_account_is_stored_as_a_short_text() {
        let mut account = known(25, 600);
        for call in 0..600 {
            let granted_ms = account.grant(Purpose::Post, at(call * 450), lengths()).unwrap();
            account.note(granted_ms, at(granted_ms), None, lengths());
        }
        let text = serde_json::to_string(&account).unwrap();
        assert!(text.len() < 2_000, "{} bytes", text.len());
        assert_eq!(serde_json::from_str::<Account>(&text).unwrap(), account);
    }
}
