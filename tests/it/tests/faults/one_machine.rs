//! One machine: SQLite, and the service's own way with a message.

use std::{cell::Cell, path::PathBuf};

use agent::Ctx;
use embedded::{Received, Store};
use jiff::{SignedDuration, Timestamp};
use plumbline::{Setup, service};
use sandbox::Options;

use crate::{
    clock,
    side::{Side, Trouble, Worker},
    triggers::Triggers,
    world::{FarSide, PROGRAM, Terms, secrets},
};

const DAY: SignedDuration = SignedDuration::from_hours(24);

pub(crate) struct OneMachine {
    far: FarSide,
    store: Store,
    first: Ctx<Store>,
    second: Ctx<Store>,
    /// The queue's own time, ahead of all waits: what waits is shown in the next round.
    queue_time: Cell<Timestamp>,
}

impl OneMachine {
    pub(crate) async fn start() -> Self {
        Self::with(Terms::default()).await
    }

    pub(crate) async fn with(terms: Terms) -> Self {
        let far = FarSide::start(Options::empty()).await;
        let file = far.data.path().join("plumbline.toml");
        std::fs::write(&file, terms.toml()).unwrap();
        let store = Store::open(&far.data.path().join("data"), clock::now).unwrap();
        let ctx = |clock: fn() -> Timestamp| {
            let setup = Setup {
                config: service::read_config(&file).unwrap(),
                config_file: Some(file.clone()),
                secrets: secrets(),
                addresses: agent::assemble::Addresses {
                    procore_api: Some(far.sandbox.url()),
                    procore_login: Some(far.sandbox.url()),
                    openai: Some(far.model.url()),
                },
                windows: far.windows,
                data: far.data.path().join("data"),
                listen: ([127, 0, 0, 1], 0).into(),
                extractor: Some(PROGRAM.into()),
                clock,
                watcher: Some(clock::watch),
                sweep_every: None,
                on_run: None,
                exporter: None,
            };
            service::context(&setup, store.clone(), false).unwrap()
        };
        let (first, second) = (ctx(clock::now), ctx(clock::skewed));
        Self { first, second, store, far, queue_time: Cell::new(clock::now()) }
    }

    /// The file of the ledger and the queue.
    pub(crate) fn database(&self) -> PathBuf {
        self.far.data.path().join("data").join("plumbline.db")
    }

    async fn receive(&self) -> Vec<Received> {
        self.queue_time.set(self.queue_time.get() + DAY);
        let visibility = std::time::Duration::from_secs(200);
        self.store.receive(10, visibility, self.queue_time.get()).await.unwrap()
    }
}

impl Side for OneMachine {
    type Backend = Store;

    const LEASE: SignedDuration = SignedDuration::from_secs(180);

    const TIME_OF_A_RUN: SignedDuration = SignedDuration::from_secs(180);

    async fn another(&self) -> Self {
        clock::begin_anew();
        Self::start().await
    }

    fn trouble(&self, trouble: Trouble) {
        Triggers::of(&self.database()).set(trouble);
    }

    fn heal(&self) {
        Triggers::of(&self.database()).clear();
    }

    fn far(&self) -> &FarSide {
        &self.far
    }

    fn backend(&self) -> &Store {
        &self.store
    }

    async fn configure(&self, terms: Terms) {
        std::fs::write(self.far.data.path().join("plumbline.toml"), terms.toml()).unwrap();
    }

    async fn deliver_to(&self, worker: Worker) -> bool {
        let ctx = if worker == Worker::First { &self.first } else { &self.second };
        let received = self.receive().await;
        futures::future::join_all(received.iter().map(|message| service::work_off(ctx, message))).await;
        !received.is_empty()
    }

    async fn waiting(&self) -> u64 {
        let counts = self.store.counts().await.unwrap();
        counts.waiting + counts.in_flight
    }

    async fn delivered_and_dropped(&self, until: impl Future<Output = ()>) {
        let received = self.receive().await;
        let runs =
            futures::future::join_all(received.iter().map(|message| service::work_off(&self.first, message)));
        tokio::select! {
            biased;
            () = until => {}
            _ = runs => panic!("the runs came to their end first"),
        }
    }
}
