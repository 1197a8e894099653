//! What each resource asks for: method, path, query and body, exactly.

use std::fmt::Debug;

use jiff::civil::date;
use procore::daily_logs::{LogDays, LogFamily};
use procore::{
    CorrespondenceTypeId, DivisionId, DraftStatus, DrawingAreaId, DrawingFilter, DrawingId,
    DrawingRevisionId, DrawingSetId, Error, Procore, ProjectId, RfiDraft, RfiDraftChange, RfiId, SectionId,
    SubmittalDraft, SubmittalFilter, SubmittalId, SubmittalStatusId, UserId,
};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer};

use crate::stand_in::{answer, api_requests, client, ok, server};

const PROJECT: ProjectId = ProjectId::new(4071);
const PAGED: &str = "page=1&per_page=100";

/// A server that takes everything: its answer is a record and a list at once.
pub(crate) async fn willing() -> (MockServer, Procore) {
    let server = server().await;
    Mock::given(any()).respond_with(ok(json!({"id": 1, "data": []}))).with_priority(250).mount(&server).await;
    let procore = client(&server.uri());
    (server, procore)
}

/// What one call sends, as `METHOD path?query`.
pub(crate) async fn sent<T: Debug>(
    server: &MockServer,
    call: impl Future<Output = Result<T, Error>>,
) -> Vec<(String, Value)> {
    let before = api_requests(server).await.len();
    call.await.unwrap();
    let requests = api_requests(server).await.split_off(before);
    let line = |request: &wiremock::Request| {
        let query: Vec<_> = request.url.query_pairs().map(|(key, value)| format!("{key}={value}")).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{} {}{mark}{}", request.method, request.url.path(), query.join("&"))
    };
    let body = |request: &wiremock::Request| serde_json::from_slice(&request.body).unwrap_or(Value::Null);
    requests.iter().map(|request| (line(request), body(request))).collect()
}

/// Asserts that a call sends one read, and that.
macro_rules! asks {
    ($server:expr, $($call:expr => $expected:expr),+ $(,)?) => {$(
        assert_eq!(sent(&$server, $call).await, [(format!("GET {}", $expected), Value::Null)]);
    )+};
}

#[tokio::test]
async fn projects_people_and_places() {
    let (server, procore) = willing().await;
    asks!(server,
        procore.projects() => format!("/rest/v1.0/projects?company_id=8001&{PAGED}"),
        procore.project(PROJECT) => "/rest/v1.0/projects/4071?company_id=8001",
        procore.project_users(PROJECT) => format!("/rest/v1.0/projects/4071/users?{PAGED}"),
        procore.project_user(PROJECT, UserId::new(5101)) => "/rest/v1.0/projects/4071/users/5101",
        procore.company_base() => "/rest/v1.0/company_base_url",
        procore.locations(PROJECT) => format!("/rest/v1.0/projects/4071/locations?{PAGED}"),
        procore.correspondence_types(PROJECT) =>
            format!("/rest/v1.0/companies/8001/generic_tools?filters[project_id]=4071&{PAGED}"),
        procore.correspondence_type_statuses(CorrespondenceTypeId::new(77)) =>
            format!("/rest/v1.0/companies/8001/generic_tools/77/statuses?{PAGED}"),
    );
}

