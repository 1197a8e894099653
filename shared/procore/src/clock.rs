//! Procore's time, as far as it matters here: when a window ends, and which processes mean the same moment.
//!
//! One rule: our clock is believed until the `Date` of an answer contradicts it. From then on Procore's time is only
//! known to lie between two bounds (a `Date` has whole seconds; more answers narrow them), and both are minded: a
//! wait lasts until the earlier has passed, a call counts from the later. So well-kept clocks are left alone, and one
//! that is minutes off makes no wait too short, on whichever machine.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{DATE, HeaderMap};

/// A `Date` further off than this is not a clock that is wrong but a header that is.
const LARGEST_SKEW: SignedDuration = SignedDuration::from_hours(24);
/// A `Date` names a second, not a moment.
const RESOLUTION_MS: i64 = 1000;

/// Our clock, corrected. Clones share what was learned.
#[derive(Clone, Debug)]
pub(crate) struct VendorClock {
    ours: fn() -> Timestamp,
    skew: Arc<Mutex<Skew>>,
}

/// Procore's time: somewhere between two moments, in milliseconds since 1970. One moment where our clock is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) earliest_ms: i64,
    pub(crate) latest_ms: i64,
}

/// What Procore's clock can be ahead of ours by, in milliseconds: everything from `least` to `most`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Skew {
    least_ms: i64,
    most_ms: i64,
}

impl VendorClock {
    pub(crate) fn new(ours: fn() -> Timestamp) -> VendorClock {
        VendorClock { ours, skew: Arc::new(Mutex::new(Skew::UNKNOWN)) }
    }

    /// Our own time, for [`VendorClock::learn`].
    pub(crate) fn ours(&self) -> Timestamp {
        (self.ours)()
    }

    /// Procore's time, at the earliest.
    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.span().earliest_ms).unwrap_or_else(|_| self.ours())
    }

    /// How far Procore's time is ahead of ours, at the least; negative where ours is ahead, zero where ours may be
    /// right. `None` before the first answer.
    pub(crate) fn ahead(&self) -> Option<SignedDuration> {
        let skew = self.skew();
        let (least_ms, most_ms) = skew.correction_ms();
        // Of the two bounds, the one nearer to none.
        let ahead_ms = if least_ms > 0 { least_ms } else { most_ms };
        (skew != Skew::UNKNOWN).then(|| SignedDuration::from_millis(ahead_ms))
    }

    /// Procore's time between its bounds, both read at once: other answers may narrow them at any moment.
    pub(crate) fn span(&self) -> Span {
        let (least_ms, most_ms) = self.skew().correction_ms();
        let ours_ms = self.ours().as_millisecond();
        Span { earliest_ms: ours_ms.saturating_add(least_ms), latest_ms: ours_ms.saturating_add(most_ms) }
    }

    fn skew(&self) -> Skew {
        *self.skew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the `Date` of an answer to what was sent at `sent`, by our clock.
    pub(crate) fn learn(&self, headers: &HeaderMap, sent: Timestamp) {
        let Some(date) = headers.get(DATE).and_then(|date| date.to_str().ok()) else { return };
        let Ok(date) = jiff::fmt::rfc2822::parse(date.trim()) else { return };
        let (date, received) = (date.timestamp(), self.ours());
        let mut skew = self.skew.lock().unwrap_or_else(PoisonError::into_inner);
        *skew = skew.after(date, sent, received);
    }
}

impl Skew {
    const UNKNOWN: Skew = Skew { least_ms: i64::MIN, most_ms: i64::MAX };

    /// The answer was written at some moment between these two of ours, in this second of theirs.
    fn after(self, date: Timestamp, sent: Timestamp, received: Timestamp) -> Skew {
        if date.duration_since(received).abs() > LARGEST_SKEW {
            return self;
        }
        let (date, sent, received) =
            (date.as_millisecond(), sent.as_millisecond(), received.as_millisecond());
        let seen = Skew { least_ms: date - received, most_ms: date + RESOLUTION_MS - sent };
        let both =
            Skew { least_ms: self.least_ms.max(seen.least_ms), most_ms: self.most_ms.min(seen.most_ms) };
        // One of the clocks was set meanwhile: what was learned before is void.
        if both.least_ms > both.most_ms { seen } else { both }
    }

    /// Both bounds; none where our clock may be right.
    fn correction_ms(self) -> (i64, i64) {
        if (self.least_ms..=self.most_ms).contains(&0) { (0, 0) } else { (self.least_ms, self.most_ms) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_780_000_000_000 + milliseconds).unwrap()
    }

    fn learned(answers: &[(i64, i64, i64)]) -> (i64, i64) {
        let skew = answers.iter().fold(Skew::UNKNOWN, |skew, (date, sent, received)| {
            skew.after(at(*date), at(*sent), at(*received))
        });
        skew.correction_ms()
    }

    #[test]
    fn a_clock_is_believed_until_it_is_contradicted() {
        let two_minutes = 120_000;
        let slow = (two_minutes - 400, two_minutes + 700);
        let fast = (-two_minutes - 400, -two_minutes + 700);
        for (name, answers, expected) in [
            ("nothing was heard", vec![], (0, 0)),
            ("ours is right", vec![(0, 300, 400)], (0, 0)),
            ("ours is right, just before the second ends", vec![(0, 980, 1_040)], (0, 0)),
            ("ours is slow by two minutes", vec![(two_minutes, 300, 400)], slow),
            ("ours is fast by two minutes", vec![(-two_minutes, 300, 400)], fast),
            (
                "more answers tell more",
                vec![(two_minutes, 300, 400), (two_minutes + 1_000, 990, 1_010)],
                (two_minutes - 10, two_minutes + 700),
            ),
            ("ours was set in between", vec![(two_minutes, 300, 400), (1_000, 1_300, 1_400)], (0, 0)),
            ("a header that is wrong, not a clock", vec![(86_400_000 * 2, 300, 400)], (0, 0)),
        ] {
            assert_eq!(learned(&answers), expected, "{name}");
        }
    }

    #[test]
    fn says_how_far_it_is_ahead() {
        for (answers, expected_ms) in [
            (vec![], None),
            (vec![(0, 300, 400)], Some(0)),
            (vec![(120_000, 300, 400)], Some(119_600)),
            (vec![(-120_000, 300, 400)], Some(-119_300)),
        ] {
            let clock = VendorClock::new(|| at(0));
            for (date, sent, received) in answers {
                let mut skew = clock.skew.lock().unwrap();
                *skew = skew.after(at(date), at(sent), at(received));
            }
            assert_eq!(clock.ahead().map(|ahead| ahead.as_millis()), expected_ms);
        }
    }

    #[test]
    fn reads_the_header_and_shares_what_it_says() {
        // 1780000000 is Thu, 28 May 2026 20:26:40 UTC.
        let clock = VendorClock::new(|| at(500));
        let clone = clock.clone();
        for (date, expected) in [
            ("soon", at(500)),
            ("Thu, 28 May 2026 20:26:40 GMT", at(500)),
            ("Thu, 28 May 2026 20:28:40 GMT", at(120_000)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(DATE, date.parse().unwrap());
            clock.learn(&headers, at(500));
            assert_eq!(clone.now(), expected, "{date}");
        }
    }
}
