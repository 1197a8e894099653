//! What the commands about hooks work with: the configuration, the client, and the `Authorization` values our door
//! accepts.

use std::{net::SocketAddr, path::Path};

use agent::Config;
use anyhow::Context;
use aws::{Authorizations, Bench, Environment, Fittings, Held};
use embedded::Store;
use jiff::Timestamp;
use procore::Procore;
use secrecy::SecretString;

use crate::{
    Backend, serve,
    service::{Setup, context},
};

/// Everything a command about hooks needs.
pub struct Desk {
    /// Which projects, and whose hooks are ours.
    pub config: Config,
    /// The one door to Procore, its calls counted with those of the service.
    pub procore: Procore,
    /// Where the `Authorization` values are.
    pub keys: Keys,
}

/// Where the `Authorization` values that our door accepts are kept.
pub enum Keys {
    /// In `WEBHOOK_AUTHORIZATION`: what the service has is what it was started with, and nobody can change it from here.
    Environment(Vec<SecretString>),
    /// In the Secrets Manager secret that the functions read again by themselves.
    SecretsManager(Authorizations),
}

/// The values as they are now, the newest first.
pub struct Live {
    /// The values.
    pub values: Vec<SecretString>,
    /// The secret they came from, where they can be changed.
    pub held: Option<Held>,
}

impl Keys {
    /// Reads them.
    ///
    /// # Errors
    /// When the secret cannot be read.
    pub async fn live(&self) -> anyhow::Result<Live> {
        Ok(match self {
            Self::Environment(values) => Live { values: values.clone(), held: None },
            Self::SecretsManager(secret) => {
                let held = secret.read().await?;
                Live { values: held.values.clone(), held: Some(held) }
            }
        })
    }
}

impl Desk {
    /// In AWS where `PLUMBLINE_TABLE` is set, else with this file and the environment, over the data directory of the
    /// service: its calls are counted there.
    ///
    /// # Errors
    /// Names what is missing or wrong.
    pub async fn open(config: &Path, data: &Path) -> anyhow::Result<Self> {
        match Backend::open(data).await? {
            Backend::Embedded(store) => {
                let setup = serve::setup(config, data.to_owned(), SocketAddr::from(([127, 0, 0, 1], 0)))?;
                Self::of_setup(&setup, store)
            }
            Backend::Aws { .. } => Self::of_environment(&Environment::load().await).await,
        }
    }

    /// On one machine.
    ///
    /// # Errors
    /// When a client cannot be built.
    pub fn of_setup(setup: &Setup, store: Store) -> anyhow::Result<Self> {
        let ctx = context(setup, store, false)?;
        let keys = Keys::Environment(setup.secrets.webhook_authorization.clone());
        Ok(Self { config: setup.config.clone(), procore: ctx.procore, keys })
    }

    /// In AWS.
    ///
    /// # Errors
    /// Names what is missing or wrong.
    pub async fn of_environment(environment: &Environment) -> anyhow::Result<Self> {
        let ctx = Bench::set_up(environment, Fittings::default()).await?.context().await;
        let keys = match Authorizations::of(environment) {
            Some(secret) => Keys::SecretsManager(secret),
            None => {
                let secrets = aws::LiveSecrets::load(environment, Timestamp::now()).await;
                Keys::Environment(secrets.context("the secrets")?.current().webhook_authorization.clone())
            }
        };
        Ok(Self { config: Config::clone(&ctx.config), procore: ctx.procore, keys })
    }
}
