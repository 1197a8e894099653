//! Deliveries as they come: twice, in any order, together, to workers that disagree about the time.

use agent::{
    claim::{Claim, Lease, State},
    ledger::{Change, Changed, ClaimKey, Ledger},
    run::{Edge, Step},
};
use futures::future::join;
use jiff::SignedDuration;
use procore::ProjectId;
use sandbox::Fault;
use serde_json::json;

use crate::{
    clock, on_both,
    side::{Side, Worker},
    world::{event, question},
};

on_both!(
    a_duplicate_delivery,
    the_same_change_under_a_new_event_id,
    events_out_of_order,
    two_events_of_one_batch_for_one_rfi,
    a_burst_for_many_records,
    workers_whose_clocks_are_two_minutes_apart,
    a_lease_stolen_before_the_answer,
    a_lease_stolen_before_the_post,
);

async fn a_duplicate_delivery<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    let body = event(rfi, "create");
    for _ in 0..3 {
        assert_eq!(side.post(&body).await, 204);
    }
    side.come_to_rest().await;
    // Long after the first is done, once more.
    assert_eq!(side.post(&body).await, 204);
    side.come_to_rest().await;

    side.assert_drafts(1);
    assert_eq!(side.far().first_calls(), 1);
    side.assert_at_rest(0).await;
    assert_eq!(side.outcomes().await["Drafted"], 1);
}

async fn the_same_change_under_a_new_event_id<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    for reason in ["create", "update", "update"] {
        assert_eq!(side.post(&event(rfi, reason)).await, 204);
        side.come_to_rest().await;
    }
    side.assert_drafts(1);
    assert_eq!(side.far().first_calls(), 1);
    let outcomes = side.outcomes().await;
    assert_eq!((outcomes["Drafted"], outcomes["Unchanged"]), (1, 2));
}

async fn events_out_of_order<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    let (first, second) = (event(rfi, "create"), event(rfi, "update"));
    side.far().sandbox.update_rfi(rfi, |rfi| rfi.question.push_str(" And at urinals?"));
    assert_eq!(side.post(&second).await, 204);
    side.come_to_rest().await;
    let drafted = side.assert_drafts(1);
    assert_eq!(side.post(&first).await, 204);
    side.come_to_rest().await;

    // The record is read as it is now: what came late says nothing new.
    let items = side.assert_drafts(1);
    assert_eq!(items[0].description, drafted[0].description);
    assert_eq!(side.far().writes().len(), 1);
    assert_eq!(side.far().first_calls(), 1);
}

async fn two_events_of_one_batch_for_one_rfi<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    let both = json!([event(rfi, "create"), event(rfi, "update")]);
    assert_eq!(side.post(&both).await, 204);
    assert_eq!(side.waiting().await, 2);
    side.come_to_rest().await;

    side.assert_drafts(1);
    assert_eq!(side.far().first_calls(), 1, "of two at once, one asks the model");
    assert_eq!(side.far().writes().len(), 1);
    side.assert_at_rest(0).await;
}

async fn a_burst_for_many_records<S: Side>(side: S) {
    let rfis: Vec<i64> = (0..4).map(|_| side.far().sandbox.add_rfi(question())).collect();
    for reason in ["create", "update"] {
        let events: Vec<_> = rfis.iter().map(|rfi| event(*rfi, reason)).collect();
        assert_eq!(side.post(&json!(events)).await, 204);
    }
    side.come_to_rest().await;

    side.assert_drafts(4);
    assert_eq!(side.far().first_calls(), 4);
    side.assert_at_rest(0).await;
}

async fn workers_whose_clocks_are_two_minutes_apart<S: Side>(side: S) {
    for ahead in [2, -2] {
        clock::skew(SignedDuration::from_mins(ahead));
        let rfi = side.far().sandbox.add_rfi(question());
        side.far().model.hold();
        assert_eq!(side.post(&event(rfi, "create")).await, 204);
        let asked = side.far().model.counters().requests;
        let other = async {
            reached(|| side.far().model.counters().requests > asked).await;
            // While the first has its answer outstanding, the other is handed the same change.
            assert_eq!(side.post(&event(rfi, "update")).await, 204);
            side.deliver_to(Worker::Second).await;
            side.far().model.release();
        };
        join(side.deliver(), other).await;
        side.come_to_rest().await;
    }
    side.assert_drafts(2);
    assert_eq!(side.far().first_calls(), 2, "a clock that is ahead ends no lease of an invocation's length");
    side.assert_at_rest(0).await;
}

async fn a_lease_stolen_before_the_answer<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.far().model.hold();
    assert_eq!(side.post(&event(rfi, "create")).await, 204);
    let thief = async {
        reached(|| side.far().model.counters().requests > 0).await;
        steal(&side, rfi, State::Claimed).await;
        side.far().model.release();
    };
    join(side.deliver(), thief).await;
    side.assert_drafts(0);
    side.come_to_rest().await;

    side.assert_drafts(1);
    assert_eq!(side.far().writes().len(), 1);
    side.assert_at_rest(0).await;
}

async fn a_lease_stolen_before_the_post<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    assert_eq!(side.post(&event(rfi, "create")).await, 204);
    let (told, mut reached_recheck) = tokio::sync::watch::channel(false);
    let sandbox = side.far().sandbox.clone();
    clock::set_watcher(move |step, edge| {
        if (step, edge) == (Step::Recheck, Edge::Begin) {
            // The second look at the record takes as long as the thief does.
            sandbox.fail_next("GET rfis", Fault::Hold("recheck"), 1);
            told.send_replace(true);
        }
    });
    let thief = async {
        reached_recheck.wait_for(|reached| *reached).await.unwrap();
        steal(&side, rfi, State::Answered).await;
        side.far().sandbox.release("recheck");
    };
    join(side.deliver(), thief).await;
    side.assert_drafts(0);
    side.come_to_rest().await;

    side.assert_drafts(1);
    assert_eq!(side.far().first_calls(), 1, "the stored answer is not paid for again");
    side.assert_at_rest(0).await;
}

/// Takes the claim away from whoever holds it, and dies with it a minute later.
async fn steal<S: Side>(side: &S, rfi: i64, state: State) {
    let key = ClaimKey { workflow: "rfi_response", project: ProjectId::new(4071), record: rfi };
    let stored =
        side.backend().look(std::slice::from_ref(&key), &[]).await.unwrap().claims.remove(0).unwrap();
    assert_eq!(stored.state, state);
    let until = clock::now() + SignedDuration::from_mins(1);
    let lease = Lease { holder: "thief".to_owned(), run: "thief".to_owned(), until };
    let stolen = Claim { lease: Some(lease), ..stored };
    let change = Change { claim: Some((&key, &stolen)), ..Change::default() };
    assert!(matches!(side.backend().change(change).await.unwrap(), Changed::Stored { .. }));
}

/// Waits until something has happened on a far side. The others of this thread go on meanwhile.
pub(crate) async fn reached(what: impl Fn() -> bool) {
    let wait = async {
        while !what() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::world::PATIENCE, wait).await.expect("it happens in time");
}
