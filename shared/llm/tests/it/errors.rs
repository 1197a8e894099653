//! Every way a call can fail has its own name, class and cost.

use std::{io, sync::Arc, sync::Mutex, time::Duration};

use llm::{Class, Error, Usage};
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;
use wiremock::ResponseTemplate;

use crate::world::{KEY, World, completion, good, ok, refused, request};

fn named(error: &Error) -> &'static str {
    match error {
        Error::Configuration(_) => "configuration",
        Error::Refusal { .. } => "refusal",
        Error::Length { .. } => "length",
        Error::ContentFilter { .. } => "content_filter",
        Error::Empty { .. } => "empty",
        Error::Malformed { .. } => "malformed",
        Error::Deadline => "deadline",
        Error::RateLimited { .. } => "rate_limited",
        Error::QuotaExhausted => "quota",
        Error::Unavailable { .. } => "unavailable",
        Error::Unauthorized { .. } => "unauthorized",
        Error::Rejected { .. } => "rejected",
    }
}

/// A completion with some members replaced, by JSON pointer.
fn changed(changes: &[(&str, Value)]) -> ResponseTemplate {
    let mut body = completion(r#"{"title":"SECRET"}"#);
    for (pointer, value) in changes {
        *body.pointer_mut(pointer).unwrap() = value.clone();
    }
    ok(&body)
}

const CONTENT: &str = "/choices/0/message/content";
const FINISH: &str = "/choices/0/finish_reason";
const SPENT: Usage = Usage { tokens_in: 1200, tokens_out: 30, tokens_cached: 1024 };

#[tokio::test]
async fn completions_that_are_no_answer() {
    let cases = [
        ("refusal", Class::Permanent, changed(&[("/choices/0/message/refusal", json!("SECRET no"))])),
        ("content_filter", Class::Permanent, changed(&[(FINISH, json!("content_filter"))])),
        (
            "length",
            Class::Permanent,
            changed(&[(FINISH, json!("length")), (CONTENT, json!("{\"title\":\"SEC"))]),
        ),
        ("empty", Class::Repairable, changed(&[(CONTENT, Value::Null)])),
        ("empty", Class::Repairable, changed(&[(CONTENT, json!(" \n"))])),
        ("empty", Class::Repairable, changed(&[("/choices", json!([]))])),
        ("malformed", Class::Repairable, changed(&[(CONTENT, json!("{\"title\": SECRET"))])),
        ("malformed", Class::Repairable, changed(&[(CONTENT, json!("{\"title\":\"ok\",\"SECRET\":1}"))])),
        ("malformed", Class::Repairable, changed(&[(CONTENT, json!("[\"SECRET\"]"))])),
    ];
    for (name, class, reply) in cases {
        let world = World::new().await;
        world.replies([reply]).await;

        let error = world.client.answer(&request()).await.unwrap_err();

        assert_eq!((named(&error), error.class(), error.usage()), (name, class, SPENT));
        assert_eq!(world.bodies().await.len(), 1, "{name} is not repeated here");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("SECRET"), "{shown}");
    }
}

#[tokio::test]
async fn a_malformed_answer_keeps_its_text_for_the_repair() {
    let world = World::new().await;
    world.replies([changed(&[(CONTENT, json!("{\"titel\":\"x\"}"))])]).await;

    let error = world.client.answer(&request()).await.unwrap_err();

    let Error::Malformed { mut problems, raw, .. } = error else { panic!("{error:?}") };
    problems.sort();
    assert_eq!(problems, ["/: additionalProperties", "/: required \"title\""]);
    assert_eq!(raw, "{\"titel\":\"x\"}");
}