#[tokio::test]
async fn rfis() {
    let (server, procore) = willing().await;
    let rfi = RfiId::new(12);
    asks!(server,
        procore.rfi(PROJECT, rfi) => "/rest/v1.0/projects/4071/rfis/12",
        procore.rfi_replies(PROJECT, rfi) => format!("/rest/v1.0/projects/4071/rfis/12/replies?{PAGED}"),
        procore.potential_rfi_managers(PROJECT) =>
            format!("/rest/v1.0/projects/4071/rfis/potential_rfi_managers?{PAGED}"),
        procore.rfi_default_distribution(PROJECT) =>
            format!("/rest/v1.0/projects/4071/rfis/default_distribution?{PAGED}"),
    );
    let draft = RfiDraft {
        subject: "Doors".into(),
        question: "<p>Which?</p>".into(),
        rfi_manager: UserId::new(5101),
        location: None,
        drawing_number: None,
        specification_section: Some(SectionId::new(3105)),
        reference: None,
    };
    assert_eq!(
        sent(&server, procore.create_rfi_draft(PROJECT, &draft)).await,
        [(
            "POST /rest/v1.0/projects/4071/rfis".to_owned(),
            json!({"rfi": {"draft": true, "private": true, "subject": "Doors", "rfi_manager_id": 5101,
                "question": {"body": "<p>Which?</p>"}, "specification_section_id": 3105}}),
        )]
    );
    let change = RfiDraftChange { subject: Some("Doors".into()), ..RfiDraftChange::default() };
    assert_eq!(
        sent(&server, procore.update_rfi_draft(PROJECT, rfi, &change)).await,
        [(
            "PATCH /rest/v1.0/projects/4071/rfis/12".to_owned(),
            json!({"rfi": {"draft": true, "subject": "Doors"}})
        )]
    );
}

#[tokio::test]
async fn submittals() {
    let (server, procore) = willing().await;
    let at = "/rest/v1.1/projects/4071/submittals";
    let one = SubmittalId::new(31);
    let filter = SubmittalFilter {
        sections: vec![SectionId::new(3105), SectionId::new(3106)],
        statuses: vec![SubmittalStatusId::new(2)],
        ball_in_court: Some(UserId::new(5101)),
        current_revisions_only: true,
        updated_since: Some("2026-06-01T00:00:00Z".parse().unwrap()),
        most_rows: None,
    };
    asks!(server,
        procore.submittal(PROJECT, one) => format!("{at}/31"),
        procore.submittals(PROJECT, &SubmittalFilter::default()) => format!("{at}?{PAGED}"),
        procore.submittals(PROJECT, &filter) => format!(
            "{at}?filters[specification_section_id][]=3105&filters[specification_section_id][]=3106&\
             filters[status_id][]=2&filters[ball_in_court_id]=5101&filters[current_revision]=true&\
             filters[updated_at]=2026-06-01T00:00:00Z...2999-12-31T23:59:59Z&{PAGED}"
        ),
        procore.submittal_revisions(PROJECT, one) => format!("{at}/31/revisions?{PAGED}"),
        procore.submittal_workflow(PROJECT, one) => format!("{at}/31/workflow_data"),
        procore.submittal_statuses() => format!("/rest/v1.0/companies/8001/submittal_statuses?{PAGED}"),
        procore.submittal_responses(PROJECT) =>
            format!("/rest/v1.0/projects/4071/submittal_responses?{PAGED}"),
        procore.submittal_types() => "/rest/v1.0/companies/8001/submittal_types",
        procore.next_submittal_number(PROJECT, None) => format!("{at}/next_available_number"),
        procore.next_submittal_number(PROJECT, Some(SectionId::new(3105))) =>
            format!("{at}/next_available_number/3105"),
    );
}

#[tokio::test]
async fn a_submittal_is_made_in_the_status_that_is_proven_to_be_draft() {
    let (server, procore) = willing().await;
    let rows = json!([
        {"id": 1, "name": "Draft", "status": "Open"},
        {"id": "2", "name": "In preparation", "status": "draft"},
        {"id": 3, "name": "Closed", "status": "Closed"},
    ]);
    answer(&server, "GET", "/rest/v1.0/companies/8001/submittal_statuses", ok(rows)).await;
    answer(
        &server,
        "GET",
        "/rest/v1.1/projects/4071/submittals/next_available_number",
        ok(json!({"next_number": 7})),
    )
    .await;
    let statuses = procore.submittal_statuses().await.unwrap();
    let drafts: Vec<DraftStatus> = statuses.iter().filter_map(DraftStatus::of).collect();
    assert_eq!(drafts.iter().map(|status| status.id().get()).collect::<Vec<_>>(), [2]);
    assert_eq!((statuses[1].name(), statuses[1].status()), ("In preparation", Some("draft")));
    let draft = SubmittalDraft {
        number: procore.next_submittal_number(PROJECT, None).await.unwrap().unwrap(),
        title: "Doors".into(),
        description: "<p>text</p>".into(),
        kind: None,
        specification_section: Some(SectionId::new(3105)),
    };
    assert_eq!(
        sent(&server, procore.create_submittal_draft(PROJECT, drafts[0], &draft)).await,
        [(
            "POST /rest/v1.1/projects/4071/submittals?send_emails=false".to_owned(),
            json!({"submittal": {"status_id": 2, "private": true, "number": "7", "title": "Doors",
                "description": "<p>text</p>", "specification_section_id": 3105}}),
        )]
    );
}

