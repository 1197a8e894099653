//! RFIs: lists, one with its answers, and drafts of new ones.

use jiff::{SignedDuration, Timestamp};
use procore::{LocationId, RfiDraft, RfiDraftChange, RfiFilter, RfiId, RfiStatus};

use super::{ARCHITECT, Class, Desk, ENGINEER, PROJECT, class};

/// A draft with all that one can say.
pub(super) fn draft(desk: &Desk) -> RfiDraft {
    RfiDraft {
        subject: "Grab bars at water closets".to_owned(),
        question: "<p>At what height?</p>".to_owned(),
        rfi_manager: ENGINEER,
        location: Some(LocationId::new(31003)),
        drawing_number: Some("A-501".to_owned()),
        specification_section: Some(desk.section("10 28 00")),
        reference: Some("Detail 4".to_owned()),
    }
}

pub(super) async fn walk(desk: &Desk) {
    lists(desk).await;
    one(desk).await;
    drafts(desk).await;
}

async fn lists(desk: &Desk) {
    let procore = &desk.procore;
    let all = procore.rfis(PROJECT, &RfiFilter::default()).await.unwrap();
    let known: Vec<i64> = desk.sandbox.rfis().iter().map(|rfi| rfi.id).collect();
    assert_eq!(all.iter().map(|row| row.id.get()).collect::<Vec<_>>(), known);
    let open = RfiFilter { statuses: vec![RfiStatus::Open], ..RfiFilter::default() };
    let open = procore.rfis(PROJECT, &open).await.unwrap();
    assert_eq!(open.len(), 12);
    let row = open.iter().find(|row| row.number.as_deref() == Some("41")).unwrap();
    assert_eq!(row.subject, "Mounting height of room identification signs");
    assert!(!row.private && row.status == RfiStatus::Open && row.questions[0].contains("<p>"), "{row:?}");
    let each = RfiFilter {
        statuses: vec![RfiStatus::Open, RfiStatus::Closed, RfiStatus::Draft],
        ..RfiFilter::default()
    };
    assert_eq!(procore.rfis(PROJECT, &each).await.unwrap(), all);
    let three = RfiFilter { most_rows: Some(3), ..RfiFilter::default() };
    assert_eq!(procore.rfis(PROJECT, &three).await.unwrap(), all[..3]);
    let changed = RfiId::new(known[4]);
    desk.sandbox.update_rfi(changed.get(), |rfi| {
        rfi.updated_at = Timestamp::now() + SignedDuration::from_hours(2);
    });
    let start = Timestamp::now() + SignedDuration::from_hours(1);
    let since = RfiFilter { updated_since: Some(start), ..RfiFilter::default() };
    let since: Vec<RfiId> =
        procore.rfis(PROJECT, &since).await.unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(since, [changed]);
}

async fn one(desk: &Desk) {
    let procore = &desk.procore;
    let known = desk.sandbox.rfis().into_iter().find(|rfi| rfi.number == Some(12)).unwrap();
    let id = RfiId::new(known.id);
    let rfi = procore.rfi(PROJECT, id).await.unwrap();
    assert_eq!((rfi.id, rfi.number.as_deref(), &rfi.status), (id, Some("12"), &RfiStatus::Closed));
    assert_eq!(
        (rfi.subject.as_str(), rfi.draft, rfi.private),
        ("Room sign position at sidelights", false, false)
    );
    assert_eq!(rfi.location.unwrap().name, "Level 1 > Exam wing");
    assert_eq!(rfi.drawing_number.as_deref(), Some("A-811"));
    assert_eq!(rfi.drawing_ids, [procore::DrawingId::new(41003)]);
    let section = rfi.specification_section.unwrap();
    assert_eq!((section.id, section.number.as_deref()), (desk.section("10 14 00"), Some("10 14 00")));
    assert_eq!(rfi.assignees.iter().map(|user| user.id).collect::<Vec<_>>(), [ARCHITECT]);
    assert_eq!(rfi.rfi_manager.unwrap().id, ENGINEER);
    let [question] = rfi.questions.as_slice() else { panic!("one question") };
    assert_eq!(question.plain_text_body, known.question);
    assert_eq!(question.created_by.as_deref(), Some("Grace Okafor"));
    let [answer] = question.answers.as_slice() else { panic!("one answer") };
    assert_eq!((answer.official, answer.created_by_id), (true, Some(ARCHITECT)));
    assert_eq!(answer.plain_text_body, known.answers[0].body);
    assert_eq!(procore.rfi_replies(PROJECT, id).await.unwrap(), question.answers);

    let with_file = desk.sandbox.rfis().into_iter().find(|rfi| rfi.number == Some(41)).unwrap();
    let rfi = procore.rfi(PROJECT, RfiId::new(with_file.id)).await.unwrap();
    let file = &rfi.questions[0].attachments[0];
    assert_eq!(file.name, "A-811 rev 1 excerpt.txt");
    let file = procore.file(file.url.as_deref().unwrap(), 100_000).await.unwrap();
    assert_eq!(file.bytes, *with_file.attachments[0].bytes);
}

