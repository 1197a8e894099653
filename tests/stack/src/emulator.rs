//! Emulators of SQS, DynamoDB, S3, Secrets Manager and SSM: one of a kind for each test program, queues, tables and
//! buckets for each test.
//!
//! There are two kinds because each has mistakes of its own: what works on both is not built on one of them.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::Duration,
};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sqs::{
    config::Credentials,
    error::SdkError,
    types::{Message, MessageSystemAttributeName, QueueAttributeName},
};
use serde_json::{Value, json};
use url::Url;

use crate::loopback_endpoint;

const REGION: &str = "us-east-1";

/// Longest wait for the emulator to begin to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// An emulator that can be started.
struct Program {
    /// Its environment below the tools, as `tests/tools.sh` makes it.
    folder: &'static str,
    /// What runs it, beside this crate's manifest.
    script: &'static str,
    /// Answers with 200 when it is up.
    health: &'static str,
}

const MINISTACK: Program =
    Program { folder: "ministack-1.5.33", script: "emulator.py", health: "/_ministack/health" };

const MOTO: Program =
    Program { folder: "moto-5.2.5", script: "emulator_moto.py", health: "/moto-api/data.json" };

/// A running emulator. It ends with the program that started it.
pub struct Emulator {
    endpoint: Url,
    // Its standard input: when this program ends, so does the emulator.
    _child: Child,
}

/// A dead letter as it lies on its queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buried {
    /// The message.
    pub body: String,
    /// Its attributes.
    pub attributes: BTreeMap<String, String>,
}

