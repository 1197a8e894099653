//! The real binary: what it answers, what lands on the queues, what stands in its log.

use agent::ingest::MAX_BODY_BYTES;
use serde_json::{Value, json};
use stack::Reply;

use crate::world::{AUTHORIZATION, World, ids, post, request, webhook};

#[tokio::test]
async fn only_an_authorized_post_gets_in() {
    let Some(world) = World::new().await else { return };
    let function = world.function().await;
    let body = webhook("01A").to_string();
    let large = " ".repeat(MAX_BODY_BYTES + 1);
    let just_right = format!("{body}{}", " ".repeat(MAX_BODY_BYTES - body.len()));
    let prefix = AUTHORIZATION.get(..AUTHORIZATION.len() - 1).unwrap();
    let other_scheme = AUTHORIZATION.replace("Bearer", "Basic");
    let longer = format!("{AUTHORIZATION}0");
    let table: [(&str, Value, u64); 12] = [
        ("right", post(AUTHORIZATION, &body), 204),
        ("name in capitals", request("POST", json!({ "Authorization": AUTHORIZATION }), &body), 204),
        ("largest", post(AUTHORIZATION, &just_right), 204),
        ("wrong", post("Bearer wrong", &body), 401),
        ("absent", request("POST", json!({}), &body), 401),
        ("empty", post("", &body), 401),
        ("a prefix", post(prefix, &body), 401),
        ("longer", post(&longer, &body), 401),
        ("another scheme", post(&other_scheme, &body), 401),
        ("not even ASCII", post("Bearer \u{e9}\u{1}", &body), 401),
        ("another method", request("GET", json!({ "authorization": AUTHORIZATION }), ""), 405),
        ("too large", post(AUTHORIZATION, &large), 413),
    ];
    for (what, event, status) in table {
        assert_eq!(function.respond(event).await, json!({ "statusCode": status, "body": "" }), "{what}");
    }
    assert_eq!(ids(&world.emulator.bodies(&world.queue_url).await), ["01A", "01A", "01A"]);
    assert_eq!(world.emulator.buried(&world.dead_letter_url).await, []);
    println!(
        "ingest: first question after {:?}, peak {:?} kB",
        function.initialised_in,
        function.peak_memory_kb()
    );
}

#[tokio::test]
async fn what_is_in_is_queued_dropped_or_kept_and_answered_2xx() {
    let Some(world) = World::new().await else { return };
    let function = world.function().await;
    let mut own = webhook("01OWN");
    own["user_id"] = json!("990001");
    let mut company = webhook("01COMPANY");
    company["project_id"] = Value::Null;
    let mut hazards = webhook("01HAZARDS");
    hazards["resource_type"] = json!("Hazards \u{ffff}");
    let mut encoded = post(AUTHORIZATION, "eyJub3QiOiAib3VycyJ9");
    encoded["isBase64Encoded"] = json!(true);
    for (what, event) in [
        ("an array", post(AUTHORIZATION, &json!([webhook("01B"), webhook("01C"), own]).to_string())),
        ("an unknown resource", post(AUTHORIZATION, &hazards.to_string())),
        ("a company-level event", post(AUTHORIZATION, &company.to_string())),
        ("an empty array", post(AUTHORIZATION, "[]")),
        ("no JSON", post(AUTHORIZATION, "{\"broken\u{1}")),
        ("nothing", post(AUTHORIZATION, "")),
        ("base64, not an event", encoded),
    ] {
        assert_eq!(function.respond(event).await["statusCode"], 204, "{what}");
    }
    let queued = ids(&world.emulator.bodies(&world.queue_url).await);
    assert!(queued.starts_with(&["01B".to_owned(), "01C".to_owned()]), "{queued:?}");
    assert!(!queued.contains(&"01OWN".to_owned()), "our own event is dropped");
    let mut buried: Vec<(String, Option<String>)> = world
        .emulator
        .buried(&world.dead_letter_url)
        .await
        .into_iter()
        .map(|letter| {
            let reason = &letter.attributes["reason"];
            assert!(reason.starts_with("unreadable webhook: "), "{reason}");
            (letter.body, letter.attributes.get("encoding").cloned())
        })
        .collect();
    buried.sort();
    assert_eq!(
        buried,
        [
            ("(empty)".to_owned(), Some("empty".to_owned())),
            ("eyJicm9rZW4B".to_owned(), Some("base64".to_owned())),
            ("{\"not\": \"ours\"}".to_owned(), None),
        ]
    );

    let log = function.log();
    assert!(log.contains("our own change"), "the reason is told:\n{log}");
    assert!(
        log.contains("\"WebhookToAnswerMs\":") && log.contains("\"outcome\":\"Unreadable\""),
        "measured:\n{log}"
    );
    for secret in [AUTHORIZATION, "ingest-test-5f1c", "ingest-test-client-secret", "broken", "not\\\": "] {
        assert!(!log.contains(secret), "{secret:?} stands in the log:\n{log}");
    }
}

#[tokio::test]
async fn a_queue_that_refuses_is_503() {
    let Some(world) = World::new().await else { return };
    let gone = World { queue_url: format!("{}-gone", world.queue_url), ..world };
    let function = gone.function().await;
    let event = post(AUTHORIZATION, &webhook("01A").to_string());
    assert_eq!(function.respond(event).await["statusCode"], 503);
    // Nothing for the queue in it: nothing that could be lost.
    assert_eq!(function.respond(post(AUTHORIZATION, "[]")).await["statusCode"], 204);
}

#[tokio::test]
async fn an_event_that_is_no_request_harms_nobody_after_it() {
    let Some(world) = World::new().await else { return };
    let function = world.function().await;
    assert!(matches!(function.invoke(json!({ "Records": [] })).await, Reply::Error(_)));
    let event = post(AUTHORIZATION, &webhook("01A").to_string());
    assert_eq!(function.respond(event).await["statusCode"], 204);
}
