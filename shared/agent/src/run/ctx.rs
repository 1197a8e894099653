//! What a run works with. Built once when the process starts; clients are concrete, tests replace the far side.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use documents::Extractor;
use jiff::Timestamp;
use procore::{Procore, UserId};

use super::Watcher;
use crate::{
    admit::Own, config::Config, error::Error, hash::sha256_hex, ledger::Ledger, shelf::Shelf,
    switchboard::Switchboard,
};

/// One model tier.
#[derive(Clone)]
pub struct Model {
    /// The client of its endpoint.
    pub client: llm::Client,
    /// The model's name there.
    pub name: String,
    /// What it costs.
    pub price: llm::Price,
    /// Names its endpoint to the circuit breaker that all workers share.
    pub endpoint: String,
}

/// The container.
#[derive(Clone)]
pub struct Ctx<L: Ledger> {
    /// What runs where, as it was when the run began.
    pub config: Arc<Config>,
    /// What runs where now.
    pub live: Arc<dyn Switchboard>,
    /// Who we are.
    pub own: Own,
    /// The one door to Procore.
    pub procore: Procore,
    /// Model by tier.
    pub models: Arc<BTreeMap<String, Model>>,
    /// What runs remember.
    pub ledger: L,
    /// What was read before.
    pub shelf: Shelf,
    /// Reads documents in a process of their own.
    pub extractor: Extractor,
    /// The time. Agent code has no clock of its own.
    pub clock: fn() -> Timestamp,
    /// Names this worker in leases.
    pub holder: String,
    /// Random bytes of this process: what makes fences unguessable.
    pub seed: [u8; 32],
    /// Told of every step.
    pub watcher: Option<Watcher>,
    /// Do everything but write to Procore.
    pub dry_run: bool,
    /// The account the token belongs to, once it was found to be the configured one.
    pub account: Arc<OnceLock<UserId>>,
}

impl<L: Ledger> Ctx<L> {
    /// Makes sure that the token belongs to the configured service account: without it our own events could not be
    /// told from others. Asked of Procore once a day for all processes together; a process that knows asks no more.
    /// Another account than the configured one is never remembered: the next look is at what was corrected.
    pub(super) async fn check_account(&self, procore: &Procore) -> Result<(), Error> {
        let configured = self.own.service_account;
        if self.account.get() == Some(&configured) {
            return Ok(());
        }
        let company = procore.company();
        if self.shelf.account(company, &self.own).await != Some(configured) {
            let actual = procore.me().await?.id;
            if actual != configured {
                return Err(Error::WrongServiceAccount { configured, actual });
            }
            self.shelf.keep_account(company, &self.own, actual).await;
        }
        self.account.get_or_init(|| configured);
        Ok(())
    }

    /// Counts the tokens of a tier's model.
    pub(super) fn tokenizer(&self, tier: &str) -> Result<llm::Tokenizer, Error> {
        let model = self.models.get(tier).ok_or_else(|| Error::NoSuchTier { tier: tier.to_owned() })?;
        Ok(llm::Tokenizer::of(&model.name))
    }

    /// Names a run that begins at this moment, like no other of any process: the lease on a record goes by it, and one
    /// event may be delivered twice within a millisecond.
    pub(super) fn run_id(&self, trace: &str, started_at: Timestamp) -> String {
        static RUNS: AtomicU64 = AtomicU64::new(0);
        let number = RUNS.fetch_add(1, Ordering::Relaxed);
        let hash = sha256_hex(&[&self.seed, &number.to_be_bytes()]);
        format!("{trace}-{:x}-{}", started_at.as_millisecond(), hash.get(..8).unwrap_or(&hash))
    }

    /// The fence of one call.
    pub(super) fn fence(&self, run: &str, evidence_hash: &str) -> String {
        let hash = sha256_hex(&[&self.seed, run.as_bytes(), evidence_hash.as_bytes()]);
        hash.get(..16).unwrap_or(&hash).to_owned()
    }
}
