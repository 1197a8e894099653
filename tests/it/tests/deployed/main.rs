//! The deployed template: synthesized, on an emulator of AWS, with the real binaries in it. Webhooks come in through the
//! HTTP API, drafts appear in the sandbox, and an operator's program works with what the stack tells of itself.
//!
//! `make stack` says where template and packages are; without that, these tests say so and do nothing. The emulator
//! does not start at any address but loopback, and gives functions no other.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy does not know for tests"
)]

mod cloud_formation;
mod deployed;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../it/world.rs"]
mod world;

use std::time::{Duration, Instant};

use agent::ledger::Ledger;
use sandbox::{Fault, NewRfi, NewSubmittal};
use serde_json::{Value, json};

use crate::{
    deployed::Deployed,
    world::{AUTHORIZATION, Terms, event, question, submittal_event},
};

/// Webhooks of the long test.
const WEBHOOKS: usize = 100;

/// A function asks for its configuration again every 60 s; the rest is the emulator's.
const ACTS_WITHIN: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_webhooks_become_a_hundred_drafts_and_no_stranger_gets_in() {
    let Some(stack) = Deployed::new("drafts").await else { return };
    let sandbox = &stack.far.sandbox;
    let began = Instant::now();
    for number in 0..WEBHOOKS {
        let webhook = if number % 4 == 3 {
            submittal_event(sandbox.add_submittal(submittal(number)), "create")
        } else {
            let subject = format!("Grab bars at water closets of room {number}");
            event(sandbox.add_rfi(NewRfi { subject, ..question() }), "create")
        };
        assert_eq!(stack.post(AUTHORIZATION, &webhook).await, 204, "webhook {number}");
        if number % 10 == 0 {
            for wrong in ["Bearer wrong", ""] {
                let stranger = event(sandbox.add_rfi(question()), "create");
                assert_eq!(stack.post(wrong, &stranger).await, 401);
            }
        }
    }
    let sent_in = began.elapsed();
    stack.drafts(WEBHOOKS).await;
    println!(
        "stack: {WEBHOOKS} webhooks sent in {sent_in:.1?}, {WEBHOOKS} drafts after {:.1?}",
        began.elapsed()
    );
    for item in stack.far.items() {
        assert_eq!((item.status.as_str(), item.private, item.issued_at), ("Draft", true, None));
        assert!(item.assignees.is_empty() && item.distribution.is_empty());
    }
    assert_eq!(sandbox.mails(), Vec::<String>::new());
    stack.is_at_rest().await;
    assert_eq!(stack.far.items().len(), WEBHOOKS, "not one more");

    let status: Value = serde_json::from_str(&stack.operator(&["status", "--json"]).await).unwrap();
    assert_eq!(
        (&status["drafts"]["count"], &status["dead_letters"]),
        (&WEBHOOKS.into(), &0.into()),
        "{status}"
    );
    assert_eq!(status["endpoints"][0]["breaker"]["state"], "closed", "{status}");
    let page = stack.far.data.path().join("week.html");
    stack.operator(&["report", "--week", "--out", page.to_str().unwrap()]).await;
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains(&format!("id=\"total-drafts\">{WEBHOOKS}<")), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn poison_ends_with_the_dead_letters_and_comes_back_when_it_is_sent_again() {
    let Some(stack) = Deployed::new("poison").await else { return };
    let sandbox = &stack.far.sandbox;
    let rfi = sandbox.add_rfi(question());
    sandbox.fail_next("GET /rfis/", Fault::Status(403), 1_000);
    assert_eq!(stack.post(AUTHORIZATION, &event(rfi, "create")).await, 204);
    // A body that is no event: kept at the door, and answered like any other.
    assert_eq!(stack.post(AUTHORIZATION, &json!({ "not": "an event" })).await, 204);

    let letters = stack.letters(2).await;
    let reason = |number: usize| letters[number]["reason"].as_str().unwrap().to_owned();
    let mut reasons = [reason(0), reason(1)];
    reasons.sort();
    assert!(reasons[0].contains("403"), "{reasons:?}");
    assert!(reasons[1].starts_with("unreadable webhook: "), "{reasons:?}");
    assert_eq!(stack.far.items().len(), 0);

    sandbox.heal();
    let told = stack.operator(&["dead", "redrive", "--project", "4071"]).await;
    stack.drafts(1).await;
    let left = stack.letters(1).await;
    assert_eq!(left.len(), 1, "{told}");
    assert!(left[0]["reason"].as_str().unwrap().starts_with("unreadable webhook: "));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_schedule_sweeps_what_no_webhook_told() {
    let Some(stack) = Deployed::new("sweep").await else { return };
    for number in 0..3 {
        let subject = format!("Grab bars of room {number}");
        stack.far.sandbox.add_rfi(NewRfi { subject, ..question() });
    }
    assert_eq!(stack.ledger().await.runs(10).await.unwrap().len(), 0);
    stack.emulator.bring_forward(&stack.schedule());
    stack.drafts(3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn switched_off_in_the_configuration_it_stops_without_a_deployment() {
    let Some(stack) = Deployed::new("off").await else { return };
    let sandbox = &stack.far.sandbox;
    assert_eq!(stack.post(AUTHORIZATION, &event(sandbox.add_rfi(question()), "create")).await, 204);
    stack.drafts(1).await;
    stack.configure(Terms { workflows: &["submittal_review"], ..Terms::default() }).await;

    let began = Instant::now();
    loop {
        let webhook = event(sandbox.add_rfi(question()), "create");
        assert_eq!(stack.post(AUTHORIZATION, &webhook).await, 204);
        let ended = stack.ended(webhook["id"].as_str().unwrap()).await;
        if ended.outcome == "Skipped" {
            assert_eq!(ended.reason, "the workflow is off for this project");
            assert_eq!(ended.item_id, None);
            break;
        }
        assert!(began.elapsed() < ACTS_WITHIN, "still {} after {:?}", ended.outcome, began.elapsed());
    }
    println!("stack: switched off after {:.0?}", began.elapsed());
}

fn submittal(number: usize) -> NewSubmittal {
    NewSubmittal {
        title: format!("Grab bars of room {number}, product data"),
        section: Some("10 28 00".to_owned()),
        age_s: 3600,
        emit: false,
        ..NewSubmittal::default()
    }
}
