//! `Date`, the three rate-limit headers and `Retry-After`: what a client keeps its books by.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::{SignedDuration, Timestamp};

use crate::{
    faults::{GivenHeaders, RetryAfter},
    quota::Reading,
};

const LIMIT: &str = "x-rate-limit-limit";
const REMAINING: &str = "x-rate-limit-remaining";
const RESET: &str = "x-rate-limit-reset";

/// The server's clock, which need not be this machine's.
pub(super) fn date(headers: &mut HeaderMap, now: Timestamp) {
    if let Ok(date) = HeaderValue::from_str(&http_date(now)) {
        headers.insert(header::DATE, date);
    }
}

/// Procore docs: the three headers are on every response; 429 and 503 also name the seconds to wait. What does not
/// count has none.
pub(super) fn usual(headers: &mut HeaderMap, reading: Option<Reading>, status: StatusCode, now: Timestamp) {
    let Some(reading) = reading else { return };
    headers.insert(LIMIT, HeaderValue::from(reading.limit));
    headers.insert(REMAINING, HeaderValue::from(reading.remaining));
    headers.insert(RESET, HeaderValue::from(reading.reset_s()));
    let wait_s = match status.as_u16() {
        429 => reading.wait_s(now),
        503 => 1,
        _ => return,
    };
    headers.insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
}

/// The ones a test ordered.
pub(super) fn given(headers: &mut HeaderMap, given: GivenHeaders, now: Timestamp) {
    if let Some(limit) = given.limit {
        headers.insert(LIMIT, HeaderValue::from(limit));
    }
    if let Some(remaining) = given.remaining {
        headers.insert(REMAINING, HeaderValue::from(remaining));
    }
    if let Some(reset_in_s) = given.reset_in_s {
        let now_s = now.as_millisecond().saturating_add(999).div_euclid(1000);
        headers.insert(RESET, HeaderValue::from(now_s.saturating_add(reset_in_s)));
    }
    let retry_after = given.retry_after.and_then(|form| match form {
        RetryAfter::Seconds(wait_s) => Some(HeaderValue::from(wait_s)),
        RetryAfter::DateInSeconds(in_s) => {
            let at = now.checked_add(SignedDuration::from_secs(in_s)).ok()?;
            HeaderValue::from_str(&http_date(at)).ok()
        }
        RetryAfter::Text(text) => HeaderValue::from_str(text).ok(),
    });
    if let Some(retry_after) = retry_after {
        headers.insert(header::RETRY_AFTER, retry_after);
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the form of RFC 9110.
fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_the_one_form_that_is_allowed() {
        let at = Timestamp::from_second(784_111_777).unwrap();
        assert_eq!(http_date(at), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
