//! What runs and sweeps work with: clients made from configuration and secrets, and made anew when one of them has changed.
//!
//! A change that does not work (a model without a price, say) is told in the log and leaves what works.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use agent::{
    Config, Ctx, Shelf, Switchboard,
    assemble::{Addresses, AssembleError, Clients, Pace, Secrets},
    run::Watcher,
};
use documents::{Extractor, Limits};
use futures::future::BoxFuture;
use jiff::Timestamp;
use procore::Windows;
use ulid::Ulid;

use crate::{DynamoLedger, Environment, Error, LiveConfig, LiveSecrets};

/// What a deployed function takes as it is, and a test chooses.
pub struct Fittings {
    /// The time.
    pub clock: fn() -> Timestamp,
    /// Told of every step.
    pub watcher: Option<Watcher>,
    /// Program that reads documents; `None` is this one, which then has to call [`documents::worker`] first.
    pub extractor: Option<PathBuf>,
}

impl Default for Fittings {
    fn default() -> Self {
        Self { clock: Timestamp::now, watcher: None, extractor: None }
    }
}

/// Everything of a run that outlives it.
pub struct Bench {
    config: Arc<LiveConfig>,
    secrets: LiveSecrets,
    tools: Tools,
    made: Mutex<Made>,
}

/// What stays as it is while the process lives.
struct Tools {
    addresses: Addresses,
    ledger: DynamoLedger,
    shelf: Shelf,
    extractor: Extractor,
    seed: [u8; 32],
    clock: fn() -> Timestamp,
    watcher: Option<Watcher>,
}

/// The configuration as it is at the moment of asking.
struct Live {
    config: Arc<LiveConfig>,
    clock: fn() -> Timestamp,
}

impl Switchboard for Live {
    fn current(&self) -> BoxFuture<'_, Arc<Config>> {
        Box::pin(self.config.current((self.clock)()))
    }
}

/// A context and what it was made from.
struct Made {
    config: Arc<Config>,
    secrets: Arc<Secrets>,
    ctx: Ctx<DynamoLedger>,
}

impl Bench {
    /// Reads configuration and secrets and makes the clients. Calls neither Procore nor the model.
    ///
    /// # Errors
    /// When something is missing or wrong; says what.
    pub async fn set_up(environment: &Environment, fittings: Fittings) -> Result<Self, Error> {
        let Fittings { clock, watcher, extractor } = fittings;
        // What is merely forgotten is told before anything is asked of AWS.
        let tools = Tools {
            ledger: environment.ledger(clock)?,
            shelf: Shelf::new(Arc::new(environment.cache(clock))),
            addresses: environment.addresses()?,
            extractor: match extractor {
                Some(program) => Extractor::new(program, Limits::default()),
                None => Extractor::this_program(Limits::default()).map_err(Error::NoProgram)?,
            },
            seed: seed(),
            clock,
            watcher,
        };
        let now = clock();
        let config = Arc::new(LiveConfig::load(environment, now).await?);
        let secrets = LiveSecrets::load(environment, now).await?;
        let made = tools.make(&config, config.current(now).await, secrets.current())?;
        Ok(Self { config, secrets, tools, made: Mutex::new(made) })
    }

    /// The context for what comes now.
    pub async fn context(&self) -> Ctx<DynamoLedger> {
        let now = (self.tools.clock)();
        let config = self.config.current(now).await;
        let secrets = self.secrets.fresh(now).await;
        let mut made = self.made();
        if Arc::ptr_eq(&made.config, &config) && Arc::ptr_eq(&made.secrets, &secrets) {
            return made.ctx.clone();
        }
        match self.tools.make(&self.config, Arc::clone(&config), Arc::clone(&secrets)) {
            Ok(new) => *made = new,
            Err(error) => {
                tracing::error!(%error, "the new configuration does not work; the last one stays");
                // Once said is enough: not tried again before the next change.
                made.config = config;
                made.secrets = secrets;
            }
        }
        made.ctx.clone()
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tools {
    fn make(
        &self,
        live: &Arc<LiveConfig>,
        config: Arc<Config>,
        secrets: Arc<Secrets>,
    ) -> Result<Made, AssembleError> {
        let live = Arc::new(Live { config: Arc::clone(live), clock: self.clock });
        let pace = Pace { book: Arc::new(self.ledger.clone()), windows: Windows::default() };
        let clients = Clients::new(&config, &secrets, &self.addresses, pace)?;
        let ctx = Ctx {
            config: Arc::clone(&config),
            live,
            own: clients.own,
            procore: clients.procore,
            models: Arc::new(clients.models),
            ledger: self.ledger.clone(),
            shelf: self.shelf.clone(),
            extractor: self.extractor.clone(),
            clock: self.clock,
            // Each invocation puts its own here.
            holder: String::new(),
            seed: self.seed,
            watcher: self.watcher,
            dry_run: false,
            account: Arc::new(OnceLock::new()),
        };
        Ok(Made { config, secrets, ctx })
    }
}

/// Random bytes of this process, from two ULIDs: 160 random bits.
fn seed() -> [u8; 32] {
    let mut seed = [0; 32];
    let (first, second) = (Ulid::generate().to_bytes(), Ulid::generate().to_bytes());
    for (place, byte) in seed.iter_mut().zip(first.into_iter().chain(second)) {
        *place = byte;
    }
    seed
}
