//! What the log may hold: no record text, no names, no tokens, no secrets, at no level.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy does not know for tests"
)]

mod daily_log;
mod refused;
mod submittals;
#[path = "../it/world.rs"]
#[allow(dead_code, reason = "this test needs a part of it")]
mod world;

use std::{
    collections::BTreeSet,
    io,
    sync::{Arc, Mutex},
};

use agent::fields::FIELDS;
use sandbox::{NewAttachment, model::Failure};
use serde_json::{Value, json};
use tracing_subscriber::{
    EnvFilter,
    fmt::{MakeWriter, format::FmtSpan},
};
use world::{AUTHORIZATION, PREVIOUS_AUTHORIZATION, World, event, question};

/// Our crates at the finest level, those of others at the level of production; not the stand-ins for the far sides.
const FILTER: &str =
    "info,agent=trace,procore=trace,llm=trace,documents=trace,embedded=trace,plumbline=trace,sandbox=off";

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_line_of_the_log_holds_words_of_a_record_or_a_secret() {
    let lines = Lines::default();
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(EnvFilter::new(FILTER))
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(lines.clone())
        .init();

    everything_that_can_happen().await;
    refused::by_procore().await;
    refused::by_the_model().await;
    refused::at_the_door().await;
    submittals::all_that_can_happen().await;
    submittals::refused().await;
    daily_log::all_that_can_happen().await;
    daily_log::refused().await;

    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let events = log.lines().filter(|line| line.contains("\"outcome\"")).count();
    assert!(events >= 5, "the log is there: one line for each event\n{log}");
    for said in [
        "\"status\":200",
        "\"status\":401",
        "\"status\":422",
        "\"status\":429",
        "\"status\":503",
        "Procore refused the client credentials",
        "POST /oauth/token was answered with status 429",
        "POST /oauth/token was answered with status 500",
        "trying again",
        "the model answered",
        "unreadable webhook: body",
        "unreadable webhook: project_id",
        "\"workflow\":\"submittal_review\"",
        "\"workflow\":\"daily_log_summary\"",
    ] {
        assert!(log.contains(said), "this happened, and the log says so: {said}");
    }
    assert_only_listed_fields(&log);
    let secrets = [
        AUTHORIZATION,
        PREVIOUS_AUTHORIZATION,
        "it-current-webhook-secret",
        "wrong-webhook-secret",
        "d3Jvbmctd2ViaG9vay1zZWNyZXQ",
        "sandbox-client-secret",
        "sandbox-token-",
        "it-model-key",
        "Bearer ",
    ];
    let words = [
        "Zanzibar",       // subject
        "Grab bar",       // question, section and draft
        "grab bar",       // the same
        "gripping",       // section and draft
        "Marzipan",       // attachment
        "note of Okafor", // its file's name
        "Okafor",         // a person
        "Whitlock",       // another
        "northgate",      // of a login
        "Cinnamon",       // what cannot be read
        "Persimmon",      // all of a hostile record and its files
        "persimmon",      // the same
        "Ordered by",     // Procore's words in a refusal
        "Bad Gateway",    // a gateway's
        "PROPOSED",       // the draft
        "EVIDENCE",       // the prompt
        "answer_status",  // the answer
        "refuse to",      // the model's words
    ];
    let of_others = submittals::WORDS.iter().chain(&daily_log::WORDS);
    for forbidden in secrets.iter().chain(&words).chain(of_others) {
        let found: Vec<&str> = log.lines().filter(|line| line.contains(forbidden)).collect();
        assert_eq!(found, Vec::<&str>::new(), "{forbidden}");
    }
}

/// Lines of our own crates have the fields of the one list, their spans too.
fn assert_only_listed_fields(log: &str) {
    const OURS: [&str; 6] = ["agent", "procore", "llm", "documents", "embedded", "plumbline"];
    // What the subscriber itself adds to a line, and to that of a span's end.
    const OF_THE_SUBSCRIBER: [&str; 4] = ["message", "name", "time.busy", "time.idle"];
    let mut seen = BTreeSet::new();
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let source = line["target"].as_str().unwrap().split("::").next().unwrap();
        if !OURS.contains(&source) {
            continue;
        }
        let spans = line["spans"].as_array().into_iter().flatten();
        let parts = [&line["fields"], &line["span"]].into_iter().chain(spans);
        for name in parts.filter_map(Value::as_object).flat_map(|part| part.keys()) {
            let is_known = FIELDS.contains(&name.as_str()) || OF_THE_SUBSCRIBER.contains(&name.as_str());
            assert!(is_known, "{name:?} is not in agent::fields: {line}");
            seen.insert(name.clone());
        }
    }
    for name in ["event_id", "trace_id", "outcome", "workflow", "status", "latency_ms"] {
        assert!(seen.contains(name), "{name} was logged: {seen:?}");
    }
}

/// Drafts, updates, take-overs, failures of both far sides, and bodies nobody can read.
async fn everything_that_can_happen() {
    let mut world = World::start().await;
    world.subscribe("v2.0");
    let mut asked = question();
    asked.subject.push_str(" Zanzibar");
    asked.attachments =
        vec![NewAttachment::text("note of Okafor.txt", "Marzipan: 3 inches above the finished floor.")];
    let rfi = world.far.sandbox.add_rfi(asked.clone());
    let item = world.tell(rfi, "create").await.item_id.unwrap();
    world.far.sandbox.update_rfi(rfi, |rfi| rfi.question.push_str(" Zanzibar?"));
    world.far.model.fail_next(Failure::NotJson, 1);
    world.far.model.fail_next(Failure::ServerError, 1);
    world.tell(rfi, "update").await;
    world.far.sandbox.edit_item_as_person(item, "Zanzibar, Dana Whitlock");
    world.far.sandbox.update_rfi(rfi, |rfi| rfi.question.push_str(" Again?"));
    world.tell(rfi, "update").await;

    for failure in [Failure::Refusal, Failure::ContentFilter] {
        let rfi = world.far.sandbox.add_rfi(asked.clone());
        world.far.model.fail_next(failure, 1);
        world.tell(rfi, "create").await;
    }
    let rfi = world.far.sandbox.add_rfi(asked.clone());
    world.far.model.fail_next(Failure::WrongShape, 2);
    world.tell(rfi, "create").await;
    world.far.sandbox.set_private_ignored(true);
    let rfi = world.far.sandbox.add_rfi(asked.clone());
    world.tell(rfi, "create").await;
    world.far.sandbox.set_private_ignored(false);
    for status in [403, 422] {
        let rfi = world.far.sandbox.add_rfi(asked.clone());
        world.far.sandbox.fail_next("POST generic_tool_items", sandbox::Fault::Status(status), 1);
        world.tell(rfi, "create").await;
    }

    assert_eq!(world.post(&json!({"id": "e", "note": "Cinnamon"})).await, 204);
    assert_eq!(world.post(&json!("Cinnamon")).await, 204);
    let stranger = reqwest::Client::new().post(world.door());
    let stranger = stranger.header("authorization", "Bearer wrong-webhook-secret");
    let refused = stranger.json(&event(rfi, "create")).send().await.unwrap();
    assert_eq!(refused.status(), 401);
    world.all_delivered().await;
    world.stop().await;
}
