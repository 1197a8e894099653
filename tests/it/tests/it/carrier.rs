//! Where a draft goes, and what happens when Procore does something else with it than was asked.

use sandbox::{Fault, Sandbox};

use crate::world::{Terms, World, question};

const ITEMS: &str = "generic_tool_items";

/// A habit of the server that a test switches on.
type Habit = fn(&Sandbox);

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_is_no_private_draft_is_deleted_at_once_and_the_run_quarantined() {
    let cases: [(&str, Habit, &str); 3] = [
        ("issued at once", |sandbox| sandbox.set_create_status_override(Some("Open")), "status"),
        ("visible", |sandbox| sandbox.set_private_ignored(true), "private"),
        ("distributed", |sandbox| sandbox.set_service_default_distribution(vec![5201, 5202]), "distribution"),
    ];
    for (what, habit, named) in cases {
        let mut world = World::start().await;
        habit(&world.far.sandbox);
        let rfi = world.far.sandbox.add_rfi(question());

        let story = world.tell(rfi, "create").await;

        assert_eq!(story.outcome, "Quarantined", "{what}");
        assert!(story.reason.contains(named), "{what}: {}", story.reason);
        assert_eq!(world.far.items(), [], "{what}");
        let methods: Vec<String> = world.far.writes().into_iter().map(|write| write.method).collect();
        assert_eq!(methods, ["POST", "DELETE"], "{what}");
        assert_eq!(world.far.sandbox.mails(), Vec::<String>::new(), "{what}");
        assert_eq!(world.tell(rfi, "update").await.outcome, "Unchanged", "{what}: not again");
        world.assert_at_rest(0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_cannot_be_deleted_either_is_told_to_a_person() {
    let mut world = World::start().await;
    world.far.sandbox.set_private_ignored(true);
    world.far.sandbox.fail_next(&format!("DELETE {ITEMS}"), Fault::Status(403), 1);
    let rfi = world.far.sandbox.add_rfi(question());

    let story = world.tell(rfi, "create").await;

    assert_eq!(story.outcome, "Quarantined");
    assert!(story.reason.contains("delete it by hand"), "{}", story.reason);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_the_account_may_not_write_is_no_carrier_and_the_message_is_kept() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    world.far.sandbox.fail_next(&format!("POST {ITEMS}"), Fault::Status(403), 1);

    assert_eq!(world.tell(rfi, "create").await.outcome, "NoCarrier");

    world.assert_at_rest(1).await;
    assert_eq!(world.far.items(), []);
    // Once the type is set up, the paid answer is used.
    assert_eq!(world.tell(rfi, "update").await.outcome, "Drafted");
    assert_eq!(world.far.items().len(), 1);
    assert_eq!(world.far.model.counters().requests, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_without_a_type_is_no_carrier_before_anything_is_paid() {
    let mut world = World::with(Terms { kind: None, ..Terms::default() }).await;
    let rfi = world.far.sandbox.add_rfi(question());

    assert_eq!(world.tell(rfi, "create").await.outcome, "NoCarrier");

    world.assert_at_rest(1).await;
    assert_eq!(world.far.writes(), []);
    assert_eq!(world.far.model.counters().requests, 0);
}
