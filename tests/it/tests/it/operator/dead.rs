//! `dead list`, `show` and `drop`.

use agent::{event::Resource, queue::DeadLetters};
use serde_json::{Value, json};

use super::{
    over_both,
    place::{Place, body, event, run, settled},
};

over_both! {
    list_tells_event_and_record_and_never_the_body,
    filters_choose,
    show_tells_all_of_one,
    drop_asks_before_it_removes_more_than_one,
}

/// Two envelopes, a webhook body, and something that is neither; each a minute older than the next.
async fn four(place: &Place) -> Vec<String> {
    let mut elsewhere = event("01B", Resource::Submittal, "12");
    elsewhere.project = Some("4072".parse().unwrap());
    let webhook = json!({
        "id": "01C", "reason": "create", "company_id": "8001", "project_id": "4071", "user_id": "5301",
        "resource_type": "Manpower Logs", "resource_id": "31", "note": "what nobody may list",
    });
    let letters = [
        ("NoCarrier: no correspondence type", body(event("01A", Resource::Rfi, "7"))),
        ("the run panicked (after 5 tries)", body(elsewhere)),
        ("unreadable webhook: reason: expected text", webhook.to_string()),
        ("unreadable webhook: body: expected JSON", "what nobody may list \u{1b}[2J".to_owned()),
    ];
    place.bury(&letters).await
}

async fn list_tells_event_and_record_and_never_the_body(place: Place) {
    let ids = four(&place).await;
    let (whole, text) = place.told("dead list").await;
    assert!(whole);
    insta::allow_duplicates! {
        insta::assert_snapshot!(settled(&text, &ids), @"
        ID1  4m ago  NoCarrier: no correspondence type
            event 01A: rfi 7 of project 4071
        ID2  3m ago  the run panicked (after 5 tries)
            event 01B: submittal 12 of project 4072
        ID3  2m ago  unreadable webhook: reason: expected text
            event 01C: daily_log 31 of project 4071
        ID4  60s ago  unreadable webhook: body: expected JSON
        4 dead letters.
        ");
    }
    assert_eq!(place.told("dead list").await.1, text, "what was looked at is put back");

    let (_, text) = place.told("dead list --limit 1").await;
    assert!(text.ends_with("4 dead letters, 3 not shown: raise --limit.\n"), "{text}");

    let (_, text) = place.told("dead list --json --limit 3").await;
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["age_s"], 240);
    assert_eq!(lines[1]["events"][0]["project_id"], 4072);
    assert_eq!(lines[2]["events"][0]["resource"], "daily_log");
    assert!(!text.contains("what nobody may list"));
}

async fn filters_choose(place: Place) {
    let ids = four(&place).await;
    let table: [(&str, &[usize]); 8] = [
        ("", &[0, 1, 2, 3]),
        ("--reason unreadable", &[2, 3]),
        ("--reason PANICKED", &[1]),
        ("--project 4071", &[0, 2]),
        ("--resource submittal", &[1]),
        ("--resource daily_log --reason unreadable", &[2]),
        ("--project 4072 --resource rfi", &[]),
        ("--since 150s", &[2, 3]),
    ];
    for (filter, expected) in table {
        let (whole, text) = place.told(&format!("dead list --json {filter}")).await;
        assert!(whole);
        let got: Vec<String> = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
            .collect();
        let expected: Vec<String> = expected.iter().map(|place| ids[*place].clone()).collect();
        assert_eq!(got, expected, "{filter}");
    }
}

async fn show_tells_all_of_one(place: Place) {
    let ids = four(&place).await;
    for seconds in [300, 200] {
        let run = run(&format!("run{seconds}"), event("01A", Resource::Rfi, "7"), place.ago(seconds));
        place.record(&run).await;
    }
    let (whole, text) = place.told(&format!("dead show {}", ids[0])).await;
    assert!(whole);
    for words in [
        "event 01A: rfi 7 of project 4071",
        "holds an event accepted 2026-06-03T16:20:34Z, trace 01A-trace",
        "\"source\":\"reconcile\"",
        "#### last of 2 runs",
        "run200 of event 01A",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("run300"), "{text}");

    let (_, text) = place.told(&format!("dead show {}", ids[3])).await;
    assert!(text.contains("nothing that this program can read: body: expected a JSON object"), "{text}");
    assert!(text.contains("== body\nwhat nobody may list \\u{1b}[2J\n"), "{text}");
    assert!(
        place.told(&format!("dead show {}", ids[2])).await.1.contains("No run of event 01C: daily_log 31")
    );

    let (whole, text) = place.told("dead show 4711").await;
    assert!(!whole && text.starts_with("4711  no such dead letter"), "{text}");
    assert_eq!(place.ids().await, ids, "all put back");
}

async fn drop_asks_before_it_removes_more_than_one(place: Place) {
    let ids = four(&place).await;
    let (whole, text) = place.told("dead drop --reason unreadable").await;
    assert_eq!(
        (whole, text.as_str()),
        (false, "2 dead letters would be removed for good: say --yes. Nothing was removed.\n")
    );
    let (whole, text) = place.told("dead drop").await;
    assert!(!whole && text.contains("say which dead letters: --id ID"), "{text}");
    assert_eq!(place.ids().await, ids);

    let (whole, text) = place.told(&format!("dead drop --id {} 4711", ids[1])).await;
    assert!(!whole && text.contains("4711  no such dead letter") && text.contains("  removed\n"), "{text}");
    assert_eq!(place.ids().await, [ids[0].clone(), ids[2].clone(), ids[3].clone()]);
    assert!(place.told("dead drop --reason unreadable --yes").await.0);
    assert_eq!(place.ids().await, ids[..1]);
    assert!(place.told("dead drop --all").await.0, "one alone needs no --yes");
    assert_eq!(place.told("dead list").await, (true, "0 dead letters.\n".to_owned()));
    assert_eq!(place.backend.letters(1).await.unwrap(), []);
}
