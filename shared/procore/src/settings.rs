//! What a client is made from. The secret shows nowhere, not even in Debug.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Error;
use crate::hosts::Hosts;
use crate::ids::CompanyId;
use crate::pace::PaceBook;

/// The two windows in which Procore counts calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// The long one. Procore docs: 60 minutes.
    pub hour: Duration,
    /// The short one. Procore docs: 10 s.
    pub spike: Duration,
}

impl Default for Windows {
    fn default() -> Windows {
        Windows { hour: Duration::from_secs(3600), spike: Duration::from_secs(10) }
    }
}

/// What a client needs to know.
#[derive(Clone)]
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
    /// First pause before a reading that failed in passing is tried again; later ones are longer.
    pub first_retry_pause: Duration,
    /// Where all processes keep the one account of their calls. `None`: this process is alone.
    pub pace_book: Option<Arc<dyn PaceBook>>,
    /// How long Procore's windows are; others than the documented ones for a stand-in whose time runs faster.
    pub windows: Windows,
    /// Our own time.
    pub clock: fn() -> Timestamp,
}

impl Settings {
    /// These, with 3 s to connect and 30 s for an answer, a first pause of 250 ms, the windows as documented, the system's clock, and an
    /// account of calls of this process alone.
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
            first_retry_pause: Duration::from_millis(250),
            pace_book: None,
            windows: Windows::default(),
            clock: Timestamp::now,
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

impl std::fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("company", &self.company)
            .field("hosts", &self.hosts)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
