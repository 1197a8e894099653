//! What the front door answers, over a real socket, and what becomes of what it took.

use std::path::Path;

use agent::{ingest::MAX_BODY_BYTES, ledger::Ledger};
use futures::stream;
use reqwest::{Method, StatusCode};
use sandbox::DeliveryStatus;
use serde_json::{Value, json};

use crate::world::{AUTHORIZATION, PATIENCE, PREVIOUS_AUTHORIZATION, World, event, question};

async fn ask(
    world: &World,
    method: Method,
    authorization: Option<&str>,
    body: impl Into<reqwest::Body>,
) -> StatusCode {
    let mut request = reqwest::Client::new().request(method, world.door()).body(body);
    if let Some(value) = authorization {
        request = request.header("authorization", value);
    }
    request.send().await.unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_whole_live_secret_opens_the_door() {
    let world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    let body = event(rfi, "create").to_string();
    let prefix = AUTHORIZATION.strip_suffix('t').unwrap();
    let longer = format!("{AUTHORIZATION}s");
    let basic = AUTHORIZATION.replace("Bearer", "Basic");
    let lower = AUTHORIZATION.replace("Bearer", "bearer");
    let both = format!("{AUTHORIZATION}, {PREVIOUS_AUTHORIZATION}");
    let refused = [
        ("absent", None),
        ("empty", Some("")),
        ("wrong", Some("Bearer it-current-webhook-secreT")),
        ("a prefix", Some(prefix)),
        ("longer", Some(&*longer)),
        ("another scheme", Some(&*basic)),
        ("the scheme in lower case", Some(&*lower)),
        ("no scheme", Some("it-current-webhook-secret")),
        ("two in one", Some(&*both)),
    ];
    for (what, authorization) in refused {
        let status = ask(&world, Method::POST, authorization, body.clone()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{what}");
    }
    // Nothing readable or not is taken from a stranger.
    assert_eq!(ask(&world, Method::POST, None, "not json").await, StatusCode::UNAUTHORIZED);
    world.assert_at_rest(0).await;
    assert_eq!(world.far.sandbox.requests(), []);

    for (what, authorization) in [("current", AUTHORIZATION), ("previous", PREVIOUS_AUTHORIZATION)] {
        let status = ask(&world, Method::POST, Some(authorization), "[]").await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_post_and_only_up_to_256_kib() {
    let world = World::start().await;
    let allowed = Some(AUTHORIZATION);
    for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE, Method::HEAD] {
        let status = ask(&world, method.clone(), allowed, "").await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }

    let just_fits = padded(&company_event(), MAX_BODY_BYTES);
    assert_eq!(ask(&world, Method::POST, allowed, just_fits).await, StatusCode::NO_CONTENT);
    let too_large = padded(&company_event(), MAX_BODY_BYTES + 1);
    assert_eq!(ask(&world, Method::POST, allowed, too_large.clone()).await, StatusCode::PAYLOAD_TOO_LARGE);
    // Without a length in the header, too.
    let pieces: Vec<Result<Vec<u8>, std::io::Error>> =
        too_large.into_bytes().chunks(1000).map(|piece| Ok(piece.to_vec())).collect();
    let streamed = reqwest::Body::wrap_stream(stream::iter(pieces));
    assert_eq!(ask(&world, Method::POST, allowed, streamed).await, StatusCode::PAYLOAD_TOO_LARGE);
    world.assert_at_rest(0).await;
}

fn padded(event: &Value, length: usize) -> String {
    let text = event.to_string();
    let room = length - text.len();
    text + &" ".repeat(room)
}

fn company_event() -> Value {
    changed(&[("project_id", Value::Null)])
}

/// An event with these members changed.
fn changed(members: &[(&str, Value)]) -> Value {
    let mut event = event(1, "update");
    for (name, value) in members {
        event[*name] = value.clone();
    }
    event
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_acknowledged_and_kept_with_the_reason() {
    let world = World::start().await;
    let no_record = r#"{"id":"e","reason":"create","company_id":"8001","resource_type":"RFIs"}"#;
    let bodies: [&[u8]; 6] =
        [b"", b"hello", b"42", b"{\"id\": \"cut off", &[0xff, 0xfe, b'{', b'}'], no_record.as_bytes()];
    for body in bodies {
        let status = ask(&world, Method::POST, Some(AUTHORIZATION), body.to_vec()).await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{}", String::from_utf8_lossy(body));
    }
    let letters = world.store().dead_letters(10).await.unwrap();
    let kept: Vec<String> =
        letters.iter().rev().map(|(_, letter)| format!("{:?}: {}", letter.body, letter.reason)).collect();
    insta::assert_snapshot!(kept.join("\n"), @r#"
    "": unreadable webhook: body: expected a JSON object or an array of them
    "hello": unreadable webhook: body: expected a JSON object or an array of them
    "42": unreadable webhook: body: expected a JSON object or an array of them
    "{\"id\": \"cut off": unreadable webhook: body: expected a JSON object or an array of them
    "��{}": unreadable webhook: body: expected UTF-8
    "{\"id\":\"e\",\"reason\":\"create\",\"company_id\":\"8001\",\"resource_type\":\"RFIs\"}": unreadable webhook: resource_id: expected a string or a number
    "#);
    world.assert_at_rest(6).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_ours_to_do_is_acknowledged_and_skipped() {
    let world = World::start().await;
    let skipped = [
        ("no event at all", json!([])),
        ("a resource nobody listens to", changed(&[("resource_type", json!("Punch Items"))])),
        ("a resource of the future", changed(&[("resource_type", json!("Holograms"))])),
        ("an event of the company", company_event()),
        ("another company", changed(&[("company_id", json!("8002"))])),
        ("an id that is not a number", changed(&[("resource_id", json!("abc"))])),
    ];
    for (what, body) in skipped {
        assert_eq!(world.post(&body).await, 204, "{what}");
        world.assert_at_rest(0).await;
    }
    assert_eq!(world.store().runs(10).await.unwrap(), [], "nothing ran");
    assert_eq!(world.far.sandbox.requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_configuration_excludes_ends_skipped_without_a_call() {
    let mut world = World::start().await;
    let cases = [
        ("a project without a row", changed(&[("project_id", json!("4072"))])),
        ("a deleted RFI", changed(&[("reason", json!("delete"))])),
        ("a reason of the future", changed(&[("reason", json!("restored"))])),
    ];
    for (what, body) in cases {
        assert_eq!(world.post(&body).await, 204, "{what}");
        assert_eq!(world.end().await.outcome, "Skipped", "{what}");
    }
    world.assert_at_rest(0).await;
    assert_eq!(world.far.sandbox.requests(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_unreadable_event_of_three_takes_nobody_along() {
    let mut world = World::start().await;
    let first = world.far.sandbox.add_rfi(question());
    let second = world.far.sandbox.add_rfi(question());
    let batch = json!([event(first, "create"), {"id": "e"}, event(second, "create")]);

    assert_eq!(world.post(&batch).await, 204);

    let outcomes = [world.end().await.outcome, world.end().await.outcome];
    assert_eq!(outcomes, ["Drafted", "Drafted"]);
    assert_eq!(world.far.items().len(), 2);
    world.assert_at_rest(1).await;
    let letters = world.store().dead_letters(10).await.unwrap();
    assert_eq!(letters[0].1.body, r#"{"id":"e"}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_refuses_answers_503_and_loses_nothing() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    world.subscribe("v4.0");

    let lock = write_lock(world.far.data.path());
    world.far.sandbox.webhook_for_rfi(rfi, "create");
    let while_locked = world.post(&event(rfi, "create")).await;
    let refused = |sandbox: &sandbox::Sandbox| sandbox.deliveries()[0].status == DeliveryStatus::Retrying;
    assert!(world.far.sandbox.wait_for(PATIENCE, refused).await);
    drop(lock);

    assert_eq!(while_locked, 503);
    world.all_delivered().await;
    assert_eq!(world.end().await.outcome, "Drafted");
    // The event of the 503 comes again from its sender, here the test.
    assert_eq!(world.tell(rfi, "create").await.outcome, "Unchanged");
    assert_eq!(world.far.items().len(), 1);
    world.assert_at_rest(0).await;
}

/// Another process that writes into the database and does not come to an end, until it is dropped.
fn write_lock(data: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(data.join("plumbline.db")).unwrap();
    connection.busy_timeout(PATIENCE).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}
