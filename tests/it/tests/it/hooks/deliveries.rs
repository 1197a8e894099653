//! What became of events, as Procore lists it: the status of our answer, never its body or headers.

use plumbline::Service;
use sandbox::{DeliveryStatus, Options, Sandbox};
use serde_json::Value;

use super::Office;
use crate::world::{FarSide, PATIENCE, Terms};

/// One event that was taken, then two that nobody took.
async fn office() -> Office {
    let options = Options { webhook_give_up_after: std::time::Duration::ZERO, ..Options::empty() };
    let office = Office::over(FarSide::start(options).await, Terms::default());
    let service = Service::start(office.far.setup(Terms::default())).await.unwrap();
    let url = format!("http://{}/webhooks/procore", service.address());
    assert_eq!(office.told(&format!("apply --url {url}")).await.0, 0);
    let ended = |count: usize| {
        move |sandbox: &Sandbox| {
            let deliveries = sandbox.deliveries();
            let over = |status| matches!(status, DeliveryStatus::Delivered | DeliveryStatus::Discarded);
            deliveries.len() == count && deliveries.iter().all(|one| over(one.status))
        }
    };
    office.emit(7);
    assert!(office.sandbox().wait_for(PATIENCE, ended(1)).await);
    service.stop().await;
    for (record, count) in [(8, 2), (9, 3)] {
        office.emit(record);
        assert!(office.sandbox().wait_for(PATIENCE, ended(count)).await);
    }
    office
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_are_listed_by_status_with_what_we_answered() {
    let office = office().await;
    let (code, words) = office.told("deliveries").await;
    assert_eq!(code, 0, "{words}");
    insta::with_settings!({filters => vec![
        (r"\d{4}-\d\d-\d\dT[0-9:.]+Z", "[time]"), (r"hook \d+", "hook [id]"),
    ]}, {
        insta::assert_snapshot!(words, @"
        [time]  delivered  project 4071, hook [id]  RFIs 7 update  we answered 204
        [time]  discarded  project 4071, hook [id]  RFIs 8 update  we did not answer
        [time]  discarded  project 4071, hook [id]  RFIs 9 update  we did not answer
        3 deliveries: 1 delivered, 2 discarded.
        ");
    });

    for (more, lines, last) in [
        ("--status discarded", 3, "2 deliveries: 2 discarded."),
        ("--status retrying", 1, "0 deliveries."),
        (
            "--limit 1",
            2,
            "3 deliveries: 1 delivered, 2 discarded. The oldest 2 are not shown: raise --limit.",
        ),
        ("--project 4071 --since 1h", 4, "3 deliveries: 1 delivered, 2 discarded."),
        ("--since 2100-01-01", 1, "0 deliveries."),
    ] {
        let (code, words) = office.told(&format!("deliveries {more}")).await;
        let told: Vec<&str> = words.lines().collect();
        assert_eq!((code, told.len(), told.last()), (0, lines, Some(&last)), "{more}: {words}");
    }
    let (code, words) = office.told("deliveries --limit 1").await;
    assert!(code == 0 && words.contains("RFIs 9 update"), "the newest: {words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn as_json_they_are_one_object_a_line() {
    let office = office().await;
    let (code, words) = office.told("deliveries --json --limit 2").await;
    assert_eq!(code, 0);
    let rows: Vec<Value> = words.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [first, second] = rows.as_slice() else { panic!("{words}") };
    assert_eq!((first["record_id"].as_str(), second["record_id"].as_str()), (Some("8"), Some("9")));
    assert_eq!((first["status"].as_str(), first["tries"].as_u64()), (Some("discarded"), Some(1)));
    assert_eq!(first["last_response_status"], Value::Null);
    let names: Vec<&String> = first.as_object().unwrap().keys().collect();
    assert!(!names.iter().any(|name| name.contains("body") || name.contains("header")), "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hook_that_cannot_be_asked_is_told() {
    let office = office().await;
    office.sandbox().fail_next("GET deliveries", sandbox::Fault::Status(403), 1);
    let (code, words) = office.told("deliveries").await;
    assert!(code == 1 && words.starts_with("not looked at: project 4071: hook "), "{words}");
    let (code, words) = office.told("deliveries --project 4072").await;
    assert!(code == 1 && words.starts_with("not looked at: project 4072: "), "{words}");
}
