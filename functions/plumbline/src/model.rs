//! The model endpoint where none is configured: the environment's, or a scripted stand-in. For the demo and evaluations.

use anyhow::Context;
use sandbox::model::{Behaviour, MODEL_NAME, ModelServer};
use url::Url;

/// An endpoint that speaks OpenAI's API.
pub struct Endpoint {
    /// Its key.
    pub key: String,
    /// Its base address; `None` is OpenAI's own.
    pub url: Option<Url>,
    /// The model.
    pub name: String,
    /// The stand-in, where it is one. Lives as long as this.
    pub stand_in: Option<ModelServer>,
}

impl Endpoint {
    /// What `OPENAI_API_KEY`, `OPENAI_BASE_URL` and `OPENAI_MODEL` say; `None` without a key.
    ///
    /// # Errors
    /// When the address is no URL.
    pub fn of_environment() -> anyhow::Result<Option<Self>> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        let Some(key) = variable("OPENAI_API_KEY") else {
            return Ok(None);
        };
        let url = variable("OPENAI_BASE_URL")
            .map(|url| url.parse())
            .transpose()
            .context("OPENAI_BASE_URL is not a URL")?;
        let name = variable("OPENAI_MODEL").unwrap_or_else(|| "gpt-4.1-mini".to_owned());
        Ok(Some(Self { key, url, name, stand_in: None }))
    }

    /// A stand-in that behaves like this. It is no language model and costs nothing.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn stand_in(behaviour: Behaviour) -> anyhow::Result<Self> {
        let server = ModelServer::start(behaviour).await.context("the scripted model does not start")?;
        Ok(Self {
            key: "none".to_owned(),
            url: Some(server.url()),
            name: MODEL_NAME.to_owned(),
            stand_in: Some(server),
        })
    }
}