#[tokio::test]
async fn refusals_of_the_endpoint() {
    let coded = |status: u16, code: &str| {
        ResponseTemplate::new(status).set_body_json(json!({"error": {"message": "SECRET", "code": code}}))
    };
    let after = |seconds| Class::Retry { after: Some(Duration::from_secs(seconds)) };
    let now = Class::Retry { after: None };
    let cases = [
        ("unauthorized", Class::Permanent, coded(401, "invalid_api_key")),
        ("unauthorized", Class::Permanent, coded(403, "none")),
        ("rejected", Class::Permanent, coded(404, "model_not_found")),
        ("rejected", Class::Permanent, coded(400, "context_length_exceeded")),
        ("rejected", Class::Permanent, coded(413, "SECRET words, not a code")),
        (
            "rejected",
            Class::Permanent,
            ResponseTemplate::new(302).insert_header("location", "http://127.0.0.1:9/"),
        ),
        ("content_filter", Class::Permanent, coded(400, "content_filter")),
        ("quota", after(600), coded(429, "insufficient_quota")),
        ("rate_limited", now, refused(429, "SECRET")),
        ("rate_limited", after(90), refused(429, "SECRET").insert_header("retry-after", "90")),
        ("rate_limited", after(90), refused(503, "SECRET").insert_header("retry-after-ms", "90000")),
        ("unavailable", now, refused(500, "SECRET")),
        ("unavailable", now, ResponseTemplate::new(502).set_body_string("<h1>SECRET</h1>")),
        ("unavailable", now, ResponseTemplate::new(200).set_body_string("<h1>SECRET</h1>")),
        ("unavailable", now, ok(&json!({"id": "no choices"}))),
        ("rate_limited", now, ok(&json!({"error": {"code": 429, "message": "SECRET"}}))),
        ("unavailable", now, ok(&json!({"error": {"code": "odd", "message": "SECRET"}}))),
        ("unavailable", now, ResponseTemplate::new(200).set_body_bytes(vec![b' '; 5 * 1024 * 1024])),
    ];
    for (name, class, reply) in cases {
        let world = World::with(|settings| settings.attempts = 1).await;
        world.replies([reply]).await;

        let error = world.client.answer(&request()).await.unwrap_err();

        assert_eq!((named(&error), error.class()), (name, class), "{error:?}");
        assert_eq!(error.usage(), Usage::default());
        assert_eq!(world.bodies().await.len(), 1);
        let shown = format!("{error} {error:?}");
        assert!(!shown.to_lowercase().contains("secret"), "{shown}");
    }
}

#[tokio::test]
async fn nobody_listening_is_unavailable_and_names_no_key() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let provider = llm::Provider::Compatible { base_url: format!("http://{unused}/v1").parse().unwrap() };
    let mut settings = llm::Settings::new(provider, KEY.into());
    settings.attempts = 1;

    let error = llm::Client::new(settings).unwrap().answer(&request()).await.unwrap_err();

    assert!(matches!(error, Error::Unavailable { status: None, source: Some(_) }), "{error:?}");
    assert!(!format!("{error:?}").contains(KEY));
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn no_body_and_no_key_reaches_a_log_at_any_level() {
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().with_writer(log.clone()).with_max_level(tracing::Level::TRACE).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    // With a single subscriber alive, a call site first met on another test's thread is judged by that
    // thread's (none) and stays switched off; a second one makes it be judged by all.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let world = World::new().await;
    // The replies that async-openai itself would write out: a server error, an unreadable error, an unreadable reply.
    world
        .replies([
            refused(400, "SECRET temperature is not supported"),
            ResponseTemplate::new(500).set_body_string("SECRET"),
            good(),
            ResponseTemplate::new(200).set_body_string("SECRET"),
            ResponseTemplate::new(400).set_body_string("SECRET"),
        ])
        .await;

    world.client.answer(&request()).await.unwrap();
    world.client.answer(&request()).await.unwrap_err();

    let written = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(written.contains("the model answered"), "the log was captured: {written}");
    for hidden in ["SECRET", KEY, "RECORD-TEXT", "Rules.", "Grout"] {
        assert!(!written.contains(hidden), "{hidden} in {written}");
    }
}
