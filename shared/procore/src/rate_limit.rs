//! The call budget as Procore reports it, and how long to wait when it is spent.
//!
//! Procore docs: an hourly and a ten-second limit exist; the headers of every answer describe whichever is
//! nearer. A 429 asks to pause until the reset; other pages name `Retry-After` as well, so the later counts.
//! Nothing here waits; it only says for how long. Moments are compared by Procore's own clock (`clock`).

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::pace::Told;

/// The longest window documented is an hour, so a longer wait is a wrong header.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// A 429 that does not say how long: the shorter of the two windows.
pub(crate) const UNSTATED_WAIT: Duration = Duration::from_secs(10);

/// The limit that is nearer to being reached, as of the last answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Calls allowed in the window.
    pub limit: u64,
    /// Calls left in the window.
    pub remaining: u64,
    /// When the window ends.
    pub reset_at: Timestamp,
}

impl RateLimit {
    /// Reads `X-Rate-Limit-*`; `None` when one of them is missing or unreadable.
    pub(crate) fn read(headers: &HeaderMap) -> Option<RateLimit> {
        Some(RateLimit {
            limit: number(headers, "x-rate-limit-limit")?,
            remaining: number(headers, "x-rate-limit-remaining")?,
            reset_at: reset_at(headers)?,
        })
    }
}

/// How long a refused call should wait, by the headers of the refusal.
///
/// A 503 is about the platform's load, not our quota: an hourly reset counts there only if the quota is spent too.
pub(crate) fn wait(status: u16, headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let spent = number(headers, "x-rate-limit-remaining").is_none_or(|remaining| remaining == 0);
    let reset = match status {
        429 => reset_at(headers),
        503 if spent => reset_at(headers),
        503 => None,
        _ => return None,
    };
    let until_reset = reset.map(|at| until(at, now));
    until_reset.max(retry_after(headers, now)).map(|wait| wait.min(LONGEST_WAIT))
}

/// What an answer tells everybody who shares the quota. `now` is Procore's time.
pub(crate) fn told(status: u16, headers: &HeaderMap, now: Timestamp) -> Told {
    let quota = RateLimit::read(headers).map(|read| {
        let calls = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        (calls(read.limit), calls(read.remaining), read.reset_at.as_millisecond())
    });
    let hold = wait(status, headers, now).or((status == 429).then_some(UNSTATED_WAIT));
    let hold_until_ms = hold.and_then(|hold| now.checked_add(hold).ok()).map(Timestamp::as_millisecond);
    Told { quota, hold_until_ms }
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

fn reset_at(headers: &HeaderMap) -> Option<Timestamp> {
    let seconds = number(headers, "x-rate-limit-reset")?;
    Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
}

/// Seconds, or a date, as HTTP allows.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(until(at, now))
}

fn until(at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    const NOW: i64 = 1_780_000_000;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    #[test]
    fn reads_the_budget_only_when_it_is_whole() {
        let whole = [
            ("x-rate-limit-limit", "600"),
            ("x-rate-limit-remaining", "589"),
            ("x-rate-limit-reset", "1780000100"),
        ];
        let expected = RateLimit {
            limit: 600,
            remaining: 589,
            reset_at: Timestamp::from_second(1_780_000_100).unwrap(),
        };
        assert_eq!(RateLimit::read(&headers(&whole)), Some(expected));
        for missing in 0..3 {
            let mut part = whole.to_vec();
            part.remove(missing);
            assert_eq!(RateLimit::read(&headers(&part)), None, "without {}", whole[missing].0);
        }
        assert_eq!(RateLimit::read(&headers(&[whole[0], whole[1], ("x-rate-limit-reset", "soon")])), None);
    }

    #[test]
    fn tells_everybody_how_long_to_be_silent() {
        let reset = ("x-rate-limit-reset", "1780000040");
        let quota = [("x-rate-limit-limit", "600"), ("x-rate-limit-remaining", "0"), reset];
        for (status, pairs, quota, hold_s) in [
            (200, quota.to_vec(), Some((600, 0, (NOW + 40) * 1000)), None),
            (429, quota.to_vec(), Some((600, 0, (NOW + 40) * 1000)), Some(40)),
            (429, vec![], None, Some(10)),
            (503, vec![("retry-after", "7")], None, Some(7)),
            (503, vec![], None, None),
            (500, vec![("retry-after", "7")], None, None),
        ] {
            let told = told(status, &headers(&pairs), Timestamp::from_second(NOW).unwrap());
            let hold_until_ms = hold_s.map(|seconds| (NOW + seconds) * 1000);
            assert_eq!(told, Told { quota, hold_until_ms }, "{status} {pairs:?}");
        }
    }

    #[test]
    fn waits_for_the_later_of_the_two() {
        let reset = ("x-rate-limit-reset", "1780000040");
        let spent = ("x-rate-limit-remaining", "0");
        let left = ("x-rate-limit-remaining", "12");
        // 1780000000 is Thu, 28 May 2026 20:26:40 UTC.
        for (status, pairs, expected) in [
            (429, vec![], None),
            (429, vec![reset], Some(40)),
            (429, vec![reset, left], Some(40)),
            (429, vec![("retry-after", "7")], Some(7)),
            (429, vec![reset, ("retry-after", "7")], Some(40)),
            (429, vec![reset, ("retry-after", "90")], Some(90)),
            (429, vec![("retry-after", "Thu, 28 May 2026 20:27:10 GMT")], Some(30)),
            (429, vec![("retry-after", "Thu, 28 May 2026 20:00:00 GMT")], Some(0)),
            (429, vec![("retry-after", "later")], None),
            (429, vec![("x-rate-limit-reset", "1779999000")], Some(0)),
            (429, vec![("x-rate-limit-reset", "4000000000")], Some(3600)),
            (429, vec![("x-rate-limit-reset", "1780000000000")], None),
            (429, vec![("retry-after", "999999999")], Some(3600)),
            (503, vec![reset, left, ("retry-after", "7")], Some(7)),
            (503, vec![reset, left], None),
            (503, vec![reset, spent, ("retry-after", "7")], Some(40)),
            (503, vec![reset, ("retry-after", "7")], Some(40)),
            (500, vec![reset, ("retry-after", "7")], None),
        ] {
            let waited = wait(status, &headers(&pairs), Timestamp::from_second(NOW).unwrap());
            assert_eq!(waited, expected.map(Duration::from_secs), "{status} {pairs:?}");
        }
    }
}
