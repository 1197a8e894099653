//! Files that are not what they are called: the draft says that they were not read, and their words go nowhere.

use sandbox::{Fault, NewAttachment};

use crate::world::{World, question};

fn attached(name: &str, content_type: &str, bytes: &str, in_storage: bool) -> NewAttachment {
    NewAttachment { content_type: content_type.to_owned(), in_storage, ..NewAttachment::text(name, bytes) }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_in_place_of_a_pdf_is_told_as_not_read() {
    let page =
        "<!DOCTYPE html><title>Sign in</title><p>Grab bars at water closets: 99 inches, PAGE-OF-THE-HOST.";
    let mut asked = question();
    asked.attachments = vec![
        attached("plan A.pdf", "text/html", page, false),
        attached("plan B.pdf", "application/pdf", page, true),
        attached("plan C.PDF", "application/pdf", "AccessDenied, PAGE-OF-THE-HOST", false),
        attached("plan D", "application/pdf", page, false),
        attached("minutes.html", "text/html", "<p>Grab bars at water closets: see MINUTES-READ.", false),
    ];
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(asked);

    let story = world.tell(rfi, "create").await;

    assert_eq!(story.outcome, "Drafted", "{}", story.reason);
    let instead = |name: &str| format!("{name} (the host sent something else in place of the PDF)");
    let told: Vec<&String> = story.not_read.iter().filter(|line| line.contains("(the host")).collect();
    assert_eq!(
        told,
        [&instead("plan A.pdf"), &instead("plan B.pdf"), &instead("plan C.PDF"), &instead("plan D")]
    );
    let prompts: String = world.far.model.requests().iter().map(ToString::to_string).collect();
    assert!(!prompts.contains("PAGE-OF-THE-HOST") && !prompts.contains("99 inches"));
    assert!(prompts.contains("MINUTES-READ"), "a page that was called one is read");
    let draft = story.draft_text.unwrap();
    assert!(draft.contains(&instead("plan A.pdf")), "the reviewer reads it too:\n{draft}");
    assert!(!draft.contains("PAGE-OF-THE-HOST"));
    world.assert_at_rest(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_refused_costs_a_source_and_not_the_run() {
    let mut asked = question();
    asked.attachments = vec![attached("note.txt", "text/plain", "Grab bars: WORDS-OF-THE-NOTE", false)];
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(asked);
    world.far.sandbox.fail_next("GET /files/attachments", Fault::Status(403), 1);

    let story = world.tell(rfi, "create").await;

    assert_eq!(story.outcome, "Drafted", "{}", story.reason);
    assert!(
        story.not_read.contains(&"note.txt (the file could not be fetched)".to_owned()),
        "{:?}",
        story.not_read
    );
    let prompts: String = world.far.model.requests().iter().map(ToString::to_string).collect();
    assert!(!prompts.contains("WORDS-OF-THE-NOTE"));
}
