//! Queues, secret and parameter of one test, and requests as API Gateway hands them over.

use std::sync::atomic::{AtomicU32, Ordering};

use agent::config::EXAMPLE;
use aws::Environment;
use serde_json::{Value, json};
use stack::{Emulator, Function};

/// What our hook sends.
pub(crate) const AUTHORIZATION: &str = "Bearer ingest-test-5f1c";

/// A company with a queue.
pub(crate) struct World {
    pub(crate) emulator: &'static Emulator,
    pub(crate) queue_url: String,
    pub(crate) dead_letter_url: String,
    pub(crate) name: String,
}

impl World {
    /// `None` without an emulator.
    pub(crate) async fn new() -> Option<Self> {
        static WORLDS: AtomicU32 = AtomicU32::new(0);
        let emulator = Emulator::shared()?;
        let name = format!("ingest{}", WORLDS.fetch_add(1, Ordering::Relaxed));
        let world = Self {
            emulator,
            queue_url: emulator.queue(&name).await,
            dead_letter_url: emulator.queue(&format!("{name}-dead")).await,
            name,
        };
        world.accept(&[AUTHORIZATION]).await;
        emulator.parameter(&world.name, EXAMPLE).await;
        Some(world)
    }

    /// Stores a secret with these live values of the header.
    pub(crate) async fn accept(&self, authorizations: &[&str]) {
        let secret = json!({
            "procore_client_id": "our-app",
            "procore_client_secret": "ingest-test-client-secret",
            "webhook_authorization": authorizations,
            "openai_api_key": "ingest-test-model-key",
        });
        self.emulator.secret(&self.name, &secret.to_string()).await;
    }

    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let ours = [
            ("PLUMBLINE_QUEUE_URL", &self.queue_url),
            ("PLUMBLINE_DEAD_LETTER_URL", &self.dead_letter_url),
            ("PLUMBLINE_SECRET_ID", &self.name),
            ("PLUMBLINE_CONFIG_PARAMETER", &self.name),
        ];
        let ours = ours.map(|(name, value)| (name.to_owned(), value.clone()));
        self.emulator.variables().into_iter().chain(ours).collect()
    }

    /// For a front door in this process.
    pub(crate) async fn environment(&self) -> Environment {
        Environment::new(self.emulator.sdk().await, self.variables())
    }

    /// The real binary.
    pub(crate) async fn function(&self) -> Function {
        Function::start(env!("CARGO_BIN_EXE_ingest"), self.variables()).await
    }
}

/// A request as API Gateway hands it over.
pub(crate) fn request(method: &str, headers: Value, body: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/webhooks/procore",
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000",
            "domainName": "x.execute-api.127.0.0.1",
            "http": { "method": method, "path": "/webhooks/procore", "sourceIp": "192.0.2.1" },
            "timeEpoch": 1795000000000_u64,
        },
        "body": body,
        "isBase64Encoded": false,
    })
}

/// A POST with this header.
pub(crate) fn post(authorization: &str, body: &str) -> Value {
    request("POST", json!({ "authorization": authorization, "content-type": "application/json" }), body)
}

/// Somebody changed an RFI of the configured project.
pub(crate) fn webhook(id: &str) -> Value {
    json!({
        "id": id,
        "timestamp": "2026-06-03T16:20:33.250001Z",
        "reason": "update",
        "company_id": "8001",
        "project_id": "4071",
        "user_id": "5301",
        "resource_type": "RFIs",
        "resource_id": "598134325600017",
    })
}

/// The event ids of message bodies, sorted.
pub(crate) fn ids(bodies: &[String]) -> Vec<String> {
    let id = |body: &String| agent::Envelope::from_body(body).unwrap().event.id.to_string();
    let mut ids: Vec<String> = bodies.iter().map(id).collect();
    ids.sort();
    ids
}
