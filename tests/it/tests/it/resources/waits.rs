//! How long a client waits that was told to: `Retry-After` as seconds, as a date, as nonsense, and the reset.

use std::time::Duration;

use procore::{Class, Error};
use sandbox::{Fault, GivenHeaders, RetryAfter};

use super::{Desk, PROJECT, correspondence, impatient};

/// Time that may pass between a refusal and the next question.
const MEANWHILE: Duration = Duration::from_secs(3);

/// What was told, and between how many seconds and how many the wait must be.
fn cases() -> Vec<(GivenHeaders, Option<(u64, u64)>)> {
    let given = |status, retry_after| GivenHeaders { retry_after, ..GivenHeaders::none(status) };
    let seconds = |wait_s| Some(RetryAfter::Seconds(wait_s));
    // A date has whole seconds, and its time goes by while the answer travels.
    let date = |in_s| Some(RetryAfter::DateInSeconds(in_s));
    let text = |text| Some(RetryAfter::Text(text));
    let reset = |given, reset_in_s| GivenHeaders {
        limit: Some(600),
        remaining: Some(0),
        reset_in_s: Some(reset_in_s),
        ..given
    };
    let left = |given| GivenHeaders { remaining: Some(12), ..given };
    vec![
        (given(429, seconds(7)), Some((7, 7))),
        (given(429, date(90)), Some((85, 90))),
        (given(429, date(-90)), Some((0, 0))),
        (given(429, text("later")), Some((10, 10))),
        (given(429, text("-5")), Some((10, 10))),
        (given(429, None), Some((10, 10))),
        (given(429, seconds(999_999)), Some((3600, 3600))),
        (reset(given(429, seconds(7)), 40), Some((36, 41))),
        (reset(given(429, seconds(90)), 40), Some((90, 90))),
        (reset(given(429, None), -300), Some((0, 0))),
        (given(503, seconds(7)), Some((7, 7))),
        (given(503, date(90)), Some((85, 90))),
        (given(503, text("soon")), None),
        (given(503, None), None),
        (left(reset(given(503, seconds(7)), 40)), Some((7, 7))),
        (reset(given(503, seconds(7)), 40), Some((36, 41))),
    ]
}

#[tokio::test]
async fn the_wait_is_the_later_of_what_was_told_and_holds_the_next_call() {
    let Desk { sandbox, .. } = Desk::start().await;
    for (given, expected) in cases() {
        sandbox.fail_next("POST /generic_tool_items", Fault::Headers(given), 1);
        // What posts may use the whole quota, so nothing holds it but what was told.
        let procore = impatient(&sandbox).posting();
        let item = correspondence::draft("Text.");
        let refused = procore.create_correspondence_draft(PROJECT, correspondence::KIND, &item).await;
        let wait = match refused.unwrap_err().class() {
            Class::Paced { after } if given.status == 429 => Some(after),
            Class::Retry { after } if given.status == 503 => after,
            other => panic!("{other:?}: {given:?}"),
        };
        assert_eq!(wait.is_some(), expected.is_some(), "{given:?}");
        let (Some(wait), Some((least_s, most_s))) = (wait, expected) else { continue };
        let most = Duration::from_secs(most_s);
        assert!((Duration::from_secs(least_s)..=most).contains(&wait), "{wait:?}: {given:?}");

        // Kept to the millisecond; one granted at the very end of a wait may be put off to the next.
        let slack = Duration::from_millis(2);
        match procore.me().await {
            Ok(_) => assert!(most.is_zero(), "it must wait: {given:?}"),
            Err(Error::NoPermit { after }) => {
                assert!(after + MEANWHILE >= wait && after <= most + slack, "{after:?}: {given:?}");
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test]
async fn a_reading_waits_as_told_and_is_answered() {
    let Desk { sandbox, procore } = Desk::start().await;
    let told = GivenHeaders { retry_after: Some(RetryAfter::Seconds(1)), ..GivenHeaders::none(429) };
    sandbox.fail_next("GET /me", Fault::Headers(told), 1);
    let before = std::time::Instant::now();
    procore.me().await.unwrap();
    assert!(before.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn answers_without_rate_headers_stop_nobody() {
    let Desk { sandbox, procore } = Desk::start().await;
    sandbox.fail_next("/rest/", Fault::WithoutRateHeaders, 10);
    for _ in 0..10 {
        procore.me().await.unwrap();
    }
    assert_eq!(procore.rate_limit(), None);
    procore.me().await.unwrap();
    assert_eq!(procore.rate_limit().unwrap().limit, u64::from(sandbox::Quotas::default().spike));
}
