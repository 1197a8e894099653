//! What is examined, from where the service has it. Each part is there or says why not, and none hides the others.

use std::path::{Path, PathBuf};

use agent::assemble::{Addresses, Secrets};
use aws::{Environment, LiveSecrets, configuration_text};
use jiff::Timestamp;
use procore::Windows;

use crate::Backend;

/// Everything a doctor needs.
pub struct Subject {
    /// Text of the configuration, and what it is called: a file, or a parameter in AWS.
    pub config: Result<(String, String), String>,
    /// The four secrets.
    pub secrets: Result<Secrets, String>,
    /// Hosts that replace the vendors'.
    pub addresses: Result<Addresses, String>,
    /// Queue and ledger; `None` where there are none yet.
    pub backend: Result<Option<Backend>, String>,
    /// The prompt files of a source tree, where there is one.
    pub prompts: Option<PathBuf>,
    /// How long Procore's windows are, in which it counts calls.
    pub windows: Windows,
    /// The time.
    pub clock: fn() -> Timestamp,
    /// Whether configuration, secrets and queue are in AWS: the words of the remedies differ.
    pub in_aws: bool,
}

impl Subject {
    /// In AWS where `PLUMBLINE_TABLE` is set, else of this machine.
    pub async fn read(config: &Path, data: &Path, prompts: Option<PathBuf>) -> Self {
        let (clock, windows): (fn() -> Timestamp, _) = (Timestamp::now, Windows::default());
        if crate::backend::in_aws() {
            return Self::of_environment(&Environment::load().await, prompts).await;
        }
        let variable = |name: &str| std::env::var(name).ok();
        let file = config.display().to_string();
        let text = std::fs::read_to_string(config).map_err(|error| format!("{file} cannot be read: {error}"));
        let backend = if embedded::Store::is_in(data) {
            Backend::open(data).await.map(Some).map_err(|error| format!("{error:#}"))
        } else {
            Ok(None)
        };
        Self {
            config: text.map(|text| (text, file)),
            secrets: Secrets::from_variables(variable).map_err(|error| error.to_string()),
            addresses: Addresses::from_variables(variable).map_err(|error| error.to_string()),
            backend,
            prompts,
            windows,
            clock,
            in_aws: false,
        }
    }

    /// That of the functions in AWS.
    pub async fn of_environment(environment: &Environment, prompts: Option<PathBuf>) -> Self {
        let secrets = LiveSecrets::load(environment, Timestamp::now()).await;
        Self {
            config: configuration_text(environment).await.map_err(|error| error.to_string()),
            secrets: secrets.map(|live| Secrets::clone(&live.current())).map_err(|error| error.to_string()),
            addresses: environment.addresses().map_err(|error| error.to_string()),
            backend: Backend::of_environment(environment).map(Some).map_err(|error| error.to_string()),
            prompts,
            windows: Windows::default(),
            clock: Timestamp::now,
            in_aws: true,
        }
    }

    /// Where the configuration is changed.
    pub(super) fn place_of_config(&self) -> String {
        match &self.config {
            Ok((_, name)) if self.in_aws => {
                format!("AWS console, Systems Manager, Parameter Store, {name}, Edit")
            }
            Ok((_, name)) => name.clone(),
            Err(_) if self.in_aws => "AWS console, Systems Manager, Parameter Store".to_owned(),
            Err(_) => "the file named by --config".to_owned(),
        }
    }

    /// Where a secret is changed, by its name there.
    pub(super) fn place_of_secret(&self, in_aws: &str, variable: &str) -> String {
        if self.in_aws {
            format!(
                "AWS console, Secrets Manager, the secret named by PLUMBLINE_SECRET_ID, Retrieve secret value, Edit: {in_aws}"
            )
        } else {
            format!("the environment variable {variable} of the service")
        }
    }
}
