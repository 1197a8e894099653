//! The function in its real binary, against an emulator of AWS and a stand-in for Procore.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy does not know for tests"
)]

use agent::{Envelope, Source};
use sandbox::{Fault, NewRfi, Options, Sandbox};
use serde_json::{Value, json};
use stack::{Emulator, Function};

const SWEEP: &str = env!("CARGO_BIN_EXE_sweep");
const CONFIG: &str = r#"company_id = 8001
environment = "sandbox"
namespace = "plumbline-test"
service_account_id = 990001
quiet_window_s = 0
[model]
default = { provider = "openai", name = "gpt-4.1-mini" }
[budget]
usd_per_project_per_day = "5.00"
max_drafts_per_record_per_day = 50
[[project]]
id = 4071
reviewer_id = 5101
correspondence_type_id = 77
workflows = ["rfi_response"]
"#;

/// A company, its project in the sandbox, and its part of AWS.
struct World {
    emulator: &'static Emulator,
    sandbox: Sandbox,
    queue_url: String,
    function: Function,
}

impl World {
    /// `None` without an emulator.
    async fn new(name: &str) -> Option<Self> {
        let emulator = Emulator::shared()?;
        emulator.table(name).await;
        let options = Options::empty();
        let secret = json!({
            "procore_client_id": options.client_id,
            "procore_client_secret": options.client_secret,
            "webhook_authorization": ["Bearer sweep-test-3c1e"],
            "openai_api_key": "sweep-test-model-key",
        });
        emulator.secret(name, &secret.to_string()).await;
        emulator.parameter(name, CONFIG).await;
        let sandbox = Sandbox::start(options).await.unwrap();
        let queue_url = emulator.queue(name).await;
        let ours = [
            ("PLUMBLINE_QUEUE_URL", queue_url.clone()),
            ("PLUMBLINE_DEAD_LETTER_URL", emulator.queue(&format!("{name}-dead")).await),
            ("PLUMBLINE_TABLE", name.to_owned()),
            ("PLUMBLINE_SECRET_ID", name.to_owned()),
            ("PLUMBLINE_CONFIG_PARAMETER", name.to_owned()),
            ("PROCORE_API_URL", sandbox.url().to_string()),
            ("PROCORE_LOGIN_URL", sandbox.url().to_string()),
        ];
        let ours = ours.map(|(name, value)| (name.to_owned(), value));
        let function = Function::start(SWEEP, emulator.variables().into_iter().chain(ours).collect()).await;
        Some(Self { emulator, sandbox, queue_url, function })
    }

    /// What one tick of the schedule puts on the queue.
    async fn tick(&self) -> Vec<Envelope> {
        let event = json!({"source": "aws.scheduler", "detail-type": "Scheduled Event", "detail": {}});
        assert_eq!(self.function.respond(event).await, Value::Null);
        let bodies = self.emulator.bodies(&self.queue_url).await;
        bodies.iter().map(|body| Envelope::from_body(body).unwrap()).collect()
    }
}

#[tokio::test]
async fn what_changed_is_on_the_queue_once() {
    let Some(world) = World::new("sweep0").await else { return };
    let mut rfis: Vec<String> = Vec::new();
    for _ in 0..12 {
        rfis.push(world.sandbox.add_rfi(NewRfi { age_s: 60, emit: false, ..NewRfi::default() }).to_string());
    }
    let envelopes = world.tick().await;
    assert!(envelopes.iter().all(|one| one.source == Source::Reconcile));
    let mut told: Vec<String> = envelopes.into_iter().map(|one| one.event.record).collect();
    told.sort();
    rfis.sort();
    assert_eq!(told, rfis);
    assert_eq!(world.tick().await, [], "the cursor is in the table");
    let log = world.function.log();
    assert!(log.contains("\"sent\":12"), "{log}");
    assert!(log.contains("\"HooksOff\":0") && log.contains("\"LostDeliveries\":0"), "measured:\n{log}");
}

#[tokio::test]
async fn what_could_not_be_read_is_read_at_the_next_tick() {
    let Some(world) = World::new("sweep1").await else { return };
    let rfi = world.sandbox.add_rfi(NewRfi { age_s: 60, emit: false, ..NewRfi::default() });
    world.sandbox.fail_next("GET rfis", Fault::Status(403), 1);
    assert_eq!(world.tick().await, []);
    let told = world.tick().await;
    assert_eq!(told.iter().map(|one| one.event.record.clone()).collect::<Vec<_>>(), [rfi.to_string()]);
}
