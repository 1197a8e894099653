//! The AWS side against two emulators on loopback; said aloud and skipped where they are not installed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy does not know for tests"
)]

#[path = "../../../embedded/tests/it/behaviour/mod.rs"]
mod behaviour;
mod between;
mod cache;
mod configuration;
mod ledger;
mod lost_answers;
mod pace;
mod queue;
mod refusals;
#[path = "../../../embedded/tests/it/samples.rs"]
#[allow(dead_code, reason = "shared with the tests of the other backend")]
mod samples;
mod secrets;
mod unreachable;

use std::sync::atomic::{AtomicU32, Ordering};

use aws::Environment;
use stack::Emulator;

/// Makes tests of these functions: each runs on ministack and on moto.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod on_ministack {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                $crate::World::run(stack::Emulator::shared(), super::$name).await;
            })+
        }

        mod on_moto {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                $crate::World::run(stack::Emulator::second(), super::$name).await;
            })+
        }
    };
}

/// Makes tests that run on ministack alone, because of something that moto cannot do.
macro_rules! on_ministack {
    ($why:path: $($name:ident),+ $(,)?) => {
        mod on_ministack_alone {
            const _: &str = $why;

            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                $crate::World::run(stack::Emulator::shared(), super::$name).await;
            })+
        }
    };
}

pub(crate) use {on_both, on_ministack};

/// All that moto 5.2.5 cannot do of what is asked of it here.
mod moto_cannot {
    pub(crate) const REMEMBER_A_TRANSACTION: &str =
        "it takes no notice of a client request token, so a transaction sent again is made again";
    pub(crate) const REFUSE_LIKE_SECRETS_MANAGER: &str =
        "it answers with HTTP 404 for a secret that is not there, AWS with 400";
}

/// Queues, a table, a bucket, a secret and a parameter of one test, under names nobody else uses.
pub(crate) struct World {
    pub(crate) emulator: &'static Emulator,
    pub(crate) queue_url: String,
    pub(crate) dead_letter_url: String,
    pub(crate) name: String,
}

impl World {
    /// Runs a test in a world of its own; not at all without the emulator.
    pub(crate) async fn run<F: Future<Output = ()>>(
        emulator: Option<&'static Emulator>,
        test: impl FnOnce(Self) -> F,
    ) {
        static WORLDS: AtomicU32 = AtomicU32::new(0);
        let Some(emulator) = emulator else { return };
        let name = format!("world{}", WORLDS.fetch_add(1, Ordering::Relaxed));
        emulator.table(&name).await;
        let world = Self {
            emulator,
            queue_url: emulator.queue(&name).await,
            dead_letter_url: emulator.queue(&format!("{name}-dead")).await,
            name,
        };
        test(world).await;
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
