//! What leaves: address, headers, body.

use llm::{Mode, Provider, Repair};
use serde_json::json;
use wiremock::MockServer;

use crate::world::{KEY, World, good, request};

#[tokio::test]
async fn one_strict_request_and_an_answer_with_its_figures() {
    let world = World::new().await;
    world.replies([good()]).await;

    let answer = world.client.answer(&request()).await.unwrap();

    assert_eq!(answer.json, json!({"title": "Grout joint"}));
    assert_eq!((answer.tokens_in, answer.tokens_out, answer.tokens_cached), (1200, 30, 1024));
    assert!(answer.cached);
    assert_eq!(answer.model, "gpt-4.1-mini-2025-04-14");
    assert_eq!((answer.mode, answer.attempts), (Mode::StrictSchema, 1));
    assert_eq!(
        world.bodies().await,
        [json!({
            "model": "gpt-4.1-mini",
            "messages": [
                {"role": "system", "content": "Rules."},
                {"role": "user", "content": "The record says: RECORD-TEXT"},
            ],
            "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "strict": true, "schema": {
                "type": "object",
                "properties": {"title": {"type": "string", "description": "At most 20 characters."}},
                "required": ["title"],
                "additionalProperties": false,
            }}},
            "temperature": 0.0,
            "max_completion_tokens": 900,
        })]
    );
}

#[tokio::test]
async fn a_repair_turn_repeats_the_answer_and_brings_the_findings() {
    let world = World::new().await;
    world.replies([good()]).await;
    let mut request = request();
    request.repair = Some(Repair { previous: "{}".into(), findings: "/: required title".into() });

    world.client.answer(&request).await.unwrap();

    let body = world.bodies().await.remove(0);
    assert_eq!(body["messages"][2], json!({"role": "assistant", "content": "{}"}));
    assert_eq!(body["messages"][3], json!({"role": "user", "content": "/: required title"}));
}

#[tokio::test]
async fn each_provider_has_its_path_and_its_header() {
    let server = MockServer::start().await;
    let root: url::Url = server.uri().parse().unwrap();
    let azure = |endpoint| Provider::Azure { endpoint, api_version: "2025-04-01-preview".into() };
    let elsewhere: url::Url = "https://unreachable.invalid".parse().unwrap();
    let bearer = format!("Bearer {KEY}");
    // provider, replacement of its address, path and query, header, its value
    let cases = [
        (Provider::OpenAi, Some(root.join("v1/").unwrap()), "/v1/chat/completions", "authorization", &bearer),
        (
            Provider::Compatible { base_url: root.join("llm/v1").unwrap() },
            None,
            "/llm/v1/chat/completions",
            "authorization",
            &bearer,
        ),
        (
            azure(root.clone()),
            None,
            "/openai/deployments/gpt%204/chat/completions?api-version=2025-04-01-preview",
            "api-key",
            &KEY.to_owned(),
        ),
        (
            azure(elsewhere),
            Some(root.join("gateway").unwrap()),
            "/gateway/openai/deployments/gpt%204/chat/completions?api-version=2025-04-01-preview",
            "api-key",
            &KEY.to_owned(),
        ),
    ];
    for (provider, base_url, path, header, value) in cases {
        let openai = provider == Provider::OpenAi;
        let world = World::with(|settings| {
            settings.provider = provider;
            settings.base_url = base_url;
        })
        .await;
        server.reset().await;
        wiremock::Mock::given(wiremock::matchers::any()).respond_with(good()).mount(&server).await;
        let mut request = request();
        request.model = "gpt 4".into();

        world.client.answer(&request).await.unwrap();

        let sent = server.received_requests().await.unwrap().remove(0);
        let query = sent.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        assert_eq!(format!("{}{query}", sent.url.path()), path);
        assert_eq!(sent.headers[header], value.as_str(), "{path}");
        let other = if header == "api-key" { "authorization" } else { "api-key" };
        assert!(!sent.headers.contains_key(other), "{path}");
        // Only OpenAI itself is told not to keep the exchange; other servers may not know the parameter.
        let body: serde_json::Value = sent.body_json().unwrap();
        assert_eq!(body.get("store"), openai.then_some(&json!(false)), "{path}");
    }
}

#[tokio::test]
async fn neither_key_nor_record_text_shows_in_debug() {
    let world = World::new().await;
    world.replies([good()]).await;
    let mut request = request();
    request.repair = Some(Repair { previous: "RECORD-TEXT".into(), findings: "RECORD-TEXT".into() });
    let answer = world.client.answer(&request).await.unwrap();

    let shown = format!("{:?} {request:?} {answer:?}", world.client);

    for hidden in [KEY, "RECORD-TEXT", "Grout"] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
}

#[test]
fn settings_no_request_could_carry_are_refused_at_once() {
    let addresses = [
        "ftp://model.test/v1",
        "https://user:pass@model.test/v1",
        "https://model.test/v1?key=1",
        "mailto:a@b.test",
    ];
    for address in addresses {
        let provider = Provider::Compatible { base_url: address.parse().unwrap() };
        let client = llm::Client::new(llm::Settings::new(provider, KEY.into()));
        assert!(matches!(client, Err(llm::Error::Configuration(_))), "{address}");
    }
    let client = llm::Client::new(llm::Settings::new(Provider::OpenAi, "two\nlines".into()));
    assert!(matches!(client, Err(llm::Error::Configuration(_))));
}
