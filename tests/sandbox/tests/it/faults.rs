//! Ordered faults: what the client sees and what the server has done all the same.

use std::time::{Duration, Instant};

use reqwest::Method;
use sandbox::Fault;

use crate::world::{ITEMS, World, draft};

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
