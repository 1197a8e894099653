//! One world for each test: a Procore stand-in, a model, and the whole service in this process.
//!
//! Tests replace the far sides, never a part of the service. Waiting is always for something that happens, with a
//! limit; never for time to pass.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use agent::{
    Config, RunRecord,
    assemble::{Addresses, Secrets},
};
use embedded::Store;
use plumbline::{Service, Setup, service::OnRun};
use procore::Windows;
use sandbox::{
    DeliveryStatus, Hook, Item, NewRfi, Options, Recorded, Sandbox,
    model::{Behaviour, ModelServer},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{sync::mpsc, time::timeout};

/// What our hook sends, and the door accepts.
pub(crate) const AUTHORIZATION: &str = "Bearer it-current-webhook-secret";
/// The value before the last rotation: still accepted.
pub(crate) const PREVIOUS_AUTHORIZATION: &str = "Bearer it-previous-webhook-secret";
/// The service account of the seed.
pub(crate) const SERVICE_ACCOUNT: i64 = 990_001;
/// A person of the seed.
pub(crate) const PERSON: i64 = 5301;
/// Longest wait for anything, in this machine's worst hour.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// The operator's program, which also reads documents.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_plumbline-under-test");

/// The lines of `plumbline.toml` that tests differ in.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) quiet_window_s: u32,
    pub(crate) usd_per_day: &'static str,
    pub(crate) drafts_per_day: u32,
    /// Price of the model, of any kind of token.
    pub(crate) usd_per_million: &'static str,
    /// Where another than the default is asked for.
    pub(crate) evidence_tokens: Option<u32>,
    pub(crate) service_account: i64,
    /// Correspondence type; the seed has 77.
    pub(crate) kind: Option<i64>,
    pub(crate) workflows: &'static [&'static str],
    /// Further tables of the file.
    pub(crate) more: &'static str,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            quiet_window_s: 0,
            usd_per_day: "5.00",
            drafts_per_day: 50,
            usd_per_million: "1.00",
            evidence_tokens: None,
            service_account: SERVICE_ACCOUNT,
            kind: Some(77),
            workflows: &["rfi_question", "rfi_response", "submittal_review", "daily_log_summary"],
            more: "",
        }
    }
}

impl Terms {
    /// The whole file.
    pub(crate) fn toml(&self) -> String {
        let kind = self.kind.map(|kind| format!("correspondence_type_id = {kind}\n")).unwrap_or_default();
        let tokens =
            self.evidence_tokens.map(|tokens| format!("evidence_tokens = {tokens}\n")).unwrap_or_default();
        let usd = self.usd_per_million;
        format!(
            "company_id = 8001\nenvironment = \"sandbox\"\nnamespace = \"plumbline-it\"\n\
             service_account_id = {}\nquiet_window_s = {}\n\n[model]\n\
             default = {{ provider = \"openai\", name = \"it-model\", usd_per_million_tokens = {{ input = \"{usd}\", cached_input = \"{usd}\", output = \"{usd}\" }} }}\n\n\
             [budget]\nusd_per_project_per_day = \"{}\"\nmax_drafts_per_record_per_day = {}\n{tokens}\n\
             [[project]]\nid = 4071\nreviewer_id = 5101\n{kind}workflows = {:?}\n{}",
            self.service_account,
            self.quiet_window_s,
            self.usd_per_day,
            self.drafts_per_day,
            self.workflows,
            self.more,
        )
    }
}

/// The far sides, for tests that start the service as a process of its own.
pub(crate) struct FarSide {
    pub(crate) sandbox: Sandbox,
    pub(crate) model: ModelServer,
    pub(crate) data: TempDir,
    /// How long the stand-in's call limits last.
    pub(crate) windows: Windows,
}

impl FarSide {
    pub(crate) async fn start(options: Options) -> Self {
        let options = Options { webhook_retry_first_ms: 50, ..options };
        let windows = Windows { spike: options.quotas.spike_window, hour: options.quotas.hourly_window };
        Self {
            windows,
            sandbox: Sandbox::start(options).await.unwrap(),
            model: ModelServer::start(Behaviour::Scripted).await.unwrap(),
            data: tempfile::tempdir().unwrap(),
        }
    }

    /// Everything a service between these far sides needs.
    pub(crate) fn setup(&self, terms: Terms) -> Setup {
        Setup {
            config: Config::parse(&terms.toml(), "plumbline.toml").unwrap(),
            config_file: None,
            secrets: secrets(),
            addresses: Addresses {
                procore_api: Some(self.sandbox.url()),
                procore_login: Some(self.sandbox.url()),
                openai: Some(self.model.url()),
            },
            windows: self.windows,
            data: self.data.path().to_owned(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            sweep_every: None,
            extractor: Some(PathBuf::from(PROGRAM)),
            clock: jiff::Timestamp::now,
            watcher: None,
            on_run: None,
            exporter: None,
        }
    }

    /// Correspondence items that live, as JSON would show them to a test.
    pub(crate) fn items(&self) -> Vec<Item> {
        self.sandbox.correspondence()
    }

    /// Requests to Procore that change something there.
    pub(crate) fn writes(&self) -> Vec<Recorded> {
        let mut requests = self.sandbox.requests();
        requests.retain(|request| request.method != "GET" && request.path != "/oauth/token");
        requests
    }

    /// Calls of the model that were not repairs.
    pub(crate) fn first_calls(&self) -> u64 {
        let counters = self.model.counters();
        counters.requests - counters.repairs
    }
}

/// Everything, with the service inside.
pub(crate) struct World {
    pub(crate) far: FarSide,
    service: Service,
    ended: mpsc::UnboundedReceiver<RunRecord>,
}

impl World {
    /// The seeded project without RFIs, the scripted model, no hook.
    pub(crate) async fn start() -> Self {
        Self::on(Options::empty(), Terms::default()).await
    }

