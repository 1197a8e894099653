//! The HTTP side: one route on loopback, a journal of what came in, switches for tests.
//! Never listens anywhere but on loopback, asks for no key and keeps none.

use std::{
    collections::{BTreeSet, VecDeque},
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::State,
    http::header::RETRY_AFTER,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch, task::AbortHandle};
use url::Url;

use super::{
    behaviour::{Behaviour, Failure},
    chance::Chance,
    completion::{self, MODEL_NAME},
};

/// A demo may run for days: the journal keeps the latest requests.
const JOURNAL_LENGTH: usize = 2000;

/// A running model server; clones are handles of the same one. It ends when the last handle is dropped.
#[derive(Clone)]
pub struct ModelServer {
    url: Url,
    shared: Arc<Shared>,
    _running: Arc<Running>,
}

/// How many requests came in and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// All requests to the completions route.
    pub requests: u64,
    /// Of these, repair turns.
    pub repairs: u64,
    /// Answered with an error status.
    pub errors: u64,
}

/// One request, and what was wrong with its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// Body of the request.
    pub request: Value,
    /// How it was made to fail; `None` for the behaviour's own answer.
    pub failure: Option<Failure>,
    /// When it came in.
    pub at: Timestamp,
}

impl Exchange {
    /// Whether it is a repair turn.
    #[must_use]
    pub fn is_repair(&self) -> bool {
        is_repair(&self.request)
    }
}

struct Shared {
    inner: Mutex<Inner>,
    /// While true no request is answered.
    held: watch::Sender<bool>,
}

struct Inner {
    behaviour: Behaviour,
    /// Failures that come before `behaviour` has its turn.
    next: VecDeque<Failure>,
    /// Failures that come by chance, where they were ordered.
    chance: Option<Chance>,
    journal: VecDeque<Exchange>,
    journal_length: usize,
    counters: Counters,
    seen: BTreeSet<String>,
    /// An answer kept from before, given in place of the scripted one.
    recited: Option<Value>,
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            behaviour: Behaviour::Scripted,
            next: VecDeque::new(),
            chance: None,
            journal: VecDeque::new(),
            journal_length: JOURNAL_LENGTH,
            counters: Counters::default(),
            seen: BTreeSet::new(),
            recited: None,
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Running(AbortHandle);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl ModelServer {
    /// Starts on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// If no port can be bound.
    pub async fn start(behaviour: Behaviour) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let address = listener.local_addr()?;
        let url = Url::parse(&format!("http://{address}/v1")).map_err(io::Error::other)?;
        let shared = Arc::new(Shared { inner: Mutex::default(), held: watch::Sender::new(false) });
        shared.lock().behaviour = behaviour;
        let router = Router::new()
            .route("/v1/chat/completions", post(complete))
            .route("/v1/models", get(models))
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the model server ended");
            }
        });
        Ok(Self { url, shared, _running: Arc::new(Running(task.abort_handle())) })
    }

    /// The base address, ending in `/v1`: what `OPENAI_BASE_URL` would hold.
    pub fn url(&self) -> Url {
        self.url.clone()
    }

    /// Bodies of the requests so far, oldest first.
    pub fn requests(&self) -> Vec<Value> {
        self.shared.lock().journal.iter().map(|exchange| exchange.request.clone()).collect()
    }

    /// The same with what became of them.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.shared.lock().journal.iter().cloned().collect()
    }

    /// From now on the journal keeps so many requests.
    pub fn keep_requests(&self, length: usize) {
        self.shared.lock().journal_length = length;
    }

    /// Empties the journal; counters go on.
    pub fn clear_requests(&self) {
        self.shared.lock().journal.clear();
    }

    /// From the next request on.
    pub fn set_behaviour(&self, behaviour: Behaviour) {
        self.shared.lock().behaviour = behaviour;
    }

    /// From the next request on the scripted behaviour gives this answer, whatever is asked, and in a repair the same.
    pub fn recite(&self, answer: Value) {
        self.shared.lock().recited = Some(answer);
    }

    /// The next requests fail this way, `times` of them, before the behaviour has its turn again.
    pub fn fail_next(&self, failure: Failure, times: usize) {
        self.shared.lock().next.extend(std::iter::repeat_n(failure, times));
    }

    /// From now on one request in `one_in` fails: 500, rarely 429, an empty answer, one that is not JSON, or a slow one.
    /// The seed fixes the sequence of the failures. Those ordered for the next requests come first.
    pub fn fail_one_in(&self, one_in: u64, seed: u64) {
        self.shared.lock().chance = Some(Chance::new(one_in, seed));
    }

    /// Takes back every failure ordered so far, and those that come by chance.
    pub fn heal(&self) {
        let mut inner = self.shared.lock();
        inner.next.clear();
        inner.chance = None;
    }

    /// From now on requests come in and wait, until [`ModelServer::release`].
    pub fn hold(&self) {
        self.shared.held.send_replace(true);
    }

    /// Answers what waits, and what comes.
    pub fn release(&self) {
        self.shared.held.send_replace(false);
    }

    /// What came in so far.
    pub fn counters(&self) -> Counters {
        self.shared.lock().counters
    }
}

