//! What the server may make of a draft, and that the client's checks say so.

use super::{ARCHITECT, Desk, PROJECT, correspondence, rfis, submittals};

/// What is wrong with a new RFI, a new submittal and a new item of correspondence.
async fn wrong(desk: &Desk) -> [Vec<&'static str>; 3] {
    let procore = &desk.procore;
    let rfi = procore.create_rfi_draft(PROJECT, &rfis::draft(desk)).await.unwrap();
    let number = procore.next_submittal_number(PROJECT, None).await.unwrap().unwrap();
    let (status, draft) = (submittals::draft_status(desk).await, submittals::draft(desk, &number));
    let submittal = procore.create_submittal_draft(PROJECT, status, &draft).await.unwrap();
    let item = correspondence::draft("Text.");
    let item = procore.create_correspondence_draft(PROJECT, correspondence::KIND, &item).await.unwrap();
    let checked = [
        (rfi.is_private_draft(), procore.rfi(PROJECT, rfi.id).await.unwrap().is_private_draft()),
        (
            submittal.is_private_draft(),
            procore.submittal(PROJECT, submittal.id).await.unwrap().is_private_draft(),
        ),
        (
            item.is_private_draft(),
            procore
                .correspondence_item(PROJECT, correspondence::KIND, item.id)
                .await
                .unwrap()
                .is_private_draft(),
        ),
    ];
    checked.map(|(answer, look)| {
        assert_eq!(answer, look, "the answer to the write says what a look says");
        answer.err().unwrap_or_default()
    })
}

#[tokio::test]
async fn a_server_that_does_as_asked_gives_drafts() {
    let desk = Desk::start().await;
    assert_eq!(wrong(&desk).await, [const { Vec::<&str>::new() }; 3]);
}

#[tokio::test]
async fn a_default_distribution_shows() {
    let desk = Desk::start().await;
    desk.sandbox.set_service_default_distribution(vec![ARCHITECT.get()]);
    let told = desk.procore.rfi_default_distribution(PROJECT).await.unwrap();
    assert_eq!(
        told.iter().map(|user| user.id).collect::<Vec<_>>(),
        [ARCHITECT],
        "seen before the first write"
    );
    let members = vec!["has distribution members"];
    assert_eq!(wrong(&desk).await, [vec!["has a distribution list"], members.clone(), members]);
}

#[tokio::test]
async fn another_status_shows() {
    let desk = Desk::start().await;
    desk.sandbox.set_create_status_override(Some("Open"));
    assert_eq!(
        wrong(&desk).await,
        [
            vec!["status is not draft", "not marked as a draft"],
            vec!["status is not Draft"],
            vec!["status_type is not Draft", "was issued"],
        ]
    );
}

#[tokio::test]
async fn a_server_that_ignores_private_shows() {
    let desk = Desk::start().await;
    desk.sandbox.set_private_ignored(true);
    assert_eq!(wrong(&desk).await, [vec!["not private"], vec!["not private"], vec!["not private"]]);
}

#[tokio::test]
async fn everything_that_is_wrong_is_named_at_once() {
    let desk = Desk::start().await;
    desk.sandbox.set_service_default_distribution(vec![ARCHITECT.get()]);
    desk.sandbox.set_create_status_override(Some("Open"));
    desk.sandbox.set_private_ignored(true);
    assert_eq!(
        wrong(&desk).await,
        [
            vec!["status is not draft", "not marked as a draft", "not private", "has a distribution list"],
            vec!["status is not Draft", "not private", "has distribution members"],
            vec!["status_type is not Draft", "not private", "has distribution members", "was issued"],
        ]
    );
    assert_eq!(desk.sandbox.correspondence().len(), 1, "the client takes nothing back by itself");
}

#[tokio::test]
async fn a_draft_that_the_server_changes_while_it_is_filled_in_shows() {
    let desk = Desk::start().await;
    let before = desk.procore.create_rfi_draft(PROJECT, &rfis::draft(&desk)).await.unwrap();
    desk.sandbox.update_rfi(before.id.get(), |rfi| {
        rfi.private = false;
        rfi.assignees.push(ARCHITECT.get());
        rfi.distribution.push(ARCHITECT.get());
        rfi.number = Some(99);
        rfi.rfi_manager = 5103;
    });
    let change = procore::RfiDraftChange { subject: Some("Text".to_owned()), ..Default::default() };
    let after = desk.procore.update_rfi_draft(PROJECT, before.id, &change).await.unwrap();
    assert_eq!(
        after.is_only_filled_in(&before),
        Err(vec![
            "its visibility changed",
            "its number changed",
            "its manager changed",
            "its assignees changed",
            "its distribution list changed",
        ])
    );
}
