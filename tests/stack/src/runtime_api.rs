//! The runtime API of Lambda, as much of it as a function needs: it asks for the next event and posts its answer.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderName, StatusCode},
    response::IntoResponse,
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::{Mutex as AsyncMutex, mpsc, oneshot},
};

/// What a function made of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Its response.
    Response(Value),
    /// The error it reported, or that it did not start.
    Error(Value),
}

struct Invocation {
    id: String,
    event: Value,
    deadline_ms: u128,
}

type Waiting = Mutex<HashMap<String, oneshot::Sender<Reply>>>;

struct Shared {
    next: AsyncMutex<mpsc::UnboundedReceiver<Invocation>>,
    waiting: Waiting,
    first_ask: Mutex<Option<oneshot::Sender<()>>>,
}

/// A runtime API for one function.
pub(crate) struct RuntimeApi {
    pub(crate) address: SocketAddr,
    events: mpsc::UnboundedSender<Invocation>,
    shared: Arc<Shared>,
}

impl RuntimeApi {
    /// Starts it; the receiver hears when the function asks for its first event: then it is initialised.
    pub(crate) async fn start() -> (Self, oneshot::Receiver<()>) {
        let (events, next) = mpsc::unbounded_channel();
        let (asked, initialised) = oneshot::channel();
        let shared = Arc::new(Shared {
            next: AsyncMutex::new(next),
            waiting: Mutex::default(),
            first_ask: Mutex::new(Some(asked)),
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next_event))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .with_state(Arc::clone(&shared));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let api = Self { address, events, shared };
        (api, initialised)
    }

    /// Hands an event over and waits for what becomes of it.
    pub(crate) async fn invoke(&self, id: &str, event: Value, within: Duration) -> oneshot::Receiver<Reply> {
        let (reply, replied) = oneshot::channel();
        self.shared.waiting.lock().unwrap().insert(id.to_owned(), reply);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let invocation = Invocation { id: id.to_owned(), event, deadline_ms: (now + within).as_millis() };
        self.events.send(invocation).unwrap();
        replied
    }
}

async fn next_event(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    if let Some(asked) = shared.first_ask.lock().unwrap().take() {
        let _ = asked.send(());
    }
    // When the test has ended nobody asks any more.
    let Some(invocation) = shared.next.lock().await.recv().await else {
        return Err(StatusCode::GONE);
    };
    let header = |name: &'static str, value: String| (HeaderName::from_static(name), value);
    Ok((
        [
            header("lambda-runtime-aws-request-id", invocation.id),
            header("lambda-runtime-deadline-ms", invocation.deadline_ms.to_string()),
            header(
                "lambda-runtime-invoked-function-arn",
                "arn:aws:lambda:us-east-1:000000000000:function:test".to_owned(),
            ),
        ],
        Json(invocation.event),
    ))
}

async fn response(state: State<Arc<Shared>>, id: Path<String>, body: String) -> (StatusCode, Json<Value>) {
    reply(&state, &id, Reply::Response(json_of(&body)))
}

async fn error(state: State<Arc<Shared>>, id: Path<String>, body: String) -> (StatusCode, Json<Value>) {
    reply(&state, &id, Reply::Error(json_of(&body)))
}

fn reply(shared: &Shared, id: &str, reply: Reply) -> (StatusCode, Json<Value>) {
    if let Some(waiting) = shared.waiting.lock().unwrap().remove(id) {
        let _ = waiting.send(reply);
    }
    (StatusCode::ACCEPTED, Json(json!({ "status": "OK" })))
}

fn json_of(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|_| Value::String(body.to_owned()))
}
