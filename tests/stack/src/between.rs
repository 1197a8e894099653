//! Stands between a client and an emulator: keeps a journal of what is asked, loses answers, and refuses.
//!
//! Each connection carries one request and is closed after it, so what is ordered happens to whole requests.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use aws_config::{SdkConfig, retry::RetryConfig};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{Emulator, sdk_at};

/// One request as it came by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Service and operation: `DynamoDB PutItem`, `SQS SendMessage`; of S3, which names none, the method: `S3 GET`.
    pub operation: String,
    /// The body, as text.
    pub body: String,
}

/// What becomes of a request that is interfered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interference {
    /// Answered so; it never arrives.
    Answered {
        /// HTTP status.
        status: u16,
        /// JSON.
        body: String,
    },
    /// Answered as DynamoDB does where an item is not as the request's first condition wants it; it never arrives.
    ConditionFailed,
    /// It arrives and takes effect; the connection is closed in place of the answer.
    AnswerLost,
    /// The connection is closed; it never arrives.
    Closed,
    /// Of a batch for SQS the entry with this id is refused; the others arrive.
    EntryRefused {
        /// The entry's id.
        id: String,
    },
}

type Matcher = Box<dyn Fn(&Passed) -> bool + Send>;

struct Order {
    matches: Matcher,
    passed_over: u32,
    /// `None`: until [`Between::heal`].
    times: Option<u32>,
    interference: Interference,
}

#[derive(Default)]
struct Inner {
    orders: Vec<Order>,
    journal: Vec<Passed>,
    is_without_waits: bool,
}

/// A way to an emulator on which things go wrong as ordered. It ends with the runtime that started it.
pub struct Between {
    address: SocketAddr,
    inner: Arc<Mutex<Inner>>,
}

impl Between {
    /// Before an emulator.
    pub async fn start(emulator: &Emulator) -> Self {
        let far = emulator.endpoint().socket_addrs(|| None).unwrap()[0];
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let inner = Arc::<Mutex<Inner>>::default();
        let shared = Arc::clone(&inner);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(relay(near, far, Arc::clone(&shared)));
            }
        });
        Self { address, inner }
    }

    /// The SDK's configuration for requests through here: it tries as often as always, but hardly waits between tries.
    pub async fn sdk(&self) -> SdkConfig {
        let retries = RetryConfig::standard().with_initial_backoff(Duration::from_millis(1));
        let sdk = sdk_at(&format!("http://{}", self.address)).await;
        sdk.into_builder().retry_config(retries).build()
    }

    /// Interferes with `times` requests that match, after `passed_over` that do are let through; with `None`, with all of
    /// them until [`Between::heal`].
    pub fn order(
        &self,
        matches: impl Fn(&Passed) -> bool + Send + 'static,
        passed_over: u32,
        times: Option<u32>,
        interference: Interference,
    ) {
        self.lock().orders.push(Order { matches: Box::new(matches), passed_over, times, interference });
    }

    /// The answer to the next request is lost.
    pub fn lose(&self) {
        self.order(|_| true, 0, Some(1), Interference::AnswerLost);
    }

    /// The next request is answered so.
    pub fn answer(&self, status: u16, body: &str) {
        self.order(|_| true, 0, Some(1), Interference::Answered { status, body: body.to_owned() });
    }

    /// From now on messages sent to SQS are shown at once, whatever delay they are sent with, and a look for messages does
    /// not wait for them: for tests whose time is not the emulator's. It knows all its messages; SQS may miss some unless
    /// it may wait.
    pub fn leave_out_waits(&self) {
        self.lock().is_without_waits = true;
    }

    /// Nothing is interfered with any more.
    pub fn heal(&self) {
        self.lock().orders.clear();
    }

    /// True once all that was to happen has happened; else a test shows nothing.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.lock().orders.is_empty()
    }

    /// What came by since the last look.
    #[must_use]
    pub fn take_journal(&self) -> Vec<Passed> {
        std::mem::take(&mut self.lock().journal)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        lock(&self.inner)
    }
}

/// DynamoDB refuses with a code.
#[must_use]
pub fn refused(code: &str) -> Interference {
    Interference::Answered { status: 400, body: refusal(code) }
}

/// DynamoDB cancels a transaction for these reasons.
#[must_use]
pub fn cancelled(codes: &[&str]) -> Interference {
    Interference::Answered { status: 400, body: cancellation(codes) }
}

fn refusal(code: &str) -> String {
    json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}") }).to_string()
}

fn cancellation(codes: &[&str]) -> String {
    let reasons: Vec<Value> = codes.iter().map(|code| json!({ "Code": code })).collect();
    let kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    json!({ "__type": kind, "CancellationReasons": reasons }).to_string()
}

