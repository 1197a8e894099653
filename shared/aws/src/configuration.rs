//! The configuration, read at the start and again every minute: switching a project or a workflow off needs no
//! deployment.
//!
//! A configuration that cannot be read, or that is wrong, never replaces a good one.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use agent::Config;
use aws_sdk_ssm::Client;
use jiff::{SignedDuration, Timestamp};

use crate::{Environment, Error, error::failed};

const PARAMETER: &str = "PLUMBLINE_CONFIG_PARAMETER";
const FILE: &str = "PLUMBLINE_CONFIG";

/// How old a configuration gets before it is read again.
const FRESH: SignedDuration = SignedDuration::from_secs(60);

/// The configuration as last read.
pub struct LiveConfig {
    source: Source,
    held: Mutex<Held>,
}

enum Source {
    Parameter { client: Client, name: String },
    File(PathBuf),
}

struct Held {
    config: Arc<Config>,
    asked_at: Timestamp,
}

impl LiveConfig {
    /// Reads it: the SSM parameter named by `PLUMBLINE_CONFIG_PARAMETER`, without that variable the file named by
    /// `PLUMBLINE_CONFIG`.
    ///
    /// # Errors
    /// When it cannot be read or is wrong; then with parameter or file, line and key.
    pub async fn load(environment: &Environment, now: Timestamp) -> Result<Self, Error> {
        let source = Source::of(environment)?;
        let config = Arc::new(source.read().await?);
        Ok(Self { source, held: Mutex::new(Held { config, asked_at: now }) })
    }

    /// The configuration, read again first if that was last tried a minute ago. The same `Arc` as before if nothing
    /// has changed.
    pub async fn current(&self, now: Timestamp) -> Arc<Config> {
        {
            let mut held = self.held();
            if now.duration_since(held.asked_at) < FRESH {
                return Arc::clone(&held.config);
            }
            held.asked_at = now;
        }
        let read = self.source.read().await;
        let mut held = self.held();
        match read {
            Ok(config) if config == *held.config => {}
            Ok(config) => {
                tracing::info!("the configuration has changed");
                held.config = Arc::new(config);
            }
            Err(error) => {
                tracing::error!(%error, "the configuration cannot be read again; the last good one stays")
            }
        }
        Arc::clone(&held.config)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The text of the configuration and what errors call it, whether or not it can be used.
///
/// # Errors
/// When it cannot be read.
pub async fn configuration_text(environment: &Environment) -> Result<(String, String), Error> {
    Source::of(environment)?.text().await
}

impl Source {
    fn of(environment: &Environment) -> Result<Self, Error> {
        match (environment.variable(PARAMETER), environment.variable(FILE)) {
            (Some(name), _) => {
                Ok(Self::Parameter { client: Client::new(&environment.sdk), name: name.to_owned() })
            }
            (None, Some(path)) => Ok(Self::File(path.into())),
            (None, None) => Err(Error::MissingVariables {
                names: format!("{PARAMETER} (an SSM parameter) or {FILE} (a file)"),
            }),
        }
    }

    async fn read(&self) -> Result<Config, Error> {
        let (text, name) = self.text().await?;
        Ok(Config::parse(&text, &name)?)
    }

    /// The text, and what errors call it.
    async fn text(&self) -> Result<(String, String), Error> {
        match self {
            Self::Parameter { client, name } => {
                let answer = client
                    .get_parameter()
                    .name(name)
                    .with_decryption(true)
                    .send()
                    .await
                    .map_err(|error| failed("SSM GetParameter", &error))?;
                let text = answer.parameter().and_then(|parameter| parameter.value());
                Ok((text.ok_or(Error::NoText { variable: PARAMETER })?.to_owned(), name.clone()))
            }
            // A few kilobytes of the function's own package: not worth a thread.
            Self::File(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|source| Error::File { path: path.clone(), source })?;
                Ok((text, path.display().to_string()))
            }
        }
    }
}
