//! Submittals: lists, revisions, the workflow, what the company lets them be, and drafts of new ones.

use jiff::{SignedDuration, Timestamp};
use procore::{
    DraftStatus, Submittal, SubmittalDraft, SubmittalFilter, SubmittalId, SubmittalStatusId, UserId,
};

use super::{ARCHITECT, Desk, ENGINEER, PROJECT};

/// The proof that a status is the company's Draft.
pub(super) async fn draft_status(desk: &Desk) -> DraftStatus {
    desk.procore.submittal_statuses().await.unwrap().iter().find_map(DraftStatus::of).unwrap()
}

/// A draft with all that one can say.
pub(super) fn draft(desk: &Desk, number: &str) -> SubmittalDraft {
    SubmittalDraft {
        number: number.to_owned(),
        title: "Mirrors, product data".to_owned(),
        description: "<p>Frameless mirrors.</p>".to_owned(),
        kind: Some("Product Data".to_owned()),
        specification_section: Some(desk.section("10 28 00")),
    }
}

pub(super) async fn walk(desk: &Desk) {
    choices(desk).await;
    lists(desk).await;
    one(desk).await;
    drafts(desk).await;
}

async fn choices(desk: &Desk) {
    let procore = &desk.procore;
    let statuses = procore.submittal_statuses().await.unwrap();
    let told: Vec<_> =
        statuses.iter().map(|row| (row.id().get(), row.name(), row.status().unwrap())).collect();
    assert_eq!(
        told,
        [
            (601, "Draft", "Draft"),
            (602, "Open", "Open"),
            (603, "In Review", "Open"),
            (604, "Closed", "Closed")
        ]
    );
    let drafts: Vec<DraftStatus> = statuses.iter().filter_map(DraftStatus::of).collect();
    assert_eq!(drafts.iter().map(|status| status.id().get()).collect::<Vec<_>>(), [601]);
    let responses = procore.submittal_responses(PROJECT).await.unwrap();
    let noted = responses.iter().find(|row| row.name == "Reviewed as Noted").unwrap();
    assert_eq!((responses.len(), noted.id.get(), noted.considered.as_deref()), (6, 654, Some("approved")));
    let types = procore.submittal_types().await.unwrap();
    let types: Vec<_> = types.iter().map(|kind| (kind.id, kind.name.as_str())).collect();
    assert_eq!(types[..2], [(Some(621), "Product Data"), (Some(622), "Shop Drawing")]);
    assert_eq!(procore.next_submittal_number(PROJECT, None).await.unwrap().as_deref(), Some("9"));
    let section = Some(desk.section("10 14 00"));
    assert_eq!(procore.next_submittal_number(PROJECT, section).await.unwrap().as_deref(), Some("2"));
}

