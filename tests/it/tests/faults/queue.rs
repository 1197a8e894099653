//! The queue refuses: at the door, and when it is told what became of a message.

use sandbox::model::{Behaviour, Failure};
use serde_json::json;

use crate::{
    on_both,
    side::{Side, Trouble},
    world::{event, question},
};

on_both!(
    a_send_that_is_partly_refused,
    a_body_that_cannot_be_kept_at_the_door,
    a_message_that_cannot_be_buried,
    a_message_that_cannot_be_deleted,
    a_message_that_cannot_be_hidden,
);

async fn a_send_that_is_partly_refused<S: Side>(side: S) {
    let rfis: Vec<i64> = (0..3).map(|_| side.far().sandbox.add_rfi(question())).collect();
    let events: Vec<_> = rfis.iter().map(|rfi| event(*rfi, "create")).collect();
    side.trouble(Trouble::SecondSendRefused);
    assert_eq!(side.post(&json!(events)).await, 503, "not acknowledged: the vendor sends it again");
    // What was accepted may be worked on before that.
    side.deliver().await;
    side.heal();
    assert_eq!(side.post(&json!(events)).await, 204);
    side.come_to_rest().await;

    side.assert_drafts(3);
    assert_eq!((side.far().writes().len(), side.far().first_calls()), (3, 3));
    side.assert_at_rest(0).await;
}

async fn a_body_that_cannot_be_kept_at_the_door<S: Side>(side: S) {
    side.trouble(Trouble::BuryingRefused);
    assert_eq!(side.post(&json!({"unreadable": true})).await, 503);
    side.heal();
    assert_eq!(side.post(&json!({"unreadable": true})).await, 204);
    side.assert_at_rest(1).await;
}

async fn a_message_that_cannot_be_buried<S: Side>(side: S) {
    side.far().model.set_behaviour(Behaviour::Failing(Failure::Length));
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    side.trouble(Trouble::BuryingRefused);
    for _ in 0..2 {
        assert!(side.deliver().await);
        assert_eq!(side.waiting().await, 1, "it comes again");
    }
    side.heal();
    side.come_to_rest().await;
    side.assert_drafts(0);
    let dead = side.dead().await;
    assert_eq!(dead.len(), 1, "once, however often it was tried");
    assert!(dead[0].letter.reason.contains("token limit"), "{}", dead[0].letter.reason);

    side.far().model.set_behaviour(Behaviour::Scripted);
    side.redrive().await;
    side.come_to_rest().await;
    side.assert_drafts(1);
    side.assert_at_rest(0).await;
}

async fn a_message_that_cannot_be_deleted<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    side.trouble(Trouble::NothingTold);
    for _ in 0..2 {
        assert!(side.deliver().await);
        assert_eq!(side.waiting().await, 1, "it comes again");
        side.assert_drafts(1);
    }
    side.heal();
    side.come_to_rest().await;

    side.assert_drafts(1);
    assert_eq!((side.far().writes().len(), side.far().first_calls()), (1, 1));
    let outcomes = side.outcomes().await;
    assert_eq!((outcomes["Drafted"], outcomes["Unchanged"]), (1, 2));
    side.assert_at_rest(0).await;
}

async fn a_message_that_cannot_be_hidden<S: Side>(side: S) {
    side.far().sandbox.fail_next("POST generic_tool_items", sandbox::Fault::DropAfterApplying, 1);
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    side.trouble(Trouble::NothingTold);
    // Shown again far too early: nobody knows yet whether the write has arrived.
    for _ in 0..3 {
        assert!(side.deliver().await);
        assert_eq!(side.waiting().await, 1);
        assert_eq!(side.far().writes().len(), 1, "not written again");
    }
    side.heal();
    side.come_to_rest().await;

    side.assert_drafts(1);
    assert_eq!((side.far().writes().len(), side.far().first_calls()), (1, 1));
    side.assert_at_rest(0).await;
}
