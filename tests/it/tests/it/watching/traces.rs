//! The trace of one webhook: from the door to the draft, in one tree.

use std::collections::BTreeMap;

use agent::trace::trace_of;
use plumbline::{Service, Setup};
use sandbox::Options;
use serde_json::Value;

use super::collector::Collector;
use crate::world::{AUTHORIZATION, FarSide, PATIENCE, Terms, event, post, question};

/// Lets one webhook become a draft, with a collector; the event's id.
async fn drafted(far: &FarSide, collector: &Collector) -> String {
    let mut asked = question();
    asked.subject.push_str(" Zanzibar");
    let rfi = far.sandbox.add_rfi(asked);
    let setup = Setup { exporter: Some(collector.exporter()), ..far.setup(Terms::default()) };
    let service = Service::start(setup).await.unwrap();
    let door = format!("http://{}/webhooks/procore", service.address());
    let event = event(rfi, "create");
    assert_eq!(post(&door, &event).await, 204);
    assert!(far.sandbox.wait_for(PATIENCE, |sandbox| !sandbox.correspondence().is_empty()).await);
    // What was measured is told when it stops, at the latest.
    service.stop().await;
    event["id"].as_str().unwrap().to_owned()
}

fn attributes(span: &Value) -> BTreeMap<&str, &Value> {
    let attributes = span["attributes"].as_array().unwrap();
    attributes.iter().map(|one| (one["key"].as_str().unwrap(), &one["value"])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_spans_of_a_webhook_form_one_tree_from_the_door_to_the_draft() {
    let far = FarSide::start(Options::empty()).await;
    let collector = Collector::start().await;
    let event_id = drafted(&far, &collector).await;

    let spans = collector.spans().await;
    let trace = trace_of(&event_id).to_string();
    assert!(spans.iter().all(|span| span["traceId"] == trace.as_str()), "{spans:#?}");
    let id = |name: &str| {
        let named: Vec<&Value> = spans.iter().filter(|span| span["name"] == name).collect();
        assert_eq!(named.len(), 1, "{name} in {spans:#?}");
        named[0]["spanId"].as_str().unwrap()
    };
    let parent = |span: &Value| span["parentSpanId"].as_str().map(str::to_owned);
    let (door, queue, run) = (id("door"), id("queue"), id("run"));
    let mut steps = Vec::new();
    for span in &spans {
        let expected = match span["name"].as_str().unwrap() {
            "door" => None,
            "queue" => Some(door.to_owned()),
            "run" => Some(queue.to_owned()),
            step => {
                steps.push(step);
                Some(run.to_owned())
            }
        };
        assert_eq!(parent(span), expected, "{span:#?}");
        let nanos = |name: &str| span[name].as_str().unwrap().parse::<u64>().unwrap();
        assert!(nanos("startTimeUnixNano") <= nanos("endTimeUnixNano"), "{span:#?}");
    }
    assert_eq!((steps.first(), steps.last()), (Some(&"admit"), Some(&"post")), "{steps:?}");
    assert!(["read", "gather", "call", "ground"].iter().all(|step| steps.contains(step)), "{steps:?}");

    let whole = spans.iter().find(|span| span["name"] == "run").unwrap();
    let told = attributes(whole);
    assert_eq!(told["outcome"]["stringValue"], "Drafted");
    assert_eq!(told["workflow"]["stringValue"], "rfi_response");
    assert_eq!(told["event_id"]["stringValue"], event_id.as_str());
    let known = [
        "event_id",
        "workflow",
        "outcome",
        "model",
        "project_id",
        "prompt_version",
        "procore_calls",
        "tokens_in",
        "tokens_out",
        "cost_micro_usd",
        "http.response.status_code",
    ];
    for name in spans.iter().flat_map(attributes) {
        assert!(known.contains(&name.0), "{name:?} is no attribute of ours");
    }
    let metrics = collector.metrics().await;
    for name in
        ["Events", "WebhookToDraftMs", "WebhookToAnswerMs", "TokensIn", "CostMicroUsd", "CallBudgetShare"]
    {
        assert!(metrics.contains(name), "{name} in {metrics:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_is_told_no_word_of_a_record_and_no_secret() {
    let far = FarSide::start(Options::empty()).await;
    let collector = Collector::start().await;
    drafted(&far, &collector).await;
    let told = collector.text().await;
    assert!(told.contains("\"outcome\""), "else this test shows nothing");
    for forbidden in [
        "Zanzibar",
        "rab bar",
        "Okafor",
        AUTHORIZATION,
        "it-current-webhook-secret",
        "it-model-key",
        "sandbox-token",
    ] {
        assert!(!told.contains(forbidden), "{forbidden}");
    }
}