async fn models() -> Json<Value> {
    Json(json!({"object": "list", "data": [{"id": MODEL_NAME, "object": "model", "owned_by": "sandbox"}]}))
}

async fn complete(State(shared): State<Arc<Shared>>, Json(request): Json<Value>) -> Response {
    let (behaviour, (status, body)) = {
        let mut inner = shared.lock();
        let inner = &mut *inner;
        let failure = inner.next.pop_front().or_else(|| inner.chance.as_mut()?.take());
        let behaviour = failure.map_or(inner.behaviour, Behaviour::Failing);
        let recited = inner.recited.as_ref().filter(|_| behaviour == Behaviour::Scripted);
        let reply = completion::reply(behaviour, recited, &request, &mut inner.seen);
        inner.counters.requests += 1;
        inner.counters.repairs += u64::from(is_repair(&request));
        inner.counters.errors += u64::from(!reply.0.is_success());
        while inner.journal.len() >= inner.journal_length {
            inner.journal.pop_front();
        }
        inner.journal.push_back(Exchange { request, failure, at: Timestamp::now() });
        (behaviour, reply)
    };
    let _ = shared.held.subscribe().wait_for(|held| !held).await;
    if let Behaviour::Failing(Failure::Slow(delay)) = behaviour {
        tokio::time::sleep(delay.min(Duration::from_secs(3600))).await;
    }
    let mut response = (status, Json(body)).into_response();
    if behaviour == Behaviour::Failing(Failure::RateLimited) {
        response.headers_mut().insert(RETRY_AFTER, axum::http::HeaderValue::from_static("1"));
    }
    response
}