async fn drafts(desk: &Desk) {
    let procore = &desk.procore;
    let managers = procore.potential_rfi_managers(PROJECT).await.unwrap();
    assert_eq!(managers.iter().map(|user| user.id.get()).collect::<Vec<_>>(), [5101, 5102, 5103]);
    assert_eq!(procore.rfi_default_distribution(PROJECT).await.unwrap(), []);

    let made = procore.create_rfi_draft(PROJECT, &draft(desk)).await.unwrap();
    assert_eq!(made.is_private_draft(), Ok(()));
    assert_eq!((made.number.as_deref(), made.subject.as_str()), (None, "Grab bars at water closets"));
    assert_eq!(made.rfi_manager.as_ref().unwrap().id, ENGINEER);
    assert_eq!(made.location.as_ref().unwrap().id, LocationId::new(31003));
    assert_eq!(made.specification_section.as_ref().unwrap().id, desk.section("10 28 00"));
    assert_eq!(
        (made.drawing_number.as_deref(), made.reference.as_deref()),
        (Some("A-501"), Some("Detail 4"))
    );
    assert_eq!(made.questions[0].rich_text_body, "<p>At what height?</p>");

    let change = RfiDraftChange {
        question: Some("<p>At what height, and how far from the wall?</p>".to_owned()),
        location: Some(LocationId::new(31002)),
        ..RfiDraftChange::default()
    };
    let filled = procore.update_rfi_draft(PROJECT, made.id, &change).await.unwrap();
    assert_eq!(filled.is_only_filled_in(&made), Ok(()));
    assert_eq!(filled.questions[0].plain_text_body, "At what height, and how far from the wall?");
    assert_eq!(filled.location.as_ref().unwrap().id, LocationId::new(31002));
    assert_eq!((&filled.subject, &filled.reference), (&made.subject, &made.reference), "the rest stays");
    let all = RfiDraftChange {
        subject: Some("Grab bars".to_owned()),
        question: None,
        location: None,
        drawing_number: Some("A-601".to_owned()),
        specification_section: Some(desk.section("08 71 00")),
        reference: Some("Detail 5".to_owned()),
    };
    let filled = procore.update_rfi_draft(PROJECT, made.id, &all).await.unwrap();
    assert_eq!(filled, procore.rfi(PROJECT, made.id).await.unwrap());
    assert_eq!((filled.subject.as_str(), filled.reference.as_deref()), ("Grab bars", Some("Detail 5")));
    assert_eq!(filled.drawing_number.as_deref(), Some("A-601"));
    assert_eq!(filled.specification_section.unwrap().id, desk.section("08 71 00"));
    assert_eq!(desk.sandbox.mails(), <[String; 0]>::default());
}

#[tokio::test]
async fn rfis_are_read_and_drafted() {
    walk(&Desk::start().await).await;
}

#[tokio::test]
async fn a_draft_a_person_opened_is_not_filled_in() {
    let desk = Desk::start().await;
    let made = desk.procore.create_rfi_draft(PROJECT, &draft(&desk)).await.unwrap();
    desk.sandbox.update_rfi(made.id.get(), |rfi| rfi.status = sandbox::RfiStatus::Open);
    let before = desk.sandbox.rfis();

    let change = RfiDraftChange { subject: Some("Late".to_owned()), ..RfiDraftChange::default() };
    let refused = desk.procore.update_rfi_draft(PROJECT, made.id, &change).await.unwrap_err();

    assert_eq!((refused.class(), refused.status()), (Class::Permanent, Some(422)));
    assert!(refused.to_string().contains("fields draft"), "{refused}");
    assert_eq!(desk.sandbox.rfis(), before);
}

#[tokio::test]
async fn a_missing_rfi_is_not_found() {
    let Desk { procore, .. } = Desk::start().await;
    let missing = RfiId::new(7);
    assert_eq!(class(procore.rfi(PROJECT, missing).await), Class::NotFound);
    assert_eq!(class(procore.rfi_replies(PROJECT, missing).await), Class::NotFound);
    let change = RfiDraftChange::default();
    assert_eq!(class(procore.update_rfi_draft(PROJECT, missing, &change).await), Class::NotFound);
}
