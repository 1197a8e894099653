//! People and operators who act while a draft is being made.

use agent::run::{Edge, Step};
use futures::future::join;
use jiff::SignedDuration;

use crate::{
    clock,
    deliveries::reached,
    on_both,
    side::Side,
    world::{Terms, event, question},
};

on_both!(
    a_record_changed_while_it_is_drafted,
    a_record_deleted_while_it_is_drafted,
    a_draft_edited_before_our_update,
    a_draft_issued_before_our_update,
    a_draft_deleted_before_our_update,
    a_workflow_switched_off_before_the_answer,
    a_workflow_switched_off_after_the_answer,
    a_project_switched_off_while_events_wait,
);

/// Delivers; while the model has the question, something happens.
async fn while_the_model_thinks<S: Side>(side: &S, happens: impl AsyncFnOnce()) {
    let asked = side.far().model.counters().requests;
    side.far().model.hold();
    let meanwhile = async {
        reached(|| side.far().model.counters().requests > asked).await;
        happens().await;
        side.far().model.release();
    };
    join(side.deliver(), meanwhile).await;
}

async fn a_record_changed_while_it_is_drafted<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    while_the_model_thinks(&side, async || {
        side.far().sandbox.update_rfi(rfi, |rfi| rfi.subject = "Towel dispensers".to_owned());
    })
    .await;
    side.come_to_rest().await;

    let items = side.assert_drafts(1);
    assert!(items[0].title.contains("Towel dispensers"), "{}", items[0].title);
    assert_eq!(side.far().writes().len(), 1, "what was answered before the change went nowhere");
    side.assert_at_rest(0).await;
}

async fn a_record_deleted_while_it_is_drafted<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    while_the_model_thinks(&side, async || {
        side.far().sandbox.update_rfi(rfi, |rfi| rfi.deleted = true);
    })
    .await;
    side.come_to_rest().await;

    side.assert_drafts(0);
    assert_eq!(side.far().writes().len(), 0);
    side.assert_at_rest(0).await;
    assert_eq!(side.outcomes().await.get("Skipped"), Some(&1), "{:?}", side.outcomes().await);
}

/// A draft is there, the record has changed, and the update is on its way when a person acts.
async fn updated<S: Side>(side: &S, person_acts: impl AsyncFnOnce(i64)) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    side.come_to_rest().await;
    let item = side.assert_drafts(1)[0].id;
    side.far().sandbox.update_rfi(rfi, |rfi| rfi.question.push_str(" And at urinals?"));
    side.post(&event(rfi, "update")).await;
    while_the_model_thinks(side, async || person_acts(item).await).await;
    side.come_to_rest().await;
    side.assert_at_rest(0).await;
    assert_eq!(side.far().writes().len(), 1, "the first draft, and nothing after it");
}

async fn a_draft_edited_before_our_update<S: Side>(side: S) {
    updated(&side, async |item| side.far().sandbox.edit_item_as_person(item, "In my own words.")).await;
    assert_eq!(side.assert_drafts(1)[0].description, "In my own words.");
}

async fn a_draft_issued_before_our_update<S: Side>(side: S) {
    updated(&side, async |item| side.far().sandbox.issue_item_as_person(item)).await;
    let items = side.far().items();
    assert_eq!(items.len(), 1);
    assert_ne!(items[0].status, "Draft");
}

async fn a_draft_deleted_before_our_update<S: Side>(side: S) {
    updated(&side, async |item| side.far().sandbox.delete_item_as_person(item)).await;
    side.assert_drafts(0);
}

const OFF: Terms = Terms {
    quiet_window_s: 0,
    usd_per_day: "5.00",
    drafts_per_day: 50,
    usd_per_million: "1.00",
    evidence_tokens: None,
    service_account: crate::world::SERVICE_ACCOUNT,
    kind: Some(77),
    workflows: &["submittal_review"],
    more: "",
};

async fn a_workflow_switched_off_before_the_answer<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    let (told, mut gathering) = tokio::sync::watch::channel(false);
    clock::set_watcher(move |step, edge| {
        if (step, edge) == (Step::Gather, Edge::Begin) {
            told.send_replace(true);
        }
    });
    side.far().sandbox.fail_next(
        "specification_sections",
        sandbox::Fault::Delay(std::time::Duration::from_millis(300)),
        1,
    );
    let operator = async {
        gathering.wait_for(|begun| *begun).await.unwrap();
        side.configure(OFF).await;
        clock::advance(SignedDuration::from_secs(61));
    };
    join(side.deliver(), operator).await;
    side.come_to_rest().await;

    side.assert_drafts(0);
    assert_eq!(side.far().model.counters().requests, 0, "nothing is paid for any more");
    side.assert_at_rest(0).await;
}

async fn a_workflow_switched_off_after_the_answer<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    while_the_model_thinks(&side, async || {
        side.configure(OFF).await;
        clock::advance(SignedDuration::from_secs(61));
    })
    .await;
    side.come_to_rest().await;
    side.assert_drafts(0);
    assert_eq!(side.far().writes().len(), 0);

    // Switched on again, the answer that was paid for is brought to its place.
    side.configure(Terms::default()).await;
    clock::advance(SignedDuration::from_secs(61));
    side.post(&event(rfi, "update")).await;
    side.come_to_rest().await;
    side.assert_drafts(1);
    assert_eq!(side.far().first_calls(), 1);
}

async fn a_project_switched_off_while_events_wait<S: Side>(side: S) {
    let rfi = side.far().sandbox.add_rfi(question());
    side.post(&event(rfi, "create")).await;
    side.configure(OFF).await;
    clock::advance(SignedDuration::from_secs(61));
    side.come_to_rest().await;

    side.assert_drafts(0);
    assert_eq!(side.far().sandbox.requests().len(), 0, "not even read");
    assert_eq!(side.outcomes().await["Skipped"], 1);
}
