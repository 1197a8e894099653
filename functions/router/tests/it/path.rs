//! The whole path, in real binaries: a webhook comes in, a private draft is where the reviewer finds it.

use serde_json::{Value, json};

use crate::world::{AUTHORIZATION, World, question, webhook};

fn post(authorization: &str, body: &str) -> serde_json::Value {
    json!({
        "version": "2.0",
        "headers": { "authorization": authorization },
        "requestContext": { "http": { "method": "POST" } },
        "body": body,
        "isBase64Encoded": false,
    })
}

/// The lines that CloudWatch reads its metrics from.
fn measured(log: &str) -> Vec<Value> {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["_aws"]["CloudWatchMetrics"].is_array()).collect()
}

#[tokio::test]
async fn a_webhook_becomes_a_private_draft() {
    let Some(world) = World::new().await else { return };
    let (ingest, router) = (world.ingest().await, world.router().await);
    let rfi = world.sandbox.add_rfi(question());
    let body = webhook("01PATH", 4071, rfi).to_string();

    assert_eq!(ingest.respond(post("Bearer wrong", &body)).await["statusCode"], 401);
    assert_eq!(world.emulator.counts(&world.queue_url).await, (0, 0), "nothing got in");
    assert_eq!(ingest.respond(post(AUTHORIZATION, &body)).await["statusCode"], 204);
    assert!(world.sandbox.requests().is_empty(), "the front door asks Procore nothing");

    assert_eq!(world.deliver(&router).await, Vec::<String>::new());
    world.assert_done().await;
    let items = world.sandbox.correspondence();
    assert_eq!(items.len(), 1);
    let item = &items[0];
    assert_eq!((item.status.as_str(), item.private), ("Draft", true), "{}", item.title);
    assert_eq!((item.assignees.len(), item.distribution.len()), (0, 0));
    assert!(item.description.contains("10 28 00"), "{}", item.description);
    assert_eq!(world.sandbox.mails(), Vec::<String>::new());

    // The same event again, and another of the same state: found done, nothing is called or written.
    let calls = world.model.counters().requests;
    for id in ["01PATH", "01AGAIN"] {
        let again = webhook(id, 4071, rfi).to_string();
        assert_eq!(ingest.respond(post(AUTHORIZATION, &again)).await["statusCode"], 204);
    }
    assert_eq!(world.deliver(&router).await, Vec::<String>::new());
    world.assert_done().await;
    assert_eq!(world.sandbox.correspondence().len(), 1);
    assert_eq!(world.model.counters().requests, calls);

    let log = router.log();
    assert!(log.contains("01PATH") && log.contains("Drafted"), "one line an event:\n{log}");
    let measured = measured(&log);
    let ends: Vec<&Value> = measured.iter().filter(|line| line["Events"] == 1).collect();
    let outcomes: Vec<&str> = ends.iter().map(|line| line["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["Drafted", "Unchanged", "Unchanged"], "{log}");
    let draft = ends[0];
    assert_eq!(draft["workflow"], "rfi_response");
    for name in ["WebhookToDraftMs", "TokensIn", "ProcoreCalls", "CallBudgetShare"] {
        assert!(draft[name].as_u64().is_some_and(|value| value > 0), "{name}: {draft}");
    }
    assert_eq!((&draft["Procore429"], &ends[1]["WebhookToDraftMs"]), (&json!(0), &Value::Null));
    let starts = measured.iter().filter(|line| line["ColdStartMs"].is_u64()).count();
    assert_eq!(starts, 1, "one cold start of one process");
    assert!(measured.iter().any(|line| line["PeakMemoryMib"].as_u64().is_some_and(|mib| mib > 0)));
    for secret in
        [AUTHORIZATION, "router-test-model-key", "sandbox-client-secret", "Grab bars", "water closets"]
    {
        assert!(!log.contains(secret), "{secret:?} stands in the log:\n{log}");
    }
    println!(
        "ingest: {:?} to the first question, peak {:?} kB; router: {:?}, peak {:?} kB",
        ingest.initialised_in,
        ingest.peak_memory_kb(),
        router.initialised_in,
        router.peak_memory_kb()
    );
}
