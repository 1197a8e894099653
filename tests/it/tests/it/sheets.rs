//! Sheets: what the current revision says is evidence, what an older one says is named and nothing more, and neither
//! costs a call where no sheet is named.

use agent::{RunRecord, evidence::RowKind};
use sandbox::{Fault, NewAttachment, NewRfi};

use crate::{
    economy::calls,
    world::{World, question},
};

const LIST: &str = "GET /rest/v1.0/projects/4071/drawing_revisions";
const IN_FORCE: &str = "Floor tile joint width 3/16 inch, typical.";

/// What the tiling section and sheet A-501 give different values for.
fn joints() -> NewRfi {
    NewRfi {
        subject: "Joints of floor tile".to_owned(),
        question: "Which floor tile joint width applies at Toilet 114?".to_owned(),
        section: Some("09 30 00".to_owned()),
        drawing_number: Some("A-501".to_owned()),
        ..question()
    }
}

fn rows(story: &RunRecord, kind: RowKind) -> Vec<&str> {
    story.evidence.iter().filter(|row| row.kind == kind).map(|row| row.label.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_sheet_costs_a_list_and_a_file_once() {
    let mut world = World::start().await;
    let field = world.far.sandbox.add_rfi(joints());
    let mentioned = NewRfi { drawing_number: None, ..joints() };
    let mentioned = NewRfi { question: format!("{} See sheet a501.", mentioned.question), ..mentioned };
    let mentioned = world.far.sandbox.add_rfi(mentioned);
    let looks_so = NewRfi { drawing_number: None, ..joints() };
    let looks_so = NewRfi { question: format!("{} See type FT-1.", looks_so.question), ..looks_so };
    let looks_so = world.far.sandbox.add_rfi(looks_so);

    let cold =
        ["GET rfi", "GET sections", "GET revisions ?search_string", "GET file", "GET sheets", "GET file"];
    let cold: Vec<&str> = cold.into_iter().chain(["GET rfi", "POST item"]).collect();
    let warm = vec!["GET rfi", "GET rfi", "POST item"];
    for (rfi, expected, sheets) in [(field, cold, 1), (mentioned, warm.clone(), 1), (looks_so, warm, 0)] {
        let story = world.tell(rfi, "create").await;
        assert_eq!(story.outcome, "Drafted", "{}", story.reason);
        assert_eq!(calls(&world.far.sandbox).0, expected);
        assert_eq!(rows(&story, RowKind::Drawing).len(), sheets);
        assert_eq!(
            story.not_read.iter().filter(|line| line.contains("sheet")).count(),
            0,
            "{:?}",
            story.not_read
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_section_and_the_sheet_in_force_disagree_with_both_sides_quoted() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(joints());

    let story = world.tell(rfi, "create").await;

    assert_eq!(story.answer.as_ref().unwrap()["answer_status"], "conflict_in_documents");
    for quoted in &story.quotes {
        let places: Vec<(u32, usize)> =
            quoted.source.iter().map(|place| (place.page, place.end - place.start)).collect();
        assert!(matches!(places[..], [(1.., bytes)] if bytes >= quoted.quote.len()), "{quoted:?}");
    }
    let draft = story.draft_text.unwrap();
    let sheet = "A-501 Toilet Room Plans and Interior Elevations rev 2, page 1: ";
    assert!(draft.contains(sheet) && draft.contains(IN_FORCE), "{draft}");
    assert!(draft.contains(", art. 3.3.") && draft.contains("Joint Width, Floor Tile: 1/8 inch."), "{draft}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_superseded_sheet_is_named_and_not_relied_on() {
    let old = "SHEET A-501  TOILET ROOM PLANS  REVISION 1\nFloor tile joint width 1/4 inch, typical.";
    let named = "superseded revision of A-501 was attached: rev 1; current is rev 2";
    let asked = "superseded revision of A-501 is named by the requester: rev 1; current is rev 2";
    let with = |name: &str| NewRfi { attachments: vec![NewAttachment::text(name, old)], ..joints() };
    let says = NewRfi {
        question: "Which floor tile joint width applies at Toilet 114? We work from A-501 rev 1.".into(),
        ..joints()
    };
    let mut world = World::start().await;
    let table = [
        (with("A-501 rev 1.txt"), named, 1),
        (with("scan 17.txt"), named, 1),
        (NewRfi { drawing_number: None, ..with("A-501_rev_1.txt") }, named, 1),
        (says, asked, 0),
    ];
    for (rfi, note, marked) in table {
        let rfi = world.far.sandbox.add_rfi(rfi);

        let story = world.tell(rfi, "create").await;

        assert_eq!(story.outcome, "Drafted", "{note}: {} {:?}", story.reason, story.findings);
        let draft = story.draft_text.as_ref().unwrap();
        assert!(draft.contains(note), "{draft}");
        assert!(story.flags.contains(&"superseded_source".to_owned()) && draft.contains("superseded_source"));
        let superseded = rows(&story, RowKind::Superseded);
        assert_eq!(superseded.len(), marked, "{:?}", story.evidence);
        assert!(
            superseded.iter().all(|label| label.ends_with("(superseded: A-501 rev 1; current is rev 2)"))
        );
        assert!(draft.contains(IN_FORCE), "the one in force is read all the same:\n{draft}");
        let conflicts = story.answer.unwrap()["conflicts"].to_string();
        assert!(!conflicts.contains("1/4 inch"), "{conflicts}");
    }
    let current = NewAttachment::text("A-501 rev 2.txt", old.replace("REVISION 1", "REVISION 2"));
    let rfi = world.far.sandbox.add_rfi(NewRfi { attachments: vec![current], ..joints() });
    let story = world.tell(rfi, "create").await;
    assert!(
        rows(&story, RowKind::Superseded).is_empty()
            && !story.flags.contains(&"superseded_source".to_owned())
    );
    assert_eq!(rows(&story, RowKind::Attachment), ["A-501 rev 2.txt, page 1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn drawings_that_may_not_be_read_cost_a_source_and_not_the_run() {
    let mut world = World::start().await;
    for (from, status) in [(LIST, 403), (LIST, 404), ("GET /files/drawings", 403)] {
        let rfi = world.far.sandbox.add_rfi(joints());
        world.far.sandbox.fail_next(from, Fault::Status(status), 1);

        let story = world.tell(rfi, "create").await;

        assert_eq!(story.outcome, "Drafted", "{from} {status}: {}", story.reason);
        assert!(rows(&story, RowKind::Drawing).is_empty());
        let told: Vec<_> = story
            .not_read
            .iter()
            .filter(|line| line.contains("A-501") || line.contains("drawings"))
            .collect();
        assert_eq!(told.len(), 1, "{:?}", story.not_read);
        assert!(story.draft_text.unwrap().contains(told[0].as_str()));
    }
    let rfi = world.far.sandbox.add_rfi(NewRfi { drawing_number: Some("A-999".to_owned()), ..joints() });
    let story = world.tell(rfi, "create").await;
    assert_eq!(story.outcome, "Drafted");
    assert!(story.not_read.contains(&"sheet A-999 (not among the project's current sheets)".to_owned()));
}
