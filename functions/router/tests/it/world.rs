//! Everything around the functions, and the deliveries that Lambda makes from the queue.

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use aws::Environment;
use sandbox::{
    NewRfi, Options, Sandbox,
    model::{Behaviour, ModelServer},
};
use serde_json::{Value, json};
use stack::{Emulator, Function};

/// What our hook sends.
pub(crate) const AUTHORIZATION: &str = "Bearer router-test-71d0";

const ROUTER: &str = env!("CARGO_BIN_EXE_router");

/// A company, its project in the sandbox, and its part of AWS.
pub(crate) struct World {
    pub(crate) emulator: &'static Emulator,
    pub(crate) sandbox: Sandbox,
    pub(crate) model: ModelServer,
    pub(crate) queue_url: String,
    pub(crate) dead_letter_url: String,
    name: String,
}

impl World {
    /// The seeded project without RFIs. `None` without an emulator.
    pub(crate) async fn new() -> Option<Self> {
        static WORLDS: AtomicU32 = AtomicU32::new(0);
        let emulator = Emulator::shared()?;
        let name = format!("router{}", WORLDS.fetch_add(1, Ordering::Relaxed));
        emulator.table(&name).await;
        let options = Options::empty();
        let secret = json!({
            "procore_client_id": options.client_id,
            "procore_client_secret": options.client_secret,
            "webhook_authorization": [AUTHORIZATION],
            "openai_api_key": "router-test-model-key",
        });
        emulator.secret(&name, &secret.to_string()).await;
        let world = Self {
            emulator,
            sandbox: Sandbox::start(options).await.unwrap(),
            model: ModelServer::start(Behaviour::Scripted).await.unwrap(),
            queue_url: emulator.queue(&name).await,
            dead_letter_url: emulator.queue(&format!("{name}-dead")).await,
            name,
        };
        world.configure(0, 77).await;
        Some(world)
    }

    /// Stores a configuration.
    pub(crate) async fn configure(&self, quiet_window_s: u32, correspondence_type: i64) {
        let config = format!(
            "company_id = 8001\nenvironment = \"sandbox\"\nnamespace = \"plumbline-test\"\n\
             service_account_id = 990001\nquiet_window_s = {quiet_window_s}\n\n[model]\n\
             default = {{ provider = \"openai\", name = \"test-model\", usd_per_million_tokens = \
             {{ input = \"1.00\", cached_input = \"1.00\", output = \"1.00\" }} }}\n\n[budget]\n\
             usd_per_project_per_day = \"5.00\"\nmax_drafts_per_record_per_day = 50\n\n[[project]]\nid = 4071\n\
             reviewer_id = 5101\ncorrespondence_type_id = {correspondence_type}\nworkflows = [\"rfi_response\"]\n"
        );
        self.emulator.parameter(&self.name, &config).await;
    }

    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let ours = [
            ("PLUMBLINE_QUEUE_URL", self.queue_url.clone()),
            ("PLUMBLINE_DEAD_LETTER_URL", self.dead_letter_url.clone()),
            ("PLUMBLINE_TABLE", self.name.clone()),
            ("PLUMBLINE_SECRET_ID", self.name.clone()),
            ("PLUMBLINE_CONFIG_PARAMETER", self.name.clone()),
            ("PROCORE_API_URL", self.sandbox.url().to_string()),
            ("PROCORE_LOGIN_URL", self.sandbox.url().to_string()),
            ("OPENAI_BASE_URL", self.model.url().to_string()),
        ];
        let ours = ours.map(|(name, value)| (name.to_owned(), value));
        self.emulator.variables().into_iter().chain(ours).collect()
    }

    /// For a router in this process.
    pub(crate) async fn environment(&self) -> Environment {
        Environment::new(self.emulator.sdk().await, self.variables())
    }

    pub(crate) async fn router(&self) -> Function {
        Function::start(ROUTER, self.variables()).await
    }

    /// The other function, built beside this one whenever the whole workspace is tested.
    pub(crate) async fn ingest(&self) -> Function {
        let ingest = Path::new(ROUTER).with_file_name("ingest");
        Function::start(ingest.to_str().unwrap(), self.variables()).await
    }

    /// Puts bodies on the queue.
    pub(crate) async fn send(&self, bodies: &[String]) {
        let sqs = self.emulator.sqs().await;
        for body in bodies {
            sqs.send_message().queue_url(&self.queue_url).message_body(body).send().await.unwrap();
        }
    }

    /// One delivery, as Lambda makes it: what is on the queue goes to the function, and what it does not report as
    /// failed is deleted. Returns the bodies of what it did report.
    pub(crate) async fn deliver(&self, function: &Function) -> Vec<String> {
        let event = self.emulator.sqs_event(&self.queue_url).await;
        self.deliver_event(function, &event).await
    }

    /// As [`Self::deliver`], of what is there or shows within 20 s.
    pub(crate) async fn deliver_next(&self, function: &Function) -> Vec<String> {
        let event = self.emulator.next_sqs_event(&self.queue_url).await;
        self.deliver_event(function, &event).await
    }

    async fn deliver_event(&self, function: &Function, event: &Value) -> Vec<String> {
        let records = event["Records"].as_array().unwrap();
        assert!(!records.is_empty(), "nothing is there to deliver");
        let response = function.respond(event.clone()).await;
        self.emulator.settle(&self.queue_url, event, &response).await;
        failed(event, &response)
    }

    /// Asserts that nothing is on the queue, seen or hidden.
    pub(crate) async fn assert_done(&self) {
        assert_eq!(self.emulator.counts(&self.queue_url).await, (0, 0));
    }
}

/// The bodies of what a response names as failed.
pub(crate) fn failed(event: &Value, response: &Value) -> Vec<String> {
    let failures = response["batchItemFailures"].as_array().unwrap();
    let records = event["Records"].as_array().unwrap().iter();
    records
        .filter(|record| failures.iter().any(|failure| failure["itemIdentifier"] == record["messageId"]))
        .map(|record| record["body"].as_str().unwrap().to_owned())
        .collect()
}

/// A message of the queue: somebody changed this record of this project.
pub(crate) fn message(id: &str, project: i64, rfi: i64) -> String {
    let mut payloads = procore::webhook::parse(webhook(id, project, rfi).to_string().as_bytes()).unwrap();
    let event = agent::Event::from(payloads.remove(0).unwrap());
    agent::Envelope::from_webhook(event, jiff::Timestamp::now()).to_body().unwrap()
}

/// The webhook of the same.
pub(crate) fn webhook(id: &str, project: i64, rfi: i64) -> Value {
    json!({
        "id": id,
        "timestamp": "2026-06-03T16:20:33.250001Z",
        "reason": "update",
        "company_id": "8001",
        "project_id": project.to_string(),
        "user_id": "5301",
        "resource_type": "RFIs",
        "resource_id": rfi.to_string(),
    })
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
