//! What a draft costs in calls of Procore, and what was read before and is not read again.

use agent::{evidence::RowKind, ledger::Ledger};
use embedded::Store;
use jiff::{SignedDuration, Timestamp};
use sandbox::{NewRfi, Options, RfiStatus, Sandbox};

use crate::{
    child::{Mortal, config, data, program},
    world::{FarSide, PERSON, PROGRAM, SERVICE_ACCOUNT, Terms, World, event, post, question},
};

const READ: &str = "GET rfi";
const POST: &str = "POST item";
/// A draft on a section nobody has read, its file at Procore.
const COLD: [&str; 6] = [READ, "GET sections", "GET revisions ?search_string", "GET file", READ, POST];
/// A draft on a section that was read.
const WARM: [&str; 3] = [READ, READ, POST];

/// What was asked of Procore since the last look, by resource; tokens are not counted there and `me` is told apart.
pub(crate) fn calls(sandbox: &Sandbox) -> (Vec<String>, usize) {
    let mut calls = Vec::new();
    let mut me = 0;
    for request in sandbox.requests() {
        let what = match request.path.rsplit('/').next().unwrap() {
            "token" => continue,
            _ if request.path.starts_with("/storage/") => continue,
            "me" => {
                me += 1;
                continue;
            }
            _ if request.path.starts_with("/files/") => "file",
            "generic_tool_items" => "item",
            "drawing_revisions" => "sheets",
            _ if request.path == "/rest/v1.0/specification_sections" => "sections",
            "specification_sections" if request.query.contains("search_string") => "revisions ?search_string",
            "specification_sections" => "revisions",
            _ if request.path.contains("/rfis/") => "rfi",
            _ if request.path.contains("/submittals/") => "submittal",
            _ if request.path.contains("/generic_tool_items/") => "item",
            _ => request.path.as_str(),
        };
        calls.push(format!("{} {what}", request.method));
    }
    sandbox.clear_requests();
    (calls, me)
}

fn prompt(far: &FarSide) -> String {
    far.model.requests().last().map(ToString::to_string).unwrap_or_default()
}

/// Another question that the same section answers.
fn another() -> NewRfi {
    NewRfi {
        subject: "Mirrors above lavatories".to_owned(),
        question: "At what height is the bottom edge of the mirrors above lavatories?".to_owned(),
        ..question()
    }
}

