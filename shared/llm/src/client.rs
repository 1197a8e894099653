//! The call: one question, one validated answer, within a deadline.
//! The only place that waits and tries again; nothing below it does.

use std::time::{Duration, Instant};

use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use crate::{
    capabilities::{Capabilities, Learned},
    endpoint::{Endpoint, Provider},
    error::Error,
    failure::Failure,
    reply::{Answer, Mode, Reply},
    request::Request,
    retry,
    schema::Schema,
    transport::Transport,
};

/// How to reach a model.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who answers.
    pub provider: Provider,
    /// Replaces the provider's own address: a gateway, a test server.
    pub base_url: Option<Url>,
    /// The key; sent as `Authorization: Bearer`, to Azure as `api-key`.
    pub api_key: SecretString,
    /// Longest time of one attempt.
    pub attempt_timeout: Duration,
    /// Attempts a call may fail before it gives up. Repeats after a refused parameter are not counted.
    pub attempts: u32,
}

impl Settings {
    /// The defaults: the provider's own address, 60 s an attempt, two attempts.
    pub fn new(provider: Provider, api_key: SecretString) -> Self {
        Self { provider, base_url: None, api_key, attempt_timeout: Duration::from_secs(60), attempts: 2 }
    }
}

/// A model endpoint. Clones share connections and what was learned about the endpoint.
#[derive(Clone, Debug)]
pub struct Client {
    endpoint: Endpoint,
    transport: Transport,
    learned: Learned,
    attempt_timeout: Duration,
    attempts: u32,
}

impl Client {
    /// # Errors
    /// [`Error::Configuration`] for an address or key that no request could carry.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        Ok(Self {
            endpoint: Endpoint::new(&settings.provider, settings.base_url.as_ref(), settings.api_key)?,
            transport: Transport::new()?,
            learned: Learned::default(),
            attempt_timeout: settings.attempt_timeout,
            attempts: settings.attempts.max(1),
        })
    }

    /// Asks once and returns an answer that satisfies the request's schema.
    ///
    /// Passing troubles are tried again within `request.deadline`; a parameter the endpoint refuses (strict schema,
    /// temperature, name of the token limit) is given up for this model and the request sent again.
    ///
    /// # Errors
    /// Every variant of [`Error`]; see [`Error::class`].
    pub async fn answer(&self, request: &Request) -> Result<Answer, Error> {
        let started = Instant::now();
        let schema = Schema::compile(&request.schema)?;
        let endpoint = self.endpoint.for_model(&request.model)?;
        let (mut sent, mut failed) = (0_u32, 0_u32);
        loop {
            let remaining = request.deadline.saturating_sub(started.elapsed());
            if remaining.is_zero() {
                return Err(Error::Deadline);
            }
            let capabilities = self.learned.of(&request.model);
            sent += 1;
            let attempt = self.send(&endpoint, request, capabilities);
            let failure = match tokio::time::timeout(self.attempt_timeout.min(remaining), attempt).await {
                Ok(Ok(completion)) => {
                    let reply = Reply::read(&completion, &schema)?;
                    return Ok(answered(reply, request, capabilities, sent, started.elapsed()));
                }
                Ok(Err(failure)) => failure,
                Err(_) if remaining <= self.attempt_timeout => return Err(Error::Deadline),
                Err(_) => Failure::TimedOut,
            };
            if let Some(narrowed) = capabilities.without_refused(&failure) {
                tracing::warn!(model = %request.model, ?narrowed, "the model endpoint refused a parameter");
                self.learned.narrow(&request.model, narrowed);
                continue;
            }
            failed += 1;
            let error = failure.into_error();
            let remaining = request.deadline.saturating_sub(started.elapsed());
            let Some(delay) = retry::delay(&error, failed, self.attempts, remaining) else {
                return Err(error);
            };
            tracing::debug!(model = %request.model, failed, delay_ms = delay.as_millis(), %error, "trying again");
            tokio::time::sleep(delay).await;
        }
    }

    async fn send(
        &self,
        endpoint: &Endpoint,
        request: &Request,
        capabilities: Capabilities,
    ) -> Result<Value, Failure> {
        let body = request.to_wire(capabilities, endpoint.asks_not_to_store);
        let client = async_openai::Client::build(self.transport.http.clone(), endpoint.clone())
            .with_http_service(self.transport.clone());
        Ok(client.chat().create_byot(body).await?)
    }
}

fn answered(
    reply: Reply,
    request: &Request,
    capabilities: Capabilities,
    sent: u32,
    took: Duration,
) -> Answer {
    let Reply { json, usage, model } = reply;
    let answer = Answer {
        json,
        tokens_in: usage.tokens_in,
        tokens_out: usage.tokens_out,
        tokens_cached: usage.tokens_cached,
        cached: usage.tokens_cached > 0,
        model: model.unwrap_or_else(|| request.model.clone()),
        latency_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        mode: if capabilities.strict_schema { Mode::StrictSchema } else { Mode::JsonMode },
        attempts: sent,
    };
    tracing::debug!(
        model = %answer.model,
        mode = answer.mode.as_str(),
        attempts = answer.attempts,
        tokens_in = answer.tokens_in,
        tokens_out = answer.tokens_out,
        tokens_cached = answer.tokens_cached,
        latency_ms = answer.latency_ms,
        "the model answered"
    );
    answer
}
