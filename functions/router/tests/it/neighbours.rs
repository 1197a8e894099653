//! The failure and the panic of one message are its own.

use std::sync::atomic::{AtomicBool, Ordering};

use agent::run::{Edge, Step};
use aws::Fittings;
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::{Context, LambdaEvent};
use router::Router;
use sandbox::Fault;

use crate::world::{World, failed, message, question};

#[tokio::test]
async fn one_failing_record_in_a_batch_costs_the_others_nothing() {
    let Some(world) = World::new().await else { return };
    let router = world.router().await;
    let rfis: Vec<i64> = (0..4).map(|_| world.sandbox.add_rfi(question())).collect();
    let unlucky = rfis[1];
    world.sandbox.fail_next(&format!("rfis/{unlucky}"), Fault::Status(500), 50);
    let mut bodies: Vec<String> = rfis.iter().map(|rfi| message(&format!("01E{rfi}"), 4071, *rfi)).collect();
    bodies.push("poison".to_owned());
    bodies.push(message("01OFF", 4072, 1));
    world.send(&bodies).await;

    assert_eq!(world.deliver(&router).await, [bodies[1].clone()]);
    assert_eq!(world.emulator.counts(&world.queue_url).await, (0, 1), "hidden for its backoff");
    let items = world.sandbox.correspondence();
    assert_eq!(items.len(), 3, "{items:?}");
    assert!(items.iter().all(|item| item.status == "Draft" && item.private));
    assert_eq!(world.emulator.buried(&world.dead_letter_url).await.len(), 1, "the poison");
    println!("router, four records at once: peak {:?} kB", router.peak_memory_kb());
}

#[tokio::test]
async fn many_messages_about_one_record_make_one_draft() {
    let Some(world) = World::new().await else { return };
    let router = world.router().await;
    let rfi = world.sandbox.add_rfi(question());
    // A burst of changes, and one event that SQS or Procore delivered more than once.
    let bodies = ["01ONE", "01TWO", "01TWO", "01TWO", "01TWO", "01THREE"].map(|id| message(id, 4071, rfi));
    world.send(&bodies).await;
    let waiting = world.deliver(&router).await;
    assert!(waiting.len() < bodies.len(), "one of them drafts: {waiting:?}");
    assert_eq!(world.sandbox.correspondence().len(), 1);
    assert_eq!(world.model.counters().requests, 1, "the model is asked once");
}

/// Panics in the first run that gets so far, and in no other.
fn panic_once(step: Step, edge: Edge) {
    static DONE: AtomicBool = AtomicBool::new(false);
    if (step, edge) == (Step::Read, Edge::Begin) && !DONE.swap(true, Ordering::SeqCst) {
        panic!("ordered by the test");
    }
}

#[tokio::test]
async fn a_panic_in_one_record_fails_that_record_only() {
    let Some(world) = World::new().await else { return };
    let fittings = Fittings { watcher: Some(panic_once), ..Fittings::default() };
    let router = Router::set_up(&world.environment().await, fittings).await.unwrap();
    // No section and nothing attached: no document has to be read, which is work for the real binary.
    let bare = || sandbox::NewRfi { section: None, ..question() };
    let rfis = [world.sandbox.add_rfi(bare()), world.sandbox.add_rfi(bare())];
    let bodies = rfis.map(|rfi| message(&format!("01E{rfi}"), 4071, rfi));
    world.send(&bodies).await;
    let event = world.emulator.sqs_event(&world.queue_url).await;
    let mut context = Context::default();
    "an invocation".clone_into(&mut context.request_id);
    let end = Timestamp::now() + SignedDuration::from_secs(60);
    context.deadline = end.as_millisecond().unsigned_abs();
    let payload = serde_json::from_value(event.clone()).unwrap();
    let response = router.answer(LambdaEvent::new(payload, context)).await;

    let failed = failed(&event, &serde_json::to_value(response).unwrap());
    assert_eq!(failed.len(), 1, "{failed:?}");
    let items = world.sandbox.correspondence();
    assert_eq!(items.len(), 1, "the other one is drafted: {items:?}");
}