    pub(crate) async fn with(terms: Terms) -> Self {
        Self::on(Options::empty(), terms).await
    }

    pub(crate) async fn on(options: Options, terms: Terms) -> Self {
        Self::over(FarSide::start(options).await, terms).await
    }

    /// The service over far sides that are there already, and over the data another one left.
    pub(crate) async fn over(far: FarSide, terms: Terms) -> Self {
        let (told, ended) = mpsc::unbounded_channel();
        let sandbox = far.sandbox.clone();
        let on_run: OnRun = Arc::new(move |story: &RunRecord| {
            let _ = told.send(story.clone());
            sandbox.touch();
        });
        let setup = Setup { on_run: Some(on_run), ..far.setup(terms) };
        let service = Service::start(setup).await.unwrap();
        Self { far, service, ended }
    }

    pub(crate) fn door(&self) -> String {
        format!("http://{}/webhooks/procore", self.service.address())
    }

    pub(crate) fn store(&self) -> &Store {
        self.service.store()
    }

    /// Lets the sandbox send its webhooks to our door, as Procore would.
    pub(crate) fn subscribe(&self, payload_version: &str) {
        self.far.sandbox.subscribe(Hook {
            url: self.door().parse().unwrap(),
            authorization: AUTHORIZATION.to_owned(),
            payload_version: payload_version.to_owned(),
        });
    }

    /// A webhook with the right header; the status of the answer.
    pub(crate) async fn post(&self, body: &Value) -> u16 {
        post(&self.door(), body).await
    }

    /// Tells of a change of an RFI under an event id of its own, and returns how the run ended.
    pub(crate) async fn tell(&mut self, rfi: i64, reason: &str) -> RunRecord {
        assert_eq!(self.post(&event(rfi, reason)).await, 204);
        self.end().await
    }

    /// The same of a submittal.
    pub(crate) async fn tell_of_submittal(&mut self, submittal: i64, reason: &str) -> RunRecord {
        assert_eq!(self.post(&submittal_event(submittal, reason)).await, 204);
        self.end().await
    }

    /// The same of an entry of the daily log, by the name its family has in webhooks.
    pub(crate) async fn tell_of_log_entry(&mut self, family: &str, entry: i64, reason: &str) -> RunRecord {
        assert_eq!(self.post(&log_event(family, entry, reason)).await, 204);
        self.end().await
    }

    /// The story of the next run that ended; what was only a wait is passed over.
    pub(crate) async fn end(&mut self) -> RunRecord {
        loop {
            let story = timeout(PATIENCE, self.ended.recv()).await;
            let story = story.expect("a run ends in time").expect("the service runs");
            if !matches!(story.outcome.as_str(), "Settling" | "Busy") {
                return story;
            }
        }
    }

    /// Asserts that nothing waits, nothing is in hand, and so many dead letters are kept.
    pub(crate) async fn assert_at_rest(&self, dead: u64) {
        let counts = self.store().counts().await.unwrap();
        assert_eq!((counts.waiting, counts.in_flight, counts.dead), (0, 0, dead));
    }

    /// Waits until the sandbox has had a 2xx for each webhook it sent.
    pub(crate) async fn all_delivered(&self) {
        let delivered = |sandbox: &Sandbox| {
            let deliveries = sandbox.deliveries();
            deliveries.iter().all(|delivery| delivery.status == DeliveryStatus::Delivered)
        };
        assert!(self.far.sandbox.wait_for(PATIENCE, delivered).await);
    }

    /// Ends the service the way Ctrl-C does.
    pub(crate) async fn stop(self) -> FarSide {
        self.service.stop().await;
        self.far
    }
}

pub(crate) fn secrets() -> Secrets {
    Secrets {
        procore_client_id: "sandbox-client-id".to_owned(),
        procore_client_secret: "sandbox-client-secret".to_owned().into(),
        webhook_authorization: vec![
            AUTHORIZATION.to_owned().into(),
            PREVIOUS_AUTHORIZATION.to_owned().into(),
        ],
        openai_api_key: "it-model-key".to_owned().into(),
    }
}

/// Posts a webhook body with the right header.
pub(crate) async fn post(door: &str, body: &Value) -> u16 {
    let request = reqwest::Client::new().post(door).header("authorization", AUTHORIZATION);
    request.json(body).send().await.unwrap().status().as_u16()
}

/// A v4.0 event of a person about an RFI of the seed's project; each has an id of its own.
pub(crate) fn event(rfi: i64, reason: &str) -> Value {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    json!({
        "id": format!("01K1Q8ZB7V3M5N9R2T4W{number:06}"),
        "timestamp": "2026-06-03T16:20:33.250001Z",
        "reason": reason,
        "company_id": "8001",
        "project_id": "4071",
        "user_id": PERSON.to_string(),
        "resource_type": "RFIs",
        "resource_id": rfi.to_string(),
    })
}

/// The same about a submittal.
pub(crate) fn submittal_event(submittal: i64, reason: &str) -> Value {
    let mut event = event(submittal, reason);
    event["resource_type"] = json!("Submittals");
    event
}

/// The same about an entry of the daily log.
pub(crate) fn log_event(family: &str, entry: i64, reason: &str) -> Value {
    let mut event = event(entry, reason);
    event["resource_type"] = json!(family);
    event
}

/// An open RFI whose answer stands in the section it names.
pub(crate) fn question() -> NewRfi {
    NewRfi {
        subject: "Grab bars at water closets".to_owned(),
        question: "At what height above the finished floor are the grab bars at water closets mounted?"
            .to_owned(),
        section: Some("10 28 00".to_owned()),
        age_s: 3600,
        emit: false,
        ..NewRfi::default()
    }
}
