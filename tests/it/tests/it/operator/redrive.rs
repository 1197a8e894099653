//! `dead redrive`: what goes, when, and what stays.

use agent::{Source, event::Resource};
use serde_json::json;

use super::{
    faults::Faulty,
    over_both,
    place::{Place, body, event, settled, told_by},
};

over_both! {
    a_dry_run_tells_what_redrive_then_does,
    webhook_bodies_take_the_way_of_the_front_door,
    nothing_is_shown_before_its_time,
    a_round_goes_no_further_than_fifteen_minutes,
    after_a_crash_between_the_two_it_is_there_twice,
    what_was_not_sent_is_put_back,
    ids_that_are_not_there_are_told,
}

/// So many envelopes, each a minute older than the next.
async fn envelopes(place: &Place, count: usize) -> Vec<String> {
    let letters: Vec<(&str, String)> = (0..count)
        .map(|number| ("the model is out", body(event(&format!("01E{number:02}"), Resource::Rfi, "7"))))
        .collect();
    place.bury(&letters).await
}

fn webhook(id: &str, resource: &str, user: &str) -> serde_json::Value {
    json!({
        "id": id, "reason": "create", "company_id": "8001", "project_id": "4071", "user_id": user,
        "resource_type": resource, "resource_id": "31",
    })
}

async fn a_dry_run_tells_what_redrive_then_does(place: Place) {
    let mut ids = envelopes(&place, 2).await;
    let (whole, text) = place.told("dead redrive --all --dry-run").await;
    assert!(whole);
    insta::allow_duplicates! {
        insta::assert_snapshot!(settled(&text, &ids), @"
        ID1  would be sent, to be shown in 0 s: event 01E00: rfi 7 of project 4071
        ID2  would be sent, to be shown in 2 s: event 01E01: rfi 7 of project 4071
        2 would be sent again, 0 stayed, 0 left.
        ");
    }
    assert_eq!(place.ids().await, ids, "nothing was removed");
    assert_eq!(place.shown_now().await, []);

    let (whole, text) = place.told(&format!("dead redrive --id {} --per-minute 6000", ids[0])).await;
    assert!(whole, "{text}");
    let sent = place.shown(1).await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].event, event("01E00", Resource::Rfi, "7"));
    assert_eq!((sent[0].source, sent[0].trace.as_str()), (Source::Reconcile, "01E00-trace"));
    assert_eq!(sent[0].received_at, place.now, "else what waits would be too old at once");
    ids.remove(0);
    assert_eq!(place.ids().await, ids);
}

