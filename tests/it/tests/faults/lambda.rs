//! Lambda: DynamoDB and SQS on an emulator, and the router with its batches.

use std::{
    cell::Cell,
    sync::atomic::{AtomicU32, Ordering},
};

use aws::{Environment, Fittings};
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::{Context, LambdaEvent};
use plumbline::Backend;
use router::Router;
use sandbox::Options;
use serde_json::{Value, json};
use stack::{Between, Emulator, Interference, Passed};

use crate::{
    clock,
    side::{Side, Trouble, Worker},
    world::{AUTHORIZATION, FarSide, PROGRAM, Terms},
};

/// Time of an invocation.
const INVOCATION: SignedDuration = SignedDuration::from_mins(15);

pub(crate) struct Lambda {
    far: FarSide,
    pub(crate) emulator: &'static Emulator,
    /// The way of everything but the harness to the emulator.
    pub(crate) between: Between,
    /// True while the function's answer to a batch is lost.
    is_answer_lost: Cell<bool>,
    name: String,
    pub(crate) queue_url: String,
    /// Environment of the function.
    pub(crate) variables: Vec<(String, String)>,
    backend: Backend,
    first: Router,
    second: Router,
}

impl Lambda {
    /// `None` without an emulator.
    pub(crate) async fn start() -> Option<Self> {
        static SIDES: AtomicU32 = AtomicU32::new(0);
        let emulator = Emulator::shared()?;
        let name = format!("faults{}", SIDES.fetch_add(1, Ordering::Relaxed));
        let far = FarSide::start(Options::empty()).await;
        emulator.table(&name).await;
        emulator.bucket(&name).await;
        let between = Between::start(emulator).await;
        between.leave_out_waits();
        let secret = json!({
            "procore_client_id": "sandbox-client-id",
            "procore_client_secret": "sandbox-client-secret",
            "webhook_authorization": [AUTHORIZATION],
            "openai_api_key": "it-model-key",
        });
        emulator.secret(&name, &secret.to_string()).await;
        emulator.parameter(&name, &Terms::default().toml()).await;
        let queue_url = emulator.queue(&name).await;
        let ours = [
            ("PLUMBLINE_QUEUE_URL", queue_url.clone()),
            ("PLUMBLINE_DEAD_LETTER_URL", emulator.queue(&format!("{name}-dead")).await),
            ("PLUMBLINE_TABLE", name.clone()),
            ("PLUMBLINE_CACHE_BUCKET", name.clone()),
            ("PLUMBLINE_SECRET_ID", name.clone()),
            ("PLUMBLINE_CONFIG_PARAMETER", name.clone()),
            ("PROCORE_API_URL", far.sandbox.url().to_string()),
            ("PROCORE_LOGIN_URL", far.sandbox.url().to_string()),
            ("OPENAI_BASE_URL", far.model.url().to_string()),
        ];
        let ours = ours.map(|(name, value)| (name.to_owned(), value));
        let variables: Vec<(String, String)> = emulator.variables().into_iter().chain(ours).collect();
        let environment = Environment::new(between.sdk().await, variables.clone());
        let backend = Backend::Aws {
            ledger: environment.ledger(clock::now).unwrap(),
            queue: environment.queue().unwrap(),
        };
        let router = async |clock: fn() -> Timestamp| {
            let fittings = Fittings { clock, watcher: Some(clock::watch), extractor: Some(PROGRAM.into()) };
            Router::set_up(&environment, fittings).await.unwrap()
        };
        let (first, second) = (router(clock::now).await, router(clock::skewed).await);
        Some(Self {
            far,
            emulator,
            between,
            is_answer_lost: Cell::new(false),
            name,
            queue_url,
            variables,
            backend,
            first,
            second,
        })
    }

    async fn answer(&self, worker: Worker, event: &Value) -> Value {
        let router = if worker == Worker::First { &self.first } else { &self.second };
        static INVOCATIONS: AtomicU32 = AtomicU32::new(0);
        let mut context = Context::default();
        context.request_id = format!("invocation {}", INVOCATIONS.fetch_add(1, Ordering::Relaxed));
        context.deadline = (clock::now() + INVOCATION).as_millisecond().unsigned_abs();
        let payload = serde_json::from_value(event.clone()).unwrap();
        serde_json::to_value(router.answer(LambdaEvent::new(payload, context)).await).unwrap()
    }
}