#[tokio::test]
async fn specifications_and_drawings() {
    let (server, procore) = willing().await;
    let filter = DrawingFilter {
        drawing: Some(DrawingId::new(70)),
        set: Some(DrawingSetId::new(8)),
        text: Some("A-501".into()),
        with_obsolete: true,
        updated_since: Some("2026-06-01T00:00:00Z".parse().unwrap()),
    };
    let revisions = "/rest/v1.0/projects/4071/drawing_revisions";
    let v2 = "/rest/v2.1/companies/8001/projects/4071/specification_sections";
    asks!(server,
        procore.specification_sections(PROJECT) => "/rest/v1.0/specification_sections?project_id=4071",
        procore.specification_divisions(PROJECT) =>
            format!("/rest/v1.0/specification_section_divisions?project_id=4071&{PAGED}"),
        procore.specification_revisions_of(PROJECT, DivisionId::new(10)) => format!(
            "/rest/v1.0/specification_section_revisions?project_id=4071&\
             specification_section_division_id=10&{PAGED}"
        ),
        procore.specification_revisions(PROJECT) => format!("{v2}?{PAGED}"),
        procore.specification_revisions_matching(PROJECT, "10 14 00") =>
            format!("{v2}?search_string=10 14 00&{PAGED}"),
        procore.drawing_areas(PROJECT) => format!("/rest/v1.0/projects/4071/drawing_areas?{PAGED}"),
        procore.drawings(PROJECT, DrawingAreaId::new(5)) =>
            format!("/rest/v1.1/drawing_areas/5/drawings?project_id=4071&{PAGED}"),
        procore.drawing_revisions(PROJECT, &DrawingFilter::default()) => format!("{revisions}?{PAGED}"),
        procore.drawing_revisions(PROJECT, &filter) => format!(
            "{revisions}?drawing_id=70&drawing_set_id=8&query=A-501&with_obsolete=true&\
             filters[updated_at]=2026-06-01T00:00:00Z...2999-12-31T23:59:59Z&{PAGED}"
        ),
        procore.drawing_revision(PROJECT, DrawingRevisionId::new(9)) => format!("{revisions}/9"),
    );
}

