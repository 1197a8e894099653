//! A day's log through the front door: one draft a day, however many entries; the right day; what is no evidence.

use sandbox::{LogFamily, LogStatus, NewLogEntry, Options, Sandbox};
use serde_json::{Value, json};

use crate::world::{SERVICE_ACCOUNT, Terms, World, log_event};

const DAY: jiff::civil::Date = jiff::civil::date(2026, 6, 3);

fn add(sandbox: &Sandbox, family: LogFamily, fields: &Value) -> i64 {
    let fields = fields.as_object().unwrap().clone();
    sandbox.add_log_entry(NewLogEntry {
        family,
        date: Some(DAY),
        fields,
        emit: false,
        ..NewLogEntry::default()
    })
}

fn crew(sandbox: &Sandbox, workers: u32) -> i64 {
    let vendor = json!({"id": 7300 + workers, "name": format!("Crew Company {workers}")});
    add(sandbox, LogFamily::Manpower, &json!({"num_workers": workers, "num_hours": "8.0", "vendor": vendor}))
}

fn asked(world: &World) -> Vec<String> {
    let requests = world.far.sandbox.requests();
    world.far.sandbox.clear_requests();
    let calls = requests.iter().filter(|request| request.path != "/oauth/token");
    calls.map(|request| format!("{} {}", request.method, request.path.rsplit('/').next().unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_entries_are_one_draft_and_a_later_change_updates_it() {
    let mut world = World::start().await;
    let entries: Vec<i64> = (1..=10).map(|workers| crew(&world.far.sandbox, workers)).collect();
    for entry in &entries {
        assert_eq!(world.post(&log_event("Manpower Logs", *entry, "create")).await, 204);
    }
    let mut outcomes = Vec::new();
    for _ in &entries {
        let story = world.end().await;
        assert_eq!(
            (story.record_id.as_str(), story.record_label.as_str()),
            ("20260603", "daily log 2026-06-03")
        );
        outcomes.push(story.outcome);
    }
    outcomes.sort();
    assert_eq!((outcomes.pop().unwrap(), outcomes.pop().unwrap()), ("Unchanged".into(), "Unchanged".into()));
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "Drafted").count(), 1, "{outcomes:?}");
    assert_eq!(world.far.first_calls(), 1);
    let first = world.far.items().pop().unwrap();
    assert_eq!(world.far.items().len(), 1);
    assert!(first.description.contains("55 workers, 440 hours worked"), "{}", first.description);
    assert!(first.description.contains("WEATHER\nNot recorded."), "{}", first.description);

    // What is known costs the entry's own day, the counts and the one family that has entries.
    asked(&world);
    let story = world.tell_of_log_entry("Manpower Logs", entries[0], "update").await;
    assert_eq!((story.outcome.as_str(), story.procore_calls), ("Unchanged", 3));
    let entry = format!("GET {}", entries[0]);
    assert_eq!(asked(&world), [entry.as_str(), "GET counts", "GET manpower_logs"]);

    world.far.sandbox.update_log_entry(entries[0], |entry| {
        entry.fields.insert("num_workers".to_owned(), json!(21));
    });
    let story = world.tell_of_log_entry("Manpower Logs", entries[0], "update").await;
    assert_eq!(story.outcome, "Drafted");
    let item = format!("GET {}", first.id);
    let patch = format!("PATCH {}", first.id);
    let [entry, item, patch] = [&entry, &item, &patch].map(String::as_str);
    let expected =
        [entry, "GET counts", "GET manpower_logs", item, "GET counts", "GET manpower_logs", item, patch];
    assert_eq!(asked(&world), expected, "8 calls");
    let items = world.far.items();
    assert_eq!((items.len(), items[0].id), (1, first.id));
    assert!(items[0].description.contains("75 workers, 600 hours worked"), "{}", items[0].description);

    // A person's edit is the end of it.
    world.far.sandbox.edit_item_as_person(first.id, "Mine now.");
    let mine = world.far.items();
    crew(&world.far.sandbox, 11);
    let story = world.tell_of_log_entry("Manpower Logs", entries[0], "update").await;
    assert_eq!((story.outcome.as_str(), world.far.items()), ("Skipped", mine));
    assert_eq!(world.far.first_calls(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_is_of_the_day_it_was_deleted_on_where_the_project_is() {
    // Event time, zone, day: 23:50 on site west of UTC, 00:05 east of it, and both days on which clocks change.
    let table = [
        ("America/Los_Angeles", "2026-06-04T06:50:00Z", "20260603"),
        ("Australia/Sydney", "2026-06-02T14:05:00Z", "20260603"),
        ("America/Los_Angeles", "2026-03-09T06:59:00Z", "20260308"),
        ("America/Los_Angeles", "2026-11-02T07:59:00Z", "20261101"),
        ("No/Such_Zone", "2026-06-03T23:59:00Z", "20260603"),
    ];
    for (zone, at, day) in table {
        let mut options = Options::empty();
        options.seed.project.time_zone = zone.to_owned();
        let mut world = World::on(options, Terms::default()).await;
        crew(&world.far.sandbox, 4);
        for known in [1, 0] {
            let mut gone = log_event("Notes Logs", 12_345, "delete");
            gone["timestamp"] = json!(at);
            assert_eq!(world.post(&gone).await, 204);
            let story = world.end().await;
            assert_eq!(story.record_id, day, "{zone} {at}");
            let expected = if day != "20260603" {
                "Skipped"
            } else if known == 1 {
                "Drafted"
            } else {
                "Unchanged"
            };
            assert_eq!(story.outcome, expected, "{zone} {at}: {}", story.reason);
            let zone_asked = asked(&world).iter().filter(|call| *call == "GET 4071").count();
            assert_eq!(zone_asked, known, "{zone}: the zone is asked for once a day");
        }
        assert_eq!(world.far.first_calls(), u64::from(day == "20260603"), "an empty day costs no model call");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_of_the_day_it_says_whenever_it_was_saved() {
    let mut world = World::start().await;
    let entry = crew(&world.far.sandbox, 4);
    let mut late = log_event("Manpower Logs", entry, "update");
    late["timestamp"] = json!("2026-08-01T12:00:00Z");
    assert_eq!(world.post(&late).await, 204);
    assert_eq!(world.end().await.record_id, "20260603");
    assert!(!asked(&world).contains(&"GET 4071".to_owned()), "no zone is needed");

    // A name that tells no family goes by the event's time.
    let mut day = log_event("Daily Logs", 1, "update");
    day["timestamp"] = json!("2026-06-04T06:50:00Z");
    assert_eq!(world.post(&day).await, 204);
    let story = world.end().await;
    assert_eq!((story.record_id.as_str(), story.outcome.as_str()), ("20260603", "Unchanged"));
}

#[tokio::test(flavor = "multi_thread")]
async fn ours_and_rejected_entries_are_no_evidence_and_pending_ones_are_not_counted() {
    let mut world = World::start().await;
    let sandbox = world.far.sandbox.clone();
    let told = crew(&sandbox, 4);
    let ours = crew(&sandbox, 5);
    let pending = crew(&sandbox, 6);
    let rejected = crew(&sandbox, 7);
    sandbox.update_log_entry(ours, |entry| entry.created_by = SERVICE_ACCOUNT);
    sandbox.update_log_entry(pending, |entry| entry.status = LogStatus::Pending);
    sandbox.update_log_entry(rejected, |entry| entry.status = LogStatus::Rejected);
    add(
        &sandbox,
        LogFamily::Accident,
        &json!({"involved_name": "Rodrigo Vantongeren", "time_hour": 9, "time_minute": 5, "comments": "WOUND"}),
    );
    add(&sandbox, LogFamily::Notes, &json!({"comment": "Vantongeren went home.", "is_issue_day": true}));

    let story = world.tell_of_log_entry("Manpower Logs", told, "create").await;
    assert_eq!(story.outcome, "Drafted", "{}", story.reason);
    let prompt = world.far.model.requests().last().unwrap().to_string();
    for absent in ["Company 5", "Company 7", "Vantongeren", "Rodrigo", "WOUND"] {
        assert!(!prompt.contains(absent), "{absent}");
    }
    assert!(!prompt.contains("went home"), "what is told of somebody who was hurt is left out whole");
    assert!(prompt.contains("[left out: concerns an accident]"));
    let draft = world.far.items().pop().unwrap().description;
    assert!(draft.contains("(counted, 1 entry): 4 workers, 32 hours"), "{draft}");
    assert!(draft.contains("(pending, not counted, 1 entry): 6 workers, 48 hours"), "{draft}");
    assert!(draft.contains("accident entry 1: recorded at 09:05; see the log."), "{draft}");
    assert!(draft.contains("accident entry 1: may need follow-up"), "{draft}");
}