async fn webhook_bodies_take_the_way_of_the_front_door(place: Place) {
    let mixed = json!([webhook("01M", "RFIs", "5301"), webhook("01N", "RFIs", "990001"), { "id": 4 }]);
    let letters = [
        ("unreadable webhook", webhook("01F", "RFIs", "5301").to_string()),
        ("unreadable webhook", webhook("01G", "RFIs", "990001").to_string()),
        ("unreadable webhook", webhook("01H", "Moon Logs", "5301").to_string()),
        ("unreadable webhook", mixed.to_string()),
        ("unreadable webhook", "no JSON".to_owned()),
        ("unreadable webhook", "[]".to_owned()),
    ];
    let ids = place.bury(&letters).await;
    let (whole, text) = place.told("dead redrive --reason webhook --per-minute 6000").await;
    assert!(!whole, "some stayed");
    insta::allow_duplicates! {
        insta::assert_snapshot!(settled(&text, &ids), @r#"
        ID1  sent, to be shown in 0 s: event 01F: rfi 31 of project 4071
        ID2  stays: not sent, our own change: event 01G: rfi 31 of project 4071; `plumbline dead drop` removes it
        ID3  stays: not sent, no workflow for resource "Moon Logs": event 01H: Moon Logs 31 of project 4071; `plumbline dead drop` removes it
        ID4  sent, to be shown in 0 s: event 01M: rfi 31 of project 4071
            not sent, our own change: event 01N: rfi 31 of project 4071
            1 of its events cannot be read and stay as letters of their own
        ID5  stays: no message that this program can read (body: expected a JSON object or an array of them)
        ID6  stays: no message that this program can read (body: no event in it)
        2 sent again, 5 stayed, 0 left.
        "#);
    }
    let sent = place.shown(2).await;
    let told: Vec<_> = sent.iter().map(|sent| (sent.event.id.0.as_str(), sent.source)).collect();
    assert_eq!(told, [("01F", Source::Webhook), ("01M", Source::Webhook)]);
    // The part that nobody can read is the newest letter now.
    let left = place.ids().await;
    assert_eq!(left[..4], [ids[1].clone(), ids[2].clone(), ids[4].clone(), ids[5].clone()]);
    assert_eq!(left.len(), 5);
    let (_, text) = place.told(&format!("dead show {}", left[4])).await;
    assert!(text.contains("== body\n{\"id\":4}\n"), "{text}");
}

async fn nothing_is_shown_before_its_time(place: Place) {
    envelopes(&place, 3).await;
    let (whole, text) = place.told("dead redrive --all --per-minute 1").await;
    assert!(whole);
    let waits: Vec<&str> =
        text.lines().filter_map(|line| line.split_once("shown in ")).map(|part| part.1).collect();
    assert_eq!(
        waits,
        [
            "0 s: event 01E00: rfi 7 of project 4071",
            "60 s: event 01E01: rfi 7 of project 4071",
            "120 s: event 01E02: rfi 7 of project 4071"
        ]
    );
    let shown: Vec<String> = place.shown_now().await.into_iter().map(|sent| sent.event.id.0).collect();
    assert_eq!(shown, ["01E00"]);
    assert_eq!(place.ids().await, Vec::<String>::new(), "all three are sent");
}

async fn a_round_goes_no_further_than_fifteen_minutes(place: Place) {
    let ids = envelopes(&place, 17).await;
    for (words, sent, left) in [("--dry-run", 15, 17), ("", 15, 2)] {
        let (whole, text) = place.told(&format!("dead redrive --all --per-minute 1 {words}")).await;
        assert!(!whole, "some are left");
        assert_eq!(text.matches("to be shown in").count(), sent, "{text}");
        assert!(text.contains(", 2 left.\n") && text.contains("run the same command again"), "{text}");
        assert_eq!(place.ids().await, ids[17 - left..]);
    }
    assert!(place.told("dead redrive --all --per-minute 1").await.0);
    assert_eq!(place.ids().await, Vec::<String>::new());
}

async fn after_a_crash_between_the_two_it_is_there_twice(place: Place) {
    let ids = envelopes(&place, 1).await;
    let dies = Faulty::new(&place.backend, "discard");
    let (whole, text) = told_by(&dies, place.now, "dead redrive --all").await;
    assert!(!whole && text.contains("error: it was sent again: dead letter"), "{text}");
    assert_eq!(*dies.calls.lock().unwrap(), ["letters", "send", "discard", "put_back"]);
    assert_eq!(place.shown_now().await.len(), 1, "it was sent");
    assert_eq!(place.ids().await, ids, "and it is still there");
    assert!(place.told("dead redrive --all").await.0);
    assert_eq!(place.shown_now().await.len(), 1, "sent once more, which claims bear");
}

async fn what_was_not_sent_is_put_back(place: Place) {
    let ids = envelopes(&place, 3).await;
    let dies = Faulty::new(&place.backend, "send");
    let (whole, text) = told_by(&dies, place.now, "dead redrive --all").await;
    assert!(!whole && text.contains("was not sent again and stays"), "{text}");
    let calls = dies.calls.lock().unwrap().clone();
    assert_eq!(calls, ["letters", "send", "put_back", "put_back", "put_back"]);
    assert_eq!(place.ids().await, ids);
    assert_eq!(place.shown_now().await, []);
}

async fn ids_that_are_not_there_are_told(place: Place) {
    let ids = envelopes(&place, 1).await;
    let (whole, text) = place.told(&format!("dead redrive --id 4711 {}", ids[0])).await;
    assert!(!whole, "{text}");
    assert!(text.starts_with("4711  no such dead letter"), "{text}");
    assert!(text.ends_with("1 sent again, 0 stayed, 0 left.\n"), "{text}");
    let (whole, text) = place.told("dead redrive").await;
    assert!(!whole && text.contains("say which dead letters"), "{text}");
    assert!(place.told("dead redrive --all").await.0, "nothing to do is no failure");
}
