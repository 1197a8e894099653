//! Writes whose end nobody saw: they are looked for, and never repeated while they may still arrive.

use std::time::Duration;

use sandbox::{Fault, Options, Sandbox};

use crate::{
    child::Mortal,
    kill::assert_drafts,
    rfi_question,
    world::{FarSide, PATIENCE, World, event, post, question},
};

const ITEMS: &str = "generic_tool_items";

/// The wait after such a write is half a minute by design, so all go through it together.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_of_unknown_end_is_looked_for_and_not_repeated() {
    futures::join!(
        lost_create(),
        lost_update(),
        lost_before_it_was_applied(),
        killed_while_the_post_is_on_its_way(),
        killed_while_the_post_is_answered(),
        rfi_question::lost_answer(),
        rfi_question::lost_before_it_was_applied(),
    );
}

async fn lost_create() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    world.far.sandbox.fail_next(&format!("POST {ITEMS}"), Fault::DropAfterApplying, 1);

    assert_eq!(world.tell(rfi, "create").await.outcome, "Failed");
    assert_eq!(world.end().await.outcome, "Drafted");

    let posts = world.far.writes().into_iter().filter(|write| write.method == "POST").count();
    assert_eq!((posts, world.far.items().len()), (1, 1));
    assert_eq!(world.far.model.counters().requests, 1);
    world.assert_at_rest(0).await;
}

async fn lost_update() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    assert_eq!(world.tell(rfi, "create").await.outcome, "Drafted");
    world.far.sandbox.update_rfi(rfi, |rfi| rfi.question.push_str(" And how long are they?"));
    world.far.sandbox.fail_next(&format!("PATCH {ITEMS}"), Fault::DropAfterApplying, 1);

    assert_eq!(world.tell(rfi, "update").await.outcome, "Failed");
    assert_eq!(world.end().await.outcome, "Drafted");

    assert_eq!(world.far.items().len(), 1);
    assert_eq!(world.far.model.counters().requests, 2);
    world.assert_at_rest(0).await;
}

async fn lost_before_it_was_applied() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    // A gateway that gives up: nothing was applied, but nobody can know.
    world.far.sandbox.fail_next(&format!("POST {ITEMS}"), Fault::Status(504), 1);

    assert_eq!(world.tell(rfi, "create").await.outcome, "Failed");
    assert_eq!(world.end().await.outcome, "Drafted");

    assert_eq!(world.far.items().len(), 1);
    assert_eq!(world.far.model.counters().requests, 1);
    world.assert_at_rest(0).await;
}

async fn killed_while_the_post_is_on_its_way() {
    let far = FarSide::start(Options::empty()).await;
    let rfi = far.sandbox.add_rfi(question());
    // Taken in, but applied only after the next life has begun.
    far.sandbox.fail_next("POST generic_tool_items", Fault::Delay(Duration::from_secs(2)), 1);

    let first = Mortal::start(&far).await;
    assert_eq!(post(&first.door, &event(rfi, "create")).await, 204);
    let on_its_way = |sandbox: &Sandbox| {
        sandbox.requests().iter().any(|request| request.method == "POST" && request.path.contains("items"))
    };
    assert!(far.sandbox.wait_for(PATIENCE, on_its_way).await);
    first.kill().await;

    let mut second = Mortal::start(&far).await;
    assert_eq!(second.end().await.unwrap().1, "Drafted");
    second.stop().await;
    assert!(
        far.sandbox
            .wait_for(PATIENCE, |sandbox| sandbox.requests().iter().all(|request| request.status != 0))
            .await
    );
    assert_drafts(&far, 1, "killed while the POST was on its way").await;
}

async fn killed_while_the_post_is_answered() {
    let far = FarSide::start(Options::empty()).await;
    let rfi = far.sandbox.add_rfi(question());
    // Applied, but the answer never arrives: the process cannot know.
    far.sandbox.fail_next("POST generic_tool_items", Fault::DropAfterApplying, 1);

    let first = Mortal::start(&far).await;
    assert_eq!(post(&first.door, &event(rfi, "create")).await, 204);
    assert!(far.sandbox.wait_for(PATIENCE, |sandbox| !sandbox.correspondence().is_empty()).await);
    first.kill().await;

    let mut second = Mortal::start(&far).await;
    assert_eq!(second.end().await.unwrap().1, "Drafted");
    second.stop().await;
    assert_drafts(&far, 1, "killed around the answer of the POST").await;
    assert_eq!(far.first_calls(), 1);
}