fn lock(inner: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inner {
    fn take(&mut self, passed: &Passed) -> Option<Interference> {
        self.journal.push(passed.clone());
        let place = self.orders.iter().position(|order| (order.matches)(passed))?;
        let order = &mut self.orders[place];
        if let Some(left) = order.passed_over.checked_sub(1) {
            order.passed_over = left;
            return None;
        }
        let interference = order.interference.clone();
        if let Some(times) = &mut order.times {
            *times -= 1;
            if *times == 0 {
                self.orders.remove(place);
            }
        }
        Some(interference)
    }
}

async fn relay(mut near: TcpStream, far: SocketAddr, inner: Arc<Mutex<Inner>>) {
    let Some(mut request) = Message::read(&mut near).await else { return };
    let passed =
        Passed { operation: request.operation(), body: String::from_utf8_lossy(&request.body).into_owned() };
    let (interference, is_without_waits) = {
        let mut inner = lock(&inner);
        (inner.take(&passed), inner.is_without_waits)
    };
    let is_sending = passed.operation.starts_with("SQS SendMessage");
    if is_without_waits && (is_sending || passed.operation == "SQS ReceiveMessage") {
        request.leave_out_waits();
    }
    let answer = match interference {
        None => request.send(far).await,
        Some(Interference::Answered { status, body }) => Message::answer(status, body),
        Some(Interference::ConditionFailed) => {
            let is_transaction = passed.operation.ends_with("TransactWriteItems");
            let codes = ["ConditionalCheckFailed", "None", "None"];
            let body = if is_transaction {
                cancellation(&codes)
            } else {
                refusal("ConditionalCheckFailedException")
            };
            Message::answer(400, body)
        }
        Some(Interference::AnswerLost) => {
            request.send(far).await;
            return;
        }
        Some(Interference::Closed) => return,
        Some(Interference::EntryRefused { id }) => request.send_without(&id, far).await,
    };
    // Who has gone away meanwhile does not hear it.
    let _ = near.write_all(&answer.bytes()).await;
}

/// A request or an answer.
struct Message {
    /// First line and headers.
    head: Vec<String>,
    body: Vec<u8>,
}

impl Message {
    fn answer(status: u16, body: String) -> Self {
        let head = [format!("HTTP/1.1 {status} -"), "content-type: application/x-amz-json-1.0".to_owned()];
        Self { head: head.into(), body: body.into_bytes() }
    }

    /// `None` where the other side has nothing to say.
    async fn read(stream: &mut TcpStream) -> Option<Self> {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            if stream.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        };
        let head: Vec<String> =
            String::from_utf8_lossy(&bytes[..end]).split("\r\n").map(str::to_owned).collect();
        let mut message = Self { head, body: bytes.split_off(end + 4) };
        let length = message.header("content-length").map(|length| length.parse::<usize>().unwrap());
        let chunked = message.header("transfer-encoding").is_some();
        while if chunked {
            !message.body.ends_with(b"0\r\n\r\n")
        } else {
            message.body.len() < length.unwrap_or_default()
        } {
            if stream.read_buf(&mut message.body).await.ok()? == 0 {
                return None;
            }
        }
        Some(message)
    }

    fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.iter().skip(1).filter_map(|line| line.split_once(':'));
        headers.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    fn operation(&self) -> String {
        let Some(target) = self.header("x-amz-target") else {
            return format!("S3 {}", self.head[0].split(' ').next().unwrap_or_default());
        };
        let (service, operation) = target.split_once('.').unwrap_or((target, ""));
        let service = match service {
            "DynamoDB_20120810" => "DynamoDB",
            "AmazonSQS" => "SQS",
            "AmazonSSM" => "SSM",
            other => other,
        };
        format!("{service} {operation}")
    }

    /// With the length it has, on a connection that is closed after it.
    fn bytes(&self) -> Vec<u8> {
        let chunked = self.header("transfer-encoding").is_some();
        let mut head = self.head.clone();
        head.retain(|line| {
            let line = line.to_ascii_lowercase();
            !line.starts_with("connection:") && !line.starts_with("content-length:")
        });
        head.push("connection: close".to_owned());
        if !chunked {
            head.push(format!("content-length: {}", self.body.len()));
        }
        let mut bytes = (head.join("\r\n") + "\r\n\r\n").into_bytes();
        bytes.extend(&self.body);
        bytes
    }

    fn leave_out_waits(&mut self) {
        let mut sent: Value = serde_json::from_slice(&self.body).unwrap();
        for wait in ["DelaySeconds", "WaitTimeSeconds"] {
            sent.as_object_mut().unwrap().remove(wait);
        }
        for entry in sent.get_mut("Entries").and_then(Value::as_array_mut).into_iter().flatten() {
            entry.as_object_mut().unwrap().remove("DelaySeconds");
        }
        self.body = sent.to_string().into_bytes();
    }

    async fn send(&self, far: SocketAddr) -> Self {
        let mut stream = TcpStream::connect(far).await.unwrap();
        stream.write_all(&self.bytes()).await.unwrap();
        Self::read(&mut stream).await.expect("the emulator answers")
    }

    /// Sends the other entries of a batch, if there are any, and answers that this one was refused.
    async fn send_without(&self, id: &str, far: SocketAddr) -> Self {
        let mut batch: Value = serde_json::from_slice(&self.body).unwrap();
        let entries = batch["Entries"].as_array_mut().expect("a batch");
        let all = entries.len();
        entries.retain(|entry| entry["Id"] != id);
        let (kept, is_in_it) = (entries.len(), entries.len() < all);
        let mut answer = if kept == 0 {
            Self { head: vec!["HTTP/1.1 200 OK".to_owned()], body: b"{\"Successful\":[]}".to_vec() }
        } else {
            Self { head: self.head.clone(), body: batch.to_string().into_bytes() }.send(far).await
        };
        if is_in_it {
            let mut told: Value = serde_json::from_slice(&answer.body).unwrap();
            told["Failed"] = json!([{ "Id": id, "SenderFault": false, "Code": "InternalError" }]);
            answer.body = told.to_string().into_bytes();
        }
        answer
    }
}
