//! From configuration and secrets to the clients a run works with. Opens nothing: the first call does.

use std::{collections::BTreeMap, sync::Arc};

use procore::{Hosts, PaceBook, Procore, Windows};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use crate::{
    admit::Own,
    config::{Config, ModelConfig, ProviderName},
    run::Model,
};

/// The four secrets, from one Secrets Manager secret or from the environment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// OAuth client id of our app at Procore.
    pub procore_client_id: String,
    /// Its secret.
    pub procore_client_secret: SecretString,
    /// Values of the `Authorization` header that our hooks send: current and previous.
    pub webhook_authorization: Vec<SecretString>,
    /// Key of the model endpoint.
    pub openai_api_key: SecretString,
}

impl Secrets {
    /// Reads the four from variables, as `get` finds them.
    ///
    /// # Errors
    /// Names every variable that is missing.
    pub fn from_variables(get: impl Fn(&str) -> Option<String>) -> Result<Self, AssembleError> {
        let names = ["PROCORE_CLIENT_ID", "PROCORE_CLIENT_SECRET", "WEBHOOK_AUTHORIZATION", "OPENAI_API_KEY"];
        let value = |name: &str| get(name).filter(|value| !value.trim().is_empty());
        let missing: Vec<&str> = names.into_iter().filter(|name| value(name).is_none()).collect();
        let (Some(id), Some(secret), Some(authorization), Some(key)) = (
            value("PROCORE_CLIENT_ID"),
            value("PROCORE_CLIENT_SECRET"),
            value("WEBHOOK_AUTHORIZATION"),
            value("OPENAI_API_KEY"),
        ) else {
            return Err(AssembleError::MissingVariables { names: missing.join(", ") });
        };
        Ok(Self {
            procore_client_id: id.trim().to_owned(),
            procore_client_secret: secret.trim().to_owned().into(),
            webhook_authorization: authorization
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(|line| line.to_owned().into())
                .collect(),
            openai_api_key: key.trim().to_owned().into(),
        })
    }

    /// Reads the JSON of the Secrets Manager secret.
    ///
    /// # Errors
    /// Names the member that is missing or wrong; never shows a value.
    pub fn from_json(json: &str) -> Result<Self, AssembleError> {
        let secrets: Self = serde_json::from_str(json).map_err(|error| {
            // serde names members, and shows values only for wrong types, which is why only the position is told then.
            let message = error.to_string();
            let problem = if message.starts_with("missing field") || message.starts_with("unknown field") {
                message
            } else {
                format!("not the expected JSON at line {} column {}", error.line(), error.column())
            };
            AssembleError::Secret { problem }
        })?;
        // The stack makes it with four empty members.
        let empty = [
            ("procore_client_id", secrets.procore_client_id.trim().is_empty()),
            ("procore_client_secret", is_blank(&secrets.procore_client_secret)),
            ("webhook_authorization", secrets.webhook_authorization.iter().all(is_blank)),
            ("openai_api_key", is_blank(&secrets.openai_api_key)),
        ];
        match empty.iter().find(|(_, is_empty)| *is_empty) {
            Some((name, _)) => Err(AssembleError::Secret { problem: format!("{name} is empty") }),
            None => Ok(secrets),
        }
    }
}

fn is_blank(secret: &SecretString) -> bool {
    secret.expose_secret().trim().is_empty()
}

/// Hosts that replace the vendor's, for tests and gateways.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    /// `PROCORE_API_URL`.
    pub procore_api: Option<Url>,
    /// `PROCORE_LOGIN_URL`.
    pub procore_login: Option<Url>,
    /// `OPENAI_BASE_URL`.
    pub openai: Option<Url>,
}

impl Addresses {
    /// Reads them from variables, as `get` finds them.
    ///
    /// # Errors
    /// Names a variable that is not a URL.
    pub fn from_variables(get: impl Fn(&str) -> Option<String>) -> Result<Self, AssembleError> {
        let url = |name: &'static str| match get(name).filter(|value| !value.trim().is_empty()) {
            None => Ok(None),
            Some(value) => {
                value.trim().parse().map(Some).map_err(|_| AssembleError::NotAUrl { name: name.to_owned() })
            }
        };
        Ok(Self {
            procore_api: url("PROCORE_API_URL")?,
            procore_login: url("PROCORE_LOGIN_URL")?,
            openai: url("OPENAI_BASE_URL")?,
        })
    }
}

