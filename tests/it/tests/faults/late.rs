//! Writes that arrive late, twice or never, and writes whose end nobody saw.

use agent::run::{Edge, Step};
use futures::future::join;
use sandbox::Fault;

use crate::{
    clock,
    deliveries::reached,
    on_both,
    side::{Side, Worker},
    world::{event, question},
};

on_both!(
    a_frozen_worker_posts_after_the_one_that_took_over,
    a_frozen_worker_posts_before_the_one_that_took_over,
    a_worker_frozen_before_its_update_leaves,
    a_worker_dropped_while_its_post_is_on_its_way,
    an_answer_lost_after_a_create,
    an_answer_lost_after_an_update,
    a_create_lost_before_it_was_applied,
    an_update_lost_before_it_was_applied,
    an_update_nobody_saw_the_end_of_and_then_another_version,
);

const CREATE: &str = "POST generic_tool_items";
const UPDATE: &str = "PATCH generic_tool_items";

fn methods<S: Side>(side: &S) -> Vec<String> {
    side.far().writes().into_iter().map(|write| write.method).collect()
}

/// A draft is there, and the record has changed since: the RFI.
async fn changed_after_a_draft<S: Side>(side: &S) -> i64 {
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    side.come_to_rest().await;
    side.assert_drafts(1);
    side.far().sandbox.update_rfi(rfi, |rfi| rfi.subject = "Towel dispensers".to_owned());
    side.post(&event(rfi, "update")).await;
    rfi
}

async fn a_frozen_worker_posts_after_the_one_that_took_over<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    side.far().sandbox.fail_next(CREATE, Fault::Hold("frozen"), 1);
    let other = async {
        reached(|| side.far().writes().len() == 1).await;
        assert_eq!(side.far().items().len(), 0, "it was sent and has not arrived");
        clock::advance(S::LEASE);
        side.post(&event(rfi, "update")).await;
        side.deliver_to(Worker::Second).await;
        side.assert_drafts(1);
        side.far().sandbox.release("frozen");
    };
    join(side.deliver(), other).await;
    side.come_to_rest().await;

    side.assert_drafts(1);
    assert_eq!(methods(&side), ["POST", "POST", "DELETE"], "the newer of the two goes");
    assert_eq!(side.far().first_calls(), 1);
    side.assert_at_rest(0).await;
}

async fn a_frozen_worker_posts_before_the_one_that_took_over<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    for name in ["frozen", "other"] {
        side.far().sandbox.fail_next(CREATE, Fault::Hold(name), 1);
    }
    let other = async {
        reached(|| side.far().writes().len() == 1).await;
        clock::advance(S::LEASE);
        side.post(&event(rfi, "update")).await;
        let arrivals = async {
            // The other has looked, has found nothing, and writes.
            reached(|| side.far().writes().len() == 2).await;
            side.far().sandbox.release("frozen");
            reached(|| side.far().items().len() == 1).await;
            side.far().sandbox.release("other");
        };
        join(side.deliver_to(Worker::Second), arrivals).await;
    };
    join(side.deliver(), other).await;
    side.come_to_rest().await;

    side.assert_drafts(1);
    assert_eq!(side.far().first_calls(), 1);
    assert_eq!(methods(&side)[..2], ["POST", "POST"]);
    assert!(methods(&side)[2..].iter().all(|method| method == "DELETE"), "{:?}", methods(&side));
    side.assert_at_rest(0).await;
}

async fn a_worker_frozen_before_its_update_leaves<S: Side>(side: S) {
    let rfi = changed_after_a_draft(&side).await;
    // Once it looks before the model is paid, once more right before the write.
    side.far().sandbox.fail_after(1, "GET generic_tool_items/", Fault::Hold("frozen"));
    let (told, mut announcing) = tokio::sync::watch::channel(false);
    clock::set_watcher(move |step, edge| {
        if (step, edge) == (Step::Post, Edge::Begin) {
            told.send_replace(true);
        }
    });
    let other = async {
        announcing.wait_for(|begun| *begun).await.unwrap();
        let looked = side.far().sandbox.requests().len();
        reached(|| side.far().sandbox.requests().len() > looked).await;
        clock::advance(S::LEASE);
        side.post(&event(rfi, "update")).await;
        side.deliver_to(Worker::Second).await;
        assert_eq!(methods(&side), ["POST", "PATCH"]);
        side.far().sandbox.release("frozen");
    };
    join(side.deliver(), other).await;
    side.come_to_rest().await;

    assert!(side.assert_drafts(1)[0].title.contains("Towel dispensers"));
    assert_eq!(methods(&side), ["POST", "PATCH"], "the frozen one wrote nothing");
    assert_eq!(side.far().first_calls(), 2);
    side.assert_at_rest(0).await;
}

