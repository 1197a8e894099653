//! What a client is made from. The secret shows nowhere, not even in Debug.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;
use crate::hosts::Hosts;
use crate::ids::CompanyId;

/// What a client needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The company every call is about.
    pub company: CompanyId,
    /// Where the API and the login are.
    pub hosts: Hosts,
    /// OAuth client id of the app.
    pub client_id: String,
    /// OAuth client secret of the app.
    pub client_secret: SecretString,
    /// Longest wait for a connection.
    pub connect_timeout: Duration,
    /// Longest wait for one whole answer, connecting included.
    pub attempt_timeout: Duration,
}

impl Settings {
    /// These, with 3 s to connect and 30 s for an answer.
    pub fn new(
        company: CompanyId,
        hosts: Hosts,
        client_id: impl Into<String>,
        client_secret: SecretString,
    ) -> Settings {
        Settings {
            company,
            hosts,
            client_id: client_id.into(),
            client_secret,
            connect_timeout: Duration::from_secs(3),
            attempt_timeout: Duration::from_secs(30),
        }
    }

    /// Refuses what could not work or would send secrets in the clear.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if let Some(fault) = self.hosts.fault() {
            return Err(Error::Settings(fault));
        }
        if self.client_id.trim().is_empty() || self.client_secret.expose_secret().trim().is_empty() {
            return Err(Error::Settings("the client id or the client secret is empty"));
        }
        Ok(())
    }
}
