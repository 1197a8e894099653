//! The `Authorization` values in the Secrets Manager secret, for whoever rotates them. The functions only read the secret;
//! this is the one place that writes it, and of its members it touches one.
//!
//! Never logs a value. AWS docs: a secret cannot be written on a condition, so two people must not rotate at once.

use agent::assemble::Secrets;
use aws_sdk_secretsmanager::Client;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::{Environment, Error, error::failed, secrets::SECRET_ID};

const MEMBER: &str = "webhook_authorization";

/// The secret that is named by `PLUMBLINE_SECRET_ID`.
pub struct Authorizations {
    client: Client,
    id: String,
}

/// The values as they were read, the newest first.
pub struct Held {
    /// The values our door accepts.
    pub values: Vec<SecretString>,
    /// Since when the secret is as it is.
    pub since: Option<Timestamp>,
    whole: Map<String, Value>,
}

impl Authorizations {
    /// `None` where no secret is named.
    pub fn of(environment: &Environment) -> Option<Self> {
        let id = environment.variable(SECRET_ID)?.to_owned();
        Some(Self { client: Client::new(&environment.sdk), id })
    }

    /// What the secret is called.
    pub fn secret_id(&self) -> &str {
        &self.id
    }

    /// Reads them.
    ///
    /// # Errors
    /// When the secret cannot be read or is not what it should be.
    pub async fn read(&self) -> Result<Held, Error> {
        let answer = self
            .client
            .get_secret_value()
            .secret_id(&self.id)
            .send()
            .await
            .map_err(|error| failed("Secrets Manager GetSecretValue", &error))?;
        let json = answer.secret_string().ok_or(Error::NoText { variable: SECRET_ID })?;
        let values = Secrets::from_json(json)?.webhook_authorization;
        let whole = serde_json::from_str(json).map_err(|error| Error::unreadable("secret", &error))?;
        let since = answer.created_date().and_then(|at| Timestamp::from_second(at.secs()).ok());
        Ok(Held { values, since, whole })
    }

    /// Puts these in place of the ones that were read; every other member stays as it was read.
    ///
    /// # Errors
    /// When there are none, or the secret cannot be written.
    pub async fn replace(&self, held: Held, values: &[SecretString]) -> Result<(), Error> {
        let mut whole = held.whole;
        let values = values.iter().map(|value| Value::from(value.expose_secret())).collect();
        whole.insert(MEMBER.to_owned(), Value::Array(values));
        let json = Value::Object(whole).to_string();
        // What the functions could not read must not be stored.
        Secrets::from_json(&json)?;
        self.client
            .put_secret_value()
            .secret_id(&self.id)
            .secret_string(json)
            .send()
            .await
            .map_err(|error| failed("Secrets Manager PutSecretValue", &error))?;
        Ok(())
    }
}
