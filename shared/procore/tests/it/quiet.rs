//! Nothing secret and nothing of a record is ever said: not by Debug, not by errors, not in traces.

use std::io::Write;
use std::sync::{Arc, Mutex};

use procore::Call;
use serde_json::json;
use tracing_subscriber::fmt::format::FmtSpan;
use wiremock::ResponseTemplate;

use crate::drafts::create;
use crate::stand_in::{SECRET, TOKEN, answer, client, ok, server, settings};

#[derive(Clone, Default)]
struct Capture(Arc<Mutex<Vec<u8>>>);

impl Write for Capture {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn traces_name_the_call_and_nothing_else() {
    let capture = Capture::default();
    let writer = capture.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    // With a single subscriber alive, a call site first met on another test's thread is judged by that
    // thread's (none) and stays switched off; a second one makes it be judged by all.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());

    let server = server().await;
    answer(&server, "GET", "/rest/v1.0/list", ok(json!([{"subject": "Smith leak"}]))).await;
    answer(&server, "GET", "/rest/v1.0/bad", ResponseTemplate::new(422).set_body_string("Smith leak")).await;
    let procore = client(&server.uri());
    let rows: Vec<i64> =
        procore.pages(Call::get("/rest/v1.0/list").query("search", "Smith"), None).await.unwrap();
    assert!(rows.is_empty());
    let refused = procore.send(Call::get("/rest/v1.0/bad").query("search", "Smith")).await.unwrap_err();
    let missing = create(&procore).await.unwrap_err();
    tracing::info!("{refused} {refused:?} {missing} {missing:?}");

    let said = String::from_utf8(capture.0.lock().unwrap().clone()).unwrap();
    assert!(
        said.contains("path=\"/rest/v1.0/bad\"")
            && said.contains("status=422")
            && said.contains("latency_ms=")
    );
    assert!(said.contains("left_out=1"), "an unreadable row is counted");
    for secret in [SECRET, TOKEN, "Smith", "Draft answer"] {
        assert!(!said.contains(secret), "{secret} in {said}");
    }
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let server = server().await;
    answer(
        &server,
        "GET",
        "/rest/v1.0/me",
        ok(json!({"id": 1, "name": "Smith", "login": "smith@a.example"})),
    )
    .await;
    let procore = client(&server.uri());
    let me = procore.me().await.unwrap();
    let reply = procore.send(Call::get("/rest/v1.0/me")).await.unwrap();
    let shown = format!("{procore:?} {:?} {me:?} {reply:?}", settings(&server.uri()));
    for secret in [SECRET, TOKEN, "Smith", "smith"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
