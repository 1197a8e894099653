//! The model's endpoint fails, once and for long.

use agent::run::{Edge, Step};
use jiff::SignedDuration;
use sandbox::model::{Behaviour, Failure};
use serde_json::json;

use crate::{
    clock, on_both,
    side::{Side, Worker},
    world::{event, question},
};

on_both!(
    model_429_once,
    model_500_once,
    a_slow_model_once,
    a_refusal_once,
    an_answer_that_is_no_json_once,
    an_answer_of_the_wrong_shape_once,
    an_empty_answer_once,
    an_answer_cut_at_the_token_limit_once,
    a_content_filter_once,
    malformed_for_ever,
    empty_for_ever,
    cut_at_the_token_limit_for_ever,
    refused_for_ever,
    model_429_for_ever,
    model_500_for_ever,
    a_breaker_shared_by_two_workers,
);

/// So many RFIs wait for an endpoint that is out of order.
const RECORDS: u64 = 5;
/// So long it is, in rounds of half a minute: ten minutes, far more than the tries that a message has of its own.
const ROUNDS: u64 = 20;

/// What becomes of a draft whose first answer fails in this way: how its first run ended, and the calls made until the
/// draft was there. The draft is there in the end, or quarantined.
async fn once<S: Side>(side: S, failure: Failure, outcome: &str, requests: u64) {
    side.far().model.fail_next(failure, 1);
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    side.deliver().await;
    assert_eq!(side.runs().await[0].outcome, outcome, "{failure:?}");
    side.come_to_rest().await;
    if outcome == "Quarantined" {
        refused_for_good(&side, rfi).await;
    } else {
        if outcome == "Failed" && !side.dead().await.is_empty() {
            assert_eq!(side.far().items().len(), 0);
            side.redrive().await;
            side.come_to_rest().await;
        }
        side.assert_drafts(1);
    }
    assert_eq!(side.far().model.counters().requests, requests, "{failure:?}");
    side.assert_at_rest(0).await;
}

/// A record that the model declines to speak of is not asked about again before it changes.
async fn refused_for_good<S: Side>(side: &S, rfi: i64) {
    side.assert_drafts(0);
    side.assert_at_rest(0).await;
    let asked = side.far().model.counters().requests;
    side.post(&event(rfi, "update")).await;
    side.come_to_rest().await;
    assert_eq!(side.far().model.counters().requests, asked, "not asked twice of one version");

    side.far().model.set_behaviour(Behaviour::Scripted);
    side.far().sandbox.update_rfi(rfi, |rfi| rfi.question.push_str(" And at urinals?"));
    side.post(&event(rfi, "update")).await;
    side.come_to_rest().await;
    side.assert_drafts(1);
}

async fn model_429_once<S: Side>(side: S) {
    once(side, Failure::RateLimited, "Drafted", 2).await;
}

async fn model_500_once<S: Side>(side: S) {
    once(side, Failure::ServerError, "Drafted", 2).await;
}

async fn a_refusal_once<S: Side>(side: S) {
    once(side, Failure::Refusal, "Quarantined", 2).await;
}

async fn a_content_filter_once<S: Side>(side: S) {
    once(side, Failure::ContentFilter, "Quarantined", 2).await;
}

async fn an_answer_that_is_no_json_once<S: Side>(side: S) {
    once(side, Failure::NotJson, "Drafted", 2).await;
}

async fn an_answer_of_the_wrong_shape_once<S: Side>(side: S) {
    once(side, Failure::WrongShape, "Drafted", 2).await;
}

async fn an_empty_answer_once<S: Side>(side: S) {
    once(side, Failure::Empty, "Drafted", 2).await;
}

async fn an_answer_cut_at_the_token_limit_once<S: Side>(side: S) {
    once(side, Failure::Length, "Failed", 2).await;
}

/// The time of the run is nearly over when the model is asked; its answer would come a minute later.
async fn a_slow_model_once<S: Side>(side: S) {
    let mut is_late = true;
    let time_of_a_run = S::TIME_OF_A_RUN;
    clock::set_watcher(move |step, edge| {
        if (step, edge) == (Step::Call, Edge::Begin) && std::mem::take(&mut is_late) {
            clock::advance(time_of_a_run - SignedDuration::from_secs(3));
        }
    });
    once(side, Failure::Slow(std::time::Duration::from_secs(60)), "Failed", 2).await;
}

