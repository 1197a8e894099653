//! Daily logs: every family, headers and counts.

use procore::daily_logs::{Details, LogDays, LogEntry, LogFamily};
use sandbox::{Fault, LogFamily as Kept, NewLogEntry};
use serde_json::{Value, json};

use super::{Desk, PROJECT};

/// What a family's entry must say; for a family of which the seed has none, with an entry to say it.
struct Case {
    family: LogFamily,
    added: Option<(Kept, Value)>,
    says: fn(&Details) -> bool,
}

fn cases() -> Vec<Case> {
    let seeded = |family, says| Case { family, added: None, says };
    let added = |family, kept, fields, says| Case { family, added: Some((kept, fields)), says };
    vec![
        added(
            LogFamily::Accident,
            Kept::Accident,
            json!({ "involved_name": "A visitor", "time_hour": 9, "time_minute": 5, "comments": "Slipped." }),
            |of| matches!(of, Details::Accident(one) if (one.hour, one.minute) == (Some(9), Some(5)) && one.comments == "Slipped."),
        ),
        added(
            LogFamily::Call,
            Kept::Call,
            json!({ "subject_from": "City", "subject_to": "Site", "description": "Inspection moved." }),
            |of| matches!(of, Details::Call(one) if one.from.as_deref() == Some("City") && one.description == "Inspection moved."),
        ),
        added(
            LogFamily::ConstructionReport,
            Kept::DailyConstructionReport,
            json!({ "number_of_foreman_workers": 1, "journeyman_hours": "24.0", "trade": { "id": 3, "name": "Tile" } }),
            |of| matches!(of, Details::ConstructionReport(one) if one.foremen == Some(1) && one.journeyman_hours.as_deref() == Some("24.0") && one.trade.as_ref().unwrap().name == "Tile"),
        ),
        seeded(
            LogFamily::Delay,
            |of| matches!(of, Details::Delay(one) if one.kind.as_deref() == Some("Weather") && one.duration.as_deref() == Some("2") && one.start_minute == Some(30)),
        ),
        seeded(
            LogFamily::Delivery,
            |of| matches!(of, Details::Delivery(one) if one.contents == "Hollow metal frames, 14 pieces" && one.from.as_deref() == Some("Key and Frame Supply") && one.hour == Some(10)),
        ),
        added(
            LogFamily::Dumpster,
            Kept::Dumpster,
            json!({ "quantity_delivered": 1, "quantity_removed": 2 }),
            |of| matches!(of, Details::Dumpster(one) if (one.delivered, one.removed) == (Some(1), Some(2))),
        ),
        seeded(
            LogFamily::Equipment,
            |of| matches!(of, Details::Equipment(one) if one.hours_idle.as_deref() == Some("3.0") && one.inspected && one.notes == "Skid steer."),
        ),
        seeded(
            LogFamily::Inspection,
            |of| matches!(of, Details::Inspection(one) if one.kind.as_deref() == Some("Under-slab plumbing") && one.end_minute == Some(40)),
        ),
        seeded(
            LogFamily::Manpower,
            |of| matches!(of, Details::Manpower(one) if one.workers == Some(6) && one.hours_each.as_deref() == Some("8.0") && one.hours.as_deref() == Some("48.0")),
        ),
        seeded(
            LogFamily::Note,
            |of| matches!(of, Details::Note(one) if one.comment.starts_with("Vapor retarder laid") && !one.is_issue_day),
        ),
        added(
            LogFamily::PlanRevision,
            Kept::PlanRevision,
            json!({ "plan_number": "A-501", "revision": "2", "title": "Toilet rooms" }),
            |of| matches!(of, Details::PlanRevision(one) if one.plan_number.as_deref() == Some("A-501") && one.title == "Toilet rooms"),
        ),
        added(
            LogFamily::Productivity,
            Kept::Productivity,
            json!({ "company": "Terra Tile", "quantity_delivered": "120.5", "quantity_used": "80" }),
            |of| matches!(of, Details::Productivity(one) if one.delivered.as_deref() == Some("120.5") && one.used.as_deref() == Some("80")),
        ),
        added(
            LogFamily::Quantity,
            Kept::Quantity,
            json!({ "quantity": 40, "unit": "m2", "description": "Retarder" }),
            |of| matches!(of, Details::Quantity(one) if one.quantity.as_deref() == Some("40") && one.unit.as_deref() == Some("m2")),
        ),
        added(
            LogFamily::SafetyViolation,
            Kept::SafetyViolation,
            json!({ "subject": "No helmet", "issued_to": "A crew", "compliance_due": "2026-06-04", "time_hour": 14 }),
            |of| matches!(of, Details::SafetyViolation(one) if one.subject == "No helmet" && one.compliance_due == "2026-06-04".parse().ok() && one.hour == Some(14)),
        ),
        seeded(
            LogFamily::ScheduledWork,
            |of| matches!(of, Details::ScheduledWork(one) if one.workers == Some(6) && one.showed && one.hours.as_deref() == Some("8.0")),
        ),
        seeded(
            LogFamily::Visitor,
            |of| matches!(of, Details::Visitor(one) if one.subject == "Ellen Sorensen" && one.begin_hour == Some(11) && one.end_minute == Some(45)),
        ),
        added(
            LogFamily::Waste,
            Kept::Waste,
            json!({ "material": "Gypsum", "approximate_quantity": 3, "disposal_location": "Transfer station" }),
            |of| matches!(of, Details::Waste(one) if one.quantity.as_deref() == Some("3") && one.place.as_deref() == Some("Transfer station")),
        ),
        seeded(
            LogFamily::Weather,
            |of| matches!(of, Details::Weather(one) if one.sky.as_deref() == Some("Overcast") && one.ground.as_deref() == Some("Wet/Muddy") && one.comments == "Rain until 09:30."),
        ),
    ]
}

