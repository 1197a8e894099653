//! Draft RFIs: what is empty is filled in once, a person's words and choices stay, and it stays the draft it was.

mod theirs;

use sandbox::{NewAttachment, NewRfi, Recorded, RfiRecord, RfiStatus};
use serde_json::json;

use crate::{
    economy::calls,
    world::{FarSide, SERVICE_ACCOUNT, Terms, World, event, question},
};

pub(crate) use theirs::{lost_answer, lost_before_it_was_applied};

const READ: &str = "GET rfi";
const PATCH: &str = "PATCH rfi";
const MARK: &str = "AI-generated draft. Review before use.";
const DRAFT: &str = "DRAFT - for review by the project engineer (Procore user 5101). Not issued.";

/// A draft whose writer named a subject and a section and asked nothing.
fn blank() -> NewRfi {
    NewRfi { question: String::new(), status: RfiStatus::Draft, ..question() }
}

/// The same with a few words that ask nothing.
fn thin() -> NewRfi {
    NewRfi { question: "Please clarify grab bars.".to_owned(), ..blank() }
}

fn rfi(far: &FarSide, id: i64) -> RfiRecord {
    far.sandbox.rfis().into_iter().find(|rfi| rfi.id == id).unwrap()
}

fn patches(far: &FarSide) -> Vec<Recorded> {
    let writes = far.writes();
    assert!(
        writes.iter().all(|write| write.method == "PATCH" && write.path.contains("/rfis/")),
        "{writes:?}"
    );
    writes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blank_draft_gets_its_question_and_nothing_else() {
    let mut world = World::start().await;
    let id = world.far.sandbox.add_rfi(blank());
    let before = rfi(&world.far, id);

    let story = world.tell(id, "create").await;

    assert_eq!((story.outcome.as_str(), story.workflow.as_deref()), ("Drafted", Some("rfi_question")));
    assert_eq!(story.item_id, None);
    let [patch] = patches(&world.far).try_into().unwrap();
    let body = patch.body["rfi"]["question"]["body"].as_str().unwrap();
    assert_eq!(patch.body, json!({"rfi": {"draft": true, "question": {"body": body}}}));
    let after = rfi(&world.far, id);
    assert!(after.question.starts_with(DRAFT), "{}", after.question);
    for words in ["QUESTION\nDo the quoted requirements apply to Grab bars", "art. 3.2 INSTALLATION", MARK] {
        assert!(after.question.contains(words), "{words}: {}", after.question);
    }
    let said = story.draft_text.unwrap();
    assert!(
        said.split_whitespace()
            .eq(format!("{} {}", said.lines().next().unwrap(), after.question).split_whitespace())
    );
    let (question, question_html, updated_at) =
        (String::new(), before.question_html.clone(), before.updated_at);
    assert_eq!(RfiRecord { question, question_html, updated_at, ..after }, before);
    assert_eq!((world.far.items().len(), world.far.sandbox.mails().len()), (0, 0));
    world.assert_at_rest(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_words_are_never_replaced() {
    let good = "At what height above the finished floor are the grab bars mounted?";
    let picture = "<p><img src=\"sketch.png\"></p>";
    // Question as text and as HTML, reference, what is written.
    let table = [
        ("thin", "Please clarify grab bars.", None, None, Some("reference")),
        ("thin, referenced", "Please clarify grab bars.", None, Some("A-501"), None),
        ("asked", good, None, None, None),
        ("asked, no words of it plain", "", Some(format!("<p>{good}</p>")), None, None),
        ("a picture", "", Some(picture.to_owned()), None, Some("reference")),
        ("blank, referenced", "", None, Some("A-501"), Some("question")),
        ("blank to an editor", "", Some("<p><br></p>".to_owned()), None, Some("question")),
    ];
    for (what, text, html, reference, written) in table {
        let mut world = World::start().await;
        let id = world.far.sandbox.add_rfi(blank());
        world.far.sandbox.update_rfi(id, |rfi| {
            (rfi.question, rfi.question_html) = (text.to_owned(), html.clone());
            rfi.reference = reference.map(str::to_owned);
        });
        let before = rfi(&world.far, id);

        let story = world.tell(id, "update").await;

        let fields: Vec<String> = patches(&world.far)
            .iter()
            .flat_map(|patch| patch.body["rfi"].as_object().unwrap().keys())
            .filter(|key| *key != "draft")
            .cloned()
            .collect();
        assert_eq!(fields, written.map(str::to_owned).into_iter().collect::<Vec<_>>(), "{what}");
        assert_eq!(story.outcome == "Drafted", written.is_some(), "{what}: {}", story.reason);
        let after = rfi(&world.far, id);
        if written != Some("question") {
            assert_eq!(
                (&after.question, &after.question_html),
                (&before.question, &before.question_html),
                "{what}"
            );
        }
        if written == Some("reference") {
            let line = after.reference.unwrap();
            assert!(line.starts_with(MARK) && line.contains("10 28 00") && !line.contains('\n'), "{line}");
        } else {
            assert_eq!(after.reference, before.reference, "{what}");
        }
        assert_eq!(
            (after.status, after.subject, after.assignees),
            (before.status, before.subject, before.assignees)
        );
        assert_eq!(world.tell(id, "update").await.outcome == "Unchanged", written.is_some(), "{what}");
        assert_eq!(world.far.first_calls(), u64::from(written.is_some()), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_change_and_our_own_are_no_second_draft() {
    let mut world = World::start().await;
    world.subscribe("v4.0");
    let id = world.far.sandbox.add_rfi(blank());
    let delivery = event(id, "create");
    assert_eq!(world.post(&delivery).await, 204);
    assert_eq!(world.end().await.outcome, "Drafted");
    world.all_delivered().await;
    let deliveries = world.far.sandbox.deliveries();
    assert_eq!(deliveries.len(), 1, "the write came back as an event of ours");
    assert!(format!("{:?}", deliveries[0].event).contains(&SERVICE_ACCOUNT.to_string()));

    assert_eq!(world.post(&delivery).await, 204);
    assert_eq!(world.end().await.outcome, "Unchanged");
    assert_eq!(world.tell(id, "update").await.outcome, "Unchanged", "under a new id");
    assert_eq!((patches(&world.far).len(), world.far.first_calls()), (1, 1));
    world.assert_at_rest(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_the_two_workflows_runs_where_it_is_on() {
    // Which are on; how a draft and how an open RFI end.
    let table: [(&[&str], &str, &str); 3] = [
        (&["rfi_question", "rfi_response"], "Drafted by rfi_question", "Drafted by rfi_response"),
        (&["rfi_response"], "Skipped by rfi_response", "Drafted by rfi_response"),
        (&["rfi_question"], "Drafted by rfi_question", "Skipped by rfi_question"),
    ];
    for (workflows, of_draft, of_open) in table {
        let mut world = World::with(Terms { workflows, ..Terms::default() }).await;
        for (new, expected) in [(blank(), of_draft), (question(), of_open)] {
            let id = world.far.sandbox.add_rfi(new);
            let story = world.tell(id, "create").await;
            let by = format!("{} by {}", story.outcome, story.workflow.unwrap());
            assert_eq!(by, expected, "{workflows:?}: {}", story.reason);
            let reads = story.steps.iter().filter(|step| step.name == "read").count();
            assert_eq!(reads, 1, "{workflows:?}: one look at the record serves both");
        }
        let one_each = usize::from(of_draft.starts_with("Drafted"));
        assert_eq!(rfi_patches(&world.far), one_each, "{workflows:?}");
        assert_eq!(world.far.items().len(), usize::from(of_open.starts_with("Drafted")), "{workflows:?}");
        world.assert_at_rest(0).await;
    }
}

fn rfi_patches(far: &FarSide) -> usize {
    far.writes().iter().filter(|write| write.path.contains("/rfis/")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_without_correspondence_has_its_questions_drafted() {
    let mut world = World::with(Terms { kind: None, ..Terms::default() }).await;
    let (draft, open) = (world.far.sandbox.add_rfi(blank()), world.far.sandbox.add_rfi(question()));
    assert_eq!(world.tell(draft, "create").await.outcome, "Drafted");
    assert_eq!(world.tell(open, "create").await.outcome, "NoCarrier");
    assert_eq!(patches(&world.far).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_gives_a_subject_nothing_is_written() {
    let mut world = World::start().await;
    let nothing = NewRfi { subject: "For the next meeting".to_owned(), section: None, ..blank() };
    let id = world.far.sandbox.add_rfi(nothing);

    let story = world.tell(id, "create").await;

    assert_eq!(story.outcome, "InsufficientContext");
    assert!(story.reason.ends_with("nothing was written"), "{}", story.reason);
    assert!(story.draft_text.unwrap().contains("Nothing in RFI with id"), "the story has the note");
    assert_eq!(patches(&world.far), []);
    assert_eq!(world.tell(id, "update").await.outcome, "Unchanged");

    // A file is a subject.
    let note = NewAttachment::text("note.txt", "Grab bars of the staff toilets: 34 inches or 36 inches.");
    let with_file = NewRfi { section: None, attachments: vec![note], ..blank() };
    let id = world.far.sandbox.add_rfi(with_file);
    let story = world.tell(id, "create").await;
    assert_eq!(story.outcome, "Drafted", "{:?}", story.findings);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_costs_no_more_calls_than_a_response() {
    let mut world = World::start().await;
    let cold = [READ, "GET sections", "GET revisions ?search_string", "GET file", READ, PATCH];
    let warm = [READ, READ, PATCH];
    for expected in [cold.as_slice(), &warm] {
        let id = world.far.sandbox.add_rfi(blank());
        assert_eq!(world.tell(id, "create").await.outcome, "Drafted");
        assert_eq!(calls(&world.far.sandbox).0, expected);
    }
    let id = world.far.sandbox.add_rfi(blank());
    world.tell(id, "create").await;
    calls(&world.far.sandbox);
    world.far.sandbox.update_rfi(id, |rfi| "Mirrors above lavatories".clone_into(&mut rfi.subject));
    assert_eq!(world.tell(id, "update").await.outcome, "Drafted");
    assert_eq!(calls(&world.far.sandbox).0, warm);
    // What neither of the two has work with is read once, and so is what is gone.
    let closed = world.far.sandbox.add_rfi(NewRfi { status: RfiStatus::Closed, ..question() });
    for (id, why) in [(closed, "no draft; the RFI is not open"), (1, "gone")] {
        assert!(world.tell(id, "update").await.reason.contains(why), "{why}");
        assert_eq!(calls(&world.far.sandbox).0, [READ], "{why}");
    }
}