/// Fails so each time, until an operator has seen to it.
async fn for_ever<S: Side>(side: S, failure: Failure, cause: &str, requests: u64) {
    side.far().model.set_behaviour(Behaviour::Failing(failure));
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    side.come_to_rest().await;
    side.assert_drafts(0);
    assert_eq!(side.far().model.counters().requests, requests, "{failure:?}");
    let letters = side.dead().await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].letter.reason.contains(cause), "{}", letters[0].letter.reason);

    side.far().model.set_behaviour(Behaviour::Scripted);
    side.redrive().await;
    side.come_to_rest().await;
    side.assert_drafts(1);
    side.assert_at_rest(0).await;
}

async fn malformed_for_ever<S: Side>(side: S) {
    let other = side.another().await;
    for_ever(side, Failure::NotJson, "breaks the schema", 2).await;
    for_ever(other, Failure::WrongShape, "breaks the schema", 2).await;
}

async fn empty_for_ever<S: Side>(side: S) {
    for_ever(side, Failure::Empty, "breaks the schema", 2).await;
}

async fn cut_at_the_token_limit_for_ever<S: Side>(side: S) {
    for_ever(side, Failure::Length, "cut at the token limit", 1).await;
}

async fn refused_for_ever<S: Side>(side: S) {
    let other = side.another().await;
    for (side, failure) in [(side, Failure::Refusal), (other, Failure::ContentFilter)] {
        side.far().model.set_behaviour(Behaviour::Failing(failure));
        let rfi = side.far().sandbox.add_rfi(question());
        side.post(&event(rfi, "create")).await;
        side.come_to_rest().await;
        assert_eq!(side.outcomes().await["Quarantined"], 1);
        refused_for_good(&side, rfi).await;
    }
}

/// The endpoint is out of order for ten minutes, with records waiting.
async fn out_of_order<S: Side>(side: S, failure: Failure) {
    side.far().model.set_behaviour(Behaviour::Failing(failure));
    let rfis: Vec<i64> = (0..RECORDS).map(|_| side.far().sandbox.add_rfi(question())).collect();
    let events: Vec<_> = rfis.iter().map(|rfi| event(*rfi, "create")).collect();
    assert_eq!(side.post(&json!(events)).await, 204);
    side.deliver().await;
    let before = side.far().model.counters().requests;
    // All of them began before anybody knew; each call is tried twice.
    assert!(before <= 2 * RECORDS, "{before}");

    for _ in 0..ROUNDS {
        clock::advance(SignedDuration::from_secs(30));
        assert!(side.deliver().await);
    }
    assert_eq!(side.waiting().await, RECORDS, "all of them wait");
    side.assert_drafts(0);
    assert_eq!(side.dead().await.len(), 0, "a wait for the endpoint is no failure of a message");
    // Waits of 30, 60, 120, 240 and 480 s, and one worker that tries after each.
    let tried = side.far().model.counters().requests - before;
    assert!((2..=12).contains(&tried), "{tried} calls in ten minutes");

    side.far().model.set_behaviour(Behaviour::Scripted);
    side.come_to_rest().await;
    side.assert_drafts(usize::try_from(RECORDS).unwrap());
    let answered = side.far().model.counters().requests - before - tried;
    assert_eq!(answered, RECORDS, "one answer for each");
    side.assert_at_rest(0).await;
}

async fn model_429_for_ever<S: Side>(side: S) {
    out_of_order(side, Failure::RateLimited).await;
}

async fn model_500_for_ever<S: Side>(side: S) {
    out_of_order(side, Failure::ServerError).await;
}

async fn a_breaker_shared_by_two_workers<S: Side>(side: S) {
    side.far().model.set_behaviour(Behaviour::Failing(Failure::ServerError));
    for _ in 0..3 {
        let rfi = side.far().sandbox.add_rfi(question());
        side.post(&event(rfi, "create")).await;
    }
    side.deliver().await;
    let asked = side.far().model.counters().requests;
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    side.deliver_to(Worker::Second).await;
    assert_eq!(side.far().model.counters().requests, asked, "the other worker knows");

    // Once the first wait is over one of them tries, whoever it is, and all is well again.
    side.far().model.set_behaviour(Behaviour::Scripted);
    clock::advance(SignedDuration::from_secs(31));
    side.deliver_to(Worker::Second).await;
    side.come_to_rest().await;
    side.assert_drafts(4);
    assert_eq!(side.far().model.counters().requests, asked + 4);
    side.assert_at_rest(0).await;
}