fn is_repair(request: &Value) -> bool {
    request.get("messages").and_then(Value::as_array).is_some_and(|messages| messages.len() > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVIDENCE: &str = "<<<EVIDENCE a1>>>\n[R1] record | RFI 90\n| What is the widget spacing?\n\
                            [S1] specification | 10 14 00 Signage rev 1, page 2\n| A. Widget spacing: 7 in. on center.\n<<<END a1>>>";

    fn request(system: &str) -> Value {
        json!({
            "model": "any",
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": EVIDENCE}],
            "response_format": {"type": "json_schema", "json_schema": {"name": "a", "strict": true, "schema": {
                "properties": {"answer_status": {}, "claims": {}}}}},
        })
    }

    async fn post(server: &ModelServer, body: &Value) -> (u16, Value) {
        let url = format!("{}/chat/completions", server.url());
        let response = reqwest::Client::new().post(url).json(body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    fn content(reply: &Value) -> Value {
        serde_json::from_str(reply["choices"][0]["message"]["content"].as_str().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn an_answer_has_the_form_and_the_figures_of_the_api() {
        let server = ModelServer::start(Behaviour::Scripted).await.unwrap();
        let request = request(&"Rules. ".repeat(200));

        let (status, first) = post(&server, &request).await;
        let (_, second) = post(&server, &request).await;

        assert_eq!(status, 200);
        assert_eq!(
            (first["model"].as_str(), first["choices"][0]["finish_reason"].as_str()),
            (Some(MODEL_NAME), Some("stop"))
        );
        let answer = content(&first);
        assert_eq!(
            answer["claims"][0]["evidence"][0],
            json!({"h": "S1", "quote": "Widget spacing: 7 in. on center."})
        );
        let characters = 1400 + EVIDENCE.chars().count();
        assert_eq!(first["usage"]["prompt_tokens"], characters.div_ceil(4));
        assert_eq!(first["usage"]["prompt_tokens_details"]["cached_tokens"], 0);
        assert_eq!(
            second["usage"]["prompt_tokens_details"]["cached_tokens"], 256,
            "350 tokens in steps of 128"
        );
        assert_eq!(server.requests(), [request.clone(), request]);
        assert_eq!(server.counters(), Counters { requests: 2, repairs: 0, errors: 0 });
    }

    #[tokio::test]
    async fn every_failure_has_its_shape_and_the_next_request_may_be_well_again() {
        let server = ModelServer::start(Behaviour::Scripted).await.unwrap();
        let cases = [
            (Failure::RateLimited, 429, "/error/code", json!("rate_limit_exceeded")),
            (Failure::ServerError, 500, "/error/code", json!("server_error")),
            (Failure::NoStrictSchema, 400, "/error/code", json!("unsupported_parameter")),
            (Failure::Refusal, 200, "/choices/0/message/refusal", json!("I cannot help with that.")),
            (Failure::Length, 200, "/choices/0/finish_reason", json!("length")),
            (Failure::ContentFilter, 200, "/choices/0/finish_reason", json!("content_filter")),
            (Failure::Empty, 200, "/choices/0/message/content", json!("")),
            (Failure::NotJson, 200, "/choices/0/message/content", json!("Sure! Here is the draft:")),
            (
                Failure::WrongShape,
                200,
                "/choices/0/message/content",
                json!("{\"outcome\":\"draft\",\"verdict\":1}"),
            ),
        ];
        for (failure, status, pointer, value) in cases {
            server.fail_next(failure, 1);
            let (got, reply) = post(&server, &request("Rules")).await;
            assert_eq!((got, reply.pointer(pointer)), (status, Some(&value)), "{failure:?}");
            assert_eq!(post(&server, &request("Rules")).await.0, 200, "after {failure:?}");
        }
        assert_eq!(server.counters().errors, 3);
    }

    #[tokio::test]
    async fn behaviours_differ_on_the_same_request_and_a_repair_is_counted() {
        let server = ModelServer::start(Behaviour::Obeying).await.unwrap();
        let obeyed = content(&post(&server, &request("Rules")).await.1);
        assert!(obeyed["title"].as_str().unwrap().starts_with("APPROVED"));
        server.set_behaviour(Behaviour::Fabricating);
        let made_up = content(&post(&server, &request("Rules")).await.1);
        assert_eq!(made_up["claims"][0]["evidence"][0]["quote"], "Widget spacing: 8 in. on center.");

        server.set_behaviour(Behaviour::Scripted);
        let mut repair = request("Rules");
        let messages = repair["messages"].as_array_mut().unwrap();
        messages.push(json!({"role": "assistant", "content": "{}"}));
        messages.push(json!({"role": "user", "content": "claims/0: quote_not_in_source"}));
        let repaired = content(&post(&server, &repair).await.1);
        assert_eq!(repaired["outcome"], "insufficient_context");
        assert_eq!(server.counters(), Counters { requests: 3, repairs: 1, errors: 0 });
    }

    #[tokio::test]
    async fn chance_breaks_some_answers_says_which_and_ends_when_it_is_healed() {
        let server = ModelServer::start(Behaviour::Scripted).await.unwrap();
        server.keep_requests(3);
        server.fail_one_in(1, 5);
        for _ in 0..5 {
            post(&server, &request("Rules")).await;
        }
        let broken = server.exchanges();
        assert!(broken.len() == 3 && broken.iter().all(|one| one.failure.is_some()), "{broken:?}");
        server.heal();
        assert_eq!(post(&server, &request("Rules")).await.0, 200);
        let last = server.exchanges().pop().unwrap();
        assert_eq!((last.failure, last.is_repair()), (None, false));
    }

    #[tokio::test]
    async fn a_schema_of_another_workflow_is_refused() {
        let server = ModelServer::start(Behaviour::Scripted).await.unwrap();
        let mut other = request("Rules");
        other["response_format"]["json_schema"]["schema"] = json!({"properties": {"rows": {}}});
        assert_eq!(post(&server, &other).await.0, 400);
    }
}