/// What keeps the program from starting.
#[derive(Debug, thiserror::Error)]
pub enum AssembleError {
    /// Secrets are not there.
    #[error(
        "missing in the environment: {names}. Set them, or name a Secrets Manager secret in PLUMBLINE_SECRET_ID (AWS only)"
    )]
    MissingVariables {
        /// Their names.
        names: String,
    },
    /// The Secrets Manager secret is not what it should be.
    #[error("the secret named by PLUMBLINE_SECRET_ID: {problem}")]
    Secret {
        /// What is wrong, without values.
        problem: String,
    },
    /// A variable that should hold a URL does not.
    #[error("{name} is not a URL such as https://host/path")]
    NotAUrl {
        /// The variable or key.
        name: String,
    },
    /// Nobody knows what the model costs, so no budget can hold.
    #[error(
        "model.{tier}: no price is known for {model:?}; add usd_per_million_tokens = {{ input = \"…\", cached_input = \"…\", output = \"…\" }}"
    )]
    NoPrice {
        /// The tier.
        tier: String,
        /// The model.
        model: String,
    },
    /// The Procore client cannot be built.
    #[error(transparent)]
    Procore(#[from] procore::Error),
    /// A model client cannot be built.
    #[error(transparent)]
    Model(#[from] llm::Error),
}

/// How the calls to Procore are paced.
pub struct Pace {
    /// Where all processes of the installation keep the account of their calls.
    pub book: Arc<dyn PaceBook>,
    /// How long Procore's windows are: [`Windows::default`], but for a stand-in whose time runs faster.
    pub windows: Windows,
}

/// The clients of a configuration.
pub struct Clients {
    /// The one door to Procore.
    pub procore: Procore,
    /// Model by tier.
    pub models: BTreeMap<String, Model>,
    /// Who we are.
    pub own: Own,
}

impl Clients {
    /// Builds them.
    ///
    /// # Errors
    /// When an address, a price or a client setting does not work.
    pub fn new(
        config: &Config,
        secrets: &Secrets,
        addresses: &Addresses,
        pace: Pace,
    ) -> Result<Self, AssembleError> {
        let mut hosts = Hosts::of(config.environment);
        if let Some(api) = &addresses.procore_api {
            hosts.api = api.clone();
        }
        if let Some(login) = &addresses.procore_login {
            hosts.login = login.clone();
        }
        let mut settings = procore::Settings::new(
            config.company_id,
            hosts,
            secrets.procore_client_id.clone(),
            secrets.procore_client_secret.clone(),
        );
        settings.pace_book = Some(pace.book);
        settings.windows = pace.windows;
        let procore = Procore::new(settings)?;
        let mut models = BTreeMap::new();
        for (tier, model) in &config.model {
            models.insert(tier.clone(), client_of(tier, model, secrets, addresses)?);
        }
        let own =
            Own { client_id: secrets.procore_client_id.clone(), service_account: config.service_account_id };
        Ok(Self { procore, models, own })
    }
}

/// Names the endpoint of a model to the circuit breaker that all workers share.
pub fn endpoint_of(model: &ModelConfig, addresses: &Addresses) -> String {
    let configured = || model.base_url.as_deref().and_then(|url| url.parse().ok());
    let address: Option<Url> = addresses.openai.clone().or_else(|| match model.provider {
        ProviderName::Openai => None,
        ProviderName::Azure | ProviderName::Compatible => configured(),
    });
    format!("{}/{}", address.as_ref().map_or("api.openai.com", Url::authority), model.name)
}

fn client_of(
    tier: &str,
    model: &ModelConfig,
    secrets: &Secrets,
    addresses: &Addresses,
) -> Result<Model, AssembleError> {
    let base = |url: &Option<String>| -> Result<Url, AssembleError> {
        url.as_deref()
            .unwrap_or_default()
            .parse()
            .map_err(|_| AssembleError::NotAUrl { name: format!("model.{tier}.base_url") })
    };
    let provider = match model.provider {
        ProviderName::Openai => llm::Provider::OpenAi,
        ProviderName::Azure => llm::Provider::Azure {
            endpoint: base(&model.base_url)?,
            api_version: model.api_version.clone().unwrap_or_default(),
        },
        ProviderName::Compatible => llm::Provider::Compatible { base_url: base(&model.base_url)? },
    };
    let endpoint = endpoint_of(model, addresses);
    let price = match model.usd_per_million_tokens {
        Some(price) => {
            llm::Price { input: price.input, cached_input: price.cached_input, output: price.output }
        }
        None => llm::price_of(&model.name)
            .ok_or_else(|| AssembleError::NoPrice { tier: tier.to_owned(), model: model.name.clone() })?,
    };
    if !llm::Tokenizer::of(&model.name).is_known() {
        tracing::info!(tier, "the model's tokeniser is not known: its tokens are estimated");
    }
    let mut settings = llm::Settings::new(provider, secrets.openai_api_key.clone());
    settings.base_url.clone_from(&addresses.openai);
    Ok(Model { client: llm::Client::new(settings)?, name: model.name.clone(), price, endpoint })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_is_half_filled_in_names_what_is_empty() {
        let mut secret = serde_json::json!({
            "procore_client_id": "",
            "procore_client_secret": "",
            "webhook_authorization": [],
            "openai_api_key": "",
        });
        for (name, value) in [
            ("procore_client_id", serde_json::json!("id")),
            ("procore_client_secret", serde_json::json!("secret")),
            ("webhook_authorization", serde_json::json!(["", "Bearer x"])),
            ("openai_api_key", serde_json::json!("key")),
        ] {
            let refused = Secrets::from_json(&secret.to_string()).unwrap_err().to_string();
            assert!(refused.contains(&format!("{name} is empty")), "{refused}");
            secret[name] = value;
        }
        assert!(Secrets::from_json(&secret.to_string()).is_ok());
    }
}
