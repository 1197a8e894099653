//! Submittals: one private draft each, at the reviewer's turn only, and for how many calls.

use agent::evidence::RowKind;
use sandbox::{NewAttachment, NewSubmittal, Submittal};

use crate::{
    economy::calls,
    world::{SERVICE_ACCOUNT, World, submittal_event},
};

const READ: &str = "GET submittal";
const FILE: &str = "GET file";

/// A submittal that shows what its article asks for, its file at Procore.
fn grab_bars() -> NewSubmittal {
    let data = "GRAB BAR DATA\nClearance between bar and wall: 1-1/2 inches\n\
                Anchors: concealed, stainless steel screws into wood blocking or a metal backing plate";
    NewSubmittal {
        title: "Grab bars, product data".to_owned(),
        description: "Bars of the patient toilets.".to_owned(),
        section: Some("10 28 00".to_owned()),
        required_on_site_date: Some("2027-03-15".to_owned()),
        lead_time: Some(42),
        due_date: Some("2027-02-03".to_owned()),
        attachments: vec![NewAttachment::text("Grab bar data.txt", data)],
        age_s: 3600,
        emit: false,
        ..NewSubmittal::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submittal_is_drafted_once_and_its_draft_updated_in_place() {
    let mut world = World::start().await;
    let id = world.far.sandbox.add_submittal(grab_bars());

    let story = world.tell_of_submittal(id, "create").await;
    assert_eq!((story.outcome.as_str(), story.record_label.as_str()), ("Drafted", "Submittal 1.0"));
    assert_eq!(world.tell_of_submittal(id, "update").await.outcome, "Unchanged");
    assert_eq!(world.far.first_calls(), 1);
    let items = world.far.items();
    let [item] = items.as_slice() else { panic!("one item, not {}", items.len()) };
    assert_eq!((item.status.as_str(), item.private, item.assignees.len()), ("Draft", true, 0));
    assert_eq!(item.title, "Draft review of Submittal 1.0: Grab bars, product data");
    for words in [
        "Revise and resubmit.\nA suggestion, derived by rule",
        "MET: Clearance\n",
        "CANNOT VERIFY: Material\n",
        "the review has to be back by 2027-02-01.\nThe review is due on 2027-02-03, 2 days after that day.",
        "All days are calendar days.",
    ] {
        assert!(item.description.contains(words), "{words}: {}", item.description);
    }
    assert!(
        !story.evidence.iter().any(|row| row.label.contains("art. 3.")),
        "Part 3 is not a submittal's matter"
    );

    world.far.sandbox.update_submittal(id, |one| one.required_on_site_date = None);
    assert_eq!(world.tell_of_submittal(id, "update").await.outcome, "Drafted");
    let again = world.far.items();
    assert_eq!(again.iter().map(|item| item.id).collect::<Vec<_>>(), [items[0].id]);
    assert!(again[0].description.contains("has no required on-site date"), "{}", again[0].description);

    // What a person edited is theirs.
    world.far.sandbox.edit_item_as_person(items[0].id, "Mine now.");
    world.far.sandbox.update_submittal(id, |one| one.description.push_str(" And of the staff toilets."));
    assert_eq!(world.tell_of_submittal(id, "update").await.outcome, "Skipped");
    assert!(world.far.items()[0].description.contains("Mine now."));
    assert_eq!(world.far.sandbox.mails(), Vec::<String>::new());
    world.assert_at_rest(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_it_is_not_the_reviewers_turn_nothing_is_drafted() {
    type Change = fn(&mut Submittal);
    let cases: [(&str, Change); 5] = [
        ("the ball is not in our court", |one| {
            one.manager = 5103;
            one.ball_in_court = vec![5201];
        }),
        ("the submittal is closed", |one| one.status = sandbox::SubmittalStatus::Closed),
        ("the submittal is a draft itself", |one| one.status = sandbox::SubmittalStatus::Draft),
        ("the submittal has a later revision", |one| one.current_revision = false),
        ("the submittal is gone", |one| one.deleted = true),
    ];
    let mut world = World::start().await;
    for (why, change) in cases {
        let id = world.far.sandbox.add_submittal(grab_bars());
        world.far.sandbox.update_submittal(id, change);
        let story = world.tell_of_submittal(id, "update").await;
        assert_eq!(story.outcome, "Skipped", "{why}");
        assert!(story.reason.contains(why), "{why}: {}", story.reason);
    }
    assert_eq!((world.far.items().len(), world.far.first_calls()), (0, 0));

    let id = world.far.sandbox.add_submittal(grab_bars());
    world.far.sandbox.update_submittal(id, |one| one.ball_in_court = vec![5201]);
    assert_eq!(world.tell_of_submittal(id, "update").await.outcome, "Drafted", "the reviewer manages it");
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_events_and_deletions_start_nothing() {
    let mut world = World::start().await;
    let id = world.far.sandbox.add_submittal(grab_bars());
    let mut own = submittal_event(id, "update");
    own["user_id"] = SERVICE_ACCOUNT.to_string().into();
    assert_eq!(world.post(&own).await, 204);
    assert_eq!(world.tell_of_submittal(id, "delete").await.outcome, "Skipped", "the next that ends");
    assert_eq!(calls(&world.far.sandbox).0, Vec::<String>::new());
    world.assert_at_rest(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_costs_six_calls_and_on_a_known_section_three_and_one_for_each_new_file() {
    let mut world = World::start().await;
    let sandbox = world.far.sandbox.clone();
    let cold = vec![READ, "GET revisions ?search_string", FILE, FILE, READ, "POST item"];
    let known = vec![READ, FILE, READ, "POST item"];
    let warm = vec![READ, READ, "POST item"];
    let without_files = NewSubmittal { attachments: Vec::new(), ..grab_bars() };
    for (what, new, expected) in
        [("cold", grab_bars(), cold), ("its own file", grab_bars(), known), ("no file", without_files, warm)]
    {
        let id = sandbox.add_submittal(new);
        let story = world.tell_of_submittal(id, "create").await;
        assert_eq!(story.outcome, "Drafted", "{what}");
        assert!(story.evidence.iter().any(|row| row.kind == RowKind::Specification), "{what}");
        assert_eq!(calls(&sandbox).0, expected, "{what}");
    }

    // The section it names and the files it has are known the next time; the item is looked at before each write.
    let id = sandbox.add_submittal(grab_bars());
    world.tell_of_submittal(id, "create").await;
    calls(&sandbox);
    sandbox.update_submittal(id, |one| one.description.push_str(" And of the staff toilets."));
    assert_eq!(world.tell_of_submittal(id, "update").await.outcome, "Drafted");
    assert_eq!(calls(&sandbox).0, [READ, "GET item", READ, "GET item", "PATCH item"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_submittal_is_evidence_for_its_own_draft_only() {
    let mut world = World::start().await;
    let private =
        NewSubmittal { private: true, description: "PRIVATE-WORDS of the bars.".to_owned(), ..grab_bars() };
    let private = world.far.sandbox.add_submittal(private);
    let open = world.far.sandbox.add_submittal(grab_bars());
    for (id, expected) in [(private, true), (open, false)] {
        assert_eq!(world.tell_of_submittal(id, "create").await.outcome, "Drafted");
        let prompt = world.far.model.requests().last().unwrap().to_string();
        assert_eq!(prompt.contains("PRIVATE-WORDS"), expected);
    }
}
