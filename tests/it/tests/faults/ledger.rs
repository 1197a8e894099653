//! The ledger refuses, is overtaken or out of reach at every change that a draft makes. That never buries a message.

use rusqlite::Connection;

use crate::{
    clock,
    lambda::{Lambda, broken, is_ledger},
    on_both, on_lambda,
    one_machine::OneMachine,
    side::{Side, Trouble},
    world::{event, question},
};

on_both!(
    a_ledger_that_refuses_at_every_change,
    a_ledger_that_only_counts_tries_at_every_change,
    a_condition_that_fails_at_every_later_change,
    a_ledger_out_of_order_for_hours_buries_nothing,
);

/// Changes of the claim in one draft: taken with the money, answered, announced, posted.
const CHANGES: u32 = 4;

/// A draft whose ledger is in trouble, and well again before the message comes next.
async fn draft_through<S: Side>(side: &S, trouble: Trouble, after: u32) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.trouble(trouble);
    assert_eq!(side.post(&event(rfi, "create")).await, 204);
    side.deliver().await;
    assert_eq!(side.waiting().await, 1, "{trouble:?}: the message is kept");
    side.heal();
    // A lease that could not be given back is over then.
    clock::advance(S::TIME_OF_A_RUN);
    side.come_to_rest().await;

    side.assert_drafts(1);
    let creates = side.far().writes().len();
    assert_eq!(creates, 1, "{trouble:?}: what was written is found, not written again");
    // An answer that could not be stored is asked for again; one that was stored is not.
    let paid = if after == 1 { 2 } else { 1 };
    assert_eq!(side.far().first_calls(), paid, "{trouble:?}");
    side.assert_at_rest(0).await;
}

async fn a_ledger_that_refuses_at_every_change<S: Side>(side: S) {
    for after in 0..CHANGES {
        draft_through(&side.another().await, Trouble::ClaimsRefused { after }, after).await;
    }
}

async fn a_ledger_that_only_counts_tries_at_every_change<S: Side>(side: S) {
    for after in 0..CHANGES {
        draft_through(&side.another().await, Trouble::OnlyClaimsRefused { after }, after).await;
    }
}

async fn a_condition_that_fails_at_every_later_change<S: Side>(side: S) {
    for after in 1..CHANGES {
        draft_through(&side.another().await, Trouble::ClaimOvertaken { after }, after).await;
    }
}

async fn a_ledger_out_of_order_for_hours_buries_nothing<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.trouble(Trouble::ClaimsRefused { after: 0 });
    assert_eq!(side.post(&event(rfi, "create")).await, 204);
    for _ in 0..45 {
        assert!(side.deliver().await);
        clock::advance(jiff::SignedDuration::from_mins(15));
    }
    assert_eq!(side.waiting().await, 1);
    assert_eq!(side.dead().await.len(), 0);
    assert_eq!(side.far().first_calls(), 0, "what could not be stored is not bought");
    side.heal();
    side.come_to_rest().await;
    side.assert_drafts(1);
    side.assert_at_rest(0).await;
}

/// What goes wrong on the way to DynamoDB.
mod on_the_way {
    use stack::Interference;

    use super::*;

    on_lambda!(
        throttled_once_at_every_request,
        unavailable_once_at_every_request,
        closed_once_at_every_request,
        an_answer_lost_once_at_every_request,
        unavailable_from_every_request_on,
        answers_lost_from_every_request_on,
    );

    /// Requests to the ledger in one draft: a look, and the changes.
    const REQUESTS: u32 = 1 + CHANGES;

    /// What the SDK sends again costs nobody a delivery.
    async fn once(side: Lambda, interference: &Interference) {
        for after in 0..REQUESTS {
            let side = side.another().await;
            let rfi = side.far().sandbox.add_rfi(question());
            assert_eq!(side.post(&event(rfi, "create")).await, 204);
            side.between.order(is_ledger, after, Some(1), interference.clone());
            side.deliver().await;
            assert!(side.between.is_done(), "{interference:?} after {after}: it never happened");
            side.assert_drafts(1);
            assert_eq!(side.outcomes().await["Drafted"], 1);
            assert_eq!((side.far().writes().len(), side.far().first_calls()), (1, 1));
            side.assert_at_rest(0).await;
        }
    }

    async fn throttled_once_at_every_request(side: Lambda) {
        once(side, &stack::refused("ThrottlingException")).await;
    }

    async fn unavailable_once_at_every_request(side: Lambda) {
        once(side, &broken()).await;
    }

    async fn closed_once_at_every_request(side: Lambda) {
        once(side, &Interference::Closed).await;
    }

    async fn an_answer_lost_once_at_every_request(side: Lambda) {
        once(side, &Interference::AnswerLost).await;
    }

    /// From one request on, until the message comes again. What was applied although its answer was lost is found then.
    async fn from_there_on(side: Lambda, interference: &Interference) {
        for after in 0..REQUESTS {
            let side = side.another().await;
            let rfi = side.far().sandbox.add_rfi(question());
            assert_eq!(side.post(&event(rfi, "create")).await, 204);
            side.between.order(is_ledger, after, None, interference.clone());
            side.deliver().await;
            assert_eq!(side.waiting().await, 1, "{interference:?} after {after}: the message is kept");
            side.heal();
            clock::advance(Lambda::TIME_OF_A_RUN);
            side.come_to_rest().await;
            side.assert_drafts(1);
            assert_eq!(side.far().writes().len(), 1, "{interference:?} after {after}");
            let is_answer_gone = after == 2 && *interference != Interference::AnswerLost;
            assert_eq!(side.far().first_calls(), if is_answer_gone { 2 } else { 1 });
            side.assert_at_rest(0).await;
        }
    }

    async fn unavailable_from_every_request_on(side: Lambda) {
        from_there_on(side, &broken()).await;
    }

    async fn answers_lost_from_every_request_on(side: Lambda) {
        from_there_on(side, &Interference::AnswerLost).await;
    }
}

/// Somebody with the database open in another program, in the middle of a write of their own.
#[tokio::test]
async fn another_process_that_holds_the_write_lock_for_longer_than_we_wait() {
    let side = OneMachine::start().await;
    let rfi = side.far().sandbox.add_rfi(question());
    assert_eq!(side.post(&event(rfi, "create")).await, 204);
    let other = Connection::open(side.database()).unwrap();
    let (told, mut claiming) = tokio::sync::watch::channel(false);
    clock::set_watcher(move |step, edge| {
        if (step, edge) == (agent::run::Step::Claim, agent::run::Edge::Begin) && !*told.borrow() {
            other.execute_batch("BEGIN IMMEDIATE").unwrap();
            told.send_replace(true);
        } else if (step, edge) == (agent::run::Step::Record, agent::run::Edge::End) && *told.borrow() {
            // The run has come to its end without the ledger. Later runs find the lock given back.
            let _ = other.execute_batch("COMMIT");
        }
    });
    side.deliver().await;
    claiming.wait_for(|held| *held).await.unwrap();
    assert_eq!(side.waiting().await, 1, "the message is kept");
    assert_eq!(side.far().model.counters().requests, 0, "what cannot be claimed is not bought");
    side.come_to_rest().await;
    side.assert_drafts(1);
    assert_eq!((side.far().writes().len(), side.far().first_calls()), (1, 1));
    side.assert_at_rest(0).await;
}
