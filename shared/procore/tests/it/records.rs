//! Records as they really look, and as they look when half of them is missing.

use jiff::civil::date;
use procore::{
    Attachment, DivisionId, DrawingId, ProjectId, RevisionId, RfiFilter, RfiId, RfiStatus, SectionId,
    SubmittalId, UserId, current_revisions,
};
use serde_json::{Value, json};

use crate::stand_in::{answer, api_requests, client, fixture, ok, server};

const PROJECT: ProjectId = ProjectId::new(4071);

fn recorded(name: &str) -> Value {
    serde_json::from_slice(&fixture(name)).unwrap()
}

#[tokio::test]
async fn an_rfi_is_read_whole() {
    let server = server().await;
    answer(&server, "GET", "/rest/v1.0/projects/4071/rfis/562949953421771", ok(recorded("rfi.json"))).await;
    let rfi = client(&server.uri()).rfi(PROJECT, RfiId::new(562_949_953_421_771)).await.unwrap();
    assert_eq!(
        (rfi.id.get(), rfi.number.as_deref(), rfi.full_number.as_deref()),
        (562_949_953_421_771, Some("17"), Some("RFI-017"))
    );
    assert_eq!((rfi.status, rfi.draft, rfi.private, rfi.deleted), (RfiStatus::Open, false, false, false));
    assert_eq!(rfi.updated_at, Some("2026-06-03T16:22:05Z".parse().unwrap()));
    assert_eq!(rfi.due_date.as_deref(), Some("2026-06-10"));
    assert_eq!(rfi.created_by.unwrap().id, UserId::new(5102));
    assert_eq!(rfi.rfi_manager.unwrap().name, "Tobi Okoye");
    assert_eq!(rfi.assignees.len() + rfi.ball_in_courts.len(), 2);
    assert_eq!(rfi.location.unwrap().name, "Level 2>Corridor 210");
    assert_eq!(
        (rfi.drawing_number.as_deref(), rfi.drawing_ids),
        (Some("A-501"), vec![DrawingId::new(70001), DrawingId::new(70002)])
    );
    let section = rfi.specification_section.unwrap();
    assert_eq!((section.id, section.number.as_deref()), (SectionId::new(3105), Some("10 14 00")));
    assert_eq!(rfi.reference, None);
    let question = &rfi.questions[0];
    assert_eq!(question.plain_text_body, "At what height are room signs mounted?");
    let named = |file: &Attachment| (file.id, file.name.clone(), file.content_type.clone());
    assert_eq!(
        question.attachments.iter().map(named).collect::<Vec<_>>(),
        [
            (Some(441), "photo 210.pdf".to_owned(), None),
            (Some(442), "old.txt".to_owned(), Some("text/plain".to_owned())),
        ]
    );
    let answer = &question.answers[0];
    assert_eq!((answer.official, answer.created_by.as_deref()), (true, Some("Maja Lind")));
    assert_eq!(answer.created_by_id, Some(UserId::new(5104)));
}

#[tokio::test]
async fn a_bare_rfi_is_still_an_rfi() {
    let server = server().await;
    for (body, status) in [
        (json!({"id": 5}), RfiStatus::Other(String::new())),
        (
            json!({"id": "5", "status": null, "questions": null, "assignees": null, "location": {}}),
            RfiStatus::Other(String::new()),
        ),
        (json!({"id": 5, "status": "on_hold", "new_field": {"a": [1]}}), RfiStatus::Other("on_hold".into())),
        (
            json!({"id": 5, "status": "closed_draft", "number": 12, "created_by": "text"}),
            RfiStatus::ClosedDraft,
        ),
    ] {
        server.reset().await;
        crate::stand_in::tokens(&server, 5400).await;
        answer(&server, "GET", "/rest/v1.0/projects/4071/rfis/5", ok(body.clone())).await;
        let rfi = client(&server.uri()).rfi(PROJECT, RfiId::new(5)).await.unwrap();
        assert_eq!((rfi.id, rfi.status, rfi.questions.len()), (RfiId::new(5), status, 0), "{body}");
    }
}

