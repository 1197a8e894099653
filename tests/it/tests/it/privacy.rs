//! What may not travel: private records into other prompts, our token to other hosts.

use sandbox::{NewAttachment, NewRfi, RfiStatus};

use crate::world::{PERSON, World, question};

#[tokio::test(flavor = "multi_thread")]
async fn a_private_rfi_is_never_evidence_for_another() {
    let mut world = World::start().await;
    let closed = |subject: &str, answer: &str, private| NewRfi {
        subject: format!("Grab bars: {subject}"),
        status: RfiStatus::Closed,
        private,
        answers: vec![(answer.to_owned(), PERSON)],
        age_s: 90_000,
        ..question()
    };
    for before in [
        closed("height at Toilet 114", "Use the height of PUBLIC-ANSWER.", false),
        closed("credit at Toilet 115", "The credit is PRIVATE-ANSWER.", true),
    ] {
        let before = world.far.sandbox.add_rfi(before);
        assert_eq!(world.tell(before, "update").await.outcome, "Skipped");
    }
    let rfi = world.far.sandbox.add_rfi(question());

    world.tell(rfi, "create").await;

    let prompts: String = world.far.model.requests().iter().map(ToString::to_string).collect();
    assert!(prompts.contains("PUBLIC-ANSWER"), "closed RFIs of the section are evidence");
    assert!(!prompts.contains("PRIVATE-ANSWER") && !prompts.contains("Toilet 115"));
    let posted: String = world.far.writes().iter().map(|write| write.body.to_string()).collect();
    assert!(!posted.contains("PRIVATE-ANSWER") && !posted.contains("Toilet 115"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_names_the_company_and_the_token_stays_with_procore() {
    let mut world = World::start().await;
    let mut asked = question();
    let mut note = NewAttachment::text("note.txt", "A. Grab bars: 34 inches above the finished floor.");
    note.in_storage = true;
    asked.attachments = vec![note];
    let rfi = world.far.sandbox.add_rfi(asked);

    world.tell(rfi, "create").await;

    let requests = world.far.sandbox.requests();
    let (storage, procore): (Vec<_>, Vec<_>) =
        requests.iter().partition(|request| request.path.starts_with("/storage/"));
    assert_eq!(storage.len(), 1, "the note was fetched from the storage host");
    for request in storage {
        assert_eq!(request.headers["authorization"], "bearer none");
        assert!(!request.headers.contains_key("procore-company-id"));
    }
    for request in procore.iter().filter(|request| request.path != "/oauth/token") {
        assert_eq!(request.headers["authorization"], "bearer ok", "{}", request.path);
        assert_eq!(request.headers["procore-company-id"], "8001", "{}", request.path);
    }
}
