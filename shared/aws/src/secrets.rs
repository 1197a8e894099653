//! The four secrets, kept while the process lives and read again when they may have changed.
//!
//! Never logs one, nor which of them matched.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use agent::assemble::Secrets;
use aws_sdk_secretsmanager::Client;
use jiff::{SignedDuration, Timestamp};

use crate::{Environment, Error, error::failed};

pub(crate) const SECRET_ID: &str = "PLUMBLINE_SECRET_ID";

/// Whoever knocks with a wrong header must not make us ask for the secret all the time.
const BETWEEN_READS: SignedDuration = SignedDuration::from_secs(30);

/// A function that nobody knocks at finds out this late, at most, that a key was changed.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// The secrets as last read.
pub struct LiveSecrets {
    /// `None`: they stand in the environment, and cannot change while the process lives.
    source: Option<(Client, String)>,
    held: Mutex<Held>,
}

struct Held {
    secrets: Arc<Secrets>,
    /// Which version of the secret it is; empty in the environment.
    version: String,
    asked_at: Timestamp,
}

impl LiveSecrets {
    /// Reads them: the Secrets Manager secret named by `PLUMBLINE_SECRET_ID`, without that variable the environment.
    ///
    /// # Errors
    /// When the secret cannot be read or is not what it should be.
    pub async fn load(environment: &Environment, now: Timestamp) -> Result<Self, Error> {
        let Some(id) = environment.variable(SECRET_ID) else {
            return Ok(Self {
                source: None,
                held: Mutex::new(Held {
                    secrets: Arc::new(environment.plain_secrets()?),
                    version: String::new(),
                    asked_at: now,
                }),
            });
        };
        let source = (Client::new(&environment.sdk), id.to_owned());
        let (secrets, version) = read(&source).await?;
        Ok(Self {
            source: Some(source),
            held: Mutex::new(Held { secrets: Arc::new(secrets), version, asked_at: now }),
        })
    }

    /// The secrets as last read.
    pub fn current(&self) -> Arc<Secrets> {
        Arc::clone(&self.held().secrets)
    }

    /// Reads them again unless that was tried less than 30 s ago. True if they have changed. A failure keeps what
    /// there is.
    pub async fn reread(&self, now: Timestamp) -> bool {
        self.reread_after(BETWEEN_READS, now).await
    }

    /// The secrets, read again first if that was last tried 5 minutes ago.
    pub async fn fresh(&self, now: Timestamp) -> Arc<Secrets> {
        self.reread_after(FRESH, now).await;
        self.current()
    }

    async fn reread_after(&self, age: SignedDuration, now: Timestamp) -> bool {
        let Some(source) = &self.source else { return false };
        {
            let mut held = self.held();
            if now.duration_since(held.asked_at) < age {
                return false;
            }
            // Before the answer: a secret that cannot be read is not asked for more often either.
            held.asked_at = now;
        }
        match read(source).await {
            Ok((secrets, version)) => {
                let mut held = self.held();
                let changed = held.version != version;
                if changed {
                    held.secrets = Arc::new(secrets);
                    held.version = version;
                    tracing::info!("the secrets have changed");
                }
                changed
            }
            Err(error) => {
                tracing::error!(%error, "the secrets cannot be read again; the last ones stay");
                false
            }
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn read((client, id): &(Client, String)) -> Result<(Secrets, String), Error> {
    let answer = client
        .get_secret_value()
        .secret_id(id)
        .send()
        .await
        .map_err(|error| failed("Secrets Manager GetSecretValue", &error))?;
    let json = answer.secret_string().ok_or(Error::NoText { variable: SECRET_ID })?;
    Ok((Secrets::from_json(json)?, answer.version_id().unwrap_or_default().to_owned()))
}