async fn a_worker_dropped_while_its_post_is_on_its_way<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    side.far().sandbox.fail_next(CREATE, Fault::Hold("on its way"), 1);
    side.delivered_and_dropped(reached(|| side.far().writes().len() == 1)).await;
    assert_eq!(side.far().items().len(), 0);
    side.far().sandbox.release("on its way");
    reached(|| side.far().items().len() == 1).await;
    clock::advance(S::LEASE);
    side.come_to_rest().await;

    side.assert_drafts(1);
    assert_eq!(methods(&side), ["POST"], "it was looked for and found");
    assert_eq!(side.far().first_calls(), 1);
    side.assert_at_rest(0).await;
}

async fn an_answer_lost_after_a_create<S: Side>(side: S) {
    lost_create(&side, Fault::DropAfterApplying).await;
    assert_eq!(methods(&side), ["POST"], "it was looked for and found");
}

async fn a_create_lost_before_it_was_applied<S: Side>(side: S) {
    lost_create(&side, Fault::DropBeforeApplying).await;
    assert_eq!(methods(&side), ["POST", "POST"], "it was looked for and not found");
}

async fn lost_create<S: Side>(side: &S, fault: Fault) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    side.far().sandbox.fail_next(CREATE, fault, 1);
    side.deliver().await;
    assert_eq!(methods(side), ["POST"], "nothing is sent again before its end can be known");
    side.come_to_rest().await;

    side.assert_drafts(1);
    assert_eq!(side.far().first_calls(), 1);
    side.assert_at_rest(0).await;
}

async fn an_answer_lost_after_an_update<S: Side>(side: S) {
    lost_update(&side, Fault::DropAfterApplying).await;
    assert_eq!(methods(&side), ["POST", "PATCH"], "it says already what it was to say");
}

async fn an_update_lost_before_it_was_applied<S: Side>(side: S) {
    lost_update(&side, Fault::DropBeforeApplying).await;
    assert_eq!(methods(&side), ["POST", "PATCH", "PATCH"]);
}

async fn an_update_nobody_saw_the_end_of_and_then_another_version<S: Side>(side: S) {
    let rfi = changed_after_a_draft(&side).await;
    side.far().sandbox.fail_next(UPDATE, Fault::DropAfterApplying, 1);
    side.deliver().await;
    assert!(side.assert_drafts(1)[0].title.contains("Towel dispensers"), "it arrived");
    // What is written of the next version does not, and its writer announced it in place of the one before.
    side.far().sandbox.update_rfi(rfi, |rfi| rfi.subject = "Mirrors".to_owned());
    side.far().sandbox.fail_next(UPDATE, Fault::DropBeforeApplying, 1);
    side.post(&event(rfi, "update")).await;
    side.come_to_rest().await;

    assert!(side.assert_drafts(1)[0].title.contains("Mirrors"), "our own words are no person's");
    assert_eq!(methods(&side), ["POST", "PATCH", "PATCH", "PATCH"]);
    side.assert_at_rest(0).await;
}

async fn lost_update<S: Side>(side: &S, fault: Fault) {
    changed_after_a_draft(side).await;
    side.far().sandbox.fail_next(UPDATE, fault, 1);
    side.deliver().await;
    side.come_to_rest().await;

    assert!(side.assert_drafts(1)[0].title.contains("Towel dispensers"));
    assert_eq!(side.far().first_calls(), 2);
    side.assert_at_rest(0).await;
}
