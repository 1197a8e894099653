//! Where queue and ledger are, so that each command of the operator is written once: a directory on this machine, or AWS.

use std::{path::Path, time::Duration};

use agent::{
    Config, RunRecord,
    admit::Own,
    envelope::Envelope,
    ingest::Door,
    ledger::{Change, Changed, ClaimKey, Counter, Ledger, LedgerError, Look},
    queue::{DeadLetter, DeadLetters, Depth, Kept, Queue, QueueError},
};
use anyhow::{Context, ensure};
use aws::{DynamoLedger, Environment, LiveConfig, LiveSecrets, SqsQueue};
use embedded::Store;
use jiff::Timestamp;
use procore::ProjectId;

use crate::service::read_config;

/// Its presence says that queue and ledger are in AWS.
const TABLE: &str = "PLUMBLINE_TABLE";

/// The queue and the ledger that a running service uses. Other processes may use them at the same time.
pub enum Backend {
    /// Those of one machine.
    Embedded(Store),
    /// Those in AWS.
    Aws {
        /// On DynamoDB.
        ledger: DynamoLedger,
        /// On SQS.
        queue: SqsQueue,
    },
}

impl Backend {
    /// Those in AWS where `PLUMBLINE_TABLE` is set, else those of a directory, which has to be there already: a typing
    /// mistake must not look like an empty store.
    ///
    /// # Errors
    /// Names the variables that are missing, or the directory.
    pub async fn open(data: &Path) -> anyhow::Result<Self> {
        if in_aws() {
            return Ok(Self::of_environment(&Environment::load().await)?);
        }
        ensure!(
            Store::is_in(data),
            "{}: no queue and no ledger there; name the --data directory of the service, or set {TABLE} for those in AWS",
            data.display()
        );
        Ok(Self::Embedded(Store::open(data, Timestamp::now)?))
    }

    /// Those in AWS that these variables name.
    ///
    /// # Errors
    /// Names the variables that are missing.
    pub fn of_environment(environment: &Environment) -> Result<Self, aws::Error> {
        Ok(Self::Aws { ledger: environment.ledger(Timestamp::now)?, queue: environment.queue()? })
    }

    /// How much waits, by family, and the number of dead letters. Changes nothing.
    ///
    /// # Errors
    /// When the queue cannot be read.
    pub async fn depths(&self) -> anyhow::Result<(Vec<Depth>, u64)> {
        match self {
            Self::Embedded(store) => Ok((store.depths().await?, store.counts().await?.dead)),
            Self::Aws { queue, .. } => Ok(queue.depths().await?),
        }
    }

    /// The account of calls that all processes share.
    pub fn pace_book(&self) -> &dyn procore::PaceBook {
        match self {
            Self::Embedded(store) => store,
            Self::Aws { ledger, .. } => ledger,
        }
    }

    /// The front door's rules, to decide about webhook bodies it could not read: configuration and client id from where
    /// the service has them, on one machine this configuration file and `PROCORE_CLIENT_ID`.
    ///
    /// # Errors
    /// Names what is missing or wrong.
    pub async fn door(&self, config: &Path) -> anyhow::Result<Door> {
        let (config, client_id) = match self {
            Self::Embedded(_) => {
                let id = std::env::var("PROCORE_CLIENT_ID").ok().filter(|id| !id.trim().is_empty());
                let id = id.context("PROCORE_CLIENT_ID is not set: our own events are known by it")?;
                (read_config(config)?, id.trim().to_owned())
            }
            Self::Aws { .. } => {
                let (environment, now) = (Environment::load().await, Timestamp::now());
                let secrets = LiveSecrets::load(&environment, now).await?.current();
                let config = LiveConfig::load(&environment, now).await?.current(now).await;
                (Config::clone(&config), secrets.procore_client_id.clone())
            }
        };
        let own = Own { client_id, service_account: config.service_account_id };
        Ok(Door { company: config.company_id, own })
    }
}

pub(crate) fn in_aws() -> bool {
    std::env::var(TABLE).is_ok_and(|name| !name.trim().is_empty())
}

/// Hands a call on to whichever it is.
macro_rules! either {
    ($self:expr, ledger.$($call:tt)+) => {
        match $self {
            Backend::Embedded(store) => store.$($call)+.await,
            Backend::Aws { ledger, .. } => ledger.$($call)+.await,
        }
    };
    ($self:expr, queue.$($call:tt)+) => {
        match $self {
            Backend::Embedded(store) => store.$($call)+.await,
            Backend::Aws { queue, .. } => queue.$($call)+.await,
        }
    };
}

impl Ledger for Backend {
    async fn look(&self, claims: &[ClaimKey], notes: &[&str]) -> Result<Look, LedgerError> {
        either!(self, ledger.look(claims, notes))
    }

    async fn change(&self, change: Change<'_>) -> Result<Changed, LedgerError> {
        either!(self, ledger.change(change))
    }

    async fn swap(&self, note: &str, version: u64, text: &str) -> Result<bool, LedgerError> {
        either!(self, ledger.swap(note, version, text))
    }

    async fn add(&self, counter: &Counter, delta: i64) -> Result<i64, LedgerError> {
        either!(self, ledger.add(counter, delta))
    }

    async fn abandoned(
        &self,
        project: ProjectId,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<ClaimKey>, LedgerError> {
        either!(self, ledger.abandoned(project, before, limit))
    }

    async fn runs(&self, limit: u32) -> Result<Vec<RunRecord>, LedgerError> {
        either!(self, ledger.runs(limit))
    }

    async fn runs_since(&self, since: Timestamp, limit: u32) -> Result<Vec<RunRecord>, LedgerError> {
        either!(self, ledger.runs_since(since, limit))
    }

    async fn sums(&self, counters: &[Counter]) -> Result<Vec<i64>, LedgerError> {
        either!(self, ledger.sums(counters))
    }

    async fn runs_named(&self, id: &str) -> Result<Vec<RunRecord>, LedgerError> {
        either!(self, ledger.runs_named(id))
    }
}

impl Queue for Backend {
    async fn send_after(&self, envelopes: &[Envelope], delay: Duration) -> Result<(), QueueError> {
        either!(self, queue.send_after(envelopes, delay))
    }

    async fn bury(&self, letter: &DeadLetter) -> Result<(), QueueError> {
        either!(self, queue.bury(letter))
    }
}

impl DeadLetters for Backend {
    async fn letters(&self, limit: usize) -> Result<Vec<Kept>, QueueError> {
        either!(self, queue.letters(limit))
    }

    async fn discard(&self, kept: &Kept) -> Result<(), QueueError> {
        either!(self, queue.discard(kept))
    }

    async fn put_back(&self, kept: &Kept) -> Result<(), QueueError> {
        either!(self, queue.put_back(kept))
    }
}
