//! The AWS side against an emulator on loopback; said aloud and skipped where that is not installed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy does not know for tests"
)]

#[path = "../../../embedded/tests/it/behaviour.rs"]
mod behaviour;
mod cache;
mod configuration;
mod ledger;
mod lost_answers;
mod pace;
mod queue;
#[path = "../../../embedded/tests/it/samples.rs"]
#[allow(dead_code, reason = "shared with the tests of the other backend")]
mod samples;
mod secrets;
mod unreachable;

use std::sync::atomic::{AtomicU32, Ordering};

use aws::Environment;
use stack::Emulator;

/// Queues, a table, a bucket, a secret and a parameter of one test, under names nobody else uses.
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
        let name = format!("world{}", WORLDS.fetch_add(1, Ordering::Relaxed));
        emulator.table(&name).await;
        Some(Self {
            emulator,
            queue_url: emulator.queue(&name).await,
            dead_letter_url: emulator.queue(&format!("{name}-dead")).await,
            name,
        })
    }

    /// An environment that names all of them.
    pub(crate) async fn environment(&self) -> Environment {
        let variables = [
            ("PLUMBLINE_QUEUE_URL", &self.queue_url),
            ("PLUMBLINE_DEAD_LETTER_URL", &self.dead_letter_url),
            ("PLUMBLINE_TABLE", &self.name),
            ("PLUMBLINE_CACHE_BUCKET", &self.name),
            ("PLUMBLINE_SECRET_ID", &self.name),
            ("PLUMBLINE_CONFIG_PARAMETER", &self.name),
        ];
        Environment::new(
            self.emulator.sdk().await,
            variables.map(|(name, value)| (name.to_owned(), value.clone())),
        )
    }
}
