//! A model that fails, each way by name.

use sandbox::model::{Behaviour, Failure};

use crate::world::{World, question};

/// (failure, how often, outcome, calls, dead letters)
type Case = (Failure, usize, &'static str, u64, u64);

#[tokio::test(flavor = "multi_thread")]
async fn each_failure_has_its_end() {
    let cases: [Case; 9] = [
        (Failure::Refusal, 1, "Quarantined", 1, 0),
        (Failure::ContentFilter, 1, "Quarantined", 1, 0),
        (Failure::NotJson, 1, "Drafted", 2, 0),
        (Failure::NotJson, 2, "Failed", 2, 1),
        (Failure::WrongShape, 1, "Drafted", 2, 0),
        (Failure::WrongShape, 2, "Failed", 2, 1),
        (Failure::RateLimited, 1, "Drafted", 2, 0),
        (Failure::ServerError, 1, "Drafted", 2, 0),
        (Failure::NoStrictSchema, 2, "Drafted", 2, 0),
    ];
    for (failure, times, outcome, calls, dead) in cases {
        let what = format!("{failure:?} x {times}");
        let mut world = World::start().await;
        let rfi = world.far.sandbox.add_rfi(question());
        world.far.model.fail_next(failure, times);

        let story = world.tell(rfi, "create").await;

        assert_eq!(story.outcome, outcome, "{what}: {}", story.reason);
        assert_eq!(world.far.model.counters().requests, calls, "{what}");
        world.assert_at_rest(dead).await;
        let drafts = usize::from(outcome == "Drafted");
        assert_eq!(world.far.items().len(), drafts, "{what}");
        assert_eq!(world.far.writes().len(), drafts, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_down_for_a_while_costs_a_delay_and_nothing_else() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    world.far.model.set_behaviour(Behaviour::Failing(Failure::ServerError));

    assert_eq!(world.tell(rfi, "create").await.outcome, "Failed");
    let counts = world.store().counts().await.unwrap();
    assert_eq!((counts.waiting, counts.dead), (1, 0), "kept, and tried again");

    world.far.model.set_behaviour(Behaviour::Scripted);
    assert_eq!(world.end().await.outcome, "Drafted");
    assert_eq!(world.far.items().len(), 1);
    world.assert_at_rest(0).await;
}