#[tokio::test]
async fn rfis_are_listed_by_status_and_change() {
    let server = server().await;
    let rows = json!([
        {"id": 1, "number": 7, "subject": "Doors", "status": "closed", "private": true,
         "updated_at": "2026-06-01T00:00:00Z", "questions": [{"id": 1, "body": "<p>Which?</p>", "errors": []}, {"id": 2}]},
        {"id": null, "subject": "unreadable"},
        {"id": 2, "questions": null},
    ]);
    answer(&server, "GET", "/rest/v1.0/projects/4071/rfis", ok(rows)).await;
    let filter = RfiFilter {
        statuses: vec![RfiStatus::Closed, RfiStatus::ClosedWithRevision],
        updated_since: Some("2026-05-01T00:00:00Z".parse().unwrap()),
        most_rows: None,
    };
    let rows = client(&server.uri()).rfis(PROJECT, &filter).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.id.get()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((rows[0].number.as_deref(), rows[0].private), (Some("7"), true));
    assert_eq!(rows[0].questions, ["<p>Which?</p>", ""]);
    let query: Vec<_> = api_requests(&server).await[0].url.query_pairs().into_owned().take(3).collect();
    let expected = [
        ("filters[status][]", "closed"),
        ("filters[status][]", "closed_with_revision"),
        ("filters[updated_at]", "2026-05-01T00:00:00Z...2999-12-31T23:59:59Z"),
    ];
    assert_eq!(query, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn every_status_keeps_its_name() {
    for name in ["open", "closed", "draft", "closed_with_revision", "closed_draft", "recycled", "on_hold", ""]
    {
        let status = RfiStatus::from(name.to_owned());
        assert_eq!(status.as_str(), name);
        assert_eq!(matches!(status, RfiStatus::Other(_)), ["on_hold", ""].contains(&name), "{name}");
    }
}

#[tokio::test]
async fn specification_rows_are_revisions() {
    let server = server().await;
    let at = "/rest/v2.1/companies/8001/projects/4071/specification_sections";
    answer(&server, "GET", at, ok(recorded("specification_sections.json"))).await;
    let revisions = client(&server.uri()).specification_revisions(PROJECT).await.unwrap();
    assert_eq!(revisions.len(), 2);
    let current = current_revisions(revisions);
    assert_eq!(current.len(), 1);
    assert_eq!(current[0].revision_id, RevisionId::new(562_949_953_429_900));
    assert_eq!(current[0].section_id, SectionId::new(3105));
    assert_eq!((&*current[0].number, &*current[0].description), ("10 14 00", "Signage"));
    assert_eq!(api_requests(&server).await[0].url.query(), Some("page=1&per_page=100"));
}

#[tokio::test]
async fn a_revision_reads_the_same_in_both_versions() {
    let server = server().await;
    let older = json!([{"id": 88101, "specification_section_id": 3105, "specification_section_division_id": 71,
        "specification_set_id": 5, "number": "10 14 00", "description": "Signage", "revision": "0",
        "issued_date": "2026-01-15", "received_date": "2026-01-16", "updated_at": "2026-01-16T10:00:00Z",
        "url": "https://storage.procore.com/s/88101.pdf?sig=x", "custom_fields": {}}]);
    answer(&server, "GET", "/rest/v1.0/specification_section_revisions", ok(older)).await;
    let newer = "/rest/v2.1/companies/8001/projects/4071/specification_sections";
    answer(&server, "GET", newer, ok(recorded("specification_sections.json"))).await;
    let sections = json!([
        {"id": 3105, "number": "10 14 00", "description": "Signage", "label": "x", "current_revision_id": 88101},
        {"id": 3106, "number": "10 28 00", "description": null, "current_revision_id": null},
    ]);
    answer(&server, "GET", "/rest/v1.0/specification_sections", ok(sections)).await;
    let procore = client(&server.uri());
    let from_old = procore.specification_revisions_of(PROJECT, DivisionId::new(71)).await.unwrap();
    let mut from_new = procore.specification_revisions_matching(PROJECT, "10 14 00").await.unwrap();
    from_new[0].created_at = None; // v1.0 does not state it
    assert_eq!(from_old[0], from_new[0]);
    let sections = procore.specification_sections(PROJECT).await.unwrap();
    assert_eq!(sections[0].current_revision_id, Some(from_old[0].revision_id));
    assert_eq!((sections[0].id, &*sections[0].number), (from_old[0].section_id, "10 14 00"));
    assert_eq!((sections[1].current_revision_id, &*sections[1].description), (None, ""));
}

#[tokio::test]
async fn a_submittal_is_read_whole() {
    let server = server().await;
    let approver = |id: i64, response: Value| {
        json!({"id": id, "approver_type": "Approver", "comment": "<p>See note.</p>", "response": response,
            "response_required": true, "workflow_group_number": 1, "sent_date": "2026-06-01",
            "returned_date": "2026-06-04", "due_date": "2026-06-08", "distributed": false,
            "user": {"id": 5104, "login": "m@example.com", "name": "Maja Lind"}, "attachments": []})
    };
    let response = json!({"id": 3, "name": "Revise", "considered": "revise and resubmit"});
    let body = json!({"id": 31, "number": "7", "formatted_number": "10 14 00-7", "revision": "1",
        "current_revision": true, "title": "Room signs", "description": null, "private": false,
        "status": {"id": 2, "name": "Under review", "status": "Open"},
        "type": {"id": 4, "name": "Shop Drawing", "translated_name": "Shop Drawing"},
        "specification_section": {"id": 3105, "number": "10 14 00", "description": "Signage", "label": "x",
            "current_revision_id": 88101},
        "approvers": [approver(9, response), approver(10, json!(null))],
        "ball_in_court": [{"id": 5104, "name": "Maja Lind"}], "distribution_members": [],
        "responsible_contractor": {"id": 21, "name": "Signmakers"}, "due_date": "2026-06-08",
        "attachments": [{"id": 441, "filename": "signs.pdf", "url": "https://files.example/1"}]});
    let at = "/rest/v1.1/projects/4071/submittals";
    answer(&server, "GET", &format!("{at}/31"), ok(body)).await;
    let workflow = json!({"steps": [{"id": 1, "number": 1, "approver_ids": [9, "10"]}],
        "approvers": [{"id": 9, "name": "Maja Lind", "response_required": true, "days_to_respond": 5}]});
    answer(&server, "GET", &format!("{at}/31/workflow_data"), ok(workflow)).await;
    let procore = client(&server.uri());
    let submittal = procore.submittal(PROJECT, SubmittalId::new(31)).await.unwrap();
    assert_eq!((&*submittal.status.name, submittal.status.is_draft()), ("Under review", false));
    assert_eq!(submittal.kind.unwrap().name, "Shop Drawing");
    let section = submittal.specification_section.unwrap();
    assert_eq!(section.current_revision_id, Some(RevisionId::new(88101)));
    let answered = submittal.approvers[0].response.as_ref().unwrap();
    assert_eq!(answered.considered.as_deref(), Some("revise and resubmit"));
    assert_eq!(submittal.approvers[0].returned_date, Some(date(2026, 6, 4)));
    assert!(submittal.approvers[1].response.is_none() && submittal.approvers[1].response_required);
    assert_eq!(submittal.attachments[0].name, "signs.pdf");
    assert_eq!(submittal.ball_in_court[0].id, UserId::new(5104));
    let workflow = procore.submittal_workflow(PROJECT, SubmittalId::new(31)).await.unwrap();
    assert_eq!((workflow.steps[0].number, &*workflow.steps[0].approver_ids), (Some(1), &[9, 10][..]));
    assert_eq!(workflow.approvers[0].days_to_respond, Some(5));
}

#[tokio::test]
async fn a_directory_and_its_secrecy() {
    let server = server().await;
    let rows = json!([
        {"id": 5101, "first_name": "Tobi", "last_name": "Okoye", "name": "Tobi Okoye", "initials": "TO",
         "email_address": "t@example.com", "is_active": true, "is_employee": true,
         "vendor": {"id": 21, "name": "Builders"}},
        {"id": "5102", "name": "Maja Lind", "is_active": false, "vendor": null},
        {"name": "nobody"},
    ]);
    answer(&server, "GET", "/rest/v1.0/projects/4071/users", ok(rows)).await;
    let users = client(&server.uri()).project_users(PROJECT).await.unwrap();
    assert_eq!(users.iter().map(|user| user.id.get()).collect::<Vec<_>>(), [5101, 5102]);
    assert_eq!(users[0].vendor.as_ref().map(|vendor| &*vendor.name), Some("Builders"));
    assert!(users[0].is_active && users[0].is_employee && !users[1].is_active && !users[1].is_employee);
    let shown = format!("{users:?}");
    assert!(!shown.contains("Okoye") && !shown.contains("example.com"), "{shown}");
}

#[tokio::test]
async fn a_project_and_ourselves() {
    let server = server().await;
    let project = json!({"id": 4071, "name": "Clinic", "display_name": "12 - Clinic", "project_number": "12",
        "tz_name": "America/Los_Angeles", "time_zone": "Pacific Time (US & Canada)", "active": true});
    answer(&server, "GET", "/rest/v1.0/projects/4071", ok(project)).await;
    answer(&server, "GET", "/rest/v1.0/projects/4072", ok(json!({"id": "4072", "active": false}))).await;
    answer(
        &server,
        "GET",
        "/rest/v1.0/me",
        ok(json!({"id": 990001, "login": "p@service.example", "name": "Plumbline"})),
    )
    .await;
    let procore = client(&server.uri());
    let project = procore.project(PROJECT).await.unwrap();
    assert_eq!(
        (project.number.as_deref(), project.time_zone.as_deref()),
        (Some("12"), Some("America/Los_Angeles"))
    );
    assert_eq!(api_requests(&server).await[0].url.query(), Some("company_id=8001"));
    assert!(project.active && !procore.project(ProjectId::new(4072)).await.unwrap().active);
    assert_eq!(procore.me().await.unwrap().id, UserId::new(990_001));
}