async fn lists(desk: &Desk) {
    let all = listed(desk, SubmittalFilter::default()).await;
    let later = ["5", "6", "7", "8"].map(|number| (number, "0"));
    let seeded = [("1", "0"), ("1", "1"), ("2", "0"), ("3", "0"), ("4", "0")].into_iter().chain(later);
    assert_eq!(all, seeded.map(owned).collect::<Vec<_>>());
    let late = desk.sandbox.submittals()[3].id;
    desk.sandbox.update_submittal(late, |one| {
        one.updated_at = Timestamp::now() + SignedDuration::from_hours(2);
    });
    let soon = Timestamp::now() + SignedDuration::from_hours(1);
    let of = SubmittalFilter::default();
    let sections = ["10 14 00", "07 92 00"].map(|number| desk.section(number)).to_vec();
    let waiting = vec![SubmittalStatusId::new(602), SubmittalStatusId::new(603)];
    for (why, filter, expected) in [
        ("sections", SubmittalFilter { sections, ..of.clone() }, vec![("1", "0"), ("1", "1"), ("2", "0")]),
        (
            "statuses",
            SubmittalFilter { statuses: waiting, ..of.clone() },
            [("1", "1"), ("2", "0")].into_iter().chain(later).collect(),
        ),
        ("court", SubmittalFilter { ball_in_court: Some(ARCHITECT), ..of.clone() }, vec![("2", "0")]),
        (
            "court",
            SubmittalFilter { ball_in_court: Some(ENGINEER), ..of.clone() },
            [("1", "1")].into_iter().chain(later).collect(),
        ),
        (
            "latest",
            SubmittalFilter { current_revisions_only: true, ..of.clone() },
            [("1", "1"), ("2", "0"), ("3", "0"), ("4", "0")].into_iter().chain(later).collect(),
        ),
        ("changed", SubmittalFilter { updated_since: Some(soon), ..of.clone() }, vec![("3", "0")]),
        ("rows", SubmittalFilter { most_rows: Some(1), ..of }, vec![("1", "0")]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(owned).collect();
        assert_eq!(listed(desk, filter).await, expected, "{why}");
    }
}

async fn listed(desk: &Desk, filter: SubmittalFilter) -> Vec<(String, String)> {
    let rows = desk.procore.submittals(PROJECT, &filter).await.unwrap();
    rows.into_iter().map(|row| (row.number.unwrap(), row.revision.unwrap())).collect()
}

fn owned(pair: (&str, &str)) -> (String, String) {
    (pair.0.to_owned(), pair.1.to_owned())
}

async fn one(desk: &Desk) {
    let procore = &desk.procore;
    let known = desk.sandbox.submittals();
    let id = SubmittalId::new(known[2].id);
    let read = procore.submittal(PROJECT, id).await.unwrap();
    assert_eq!((read.id, read.title.as_str()), (id, "Exterior sealant at vertical surfaces, product data"));
    assert_eq!((read.status.name.as_str(), read.status.status.as_deref()), ("In Review", Some("Open")));
    assert_eq!((read.kind.unwrap().name.as_str(), read.private), ("Product Data", false));
    let section = read.specification_section.unwrap();
    assert_eq!(section.id, desk.section("07 92 00"));
    assert!(section.current_revision_id.is_some(), "a submittal saves the look at the sections");
    assert_eq!(read.ball_in_court.iter().map(|user| user.id).collect::<Vec<_>>(), [ARCHITECT]);
    assert_eq!(read.location.unwrap().name, "Exterior > South elevation");
    assert_eq!(read.attachments[0].name, "Bayline 300.pdf");
    assert_eq!(
        (read.created_by.unwrap().id, read.submittal_manager.unwrap().id),
        (UserId::new(5303), ENGINEER)
    );
    let said: Vec<_> = read
        .approvers
        .iter()
        .map(|one| {
            let response = one.response.as_ref().and_then(|response| response.considered.as_deref());
            (one.user.as_ref().unwrap().id.get(), one.approver_type.as_deref().unwrap(), response)
        })
        .collect();
    assert_eq!(
        said,
        [
            (5303, "Submitter", Some("submitted")),
            (5101, "Approver", Some("approved")),
            (5201, "Approver", Some("pending"))
        ]
    );
    let comment = read.approvers[1].comment.as_deref();
    assert_eq!(comment, Some("Movement capability to be compared with the section."));

    let revisions = procore.submittal_revisions(PROJECT, SubmittalId::new(known[1].id)).await.unwrap();
    let told: Vec<_> = revisions
        .iter()
        .map(|one| (one.id.get(), one.revision.as_deref().unwrap(), one.current_revision))
        .collect();
    assert_eq!(told, [(known[0].id, "0", false), (known[1].id, "1", true)]);

    let workflow = procore.submittal_workflow(PROJECT, id).await.unwrap();
    let places: Vec<i64> = workflow.approvers.iter().map(|approver| approver.id).collect();
    let steps: Vec<_> =
        workflow.steps.iter().map(|step| (step.number.unwrap(), step.approver_ids.clone())).collect();
    assert_eq!(steps, [(1, vec![places[0]]), (2, vec![places[1]]), (3, vec![places[2]])]);
    assert_eq!(workflow.approvers[2].name, "Ellen Sorensen");
    assert_eq!(places, read.approvers.iter().map(|one| one.id.unwrap()).collect::<Vec<_>>());
}

async fn drafts(desk: &Desk) {
    let status = draft_status(desk).await;
    let made = desk.procore.create_submittal_draft(PROJECT, status, &draft(desk, "9")).await.unwrap();
    assert_eq!(made.is_private_draft(), Ok(()));
    assert_eq!((made.number.as_deref(), made.revision.as_deref()), (Some("9"), Some("0")));
    assert_eq!(
        (made.title.as_str(), made.description.as_str()),
        ("Mirrors, product data", "<p>Frameless mirrors.</p>")
    );
    assert_eq!(made.kind.as_ref().unwrap().name, "Product Data");
    assert_eq!(made.specification_section.as_ref().unwrap().id, desk.section("10 28 00"));
    let read: Submittal = desk.procore.submittal(PROJECT, made.id).await.unwrap();
    assert_eq!(read, made);
    assert_eq!(desk.sandbox.mails(), <[String; 0]>::default());
}

#[tokio::test]
async fn submittals_are_read_and_drafted() {
    walk(&Desk::start().await).await;
}

#[tokio::test]
async fn a_number_that_is_taken_is_refused_by_its_field() {
    let desk = Desk::start().await;
    let status = draft_status(&desk).await;
    let taken = desk.procore.create_submittal_draft(PROJECT, status, &draft(&desk, "4")).await.unwrap_err();
    assert_eq!((taken.class(), taken.status()), (procore::Class::Permanent, Some(422)));
    assert!(taken.to_string().contains("fields number"), "{taken}");
    assert_eq!(desk.sandbox.submittals().len(), 9);
}