impl Side for Lambda {
    type Backend = Backend;

    const LEASE: SignedDuration = INVOCATION;

    /// The router keeps 10 s for the queue.
    const TIME_OF_A_RUN: SignedDuration = SignedDuration::from_secs(15 * 60 - 10);

    async fn another(&self) -> Self {
        clock::begin_anew();
        Self::start().await.unwrap()
    }

    fn trouble(&self, trouble: Trouble) {
        let order = |matches: fn(&Passed) -> bool, passed_over, interference| {
            self.between.order(matches, passed_over, None, interference);
        };
        match trouble {
            Trouble::ClaimsRefused { after } => {
                order(is_change, after, stack::refused("ThrottlingException"));
                order(is_count, 0, stack::refused("ThrottlingException"));
            }
            Trouble::OnlyClaimsRefused { after } => {
                order(is_change, after, stack::refused("ThrottlingException"));
            }
            Trouble::ClaimOvertaken { after } => {
                order(is_change, after, Interference::ConditionFailed);
            }
            Trouble::SecondSendRefused => {
                let id = "1".to_owned();
                order(
                    |passed| passed.operation == "SQS SendMessageBatch",
                    0,
                    Interference::EntryRefused { id },
                );
            }
            Trouble::BuryingRefused => {
                let is_burying =
                    |passed: &Passed| passed.operation == "SQS SendMessage" && passed.body.contains("-dead");
                order(is_burying, 0, broken());
            }
            Trouble::NothingTold => {
                order(|passed| passed.operation == "SQS ChangeMessageVisibility", 0, broken());
                self.is_answer_lost.set(true);
            }
        }
    }

    fn heal(&self) {
        self.between.heal();
        self.is_answer_lost.set(false);
    }

    fn far(&self) -> &FarSide {
        &self.far
    }

    fn backend(&self) -> &Backend {
        &self.backend
    }

    async fn configure(&self, terms: Terms) {
        self.emulator.parameter(&self.name, &terms.toml()).await;
    }

    async fn deliver_to(&self, worker: Worker) -> bool {
        self.emulator.show_delayed(&self.queue_url);
        let event = self.emulator.sqs_event(&self.queue_url).await;
        if event["Records"].as_array().unwrap().is_empty() {
            return false;
        }
        let response = self.answer(worker, &event).await;
        if !self.is_answer_lost.get() {
            self.emulator.settle(&self.queue_url, &event, &response).await;
        }
        self.emulator.show(&self.queue_url, &event).await;
        true
    }

    async fn waiting(&self) -> u64 {
        let (visible, hidden) = self.emulator.counts(&self.queue_url).await;
        u64::from(visible + hidden + self.emulator.delayed(&self.queue_url).await)
    }

    async fn delivered_and_dropped(&self, until: impl Future<Output = ()>) {
        self.emulator.show_delayed(&self.queue_url);
        let event = self.emulator.sqs_event(&self.queue_url).await;
        tokio::select! {
            biased;
            () = until => {}
            _ = self.answer(Worker::First, &event) => panic!("the runs came to their end first"),
        }
        self.emulator.show(&self.queue_url, &event).await;
    }
}

/// An answer of a service that is out of order.
pub(crate) fn broken() -> Interference {
    Interference::Answered { status: 500, body: "{}".to_owned() }
}

/// True for what the ledger asks; the account of calls lies in the same table.
pub(crate) fn is_ledger(passed: &Passed) -> bool {
    passed.operation.starts_with("DynamoDB ") && !passed.body.contains("\"pace#")
}

/// True for a change of a claim.
pub(crate) fn is_change(passed: &Passed) -> bool {
    is_ledger(passed)
        && ["DynamoDB TransactWriteItems", "DynamoDB PutItem"].contains(&passed.operation.as_str())
        && passed.body.contains("\"claim#")
}

/// True for the counting of a try.
fn is_count(passed: &Passed) -> bool {
    is_ledger(passed) && passed.body.contains("\"counter#tries/")
}
