//! `replay` through the queue.

use agent::{Source, event::Resource, ledger::Ledger};
use plumbline::Backend;

use super::{
    over_both,
    place::{Place, event, run, told_by},
};
use crate::world::{PATIENCE, World, question};

over_both! {
    each_record_comes_once_with_its_latest_event,
    what_is_left_goes_on_where_the_first_round_has_stopped,
}

fn ids(text: &str) -> Vec<&str> {
    let sent = text.lines().filter_map(|line| line.split_once("event "));
    sent.filter_map(|(_, rest)| rest.split_once(':')).map(|(id, _)| id).collect()
}

async fn each_record_comes_once_with_its_latest_event(place: Place) {
    let mut elsewhere = event("01D", Resource::Submittal, "12");
    elsewhere.project = Some("4072".parse().unwrap());
    let mut entry = run("run-6", event("01F", Resource::DailyLog(None), "91"), place.ago(20));
    entry.record_id = "20261120".to_owned();
    let mut day = run("run-5", event("01E", Resource::Day, "20261120"), place.ago(30));
    day.workflow = Some("daily_log_summary".to_owned());
    for run in [
        run("run-0", event("00Z", Resource::Rfi, "99"), place.ago(90_000)),
        run("run-1", event("01A", Resource::Rfi, "7"), place.ago(600)),
        run("run-2", event("01B", Resource::Rfi, "7"), place.ago(300)),
        run("run-3", event("01C", Resource::Rfi, "8"), place.ago(200)),
        run("run-4", elsewhere, place.ago(100)),
        day,
        entry,
    ] {
        place.record(&run).await;
    }
    let table: [(&str, &[&str]); 7] = [
        ("--since 2h", &["01F", "01D", "01C", "01B"]),
        ("--since 2h --limit 2", &["01F", "01D"]),
        ("--since 2h --resource rfi", &["01C", "01B"]),
        ("--since 2h --project 4072", &["01D"]),
        ("--since 2h --workflow daily_log_summary", &["01E"]),
        ("--since 250s", &["01F", "01D", "01C"]),
        ("--since 2d --resource rfi --until 1h", &["00Z"]),
    ];
    for (words, expected) in table {
        let (whole, text) = place.told(&format!("replay --dry-run {words}")).await;
        assert!(whole, "{words}: {text}");
        assert_eq!(ids(&text), expected, "{words}");
    }
    assert_eq!(place.shown_now().await, [], "those were dry runs");
    let (whole, text) = place.told("replay --since 2h --project 4073").await;
    assert!(!whole && text.contains("error: no run that fits since"), "{text}");

    assert!(place.told("replay --since 2h --resource rfi --per-minute 1").await.0);
    let shown = place.shown_now().await;
    assert_eq!(shown.len(), 1, "the other comes in a minute");
    assert_eq!(shown[0].event, event("01C", Resource::Rfi, "8"));
    assert_eq!((shown[0].source, shown[0].received_at), (Source::Replay, place.now));
}

async fn what_is_left_goes_on_where_the_first_round_has_stopped(place: Place) {
    for number in 0..17 {
        let rfi = event(&format!("01E{number:02}"), Resource::Rfi, &number.to_string());
        place.record(&run(&format!("run-{number}"), rfi, place.ago(1000 - number))).await;
    }
    let (whole, text) = place.told("replay --since 1h --per-minute 1").await;
    assert!(!whole, "some are left");
    assert_eq!((ids(&text).len(), ids(&text)[14]), (15, "01E02"));
    assert!(text.contains("15 sent again, 2 left.\n"), "{text}");
    let until = text.split_once("--until ").unwrap().1.split_once(',').unwrap().0.to_owned();
    // What was sent has been worked on meanwhile.
    place.record(&run("again", event("01E16", Resource::Rfi, "16"), place.now)).await;
    let (whole, text) = place.told(&format!("replay --since 1h --per-minute 1 --until {until}")).await;
    assert!(whole, "{text}");
    assert_eq!(ids(&text), ["01E01", "01E00"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replayed_draft_ends_unchanged() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    let drafted = world.tell(rfi, "create").await;
    assert_eq!(drafted.outcome, "Drafted");
    let (items, calls) = (world.far.items(), world.far.model.counters().requests);

    let backend = Backend::Embedded(world.store().clone());
    let (whole, text) = told_by(&backend, jiff::Timestamp::now(), "replay --since 1h").await;
    assert!(whole, "{text}");
    let replayed = tokio::time::timeout(PATIENCE, world.end()).await.unwrap();

    assert_eq!((replayed.outcome.as_str(), &replayed.event_id), ("Unchanged", &drafted.event_id));
    assert_eq!(world.far.items(), items);
    assert_eq!(world.far.model.counters().requests, calls, "nothing is paid twice");
    let runs = backend.runs_named(&drafted.event_id).await.unwrap();
    assert_eq!(runs.len(), 2, "both are kept, under names of their own");
}