#[tokio::test]
async fn every_family_of_a_daily_log() {
    let (server, procore) = willing().await;
    let day = date(2026, 6, 3);
    let all = "&filters[status]=all";
    for (family, path, status, paged) in [
        (LogFamily::Accident, "v1.0/projects/4071/accident_logs", "", true),
        (LogFamily::Call, "v1.0/projects/4071/call_logs", "", true),
        (LogFamily::ConstructionReport, "v1.0/projects/4071/daily_construction_report_logs", all, true),
        (LogFamily::Delay, "v1.0/projects/4071/delay_logs", "", true),
        (LogFamily::Delivery, "v1.0/projects/4071/delivery_logs", all, true),
        (LogFamily::Dumpster, "v1.0/projects/4071/dumpster_logs", "", true),
        (LogFamily::Equipment, "v1.0/projects/4071/equipment_logs", "", true),
        (LogFamily::Inspection, "v1.0/projects/4071/inspection_logs", "", true),
        (LogFamily::Manpower, "v1.0/projects/4071/manpower_logs", all, true),
        (LogFamily::Note, "v1.0/projects/4071/notes_logs", all, true),
        (LogFamily::PlanRevision, "v1.0/projects/4071/plan_revision_logs", "", false),
        (LogFamily::Productivity, "v1.0/projects/4071/productivity_logs", "", true),
        (LogFamily::Quantity, "v1.0/projects/4071/quantity_logs", "", true),
        (LogFamily::SafetyViolation, "v1.0/projects/4071/safety_violation_logs", "", true),
        (LogFamily::ScheduledWork, "v1.0/projects/4071/work_logs", "", true),
        (LogFamily::Visitor, "v1.0/projects/4071/visitor_logs", "", true),
        (LogFamily::Waste, "v1.0/projects/4071/waste_logs", "", true),
        (LogFamily::Weather, "v1.1/projects/4071/daily_logs/weather_logs", all, true),
    ] {
        let pages = if paged { format!("&{PAGED}") } else { String::new() };
        asks!(server,
            procore.log_entries(PROJECT, family, day) =>
                format!("/rest/{path}?log_date=2026-06-03{status}{pages}"),
        );
    }
    let days = LogDays::Span { first: day, last: date(2026, 6, 5) };
    let daily = "/rest/v1.0/projects/4071/daily_log_headers";
    asks!(server,
        procore.log_entries(PROJECT, LogFamily::Note, days) => format!(
            "/rest/v1.0/projects/4071/notes_logs?start_date=2026-06-03&end_date=2026-06-05{all}&{PAGED}"
        ),
        procore.log_counts(PROJECT, day) =>
            format!("/rest/v1.1/projects/4071/daily_logs/counts?log_date=2026-06-03{all}&{PAGED}"),
        procore.log_header(PROJECT, day) => format!("{daily}?log_date=2026-06-03"),
        procore.log_headers(PROJECT, day, date(2026, 6, 5)) =>
            format!("{daily}/index?start_date=2026-06-03&end_date=2026-06-05&{PAGED}"),
    );
}

#[tokio::test]
async fn weather_is_asked_of_the_older_version_where_the_newer_is_not_there() {
    for (status, expected) in [(404, Some(1)), (406, Some(1)), (410, Some(1)), (403, None), (422, None)] {
        let server = server().await;
        let older = json!([{"id": 5, "date": "2026-06-03", "sky": "Rain", "is_weather_delay": "1"}]);
        let newer = wiremock::ResponseTemplate::new(status);
        answer(&server, "GET", "/rest/v1.1/projects/4071/daily_logs/weather_logs", newer).await;
        answer(&server, "GET", "/rest/v1.0/projects/4071/weather_logs", ok(older)).await;
        let procore = client(&server.uri());
        let entries = procore.log_entries(PROJECT, LogFamily::Weather, date(2026, 6, 3)).await;
        assert_eq!(entries.ok().map(|entries| entries.len()), expected, "{status}");
        let last = api_requests(&server).await.pop().unwrap();
        let query = last.url.query().unwrap().to_owned();
        assert_eq!(query.contains("status"), expected.is_none(), "{status}: {query}");
    }
}

#[tokio::test]
async fn links_lead_to_procore_or_nowhere() {
    for (body, zone, web) in [
        (
            json!({"zone": "us02", "web_base_url": "https://us02.procore.com"}),
            Some("us02"),
            Some("https://us02.procore.com/"),
        ),
        (json!({"zone": "us01", "web_base_url": "https://evil.example"}), Some("us01"), None),
        (json!({"web_base_url": "http://us02.procore.com"}), None, None),
        (json!({"web_base_url": null}), None, None),
    ] {
        let server = server().await;
        answer(&server, "GET", "/rest/v1.0/company_base_url", ok(body.clone())).await;
        let base = client(&server.uri()).company_base().await.unwrap();
        assert_eq!((base.zone.as_deref(), base.web.as_ref().map(|url| url.as_str())), (zone, web), "{body}");
    }
}