/// A closed RFI of the same section, with its answer.
fn closed(answer: &str) -> NewRfi {
    NewRfi {
        subject: format!("Grab bars, answered with {answer}"),
        status: RfiStatus::Closed,
        answers: vec![(format!("Mount the grab bars at {answer}."), PERSON)],
        age_s: 90_000,
        ..question()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_costs_six_calls_and_the_next_one_on_its_section_three() {
    let mut world = World::start().await;
    let first = world.far.sandbox.add_rfi(question());
    let second = world.far.sandbox.add_rfi(another());

    let story = world.tell(first, "create").await;
    assert_eq!(story.outcome, "Drafted");
    assert_eq!(calls(&world.far.sandbox), (COLD.map(String::from).into(), 1));
    assert_eq!(story.procore_calls, 7, "who we are was asked too, as once a day");

    let story = world.tell(second, "create").await;
    assert_eq!(story.outcome, "Drafted");
    assert_eq!(calls(&world.far.sandbox), (WARM.map(String::from).into(), 0));
    assert_eq!(story.procore_calls, 3);
    assert!(world.far.items()[1].description.contains("40 inches above the finished floor"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_storage_elsewhere_costs_its_redirect() {
    let mut world = World::start().await;
    let signs = NewRfi { section: Some("10 14 00".to_owned()), ..question() };
    let rfi = world.far.sandbox.add_rfi(signs);
    assert!(world.tell(rfi, "create").await.evidence.iter().any(|row| row.kind == RowKind::Specification));
    assert_eq!(calls(&world.far.sandbox).0, COLD);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_reads_nothing_again() {
    let far = FarSide::start(Options::empty()).await;
    for expected in [(COLD.map(String::from).to_vec(), 1), (WARM.map(String::from).to_vec(), 0)] {
        let rfi = far.sandbox.add_rfi(question());
        let mut process = Mortal::start(&far).await;
        assert_eq!(post(&process.door, &event(rfi, "create")).await, 204);
        assert_eq!(process.end().await.unwrap().1, "Drafted");
        process.stop().await;
        assert_eq!(calls(&far.sandbox), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attachment_is_fetched_once() {
    let mut world = World::start().await;
    let note = sandbox::NewAttachment::text("note.txt", "The super wants the bars at 34 inches.");
    let rfi = world.far.sandbox.add_rfi(NewRfi { attachments: vec![note], ..question() });
    world.tell(rfi, "create").await;
    assert_eq!(calls(&world.far.sandbox).0.iter().filter(|call| *call == "GET file").count(), 2);
    world.far.sandbox.update_rfi(rfi, |rfi| rfi.question.push_str(" And how long are they?"));
    let story = world.tell(rfi, "update").await;
    assert!(story.evidence.iter().any(|row| row.kind == RowKind::Attachment));
    assert!(!calls(&world.far.sandbox).0.contains(&"GET file".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_revision_is_read_once_the_list_of_sections_has_had_its_time() {
    let mut world = World::start().await;
    let sandbox = world.far.sandbox.clone();
    let old = sandbox.sections().into_iter().find(|section| section.number == "10 28 00").unwrap();
    let new: &'static str = old.text.replace("34 inches above", "35 inches above").leak();
    assert_ne!(&*old.text, new);
    let first = sandbox.add_rfi(question());
    world.tell(first, "create").await;
    sandbox.issue_revision("10 28 00", "1", new);
    calls(&sandbox);

    for (minutes, expected, height) in [(14, &WARM[..], "34 inches"), (16, &COLD[..], "35 inches")] {
        let later = Timestamp::now().checked_add(SignedDuration::from_mins(minutes)).unwrap();
        world.store().purge(later).await.unwrap();
        let rfi = sandbox.add_rfi(question());
        assert_eq!(world.tell(rfi, "create").await.outcome, "Drafted");
        assert_eq!(calls(&sandbox), (expected.iter().map(ToString::to_string).collect(), 0));
        let item = world.far.items().pop().unwrap();
        assert!(item.description.contains(height), "after {minutes} minutes: {}", item.description);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_finds_nothing_and_a_list_that_is_gone_cost_calls_and_no_specification() {
    use sandbox::Fault::Status;
    for (fault, status, expected) in [
        ("GET /rest/v1.0/specification_sections", 404, vec![READ, "GET sections", "GET revisions"]),
        ("GET /rest/v1.0/specification_sections", 406, vec![READ, "GET sections", "GET revisions"]),
        ("GET /rest/v2.1/", 400, vec![READ, "GET sections", "GET revisions ?search_string", "GET revisions"]),
    ] {
        let what = format!("{fault} answers {status}");
        let mut world = World::start().await;
        world.far.sandbox.fail_next(fault, Status(status), 1);
        let rfi = world.far.sandbox.add_rfi(question());
        let story = world.tell(rfi, "create").await;
        assert_eq!(story.outcome, "Drafted", "{what}");
        assert!(story.evidence.iter().any(|row| row.kind == RowKind::Specification), "{what}");
        let expected: Vec<&str> = expected.into_iter().chain(["GET file", READ, POST]).collect();
        assert_eq!(calls(&world.far.sandbox).0, expected, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_we_are_is_asked_once_a_day_and_a_wrong_answer_every_time() {
    let wrong = Terms { service_account: SERVICE_ACCOUNT + 1, ..Terms::default() };
    let mut world = World::with(wrong).await;
    let rfi = world.far.sandbox.add_rfi(question());
    for _ in 0..2 {
        assert_eq!(world.tell(rfi, "create").await.outcome, "Failed");
        assert_eq!(calls(&world.far.sandbox), (vec![], 1));
    }
    let mut far = world.stop().await;
    for (hours, expected) in [(0, 1), (23, 0), (25, 1)] {
        let mut world = World::over(far, Terms::default()).await;
        let later = Timestamp::now().checked_add(SignedDuration::from_hours(hours)).unwrap();
        world.store().purge(later).await.unwrap();
        for known in [expected, 0] {
            let rfi = world.far.sandbox.add_rfi(question());
            assert_eq!(world.tell(rfi, "create").await.outcome, "Drafted");
            assert_eq!(calls(&world.far.sandbox).1, known, "after {hours} hours");
        }
        far = world.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_comes_again_after_a_new_precedent_changes_nothing() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    assert_eq!(world.tell(rfi, "create").await.outcome, "Drafted");
    let before = world.far.sandbox.add_rfi(closed("PRECEDENT"));
    assert_eq!(world.tell(before, "update").await.outcome, "Skipped");

    assert_eq!(world.tell(rfi, "create").await.outcome, "Unchanged");
    assert_eq!(world.far.first_calls(), 1);

    // It is there all the same.
    let next = world.far.sandbox.add_rfi(another());
    world.tell(next, "create").await;
    assert!(prompt(&world.far).contains("PRECEDENT"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_rfi_that_may_not_be_evidence_any_more_is_none_from_then_on() {
    type Change = fn(&mut sandbox::RfiRecord);
    let changes: [(&str, &str, Change); 6] = [
        ("private", "update", |rfi| rfi.private = true),
        ("deleted, and told so", "delete", |rfi| rfi.deleted = true),
        ("deleted, found out", "update", |rfi| rfi.deleted = true),
        ("open again", "update", |rfi| rfi.status = RfiStatus::Open),
        ("its answer taken back", "update", |rfi| rfi.answers.clear()),
        ("without a section", "update", |rfi| rfi.section_id = None),
    ];
    let mut world = World::start().await;
    for (name, reason, change) in changes {
        let sandbox = world.far.sandbox.clone();
        let before = sandbox.add_rfi(closed("PRECEDENT"));
        world.tell(before, "update").await;
        let with = sandbox.add_rfi(question());
        assert_eq!(world.tell(with, "create").await.outcome, "Drafted", "{name}");
        assert!(prompt(&world.far).contains("PRECEDENT"), "{name}: else this test shows nothing");

        sandbox.update_rfi(before, change);
        world.tell(before, reason).await;
        let without = sandbox.add_rfi(another());
        assert_eq!(world.tell(without, "create").await.outcome, "Drafted", "{name}");
        assert!(!prompt(&world.far).contains("PRECEDENT"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_answers_are_no_precedent() {
    let mut world = World::start().await;
    let ours = NewRfi { answers: vec![("At OUR-OWN.".to_owned(), SERVICE_ACCOUNT)], ..closed("OUR-OWN") };
    let ours = world.far.sandbox.add_rfi(ours);
    world.tell(ours, "update").await;
    let rfi = world.far.sandbox.add_rfi(question());
    world.tell(rfi, "create").await;
    assert!(!prompt(&world.far).contains("OUR-OWN"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_paid_for_is_posted_with_the_precedents_it_was_given() {
    let far = FarSide::start(Options::empty()).await;
    let marker = far.data.path().join("died");
    let known = far.sandbox.add_rfi(closed("34 inches"));
    let rfi = far.sandbox.add_rfi(question());

    let mut first = Mortal::doomed(&far, "validate", "end", &marker).await;
    assert_eq!(post(&first.door, &event(known, "update")).await, 204);
    assert_eq!(first.end().await.unwrap().1, "Skipped");
    assert_eq!(post(&first.door, &event(rfi, "create")).await, 204);
    first.dies().await;
    assert!(marker.exists());

    // Another is closed in between; it says the very words of the question, so it would come first.
    let nearer = NewRfi { subject: question().question, ..closed("36 inches") };
    let nearer = far.sandbox.add_rfi(nearer);
    let file = far.data.path().join("event.json");
    std::fs::write(&file, event(nearer, "update").to_string()).unwrap();
    let mut receive = program(PROGRAM, &far);
    receive.arg("receive").arg("--event").arg(file).arg("--config").arg(config(&far, Terms::default()));
    assert!(receive.arg("--data").arg(data(&far)).output().await.unwrap().status.success());

    let mut second = Mortal::start(&far).await;
    assert_eq!(second.end().await.unwrap().1, "Drafted");
    let later = far.sandbox.add_rfi(another());
    assert_eq!(post(&second.door, &event(later, "create")).await, 204);
    assert_eq!(second.end().await.unwrap().1, "Drafted");
    second.stop().await;

    let store = Store::open(&data(&far), Timestamp::now).unwrap();
    let shown = async |record: i64| -> Vec<String> {
        let runs = store.runs(100).await.unwrap();
        let run = runs.into_iter().find(|run| run.record_id == record.to_string()).unwrap();
        assert!(run.findings.is_empty(), "{:?}", run.findings);
        let rows = run.evidence.into_iter().filter(|row| row.kind == RowKind::RelatedRfi);
        rows.map(|row| format!("{} {}", row.handle, row.label)).collect()
    };
    assert_eq!(shown(rfi).await, ["P1 closed RFI 1"], "as the model was shown them");
    assert_eq!(shown(later).await.len(), 2, "else this test shows nothing");
    assert_eq!(far.first_calls(), 2, "one for each");
    assert_eq!(far.items().len(), 2);
}
