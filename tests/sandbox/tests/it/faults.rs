//! Ordered faults: what the client sees and what the server has done all the same.

use std::time::{Duration, Instant};

use reqwest::Method;
use sandbox::{ErrorShape, Fault, GivenHeaders, RetryAfter};

use crate::world::{ITEMS, World, body, draft};

/// Longest wait for anything, in this machine's worst hour.
const LIMIT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_status_comes_without_effect_as_often_as_ordered() {
    let world = World::demo().await;
    world.sandbox.fail_next("POST generic_tool_items", Fault::Status(503), 2);
    for status in [503, 503, 201] {
        let answer = world.post(ITEMS, &draft("x")).await;
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers().contains_key("retry-after"), status == 503);
    }
    assert_eq!(world.sandbox.correspondence().len(), 1);
}

#[tokio::test]
async fn a_dropped_answer_leaves_the_item_behind() {
    let world = World::demo().await;
    world.sandbox.fail_next("POST generic_tool_items", Fault::DropAfterApplying, 1);
    let lost = world.request(Method::POST, ITEMS).json(&draft("x")).send().await;
    assert!(lost.is_err(), "{lost:?}");
    assert_eq!(world.sandbox.correspondence().len(), 1);
    let recorded = world.sandbox.requests().pop().unwrap();
    assert_eq!((recorded.status, recorded.dropped), (201, true));
    assert_eq!(world.get("rest/v1.0/me").await.status(), 200, "other connections are not touched");
}

#[tokio::test]
async fn a_dropped_request_leaves_nothing_behind() {
    let world = World::demo().await;
    world.sandbox.fail_next("POST generic_tool_items", Fault::DropBeforeApplying, 1);
    let lost = world.request(Method::POST, ITEMS).json(&draft("x")).send().await;
    assert!(lost.is_err(), "{lost:?}");
    assert!(world.sandbox.correspondence().is_empty());
    assert!(world.sandbox.requests().pop().unwrap().dropped);
    assert_eq!(world.post(ITEMS, &draft("x")).await.status(), 201);
}

#[tokio::test]
async fn faults_by_chance_are_counted_and_end_when_healed() {
    let world = World::demo().await;
    world.sandbox.fail_one_in(1, 9);
    for _ in 0..6 {
        let _ = world.request(Method::GET, "rest/v1.0/me").send().await;
    }
    assert_eq!(world.sandbox.injected().values().sum::<u64>(), 6);
    world.sandbox.heal();
    assert_eq!(world.get("rest/v1.0/me").await.status(), 200);
    assert_eq!(world.sandbox.injected().values().sum::<u64>(), 6);
}

#[tokio::test]
async fn held_requests_take_effect_in_the_order_in_which_they_are_let_go() {
    let world = World::demo().await;
    for name in ["first", "second"] {
        world.sandbox.fail_next("POST generic_tool_items", Fault::Hold(name), 1);
    }
    let posts = |sandbox: &sandbox::Sandbox| {
        sandbox.requests().iter().filter(|request| request.method == "POST").count()
    };
    let before = posts(&world.sandbox);
    let arrived = async |count: usize| {
        assert!(world.sandbox.wait_for(LIMIT, |sandbox| posts(sandbox) == before + count).await);
    };
    let first = async { world.post(ITEMS, &draft("first")).await.status() };
    let second = async {
        arrived(1).await;
        world.post(ITEMS, &draft("second")).await.status()
    };
    let letting_go = async {
        arrived(2).await;
        assert!(world.sandbox.correspondence().is_empty());
        world.sandbox.release("second");
        assert!(world.sandbox.wait_for(LIMIT, |sandbox| !sandbox.correspondence().is_empty()).await);
        world.sandbox.release("first");
    };
    let (first, second, ()) = tokio::join!(first, second, letting_go);
    assert_eq!((first.as_u16(), second.as_u16()), (201, 201));
    let titles: Vec<String> = world.sandbox.correspondence().into_iter().map(|item| item.title).collect();
    assert_eq!(titles, ["second", "first"]);
}

#[tokio::test]
async fn a_delayed_request_takes_effect_though_the_client_has_gone() {
    let world = World::demo().await;
    world.sandbox.fail_next("POST generic_tool_items", Fault::Delay(Duration::from_millis(150)), 1);
    let began = Instant::now();
    let impatient = world.request(Method::POST, ITEMS).json(&draft("x")).timeout(Duration::from_millis(30));
    assert!(impatient.send().await.is_err());
    assert!(world.sandbox.correspondence().is_empty());
    let done =
        world.sandbox.wait_for(Duration::from_secs(5), |sandbox| !sandbox.correspondence().is_empty()).await;
    assert!(done && began.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn waiting_for_what_never_comes_ends_in_time() {
    let world = World::demo().await;
    assert!(!world.sandbox.wait_for(Duration::from_millis(20), |_| false).await);
}

#[tokio::test]
async fn every_shape_of_an_error_can_be_ordered_and_each_is_another() {
    let world = World::demo().await;
    let mut seen = Vec::new();
    for shape in ErrorShape::ALL {
        let status = if shape == ErrorShape::Html { 502 } else { 422 };
        world.sandbox.fail_next("me", Fault::Body(status, shape), 1);
        let answer = world.get("rest/v1.0/me").await;
        assert_eq!(answer.status(), status, "{shape:?}");
        let body = body(answer).await;
        assert!(!seen.contains(&body), "{shape:?}");
        seen.push(body);
    }
    assert!(seen.iter().filter(|body| body.get("errors").is_some()).count() == 3, "{seen:?}");
}

#[tokio::test]
async fn headers_can_be_given_and_left_out() {
    let world = World::demo().await;
    let given = GivenHeaders {
        retry_after: Some(RetryAfter::Seconds(7)),
        remaining: Some(0),
        reset_in_s: Some(-30),
        ..GivenHeaders::none(429)
    };
    world.sandbox.fail_next("me", Fault::Headers(given), 1);
    let answer = world.get("rest/v1.0/me").await;
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "7");
    assert_eq!(answer.headers()["x-rate-limit-remaining"], "0");
    assert!(!answer.headers().contains_key("x-rate-limit-limit"));
    let reset_s: i64 = answer.headers()["x-rate-limit-reset"].to_str().unwrap().parse().unwrap();
    let ago_s = jiff::Timestamp::now().as_second() - reset_s;
    assert!((28..=60).contains(&ago_s), "{ago_s}");

    let dated = GivenHeaders { retry_after: Some(RetryAfter::DateInSeconds(90)), ..GivenHeaders::none(503) };
    world.sandbox.fail_next("me", Fault::Headers(dated), 1);
    let answer = world.get("rest/v1.0/me").await;
    let at = jiff::fmt::rfc2822::parse(answer.headers()["retry-after"].to_str().unwrap()).unwrap();
    let wait_s = at.timestamp().as_second() - jiff::Timestamp::now().as_second();
    assert!((60..=90).contains(&wait_s), "{wait_s}");

    world.sandbox.fail_next("me", Fault::WithoutRateHeaders, 1);
    let answer = world.get("rest/v1.0/me").await;
    assert_eq!(answer.status(), 200);
    assert!(answer.headers().keys().all(|name| !name.as_str().starts_with("x-rate-limit")));
    assert!(answer.headers().contains_key("date"));
    assert_eq!(world.sandbox.calls_refused(), 0);
}
