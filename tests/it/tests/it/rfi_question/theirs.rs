//! What becomes of words of ours in a person's draft, and of a draft that is worked on while we write.

use std::time::Duration;

use sandbox::{
    Fault, NewAttachment, NewRfi, RfiRecord, RfiStatus, Sandbox,
    model::{Behaviour, Failure},
};

use super::{MARK, blank, patches, rfi, thin};
use crate::world::{PATIENCE, World, event};

/// Waits until a write is on its way and not yet applied.
async fn on_its_way(sandbox: &Sandbox) {
    let held = |sandbox: &Sandbox| {
        sandbox.requests().iter().any(|request| request.method == "PATCH" && request.status == 0)
    };
    assert!(sandbox.wait_for(PATIENCE, held).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn our_words_are_kept_up_to_date_while_they_are_ours() {
    let mut world = World::start().await;
    let (asked, begun) = (world.far.sandbox.add_rfi(blank()), world.far.sandbox.add_rfi(thin()));
    for id in [asked, begun] {
        assert_eq!(world.tell(id, "create").await.outcome, "Drafted");
    }
    let first = rfi(&world.far, begun).reference.unwrap();

    for id in [asked, begun] {
        world.far.sandbox.update_rfi(id, |rfi| "Mirrors above lavatories".clone_into(&mut rfi.subject));
        let story = world.tell(id, "update").await;
        assert_eq!(story.outcome, "Drafted", "{}", story.reason);
        let record = story.evidence.iter().find(|row| row.handle == "R1").unwrap();
        assert!(!record.text.contains("AI-generated"), "words of ours are no evidence: {}", record.text);
    }

    // The line of the thin one names the same sources as before: there is nothing to write.
    assert_eq!(patches(&world.far).len(), 3);
    let asked = rfi(&world.far, asked).question;
    assert!(asked.contains("Mirrors") && !asked.contains("gripping"), "{asked}");
    assert_eq!(rfi(&world.far, begun).reference, Some(first));
    assert_eq!(rfi(&world.far, begun).question, thin().question);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_made_of_our_words_is_theirs() {
    type Change = fn(&mut RfiRecord);
    let cases: [(&str, NewRfi, Change, &str); 5] = [
        ("cleared", blank(), |rfi| rfi.question.clear(), "taken the draft over"),
        ("edited", blank(), |rfi| rfi.question.push_str("\nAnd by when?"), "taken the draft over"),
        (
            "cleared, then begun",
            blank(),
            |rfi| "Grab bars.".clone_into(&mut rfi.question),
            "taken the draft over",
        ),
        (
            "made a question of their own",
            blank(),
            |rfi| "Is 34 inches right for the grab bars?".clone_into(&mut rfi.question),
            "asks its question already",
        ),
        ("the reference cleared", thin(), |rfi| rfi.reference = None, "taken the draft over"),
    ];
    for (what, new, change, reason) in cases {
        let mut world = World::start().await;
        let id = world.far.sandbox.add_rfi(new);
        assert_eq!(world.tell(id, "create").await.outcome, "Drafted", "{what}");
        world.far.sandbox.update_rfi(id, |rfi| {
            rfi.question_html = None;
            change(rfi);
        });
        let same = world.tell(id, "update").await;
        assert!(matches!(same.outcome.as_str(), "Unchanged" | "Skipped"), "{what}: {}", same.reason);

        world.far.sandbox.update_rfi(id, |rfi| rfi.location = Some("Level 1 > Toilet 114".to_owned()));
        let before = rfi(&world.far, id);
        let story = world.tell(id, "update").await;

        assert_eq!(story.outcome, "Skipped", "{what}");
        assert!(story.reason.contains(reason), "{what}: {}", story.reason);
        assert_eq!(rfi(&world.far, id), before, "{what}");
        assert_eq!((patches(&world.far).len(), world.far.first_calls()), (1, 1), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_writes_while_the_model_thinks_stays() {
    let mut world = World::start().await;
    world.far.model.set_behaviour(Behaviour::Failing(Failure::Slow(Duration::from_secs(2))));
    let id = world.far.sandbox.add_rfi(blank());
    assert_eq!(world.post(&event(id, "create")).await, 204);
    let gathered = |sandbox: &Sandbox| sandbox.requests().iter().any(|one| one.path.starts_with("/files/"));
    assert!(world.far.sandbox.wait_for(PATIENCE, gathered).await);
    let theirs = "Is 34 inches right for the grab bars of the staff toilets?";
    world.far.sandbox.update_rfi(id, |rfi| theirs.clone_into(&mut rfi.question));

    let story = world.end().await;

    assert_eq!(story.outcome, "Skipped", "{}", story.reason);
    assert_eq!(patches(&world.far), []);
    assert_eq!(rfi(&world.far, id).question, theirs);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_rfi_that_is_opened_or_deleted_while_we_write_is_left_alone() {
    type Change = fn(&mut RfiRecord);
    let cases: [(&str, Change); 2] = [
        ("opened", |rfi| rfi.status = RfiStatus::Open),
        ("closed as a draft", |rfi| rfi.status = RfiStatus::Closed),
    ];
    for (what, change) in cases {
        let mut world = World::start().await;
        let id = world.far.sandbox.add_rfi(blank());
        world.far.sandbox.fail_next("PATCH rfis", Fault::Delay(Duration::from_secs(1)), 1);
        assert_eq!(world.post(&event(id, "create")).await, 204);
        on_its_way(&world.far.sandbox).await;
        world.far.sandbox.update_rfi(id, change);

        let story = world.end().await;

        assert_eq!(story.reason, "a person has taken the draft over", "{what}");
        assert_eq!(rfi(&world.far, id).question, "", "{what}");
        assert_eq!((patches(&world.far).len(), world.far.sandbox.mails().len()), (1, 0), "{what}");
        world.assert_at_rest(0).await;
    }
    let mut world = World::start().await;
    let id = world.far.sandbox.add_rfi(blank());
    world.far.sandbox.fail_next("PATCH rfis", Fault::Status(404), 1);
    assert_eq!(world.tell(id, "create").await.reason, "a person has taken the draft over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_does_not_stay_what_it_was_is_told_to_a_person_and_not_deleted() {
    type Habit = fn(&mut RfiRecord);
    // As a server would that adds its default people, or keeps a question's files only if they are named again.
    let cases: [(&str, Habit); 3] = [
        ("its distribution list changed", |rfi| rfi.distribution = vec![5201]),
        ("its assignees changed", |rfi| rfi.assignees = vec![5201]),
        ("a file of it is gone", |rfi| rfi.attachments.clear()),
    ];
    for (named, habit) in cases {
        let mut world = World::start().await;
        let sketch = NewAttachment::text("sketch.txt", "Grab bars of the staff toilets.");
        let id = world.far.sandbox.add_rfi(NewRfi { attachments: vec![sketch], ..blank() });
        world.far.sandbox.fail_next("PATCH rfis", Fault::Delay(Duration::from_secs(1)), 1);
        assert_eq!(world.post(&event(id, "create")).await, 204);
        on_its_way(&world.far.sandbox).await;
        world.far.sandbox.update_rfi(id, habit);

        let story = world.end().await;

        assert_eq!(story.outcome, "Quarantined", "{named}");
        assert!(story.reason.contains(named), "{named}: {}", story.reason);
        assert_eq!(patches(&world.far).len(), 1, "{named}");
        assert!(!rfi(&world.far, id).deleted, "{named}");
        world.far.sandbox.update_rfi(id, |rfi| "Mirrors".clone_into(&mut rfi.subject));
        assert_eq!(world.tell(id, "update").await.outcome, "Skipped", "{named}: not again");
    }
}

/// The answer to a write that was applied never arrives. Waits half a minute by design: joined with others like it.
pub(crate) async fn lost_answer() {
    let mut world = World::start().await;
    let id = world.far.sandbox.add_rfi(blank());
    world.far.sandbox.fail_next("PATCH rfis", Fault::DropAfterApplying, 1);

    assert_eq!(world.tell(id, "create").await.outcome, "Failed");
    assert_eq!(world.end().await.outcome, "Drafted");

    assert_eq!((patches(&world.far).len(), world.far.first_calls()), (1, 1));
    assert!(rfi(&world.far, id).question.contains(MARK));
    // What was found there is known as ours from now on.
    world.far.sandbox.update_rfi(id, |rfi| "Mirrors above lavatories".clone_into(&mut rfi.subject));
    assert_eq!(world.tell(id, "update").await.outcome, "Drafted");
    world.assert_at_rest(0).await;
}

/// A gateway gave up on a write: nothing was applied, but nobody can know.
pub(crate) async fn lost_before_it_was_applied() {
    let mut world = World::start().await;
    let id = world.far.sandbox.add_rfi(blank());
    world.far.sandbox.fail_next("PATCH rfis", Fault::Status(504), 1);

    assert_eq!(world.tell(id, "create").await.outcome, "Failed");
    assert_eq!(world.end().await.outcome, "Drafted");

    assert_eq!((patches(&world.far).len(), world.far.first_calls()), (2, 1));
    assert!(rfi(&world.far, id).question.contains(MARK));
}