impl Emulator {
    /// The emulator of this test program, started by whoever asks first: ministack. `None`, said aloud, where it is not
    /// installed; with `PLUMBLINE_EMULATOR=required` that is a failure.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Emulator>> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&MINISTACK)).as_ref()
    }

    /// A second opinion, as [`Emulator::shared`]: moto.
    pub fn second() -> Option<&'static Self> {
        static SECOND: OnceLock<Option<Emulator>> = OnceLock::new();
        SECOND.get_or_init(|| Self::start(&MOTO)).as_ref()
    }

    fn start(program: &Program) -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let tools =
            std::env::var_os("PLUMBLINE_TOOLS").map_or_else(|| root.join("target/tools"), PathBuf::from);
        let python = tools.join(program.folder).join("bin/python3");
        if !python.exists() {
            let required = std::env::var("PLUMBLINE_EMULATOR").is_ok_and(|value| value == "required");
            assert!(
                !required,
                "PLUMBLINE_EMULATOR=required, but {} is not there: run tests/tools.sh emulators",
                python.display()
            );
            // Not `eprintln!`: the test harness would keep that to itself.
            let _ = writeln!(
                std::io::stderr(),
                "\nSKIPPED: the tests against the AWS emulator {}. Install it with tests/tools.sh emulators (needs python3).",
                program.folder
            );
            return None;
        }
        let mut child = Command::new(python)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(program.script))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the emulator starts");
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut port)
            .expect("the emulator tells its port");
        let endpoint = loopback_endpoint(&format!("http://127.0.0.1:{}", port.trim()));
        // The socket listens already, so one request is enough: it is answered when the server is up.
        asked(&endpoint, program.health);
        Some(Self { endpoint, _child: child })
    }

    /// Where it listens.
    #[must_use]
    pub fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    /// The SDK's configuration for it. Each test makes its own: connections belong to the runtime of one test.
    pub async fn sdk(&self) -> SdkConfig {
        sdk_at(self.endpoint.as_str()).await
    }

    /// What a function needs in its environment to reach this and nothing else.
    #[must_use]
    pub fn variables(&self) -> Vec<(String, String)> {
        let endpoint = loopback_endpoint(self.endpoint.as_str());
        [
            ("AWS_ENDPOINT_URL", endpoint.as_str().trim_end_matches('/')),
            ("AWS_REGION", REGION),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    /// A client of SQS.
    pub async fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.sdk().await)
    }

    /// Makes a standard queue and returns its address.
    pub async fn queue(&self, name: &str) -> String {
        let sqs = self.sqs().await;
        let made = sqs.create_queue().queue_name(name).send().await.unwrap();
        made.queue_url.unwrap()
    }

    /// Lets SQS move messages to a dead-letter queue once they were received so often.
    pub async fn redrive(&self, queue_url: &str, dead_letter_url: &str, receives: u32) {
        use aws_sdk_sqs::types::QueueAttributeName::{QueueArn, RedrivePolicy};
        let sqs = self.sqs().await;
        let dead = sqs.get_queue_attributes().queue_url(dead_letter_url).attribute_names(QueueArn);
        let dead = dead.send().await.unwrap().attributes.unwrap();
        let policy = json!({ "deadLetterTargetArn": dead[&QueueArn], "maxReceiveCount": receives });
        let set = sqs.set_queue_attributes().queue_url(queue_url);
        set.attributes(RedrivePolicy, policy.to_string()).send().await.unwrap();
    }

    /// What is on a queue now, as Lambda would hand it to a function. Each message is then hidden for an hour.
    pub async fn sqs_event(&self, queue_url: &str) -> Value {
        event_of(&self.messages(queue_url).await)
    }

    /// Waits for the next message that shows, 20 s at most, and hands it over as Lambda would.
    pub async fn next_sqs_event(&self, queue_url: &str) -> Value {
        event_of(&self.receive(queue_url, 20).await)
    }

    /// Does what Lambda does after a function's response to an SQS event: deletes what is not in its
    /// `batchItemFailures`.
    pub async fn settle(&self, queue_url: &str, event: &Value, response: &Value) {
        let sqs = self.sqs().await;
        let failures = response["batchItemFailures"].as_array().expect("a batch response");
        for record in event["Records"].as_array().unwrap() {
            if !failures.iter().any(|failure| failure["itemIdentifier"] == record["messageId"]) {
                let receipt = record["receiptHandle"].as_str().unwrap();
                let delete = sqs.delete_message().queue_url(queue_url).receipt_handle(receipt);
                match delete.send().await.map_err(SdkError::into_service_error) {
                    // Deleted by the function itself. SQS says yes to that once more.
                    Err(error) if error.is_receipt_handle_is_invalid() => {}
                    deleted => _ = deleted.unwrap(),
                }
            }
        }
    }

    /// Shows again at once what of an event is still on its queue, however long it was hidden for.
    pub async fn show(&self, queue_url: &str, event: &Value) {
        let sqs = self.sqs().await;
        for record in event["Records"].as_array().unwrap() {
            let receipt = record["receiptHandle"].as_str().unwrap();
            let show = sqs.change_message_visibility().queue_url(queue_url).receipt_handle(receipt);
            // What was deleted cannot be shown.
            let _ = show.visibility_timeout(0).send().await;
        }
    }

    /// Bodies of what is on a queue now; each is shown once.
    pub async fn bodies(&self, queue_url: &str) -> Vec<String> {
        let messages = self.messages(queue_url).await;
        messages.into_iter().filter_map(|message| message.body).collect()
    }

    /// What is on a dead-letter queue now; each is shown once.
    pub async fn buried(&self, queue_url: &str) -> Vec<Buried> {
        let messages = self.messages(queue_url).await;
        messages
            .into_iter()
            .map(|message| Buried {
                body: message.body.unwrap_or_default(),
                attributes: message
                    .message_attributes
                    .unwrap_or_default()
                    .into_iter()
                    .map(|(name, value)| (name, value.string_value.unwrap_or_default()))
                    .collect(),
            })
            .collect()
    }

    /// Shows at once what was sent with a delay that is not over yet, as if it were: ministack alone.
    ///
    /// # Panics
    /// If the emulator has no such queue.
    pub fn show_delayed(&self, queue_url: &str) {
        let name = queue_url.rsplit('/').next().unwrap_or_default();
        asked(&self.endpoint, &format!("/_tests/show_delayed/{name}"));
    }

    /// Makes the next call of a scheduled rule due now, as if its interval had passed: ministack alone.
    ///
    /// # Panics
    /// If the emulator has no such rule.
    pub fn bring_forward(&self, rule: &str) {
        asked(&self.endpoint, &format!("/_tests/bring_forward/{rule}"));
    }

    /// How many messages can be seen, and how many are hidden. Those sent with a delay are neither: see [`Self::delayed`].
    pub async fn counts(&self, queue_url: &str) -> (u32, u32) {
        use QueueAttributeName::{ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible};
        let visible = self.count(queue_url, ApproximateNumberOfMessages).await;
        (visible, self.count(queue_url, ApproximateNumberOfMessagesNotVisible).await)
    }

    /// How many messages were sent with a delay that is not over yet.
    pub async fn delayed(&self, queue_url: &str) -> u32 {
        self.count(queue_url, QueueAttributeName::ApproximateNumberOfMessagesDelayed).await
    }

    async fn count(&self, queue_url: &str, name: QueueAttributeName) -> u32 {
        let asked = self.sqs().await;
        let asked = asked.get_queue_attributes().queue_url(queue_url).attribute_names(name.clone());
        asked.send().await.unwrap().attributes.unwrap()[&name].parse().unwrap()
    }

    /// All that can be seen now.
    async fn messages(&self, queue_url: &str) -> Vec<Message> {
        let mut all = Vec::new();
        loop {
            let more = self.receive(queue_url, 0).await;
            if more.is_empty() {
                return all;
            }
            all.extend(more);
        }
    }

    async fn receive(&self, queue_url: &str, wait_s: i32) -> Vec<Message> {
        receive(&self.sqs().await, queue_url, wait_s, 3600).await
    }

    /// Makes a bucket.
    pub async fn bucket(&self, name: &str) {
        self.s3().await.create_bucket().bucket(name).send().await.unwrap();
    }

    /// Puts an object into a bucket.
    pub async fn object(&self, bucket: &str, key: &str, bytes: Vec<u8>) {
        let put = self.s3().await.put_object().bucket(bucket).key(key).body(bytes.into());
        put.send().await.unwrap();
    }

    async fn s3(&self) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.sdk().await).force_path_style(true).build();
        aws_sdk_s3::Client::from_conf(config)
    }

    /// Makes or replaces a secret.
    pub async fn secret(&self, id: &str, text: &str) {
        let secrets = aws_sdk_secretsmanager::Client::new(&self.sdk().await);
        if secrets.create_secret().name(id).secret_string(text).send().await.is_err() {
            let put = secrets.put_secret_value().secret_id(id).secret_string(text);
            put.send().await.unwrap();
        }
    }

    /// What a secret holds now.
    pub async fn secret_text(&self, id: &str) -> String {
        let secrets = aws_sdk_secretsmanager::Client::new(&self.sdk().await);
        let held = secrets.get_secret_value().secret_id(id).send().await.unwrap();
        held.secret_string().unwrap().to_owned()
    }

    /// Makes or replaces an encrypted parameter.
    pub async fn parameter(&self, name: &str, text: &str) {
        let ssm = aws_sdk_ssm::Client::new(&self.sdk().await);
        ssm.put_parameter()
            .name(name)
            .value(text)
            .r#type(aws_sdk_ssm::types::ParameterType::SecureString)
            .overwrite(true)
            .send()
            .await
            .unwrap();
    }
}

