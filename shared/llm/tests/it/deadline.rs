//! Retries happen, are few, and never pass the caller's deadline.

use std::time::{Duration, Instant};

use llm::Error;

use crate::world::{World, good, refused, request};

#[tokio::test]
async fn a_passing_trouble_is_tried_again_once() {
    let world = World::new().await;
    world.replies([refused(503, "busy"), good()]).await;
    assert_eq!(world.client.answer(&request()).await.unwrap().attempts, 2);

    let world = World::new().await;
    world.replies([refused(503, "busy"), refused(503, "busy"), good()]).await;
    let error = world.client.answer(&request()).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { status: Some(503), .. }), "{error:?}");
    assert_eq!(world.bodies().await.len(), 2);
}

#[tokio::test]
async fn the_named_wait_is_honoured_and_one_beyond_the_deadline_is_handed_back() {
    let world = World::new().await;
    let busy = |after: &str| refused(429, "slow down").insert_header("retry-after", after);
    world.replies([busy("1"), good(), busy("30")]).await;

    let started = Instant::now();
    assert_eq!(world.client.answer(&request()).await.unwrap().attempts, 2);
    assert!(started.elapsed() >= Duration::from_secs(1));

    let started = Instant::now();
    let error = world.client.answer(&request()).await.unwrap_err();
    assert!(matches!(error, Error::RateLimited { after: Some(after) } if after.as_secs() == 30), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(5), "no wait that cannot help");
}

#[tokio::test]
async fn an_attempt_cut_short_is_tried_again_until_the_deadline_ends_all() {
    let world = World::with(|settings| {
        settings.attempts = 50;
        settings.attempt_timeout = Duration::from_millis(100);
    })
    .await;
    world.replies([good().set_delay(Duration::from_secs(30))]).await;
    let mut request = request();
    request.deadline = Duration::from_secs(2);

    let started = Instant::now();
    let error = world.client.answer(&request).await.unwrap_err();

    assert!(matches!(error, Error::Unavailable { status: None, .. }), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(4), "took {:?}", started.elapsed());
    let sent = world.bodies().await.len();
    assert!((2..50).contains(&sent), "{sent} attempts: the deadline, not the count, ended it");
}

#[tokio::test]
async fn one_attempt_may_not_outlast_the_deadline_either() {
    let world = World::new().await;
    world.replies([good().set_delay(Duration::from_secs(30))]).await;
    let mut request = request();
    request.deadline = Duration::from_millis(300);

    let started = Instant::now();
    let error = world.client.answer(&request).await.unwrap_err();

    assert!(matches!(error, Error::Deadline), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(3));

    request.deadline = Duration::ZERO;
    assert!(matches!(world.client.answer(&request).await, Err(Error::Deadline)));
    assert_eq!(world.bodies().await.len(), 1, "no request is sent when no time is left");
}
