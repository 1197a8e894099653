//! The operator's desk over the service's data, from another process: what waits, what is dead, how runs ended.

use std::time::{Duration, Instant};

use agent::{
    Envelope, RunRecord,
    ledger::Ledger,
    queue::{DeadLetters, Kept, Queue},
};
use embedded::Store;
use tokio::time::{MissedTickBehavior, interval};

use crate::{child::data, world::FarSide};

/// The longest way to rest: waits after failures grow to minutes.
const REST: Duration = Duration::from_secs(600);
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// More than there are.
const ALL: u32 = 1_000_000;

/// The data directory, opened beside the service.
pub(crate) struct Desk {
    store: Store,
}

impl Desk {
    pub(crate) fn open(far: &FarSide) -> Self {
        Self { store: Store::open(&data(far), jiff::Timestamp::now).unwrap() }
    }

    /// Messages not done yet.
    pub(crate) async fn backlog(&self) -> u64 {
        let counts = self.store.counts().await.unwrap();
        counts.waiting + counts.in_flight
    }

    /// Returns once fewer than `most` messages wait.
    pub(crate) async fn has_room(&self, most: u64) {
        self.falls_below(most).await;
    }

    /// Returns once no message waits or is in hand.
    pub(crate) async fn comes_to_rest(&self) {
        self.falls_below(1).await;
    }

    async fn falls_below(&self, most: u64) {
        let began = Instant::now();
        let mut looks = interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            let backlog = self.backlog().await;
            if backlog < most {
                return;
            }
            assert!(began.elapsed() < REST, "{backlog} messages still wait, which is not below {most}");
        }
    }

    pub(crate) async fn letters(&self) -> Vec<Kept> {
        self.store.letters(ALL as usize).await.unwrap()
    }

    /// Puts runs that failed for good back on the queue, as an operator does; they are returned.
    pub(crate) async fn take_failed_runs(&self, letters: &[Kept]) -> Vec<Envelope> {
        let mut failed = Vec::new();
        for kept in letters {
            let Ok(envelope) = Envelope::from_body(&kept.letter.body) else { continue };
            self.store.send(std::slice::from_ref(&envelope)).await.unwrap();
            self.store.discard(kept).await.unwrap();
            failed.push(envelope);
        }
        failed
    }

    pub(crate) async fn runs(&self) -> Vec<RunRecord> {
        self.store.runs(ALL).await.unwrap()
    }
}