/// What is on a queue now, ten messages at most, as Lambda would hand it to a function, for a program that has no
/// emulator of its own. Each message is then hidden for so long.
pub async fn sqs_event_at(sdk: &SdkConfig, queue_url: &str, visibility_s: i32) -> Value {
    event_of(&receive(&aws_sdk_sqs::Client::new(sdk), queue_url, 0, visibility_s).await)
}

async fn receive(sqs: &aws_sdk_sqs::Client, queue_url: &str, wait_s: i32, visibility_s: i32) -> Vec<Message> {
    let got = sqs
        .receive_message()
        .queue_url(queue_url)
        .max_number_of_messages(10)
        .visibility_timeout(visibility_s)
        .wait_time_seconds(wait_s)
        .message_attribute_names("All")
        .message_system_attribute_names(MessageSystemAttributeName::All)
        .send()
        .await;
    got.unwrap().messages.unwrap_or_default()
}

fn event_of(messages: &[Message]) -> Value {
    let count = MessageSystemAttributeName::ApproximateReceiveCount;
    let record = |message: &Message| {
        json!({
            "messageId": message.message_id(),
            "receiptHandle": message.receipt_handle(),
            "body": message.body(),
            "attributes": { "ApproximateReceiveCount": message.attributes().unwrap()[&count] },
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "awsRegion": REGION,
        })
    };
    json!({ "Records": messages.iter().map(record).collect::<Vec<_>>() })
}

/// The SDK's configuration for an address on loopback.
pub async fn sdk_at(endpoint: &str) -> SdkConfig {
    let endpoint = loopback_endpoint(endpoint);
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url(endpoint.as_str().trim_end_matches('/'))
        .credentials_provider(Credentials::new("test", "test", None, None, "tests"))
        .load()
        .await
}

/// Asks the emulator something that AWS does not know, and takes no other answer than 200.
fn asked(endpoint: &Url, path: &str) {
    let address = endpoint.socket_addrs(|| None).unwrap()[0];
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).expect("the emulator listens");
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status).expect("the emulator answers");
    assert!(status.contains(" 200"), "the emulator does not answer {path}: {status}");
}
