//! The call budget's headers and its end.

use std::time::Duration;

use jiff::Timestamp;
use sandbox::{Options, Quotas, WindowKind};

use crate::world::{World, body};

#[tokio::test]
async fn every_answer_carries_the_headers() {
    let world = World::demo().await;
    for (path, status) in
        [("rest/v1.0/me", 200), ("rest/v1.0/projects/4099/rfis", 404), ("rest/v1.0/projects/4072/rfis", 403)]
    {
        let answer = world.get(path).await;
        assert_eq!(answer.status(), status, "{path}");
        for header in ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"] {
            let value: i64 = answer.headers()[header].to_str().unwrap().parse().unwrap();
            assert!(value > 0, "{path} {header}");
        }
    }
    // The login host is no part of the API.
    let login = world.get("oauth/token/info").await;
    assert_eq!(login.status(), 200);
    assert!(!login.headers().contains_key("x-rate-limit-limit"));
}

#[tokio::test]
async fn a_call_over_the_budget_is_refused_and_still_counted() {
    let world = World::with(Options {
        quotas: Quotas { hourly: 3, spike: 100, ..Quotas::default() },
        ..Options::demo()
    })
    .await;
    let remaining =
        |answer: &reqwest::Response| answer.headers()["x-rate-limit-remaining"].to_str().unwrap().to_owned();
    for left in ["2", "1", "0"] {
        let answer = world.get("rest/v1.0/me").await;
        assert_eq!((answer.status().as_u16(), remaining(&answer).as_str()), (200, left));
    }
    let over = world.get("rest/v1.0/me").await;
    assert_eq!(over.status(), 429);
    let wait_s: i64 = over.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((3500..=3600).contains(&wait_s), "{wait_s}");
    assert_eq!(over.headers()["x-rate-limit-limit"], "3");
}

#[tokio::test]
async fn a_short_window_ends_when_it_says_and_the_books_show_both() {
    let quotas = Quotas { hourly: 1000, spike: 3, spike_window: Duration::from_secs(2), ..Quotas::default() };
    let world = World::with(Options { quotas, ..Options::demo() }).await;
    for status in [200, 200, 200, 429] {
        assert_eq!(world.get("rest/v1.0/me").await.status(), status);
    }
    let windows = world.sandbox.quota_use();
    let spike = windows.iter().find(|window| window.kind == WindowKind::Spike).unwrap();
    assert_eq!((spike.limit, spike.used, spike.refused), (3, 3, 1));
    let ends_ms = spike.began_at.as_millisecond() + 2000;
    let left_ms = u64::try_from(ends_ms - Timestamp::now().as_millisecond()).unwrap_or_default();
    tokio::time::sleep(Duration::from_millis(left_ms + 1)).await;
    assert_eq!(world.get("rest/v1.0/me").await.status(), 200);

    let windows = world.sandbox.quota_use();
    let used = |kind| -> Vec<(u32, u32)> {
        windows.iter().filter(|one| one.kind == kind).map(|one| (one.used, one.refused)).collect()
    };
    assert_eq!(used(WindowKind::Spike), [(3, 1), (1, 0)]);
    assert_eq!(used(WindowKind::Hourly), [(5, 0)]);
    assert_eq!((world.sandbox.calls_counted(), world.sandbox.calls_refused()), (5, 1));
}

#[tokio::test]
async fn the_reset_is_the_end_of_the_window_in_whole_seconds_rounded_up() {
    let quotas = Quotas { spike: 5, spike_window: Duration::from_millis(2500), ..Quotas::default() };
    let world = World::with(Options { quotas, ..Options::demo() }).await;
    let answer = world.get("rest/v1.0/me").await;
    let reset_s: i64 = answer.headers()["x-rate-limit-reset"].to_str().unwrap().parse().unwrap();
    let windows = world.sandbox.quota_use();
    let spike = windows.iter().rev().find(|window| window.kind == WindowKind::Spike).unwrap();
    let ends_ms = spike.began_at.as_millisecond() + 2500;
    assert_eq!(reset_s, (ends_ms + 999).div_euclid(1000));
}

#[tokio::test]
async fn a_clock_that_is_off_shows_in_date_reset_token_and_records() {
    for clock_offset_s in [-7200, 0, 7200] {
        let world = World::with(Options { clock_offset_s, ..Options::demo() }).await;
        let expected = Timestamp::now().as_second() + clock_offset_s;
        let near = |second: i64, what: &str| {
            assert!((second - expected).abs() <= 20, "{what}: {second}, not {expected}");
        };
        let answer = world.get("oauth/token/info").await;
        let date = answer.headers()["date"].to_str().unwrap().to_owned();
        let date = jiff::fmt::rfc2822::parse(&date).unwrap().timestamp();
        near(date.as_second(), "date");
        near(body(answer).await["created_at"].as_i64().unwrap(), "token");
        let answer = world.get("rest/v1.0/me").await;
        near(answer.headers()["x-rate-limit-reset"].to_str().unwrap().parse().unwrap(), "reset");

        let id = world.sandbox.add_rfi(sandbox::NewRfi { emit: false, ..sandbox::NewRfi::default() });
        let rfi = body(world.get(&format!("rest/v1.0/projects/4071/rfis/{id}")).await).await;
        let updated_at: Timestamp = rfi["updated_at"].as_str().unwrap().parse().unwrap();
        near(updated_at.as_second(), "updated_at");
    }
}
