//! Killed with SIGKILL at each step of a run and started again: every acknowledged event ends in exactly one draft.

use std::{collections::BTreeSet, time::Duration};

use agent::run::{Edge, Step};
use sandbox::{
    Options,
    model::{Behaviour, Failure},
};
use serde_json::json;

use crate::{
    child::{Mortal, data},
    steps::{may_be_asked, name_of, with_each_step},
    world::{FarSide, event, post, question},
};

/// Each kills at both ends of the step.
macro_rules! killed {
    ($($name:ident: $step:ident),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                futures::join!(survives(Step::$step, Edge::Begin), survives(Step::$step, Edge::End));
            }
        )*
    };
}
with_each_step!(killed);

async fn survives(step: Step, edge: Edge) {
    let what = format!("killed at {} {edge:?}", step.name());
    let far = FarSide::start(Options::empty()).await;
    let rfi = far.sandbox.add_rfi(question());
    let marker = far.data.path().join("died");

    let first = Mortal::doomed(&far, step.name(), name_of(edge), &marker).await;
    assert_eq!(post(&first.door, &event(rfi, "create")).await, 204, "{what}");
    first.dies().await;
    assert!(marker.exists(), "{what}");

    let mut second = Mortal::start(&far).await;
    let (_, outcome) = second.end().await.expect(&what);
    second.stop().await;

    // Only once the claim is stored as posted does the next life know without looking.
    let known = (step, edge) == (Step::Record, Edge::End);
    let expected = if known { "Unchanged" } else { "Drafted" };
    assert_eq!(outcome, expected, "{what}");
    assert_drafts(&far, 1, &what).await;
    let writes: Vec<String> = far.writes().into_iter().map(|write| write.method).collect();
    assert_eq!(writes, ["POST"], "{what}");

    let paid = far.first_calls();
    assert!(may_be_asked(step, edge).contains(&paid), "{what}: {paid} calls");
}

/// So many items, each for an RFI of its own, each a private draft for nobody; the queue is empty.
pub(crate) async fn assert_drafts(far: &FarSide, count: usize, what: &str) {
    let items = far.items();
    assert_eq!(items.len(), count, "{what}");
    for item in &items {
        assert_eq!((item.status.as_str(), item.private), ("Draft", true), "{what}");
        assert!(item.assignees.is_empty() && item.distribution.is_empty(), "{what}");
    }
    let titles: BTreeSet<&str> = items.iter().map(|item| item.title.as_str()).collect();
    assert_eq!(titles.len(), count, "{what}: each RFI has its own");
    assert_eq!(far.sandbox.mails(), Vec::<String>::new(), "{what}");
    let store = embedded::Store::open(&data(far), jiff::Timestamp::now).unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.waiting, counts.in_flight, counts.dead), (0, 0, 0), "{what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_right_after_the_answer_with_several_events_on_the_queue() {
    let far = FarSide::start(Options::empty()).await;
    let rfis: Vec<i64> = (0..6).map(|_| far.sandbox.add_rfi(question())).collect();

    // No answer of the model comes in the first life, so no run can have ended in it.
    let never = Behaviour::Failing(Failure::Slow(Duration::from_secs(3600)));
    far.model.set_behaviour(never);
    let first = Mortal::start(&far).await;
    let batch: Vec<_> = rfis.iter().take(3).map(|rfi| event(*rfi, "create")).collect();
    assert_eq!(post(&first.door, &json!(batch)).await, 204);
    for rfi in rfis.iter().skip(3) {
        assert_eq!(post(&first.door, &event(*rfi, "create")).await, 204);
    }
    first.kill().await;

    far.model.set_behaviour(Behaviour::Scripted);
    let mut second = Mortal::start(&far).await;
    for _ in &rfis {
        assert_eq!(second.end().await.unwrap().1, "Drafted");
    }
    second.stop().await;
    assert_drafts(&far, rfis.len(), "six events").await;
}