pub(super) async fn walk(desk: &Desk) {
    families(desk).await;
    days(desk).await;
    desk.sandbox.fail_next("GET daily_logs/weather_logs", Fault::Status(404), 1);
    assert_eq!(entries(desk, LogFamily::Weather, desk.day()).await.len(), 1, "v1.0, where v1.1 is not there");
}

async fn families(desk: &Desk) {
    let cases = cases();
    assert_eq!(cases.iter().map(|case| case.family).collect::<Vec<_>>(), LogFamily::ALL);
    for case in cases {
        if let Some((kept, fields)) = case.added {
            let fields = fields.as_object().unwrap().clone();
            let new = NewLogEntry { family: kept, date: Some(desk.day()), fields, ..NewLogEntry::default() };
            desk.sandbox.add_log_entry(new);
        }
        let read = entries(desk, case.family, desk.day()).await;
        let first = &read[0];
        assert!((case.says)(&first.details), "{:?}: {:?}", case.family, first.details);
        assert_eq!((first.family(), first.date), (case.family, Some(desk.day())));
        assert_eq!(first.created_by.as_ref().unwrap().id.get(), 5102, "{:?}", case.family);
        assert!(first.is_approved(), "{:?}", case.family);
        let again = desk.procore.log_entry(PROJECT, case.family, first.id).await.unwrap();
        assert_eq!(again.as_ref(), Some(first), "{:?}", case.family);
    }
}

/// Days, and entries that wait for approval.
async fn days(desk: &Desk) {
    let (today, before) = (desk.day(), desk.day().yesterday().unwrap());
    let manpower = entries(desk, LogFamily::Manpower, today).await;
    let told: Vec<_> = manpower
        .iter()
        .map(|one| (one.vendor.as_ref().unwrap().name.as_str(), one.status.as_deref(), one.is_approved()))
        .collect();
    assert_eq!(
        told,
        [("Stonebridge Concrete", Some("approved"), true), ("Terra Tile", Some("pending"), false)]
    );
    let span = LogDays::Span { first: before, last: today };
    let notes = entries(desk, LogFamily::Note, span).await;
    let on: Vec<_> = notes.iter().map(|note| note.date.unwrap()).collect();
    assert_eq!(on, [today, today, before]);
    assert_eq!(entries(desk, LogFamily::Note, before).await.len(), 1);
    assert_eq!(entries(desk, LogFamily::Manpower, before).await, []);

    let counts = desk.procore.log_counts(PROJECT, today).await.unwrap();
    let families: Vec<_> = LogFamily::ALL.iter().map(|family| family.as_str()).collect();
    assert!(
        counts.len() == 18 && counts.iter().all(|one| families.contains(&one.module.as_str())),
        "{counts:?}"
    );
    let count = |family: LogFamily| counts.iter().find(|one| one.module == family.as_str()).unwrap().count;
    assert_eq!((count(LogFamily::Note), count(LogFamily::Manpower)), (Some(2), Some(2)), "pending ones too");
    let counts = desk.procore.log_counts(PROJECT, span).await.unwrap();
    let notes = counts.iter().find(|one| one.module == "notes_logs").unwrap();
    assert_eq!(notes.count, Some(3));

    let header = desk.procore.log_header(PROJECT, today).await.unwrap();
    assert_eq!((header.log_date, header.completed, header.distributed), (Some(today), false, false));
    let headers = desk.procore.log_headers(PROJECT, before, today).await.unwrap();
    assert_eq!(headers.iter().map(|one| one.log_date.unwrap()).collect::<Vec<_>>(), [before, today]);
    assert_eq!(headers[1], header);
}

async fn entries(desk: &Desk, family: LogFamily, days: impl Into<LogDays>) -> Vec<LogEntry> {
    desk.procore.log_entries(PROJECT, family, days).await.unwrap()
}

#[tokio::test]
async fn every_family_of_entries_is_read() {
    walk(&Desk::start().await).await;
}
