//! One endpoint that plays the model, and the request every test starts from.

use std::time::Duration;

use llm::{Client, Provider, Request, Settings};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

pub(crate) const KEY: &str = "sk-test-4f9a";

pub(crate) struct World {
    pub(crate) server: MockServer,
    pub(crate) client: Client,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let server = MockServer::start().await;
        let base_url = format!("{}/v1", server.uri()).parse().unwrap();
        let mut settings = Settings::new(Provider::Compatible { base_url }, KEY.into());
        change(&mut settings);
        Self { client: Client::new(settings).unwrap(), server }
    }

    /// The next replies in this order, the last one for ever.
    pub(crate) async fn replies(&self, replies: impl IntoIterator<Item = ResponseTemplate>) {
        let mut replies: Vec<_> = replies.into_iter().collect();
        let last = replies.pop().unwrap();
        for reply in replies {
            Mock::given(any()).respond_with(reply).up_to_n_times(1).mount(&self.server).await;
        }
        Mock::given(any()).respond_with(last).mount(&self.server).await;
    }

    /// Bodies of the requests so far.
    pub(crate) async fn bodies(&self) -> Vec<Value> {
        let requests = self.server.received_requests().await.unwrap();
        requests.iter().map(|request| request.body_json().unwrap()).collect()
    }
}

pub(crate) fn request() -> Request {
    Request {
        model: "gpt-4.1-mini".into(),
        system: "Rules.".into(),
        user: "The record says: RECORD-TEXT".into(),
        repair: None,
        schema_name: "answer".into(),
        schema: json!({
            "type": "object",
            "properties": {"title": {"type": "string", "maxLength": 20}},
            "required": ["title"],
            "additionalProperties": false,
        }),
        max_output_tokens: 900,
        deadline: Duration::from_secs(20),
    }
}

pub(crate) fn completion(content: &str) -> Value {
    json!({
        "id": "c1", "object": "chat.completion", "created": 1, "model": "gpt-4.1-mini-2025-04-14",
        "choices": [{
            "index": 0, "finish_reason": "stop",
            "message": {"role": "assistant", "content": content, "refusal": null},
        }],
        "usage": {
            "prompt_tokens": 1200, "completion_tokens": 30, "total_tokens": 1230,
            "prompt_tokens_details": {"cached_tokens": 1024},
        },
    })
}

pub(crate) fn ok(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

pub(crate) fn good() -> ResponseTemplate {
    ok(&completion(r#"{"title":"Grout joint"}"#))
}

pub(crate) fn refused(status: u16, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status)
        .set_body_json(json!({"error": {"message": message, "type": "bad", "code": null}}))
}
