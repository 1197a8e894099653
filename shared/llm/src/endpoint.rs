//! Where the model is: address, key and headers of each provider.
//! Reads no environment variable: what is not in [`crate::Settings`] does not exist.

use async_openai::config::Config;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::error::Error;

const OPENAI_BASE: &str = "https://api.openai.com/v1";

/// Who answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provider {
    /// OpenAI's own API.
    OpenAi,
    /// Azure OpenAI. The model's name is the name of the deployment.
    Azure {
        /// The resource, for example `https://acme.openai.azure.com`.
        endpoint: Url,
        /// Value of the `api-version` query parameter.
        api_version: String,
    },
    /// Any server that speaks the chat-completions API: a company's own vLLM, a gateway.
    Compatible {
        /// The part before `/chat/completions`, usually ending in `/v1`.
        base_url: Url,
    },
}

/// A provider made ready for requests. Cloned per call: it is small.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    base: String,
    headers: HeaderMap,
    query: Vec<(&'static str, String)>,
    api_key: SecretString,
    /// Azure puts the deployment's name into the path.
    deployments: bool,
    /// OpenAI keeps chat completions by default for newer accounts; only there `store` is known everywhere.
    pub(crate) asks_not_to_store: bool,
}

impl Endpoint {
    /// `base_url` replaces the provider's own address (gateways, tests); paths and headers stay the provider's.
    pub(crate) fn new(
        provider: &Provider,
        base_url: Option<&Url>,
        api_key: SecretString,
    ) -> Result<Self, Error> {
        let bearer = || format!("Bearer {}", api_key.expose_secret());
        let (own, header, value, query) = match provider {
            Provider::OpenAi => (None, AUTHORIZATION, bearer(), vec![]),
            Provider::Compatible { base_url } => (Some(base_url), AUTHORIZATION, bearer(), vec![]),
            Provider::Azure { endpoint, api_version } => (
                Some(endpoint),
                HeaderName::from_static("api-key"),
                api_key.expose_secret().to_owned(),
                vec![("api-version", api_version.clone())],
            ),
        };
        let base = match base_url.or(own) {
            Some(url) => base_of(url)?,
            None => OPENAI_BASE.to_owned(),
        };
        let mut value = HeaderValue::from_str(&value)
            .map_err(|_| Error::Configuration("the API key holds characters a header cannot carry"))?;
        value.set_sensitive(true);
        Ok(Self {
            base,
            headers: HeaderMap::from_iter([(header, value)]),
            query,
            api_key,
            deployments: matches!(provider, Provider::Azure { .. }),
            asks_not_to_store: matches!(provider, Provider::OpenAi),
        })
    }

    /// The endpoint as it is addressed for one model.
    pub(crate) fn for_model(&self, model: &str) -> Result<Self, Error> {
        let mut endpoint = self.clone();
        if self.deployments {
            let mut url = Url::parse(&self.base).map_err(|_| ADDRESS)?;
            url.path_segments_mut().map_err(|()| ADDRESS)?.pop_if_empty().extend([
                "openai",
                "deployments",
                model,
            ]);
            endpoint.base = url.into();
        }
        Ok(endpoint)
    }
}

const ADDRESS: Error =
    Error::Configuration("the model's address must be http or https, without user, query or fragment");

fn base_of(url: &Url) -> Result<String, Error> {
    let plain = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !plain {
        return Err(ADDRESS);
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

impl Config for Endpoint {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        self.query.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    fn api_base(&self) -> &str {
        &self.base
    }

    fn api_key(&self) -> &SecretString {
        &self.api_key
    }
}
