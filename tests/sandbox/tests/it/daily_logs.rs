//! Daily logs: which day, which status, which family.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use sandbox::{Hook, LogFamily, LogStatus, NewLogEntry};
use serde_json::{Value, json};

use crate::{
    webhooks::{LONG, Receiver, all_settled},
    world::World,
};

const PROJECT: &str = "rest/v1.0/projects/4071";
const COUNTS: &str = "rest/v1.1/projects/4071/daily_logs/counts";

fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::get("America/Los_Angeles").unwrap()).date()
}

fn length(rows: &Value) -> usize {
    rows.as_array().unwrap().len()
}

#[tokio::test]
async fn without_a_day_only_the_approved_entries_of_today_are_listed() {
    let world = World::demo().await;
    let (today, yesterday) = (today(), today().checked_sub(1.day()).unwrap());
    let notes = format!("{PROJECT}/notes_logs");
    for (query, expected) in [
        (String::new(), 1),
        ("filters[status]=all".to_owned(), 2),
        ("filters[status]=pending".to_owned(), 1),
        (format!("log_date={yesterday}"), 1),
        (format!("start_date={yesterday}&end_date={today}"), 2),
        (format!("start_date={yesterday}&end_date={today}&filters[status]=all"), 3),
        ("log_date=2020-01-01".to_owned(), 0),
        ("filters[created_by_id]=5303&filters[status]=all".to_owned(), 1),
    ] {
        assert_eq!(length(&world.read(&format!("{notes}?{query}")).await), expected, "{query}");
    }
    assert_eq!(world.get(&format!("{notes}?filters[status]=every")).await.status(), 422);
    let pending = world.read(&format!("{notes}?filters[status]=pending")).await;
    assert_eq!(pending[0]["status"], "pending");
    assert_eq!(pending[0]["created_by_collaborator"], true);
    assert_eq!(pending[0]["date"], today.to_string());
}

#[tokio::test]
async fn every_family_has_its_collection_and_shows_its_entries() {
    let world = World::demo().await;
    for family in LogFamily::ALL {
        let id = world.sandbox.add_log_entry(NewLogEntry { family, emit: false, ..NewLogEntry::default() });
        let collection = format!("{PROJECT}/{}", family.collection());
        let rows = world.read(&collection).await;
        let listed = rows.as_array().unwrap().iter().find(|row| row["id"] == id).unwrap();
        let shown = world.read(&format!("{collection}/{id}")).await;
        assert_eq!((&shown["date"], &shown["id"]), (&listed["date"], &json!(id)), "{family:?}");
        assert_eq!(world.get(&format!("{collection}/1")).await.status(), 404, "{family:?}");
    }
    let weather = world.read("rest/v1.1/projects/4071/daily_logs/weather_logs").await;
    assert_eq!(weather[0]["sky"], "Overcast");
    assert_eq!(length(&weather), 2);
}

#[tokio::test]
async fn days_have_headers_and_families_have_counts() {
    let world = World::demo().await;
    let (today, yesterday) = (today(), today().checked_sub(1.day()).unwrap());
    let header = world.read(&format!("{PROJECT}/daily_log_headers?log_date={yesterday}")).await;
    assert_eq!((&header["log_date"], &header["distributed"]), (&json!(yesterday.to_string()), &json!(false)));
    let range = format!("start_date={yesterday}&end_date={today}");
    let days = world.read(&format!("{PROJECT}/daily_log_headers/index?{range}")).await;
    assert_eq!(length(&days), 2);

    let count_of = |rows: &Value, name: &str| {
        rows.as_array().unwrap().iter().find(|row| row["module_name"] == name).unwrap()["count"].clone()
    };
    for (query, expected) in [("", 1), ("?filters[status]=all", 2), ("?log_date=2020-01-01", 0)] {
        let rows = world.read(&format!("{COUNTS}{query}")).await;
        assert_eq!(count_of(&rows, "manpower_logs"), expected, "{query}");
    }
    let older = world.read(&format!("{PROJECT}/daily_logs/count")).await;
    assert_eq!(older, world.read(COUNTS).await, "deprecated, and the same");
}

#[tokio::test]
async fn an_entry_of_a_test_sends_its_webhook_and_delay_logs_send_none() {
    let world = World::demo().await;
    let (receiver, url) = Receiver::start(&[]).await;
    world.sandbox.subscribe(Hook { url, authorization: "x".to_owned(), payload_version: "v2.0".to_owned() });
    world.sandbox.add_log_entry(NewLogEntry { family: LogFamily::Delay, ..NewLogEntry::default() });
    let fields = json!({ "comment": "Pour moved.", "is_issue_day": false });
    let id = world.sandbox.add_log_entry(NewLogEntry {
        status: LogStatus::Pending,
        fields: fields.as_object().unwrap().clone(),
        ..NewLogEntry::default()
    });
    assert!(world.sandbox.wait_for(LONG, all_settled).await);
    let events = receiver.events();
    assert_eq!(events.len(), 1);
    assert_eq!((&events[0]["resource_name"], &events[0]["resource_id"]), (&json!("Notes Logs"), &json!(id)));

    world.sandbox.update_log_entry(id, |entry| entry.status = LogStatus::Approved);
    let shown = world.read(&format!("{PROJECT}/notes_logs/{id}")).await;
    assert_eq!((&shown["comment"], &shown["status"]), (&json!("Pour moved."), &json!("approved")));
}
