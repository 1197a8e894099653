//! The life of a draft: written once, kept up to date, and left alone once a person has touched it.

use std::time::Duration;

use sandbox::Fault;
use serde_json::json;

use crate::world::{PATIENCE, Terms, World, event, question};

const MIRRORS: &str = "At what height is the bottom edge of the mirrors above lavatories?";

fn methods(world: &World) -> Vec<String> {
    world.far.writes().into_iter().map(|write| write.method).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_updated_rfi_updates_its_draft_in_place() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    assert_eq!(world.tell(rfi, "create").await.outcome, "Drafted");
    let before = world.far.items();

    world.far.sandbox.update_rfi(rfi, |rfi| {
        "Mirrors above lavatories".clone_into(&mut rfi.subject);
        MIRRORS.clone_into(&mut rfi.question);
    });
    assert_eq!(world.tell(rfi, "update").await.outcome, "Drafted");

    let after = world.far.items();
    assert_eq!(methods(&world), ["POST", "PATCH"]);
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_eq!(before[0].id, after[0].id);
    assert!(after[0].description.contains("40 inches above the finished floor"));
    assert!(!after[0].description.contains("gripping surface"), "the old answer is gone");
    assert_eq!((after[0].status.as_str(), after[0].private), ("Draft", true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_a_person_issued_is_never_touched_again() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    let item = world.tell(rfi, "create").await.item_id.unwrap();
    let words = world.far.items()[0].description.clone();
    world.far.sandbox.issue_item_as_person(item);

    world.far.sandbox.update_rfi(rfi, |rfi| rfi.question.push_str(" And the mirrors?"));
    assert_eq!(world.tell(rfi, "update").await.reason, "a person has taken the draft over");

    assert_eq!(methods(&world), ["POST"]);
    let item = &world.far.items()[0];
    assert_eq!((item.description.as_str(), item.status.as_str()), (words.as_str(), "Open"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_a_person_edited_is_never_touched_again() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    let item = world.tell(rfi, "create").await.item_id.unwrap();
    world.far.sandbox.edit_item_as_person(item, "34 inches. I will answer today. Dana");

    for round in 0..2 {
        world.far.sandbox.update_rfi(rfi, |rfi| rfi.question.push_str(" And the mirrors?"));
        let story = world.tell(rfi, "update").await;
        assert_eq!(
            (story.outcome.as_str(), story.reason.as_str()),
            ("Skipped", "a person has taken the draft over"),
            "round {round}"
        );
    }

    assert_eq!(methods(&world), ["POST"]);
    assert_eq!(world.far.items()[0].description, "34 inches. I will answer today. Dana");
    assert_eq!(world.far.first_calls(), 1, "the model is not paid for a draft nobody will see");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_a_person_deleted_is_not_made_again() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    let item = world.tell(rfi, "create").await.item_id.unwrap();
    world.far.sandbox.delete_item_as_person(item);

    world.far.sandbox.update_rfi(rfi, |rfi| MIRRORS.clone_into(&mut rfi.question));
    assert_eq!(world.tell(rfi, "update").await.outcome, "Skipped");

    assert_eq!(world.far.items(), []);
    assert_eq!(methods(&world), ["POST"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_change_told_again_and_again_is_one_draft_and_one_call() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    let delivery = event(rfi, "create");
    assert_eq!(world.post(&delivery).await, 204);
    assert_eq!(world.end().await.outcome, "Drafted");

    assert_eq!(world.post(&delivery).await, 204, "delivered twice");
    assert_eq!(world.end().await.outcome, "Unchanged");
    assert_eq!(world.tell(rfi, "create").await.outcome, "Unchanged", "under a new id");
    assert_eq!(world.tell(rfi, "update").await.outcome, "Unchanged", "under another reason");
    // A change that changes nothing an answer would rest on.
    world.far.sandbox.update_rfi(rfi, |rfi| rfi.ball_in_court = None);
    assert_eq!(world.tell(rfi, "update").await.outcome, "Unchanged");

    assert_eq!(methods(&world), ["POST"]);
    assert_eq!(world.far.model.counters().requests, 1);
    world.assert_at_rest(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_events_at_once_are_one_draft_and_one_call() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    let burst: Vec<_> = ["create", "update", "update", "update"].map(|reason| event(rfi, reason)).into();
    assert_eq!(world.post(&json!(burst)).await, 204);

    assert_eq!(world.end().await.outcome, "Drafted");

    // The others ended unchanged, or wait until the one that drafted can hold the record no more.
    let far = world.stop().await;
    assert_eq!(far.items().len(), 1);
    assert_eq!(far.writes().len(), 1);
    assert_eq!(far.model.counters().requests, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_changed_while_it_is_drafted_gets_a_draft_of_its_latest_state() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    // The record is read before the section's file: here is the moment to change it.
    world.far.sandbox.fail_next("GET /files/", Fault::Delay(Duration::from_millis(300)), 1);
    assert_eq!(world.post(&event(rfi, "create")).await, 204);
    let gathering = |sandbox: &sandbox::Sandbox| {
        sandbox.requests().iter().any(|request| request.path.starts_with("/files/"))
    };
    assert!(world.far.sandbox.wait_for(PATIENCE, gathering).await);
    world.far.sandbox.update_rfi(rfi, |rfi| MIRRORS.clone_into(&mut rfi.question));

    assert_eq!(world.end().await.outcome, "Drafted");
    assert_eq!(world.tell(rfi, "update").await.outcome, "Unchanged");

    let writes = world.far.writes();
    assert_eq!(writes.len(), 1, "the draft of the old state was never posted");
    let body = writes[0].body.to_string();
    assert!(body.contains("40 inches above the finished floor"), "{body}");
    assert_eq!(world.far.first_calls(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_still_being_typed_is_drafted_once_it_is_quiet() {
    let mut world = World::with(Terms { quiet_window_s: 2, ..Terms::default() }).await;
    let mut fresh = question();
    fresh.age_s = 0;
    let rfi = world.far.sandbox.add_rfi(fresh);
    assert_eq!(world.post(&event(rfi, "create")).await, 204);
    let read = |sandbox: &sandbox::Sandbox| {
        sandbox.requests().iter().any(|request| request.path.ends_with(&rfi.to_string()))
    };
    assert!(world.far.sandbox.wait_for(PATIENCE, read).await);
    world.far.sandbox.update_rfi(rfi, |rfi| MIRRORS.clone_into(&mut rfi.question));

    assert_eq!(world.end().await.outcome, "Drafted");

    // Procore tells the time of a change in whole seconds.
    let changed_at = world.far.sandbox.rfis()[0].updated_at.as_second() * 1000;
    let writes = world.far.writes();
    assert_eq!(writes.len(), 1);
    assert!(writes[0].at.as_millisecond() - changed_at >= 2000);
    assert!(writes[0].body.to_string().contains("40 inches above the finished floor"));
    assert_eq!(world.far.first_calls(), 1);
}
