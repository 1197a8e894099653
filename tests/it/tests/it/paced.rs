//! Procore's call limits, met by a whole run: what waits longer than the run goes back with the exact delay, and what
//! was paid for is brought to its place from the share that is kept for it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use procore::{CompanyId, Error, Hosts, Procore, Settings};
use sandbox::{Fault, GivenHeaders, Options, Quotas, RetryAfter};

use crate::world::{Terms, World, question};

/// One call in twenty is kept: five.
const HOURLY: u32 = 100;
/// `me`, the RFI, the sections, the revision and its file.
const READINGS_OF_A_COLD_DRAFT: u32 = 5;

async fn world() -> World {
    let mut options = Options::empty();
    options.quotas = Quotas { hourly: HOURLY, ..Quotas::default() };
    World::on(options, Terms::default()).await
}

/// Another program of the same installation, with no time to wait.
fn neighbour(world: &World) -> Procore {
    let url = world.far.sandbox.url();
    let hosts = Hosts { api: url.clone(), login: url };
    let secret = "sandbox-client-secret".to_owned().into();
    let mut settings = Settings::new(CompanyId::new(8001), hosts, "sandbox-client-id", secret);
    settings.pace_book = Some(Arc::new(world.store().clone()));
    Procore::new(settings).unwrap()
}

/// Reads until leave is refused, or so many times.
async fn read(neighbour: &Procore, most: u32) -> u32 {
    for made in 0..most {
        match neighbour.until(Timestamp::now()).me().await {
            Ok(_) => {}
            Err(Error::NoPermit { .. }) => return made,
            Err(other) => panic!("{other}"),
        }
    }
    most
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_beyond_the_run_sends_the_message_back_for_exactly_so_long() {
    let mut world = world().await;
    assert_eq!(read(&neighbour(&world), HOURLY).await, HOURLY - HOURLY / 20, "the rest is kept for posting");
    let rfi = world.far.sandbox.add_rfi(question());

    let story = world.tell(rfi, "create").await;

    assert_eq!(story.outcome, "Paced", "{}", story.reason);
    let told_ms: i64 = story.reason.split(' ').rev().nth(1).unwrap().parse().unwrap();
    assert!((3_500_000..=3_720_000).contains(&told_ms), "{told_ms} ms of an hour and a slot of it");
    let shown = loop {
        let counts = world.store().counts().await.unwrap();
        if (counts.waiting, counts.in_flight, counts.dead) == (1, 0, 0) {
            break world.store().next_visible().await.unwrap().unwrap();
        }
        tokio::task::yield_now().await; // the story is told before the queue is
    };
    let due = Timestamp::now() + SignedDuration::from_millis(told_ms);
    assert!(shown.duration_since(due).abs() < SignedDuration::from_secs(5), "{shown} and not {due}");
    assert_eq!(world.far.first_calls(), 0);
    assert_eq!(world.far.sandbox.calls_refused(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_paid_for_is_delivered_from_the_share_that_is_kept() {
    let mut world = world().await;
    let readings = HOURLY - HOURLY / 20 - READINGS_OF_A_COLD_DRAFT;
    assert_eq!(read(&neighbour(&world), readings).await, readings);
    let soon = GivenHeaders { retry_after: Some(RetryAfter::Seconds(1)), ..GivenHeaders::none(429) };
    world.far.sandbox.fail_next("POST generic_tool_items", Fault::Headers(soon), 1);
    let rfi = world.far.sandbox.add_rfi(question());

    assert_eq!(world.tell(rfi, "create").await.outcome, "Paced", "the write was turned away");
    assert_eq!(read(&neighbour(&world), 1).await, 0, "nobody may read any more");
    let story = world.end().await;

    assert_eq!(story.outcome, "Drafted", "{}", story.reason);
    assert_eq!(world.far.first_calls(), 1, "paid once");
    assert_eq!(world.far.items().len(), 1);
    assert_eq!(
        (world.far.sandbox.calls_counted(), world.far.sandbox.calls_refused()),
        (u64::from(HOURLY), 0)
    );
}
