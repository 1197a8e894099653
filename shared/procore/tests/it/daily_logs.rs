//! Entries of daily logs as they really look: what a summary of the day adds up.

use jiff::civil::date;
use procore::daily_logs::{Details, LogEntry, LogFamily};
use procore::{Procore, ProjectId};
use serde_json::{Value, json};

use crate::stand_in::{answer, client, ok, server};

const PROJECT: ProjectId = ProjectId::new(4071);

async fn entries(family: LogFamily, path: &str, rows: Value) -> Vec<LogEntry> {
    let server = server().await;
    answer(&server, "GET", &format!("/rest/{path}"), ok(rows)).await;
    let procore: Procore = client(&server.uri());
    procore.log_entries(PROJECT, family, date(2026, 6, 3)).await.unwrap()
}

#[tokio::test]
async fn people_and_hours_are_kept_as_stated() {
    let rows = json!([
        {"id": 501, "date": "2026-06-03", "datetime": "2026-06-03T19:00:00Z", "status": "approved",
         "num_workers": 4, "num_hours": "8.25", "man_hours": "33.0", "notes": "Framing",
         "vendor": {"id": 21, "name": "Builders"}, "trade": {"id": 2, "name": "Carpentry"},
         "location": {"id": 61, "name": "Level 2"}, "created_by": {"id": 5101, "name": "T"}},
        {"id": 502, "num_workers": "2", "num_hours": 8, "man_hours": 16.5, "status": "pending"},
        {"id": 503, "num_workers": "several", "man_hours": null, "status": "APPROVED", "vendor": {}},
        {"id": 504, "status": "approved", "deleted_at": "2026-06-03T20:00:00Z"},
        {"num_workers": 9},
    ]);
    let entries = entries(LogFamily::Manpower, "v1.0/projects/4071/manpower_logs", rows).await;
    let read: Vec<_> = entries
        .iter()
        .map(|entry| match &entry.details {
            Details::Manpower(crew) => {
                (entry.id.get(), crew.workers, crew.hours.as_deref(), entry.is_approved())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        read,
        [
            (501, Some(4), Some("33.0"), true),
            (502, Some(2), Some("16.5"), false),
            (503, None, None, true),
            (504, None, None, false),
        ]
    );
    assert_eq!(entries[0].family(), LogFamily::Manpower);
    assert_eq!(entries[0].date, Some(date(2026, 6, 3)));
    assert_eq!(entries[0].vendor.as_ref().map(|vendor| &*vendor.name), Some("Builders"));
    assert_eq!(entries[0].location.as_ref().map(|location| &*location.name), Some("Level 2"));
}

/// The members a summary needs, each family's by the names its list has them under.
#[test]
fn every_family_reads_its_own_members() {
    for (family, row, expected) in [
        (
            LogFamily::Accident,
            json!({"involved_name": "A", "involved_company": "B", "time_hour": 9, "time_minute": 5, "comments": "cut"}),
            r#"involved_name: Some("A"), involved_company: Some("B"), hour: Some(9), minute: Some(5), comments: "cut""#,
        ),
        (
            LogFamily::Call,
            json!({"subject_from": "A", "subject_to": "B", "description": "x", "start_hour": 9, "start_minute": 0}),
            r#"from: Some("A"), to: Some("B"), description: "x", start_hour: Some(9), start_minute: Some(0)"#,
        ),
        (
            LogFamily::ConstructionReport,
            json!({"number_of_foreman_workers": 1, "foreman_hours": "8.0", "number_of_journeyman_workers": 2,
                "journeyman_hours": "16", "number_of_apprentice_workers": 3, "apprentice_hours": "24",
                "number_of_other_workers": 4, "other_hours": "1.5", "trade": {"id": 2, "name": "T"}, "notes": "n"}),
            r#"foremen: Some(1), foreman_hours: Some("8.0"), journeymen: Some(2), journeyman_hours: Some("16"), apprentices: Some(3), apprentice_hours: Some("24"), others: Some(4), other_hours: Some("1.5"), trade: Some(Named { id: Some(2), name: "T" }), notes: "n""#,
        ),
        (
            LogFamily::Delay,
            json!({"delay_type": "Rain", "duration": 90, "start_time_hour": 7.0, "start_time_minute": 30,
                "end_time_hour": 9, "end_time_minute": 0.0, "comments": "wet"}),
            r#"kind: Some("Rain"), duration: Some("90"), start_hour: Some(7), start_minute: Some(30), end_hour: Some(9), end_minute: Some(0), comments: "wet""#,
        ),
        (
            LogFamily::Delivery,
            json!({"delivery_from": "A", "contents": "Doors", "tracking_number": 12, "time_hour": 8, "time_minute": 15}),
            r#"from: Some("A"), contents: "Doors", tracking_number: Some("12"), hour: Some(8), minute: Some(15), comments: """#,
        ),
        (
            LogFamily::Dumpster,
            json!({"quantity_delivered": 1, "quantity_removed": "2"}),
            r#"delivered: Some(1), removed: Some(2), comments: """#,
        ),
        (
            LogFamily::Equipment,
            json!({"equipment": {"id": 3, "name": "Crane"}, "hours_operating": "4.5", "hours_idle": "1", "inspected": true}),
            r#"equipment: Some(Named { id: Some(3), name: "Crane" }), hours_operating: Some("4.5"), hours_idle: Some("1"), inspected: true, notes: """#,
        ),
        (
            LogFamily::Inspection,
            json!({"inspection_type": "Fire", "inspecting_entity": "City", "inspector_name": "A", "area": "L2",
                "start_hour": 9, "start_minute": 0, "end_hour": 10, "end_minute": 30, "comments": "passed"}),
            r#"kind: Some("Fire"), entity: Some("City"), inspector: Some("A"), area: Some("L2"), start_hour: Some(9), start_minute: Some(0), end_hour: Some(10), end_minute: Some(30), comments: "passed""#,
        ),
        (
            LogFamily::Note,
            json!({"comment": "Quiet day", "is_issue_day": false}),
            r#"comment: "Quiet day", is_issue_day: false"#,
        ),
        (
            LogFamily::PlanRevision,
            json!({"plan_number": "A-501", "revision": 2, "title": "Details", "category": "A", "comments": null}),
            r#"plan_number: Some("A-501"), revision: Some("2"), title: "Details", category: Some("A"), comments: """#,
        ),
        (
            LogFamily::Productivity,
            json!({"company": "A", "contract": "B", "line_item_description": "Pipe", "quantity_delivered": "10",
                "quantity_used": "2.5", "previously_delivered": "0", "previously_used": null, "notes": "n"}),
            r#"company: Some("A"), contract: Some("B"), line_item: Some("Pipe"), delivered: Some("10"), used: Some("2.5"), previously_delivered: Some("0"), previously_used: None, notes: "n""#,
        ),
        (
            LogFamily::Quantity,
            json!({"quantity": 12.5, "unit": "m3", "description": "Concrete", "cost_code": {"id": 1, "name": "C"}}),
            r#"quantity: Some("12.5"), unit: Some("m3"), description: "Concrete", cost_code: Some(Named { id: Some(1), name: "C" })"#,
        ),
        (
            LogFamily::SafetyViolation,
            json!({"subject": "Hard hat", "safety_notice": "7", "issued_to": "B", "compliance_due": "2026-06-05",
                "time_hour": 14, "time_minute": 0}),
            r#"subject: "Hard hat", safety_notice: Some("7"), issued_to: Some("B"), compliance_due: Some(2026-06-05), hour: Some(14), minute: Some(0), comments: """#,
        ),
        (
            LogFamily::ScheduledWork,
            json!({"resource_name": "Crew", "showed": true, "workers": 3, "hours": 8.0, "reimbursable": false}),
            r#"resource_name: Some("Crew"), showed: true, workers: Some(3), hours: Some("8.0"), reimbursable: false, comments: """#,
        ),
        (
            LogFamily::Visitor,
            json!({"subject": "Inspector", "details": "Walk", "begin_hour": 9, "begin_minute": 0, "end_hour": 10, "end_minute": 0}),
            r#"subject: "Inspector", details: "Walk", begin_hour: Some(9), begin_minute: Some(0), end_hour: Some(10), end_minute: Some(0)"#,
        ),
        (
            LogFamily::Waste,
            json!({"material": "Wood", "approximate_quantity": 3, "method_of_disposal": "Recycled", "disposal_location": "Yard"}),
            r#"material: Some("Wood"), quantity: Some("3"), method: Some("Recycled"), place: Some("Yard"), description: """#,
        ),
        (
            LogFamily::Weather,
            json!({"sky": "Rain", "temperature": "Mild", "average": "61", "wind": "Calm", "ground": "Wet/Muddy",
                "precipitation": "0.2", "calamity": null, "is_weather_delay": "1", "comments": "Stopped at 10"}),
            r#"sky: Some("Rain"), temperature: Some("Mild"), average: Some("61"), wind: Some("Calm"), ground: Some("Wet/Muddy"), precipitation: Some("0.2"), calamity: None, delay: Some("1"), comments: "Stopped at 10""#,
        ),
    ] {
        let mut row = row;
        row["id"] = json!("5982324300946918154");
        let entry = LogEntry::read(family, &row).unwrap();
        let shown = format!("{:?}", entry.details);
        assert!(shown.contains(&format!("{{ {expected} }}")), "{family:?}\n{shown}\n{expected}");
        assert_eq!((entry.id.get(), entry.family()), (5_982_324_300_946_918_154, family));
        assert!(entry.is_approved() && entry.status.is_none(), "{family:?}");
    }
}

#[test]
fn every_family_has_a_path_of_its_own() {
    let mut paths = LogFamily::ALL.map(LogFamily::as_str).to_vec();
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(paths.len(), LogFamily::ALL.len());
}

#[tokio::test]
async fn a_day_is_complete_or_not_and_has_its_counts() {
    let server = server().await;
    let header = json!({"id": 71, "log_date": "2026-06-03", "completed": true, "distributed": false,
        "completed_at": "2026-06-04T02:00:00Z", "completed_by": {"id": 5101, "name": "T"}});
    answer(&server, "GET", "/rest/v1.0/projects/4071/daily_log_headers", ok(header)).await;
    let counts = json!([{"module_name": "manpower_log", "count": 4, "position": 1}, {"count": "2"}]);
    answer(&server, "GET", "/rest/v1.1/projects/4071/daily_logs/counts", ok(counts)).await;
    let procore = client(&server.uri());
    let header = procore.log_header(PROJECT, date(2026, 6, 3)).await.unwrap();
    assert_eq!((header.id, header.log_date), (Some(71), Some(date(2026, 6, 3))));
    assert!(header.completed && !header.distributed && header.completed_at.is_some());
    let counts = procore.log_counts(PROJECT, date(2026, 6, 3)).await.unwrap();
    assert_eq!(
        counts.iter().map(|row| (&*row.module, row.count)).collect::<Vec<_>>(),
        [("manpower_log", Some(4)), ("", Some(2))]
    );
}
