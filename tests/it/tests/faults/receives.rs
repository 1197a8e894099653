//! How often a message is received: waits are ours and bury nothing, and what never comes to an end is buried.

use agent::{
    run::{Edge, Step},
    worker::MAX_RECEIVES,
};
use jiff::SignedDuration;

use crate::{
    clock,
    deliveries::reached,
    on_both,
    side::Side,
    world::{Terms, event, question},
};

on_both!(
    a_message_that_settles_45_times,
    a_message_that_finds_its_record_busy_45_times,
    a_message_that_never_ends,
);

/// More than any limit of receives that is not beyond [`MAX_RECEIVES`].
const WAITS: u32 = MAX_RECEIVES + 5;

async fn a_message_that_settles_45_times<S: Side>(side: S) {
    side.configure(Terms { quiet_window_s: 600, ..Terms::default() }).await;
    clock::advance(SignedDuration::from_secs(61));
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    for wait in 1..=WAITS {
        side.far().sandbox.update_rfi(rfi, |rfi| rfi.question.push('?'));
        assert!(side.deliver().await);
        assert_eq!(side.waiting().await, 1, "wait {wait}");
    }
    assert!(side.dead().await.is_empty());
    assert_eq!((side.far().model.counters().requests, side.runs().await.len()), (0, 0));

    clock::advance(SignedDuration::from_secs(600));
    side.come_to_rest().await;
    side.assert_drafts(1);
    assert_eq!(side.far().first_calls(), 1);
    side.assert_at_rest(0).await;
}

async fn a_message_that_finds_its_record_busy_45_times<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    side.far().model.hold();
    side.delivered_and_dropped(reached(|| side.far().first_calls() == 1)).await;
    side.far().model.release();
    for wait in 1..=WAITS {
        assert!(side.deliver().await);
        assert_eq!(side.waiting().await, 1, "wait {wait}");
    }
    assert!(side.dead().await.is_empty());
    side.assert_drafts(0);
    assert_eq!(side.far().first_calls(), 1, "the dead worker's");

    clock::advance(S::LEASE);
    side.come_to_rest().await;
    side.assert_drafts(1);
    assert_eq!(side.far().first_calls(), 2);
    side.assert_at_rest(0).await;
}

async fn a_message_that_never_ends<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    for _ in 0..MAX_RECEIVES {
        side.dropped_at(Step::Read, Edge::Begin).await;
    }
    assert!(side.dead().await.is_empty(), "not before {MAX_RECEIVES} receives");
    assert_eq!(side.waiting().await, 1);
    side.deliver().await;
    side.assert_at_rest(1).await;
    let reason = format!("received {} times without coming to an end", MAX_RECEIVES + 1);
    assert_eq!(side.dead().await[0].letter.reason, reason);
    side.assert_drafts(0);

    side.redrive().await;
    side.come_to_rest().await;
    side.assert_drafts(1);
    assert_eq!(side.far().first_calls(), 1);
    side.assert_at_rest(0).await;
}
