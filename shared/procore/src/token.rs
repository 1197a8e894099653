//! The bearer token of the client-credentials grant.
//!
//! Many callers share one token and one refresh. The secret and the token are never shown, not even by Debug.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use crate::call::Operation;
use crate::clock::VendorClock;
use crate::error::{Class, Error};
use crate::refusal::Refused;
use crate::{body, rate_limit};

const LARGEST_ANSWER_BYTES: u64 = 64 * 1024;
/// Procore docs: tokens live 90 minutes. An answer that does not say so is trusted for less.
const UNSTATED_LIFE: Duration = Duration::from_secs(600);
/// How long a renewal that failed is left alone while the old token still works.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);

/// A value for the `Authorization` header, and which token it is.
#[derive(Clone, Debug)]
pub(crate) struct Bearer {
    /// Marked sensitive, so that it shows as nothing.
    pub(crate) header: HeaderValue,
    generation: u64,
}

#[derive(Debug)]
struct Held {
    bearer: Bearer,
    renew_at: Instant,
    ends_at: Instant,
}

#[derive(Debug)]
pub(crate) struct TokenSource {
    http: reqwest::Client,
    url: Url,
    client_id: String,
    client_secret: SecretString,
    timeout: Duration,
    clock: VendorClock,
    held: Mutex<(u64, Option<Held>)>,
    /// The newest generation, to be read without waiting.
    newest: AtomicU64,
}

impl TokenSource {
    pub(crate) fn new(
        http: reqwest::Client,
        login: &Url,
        client_id: String,
        client_secret: SecretString,
        timeout: Duration,
        clock: VendorClock,
    ) -> TokenSource {
        let mut url = login.clone();
        url.set_path(&format!("{}/oauth/token", login.path().trim_end_matches('/')));
        TokenSource {
            http,
            url,
            client_id,
            client_secret,
            timeout,
            clock,
            held: Mutex::new((0, None)),
            newest: AtomicU64::new(0),
        }
    }

    /// A token that is good for now. Whoever comes while one is being fetched waits for that one.
    pub(crate) async fn bearer(&self) -> Result<Bearer, Error> {
        let before = self.newest.load(Ordering::Acquire);
        let mut held = self.held.lock().await;
        let now = Instant::now();
        if let Some(current) = &held.1
            && (now < current.renew_at || current.bearer.generation != before)
        {
            return Ok(current.bearer.clone());
        }
        match self.fetch(held.0.wrapping_add(1)).await {
            Ok(fresh) => Ok(self.keep(&mut held, fresh)),
            Err(error) => match &mut held.1 {
                // Renewal comes early on purpose: a login host that is down now is no reason to stop yet.
                Some(current) if now < current.ends_at && may_pass(&error) => {
                    current.renew_at = now + RENEWAL_PAUSE;
                    Ok(current.bearer.clone())
                }
                _ => Err(error),
            },
        }
    }

    /// A token other than this one, which was just refused. If somebody has replaced it already, theirs.
    pub(crate) async fn instead_of(&self, refused: &Bearer) -> Result<Bearer, Error> {
        let mut held = self.held.lock().await;
        if let Some(current) = &held.1
            && current.bearer.generation != refused.generation
        {
            return Ok(current.bearer.clone());
        }
        held.1 = None;
        let fresh = self.fetch(held.0.wrapping_add(1)).await?;
        Ok(self.keep(&mut held, fresh))
    }

    fn keep(&self, held: &mut (u64, Option<Held>), fresh: Held) -> Bearer {
        let bearer = fresh.bearer.clone();
        self.newest.store(bearer.generation, Ordering::Release);
        *held = (bearer.generation, Some(fresh));
        bearer
    }

    async fn fetch(&self, generation: u64) -> Result<Held, Error> {
        let operation = Operation::new("POST", "/oauth/token");
        let asked_at = Instant::now();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.client_secret.expose_secret()),
        ];
        let sent = self.clock.ours();
        let request = self.http.post(self.url.clone()).timeout(self.timeout).form(&form);
        let response = request.send().await.map_err(|error| Error::transport(error, &operation))?;
        let status = response.status();
        self.clock.learn(response.headers(), sent);
        let wait = rate_limit::wait(status.as_u16(), response.headers(), self.clock.now());
        let body = body::read(response, LARGEST_ANSWER_BYTES, &operation).await;
        if status.is_redirection() {
            return Err(Error::Redirect { operation, why: "credentials are sent to one address only" });
        }
        if !status.is_success() {
            let refused = Box::new(Refused::read(status.as_u16(), &body.unwrap_or_default(), wait));
            return Err(match status.as_u16() {
                400 | 401 | 403 => Error::Unauthorized { what: "the client credentials", refused },
                _ => Error::Status { operation, refused },
            });
        }
        let unreadable = || Error::Malformed {
            operation: operation.clone(),
            what: "expected an object with access_token".to_owned(),
        };
        let issued: Issued = serde_json::from_slice(&body?).map_err(|_| unreadable())?;
        let mut header =
            HeaderValue::try_from(format!("Bearer {}", issued.access_token)).map_err(|_| unreadable())?;
        header.set_sensitive(true);
        let life = issued.life();
        Ok(Held {
            bearer: Bearer { header, generation },
            renew_at: asked_at + renew_after(life),
            ends_at: asked_at + life,
        })
    }
}

fn may_pass(error: &Error) -> bool {
    matches!(error.class(), Class::Retry { .. } | Class::Paced { .. })
}

#[derive(Deserialize)]
struct Issued {
    access_token: String,
    #[serde(default)]
    expires_in: Value,
}

impl Issued {
    fn life(&self) -> Duration {
        let seconds = self.expires_in.as_u64().or_else(|| self.expires_in.as_str()?.trim().parse().ok());
        seconds.map_or(UNSTATED_LIFE, |seconds| Duration::from_secs(seconds.min(24 * 3600)))
    }
}

/// Five minutes before the end, or at four fifths of a life so short that five minutes are much of it.
fn renew_after(life: Duration) -> Duration {
    life.saturating_sub(Duration::from_secs(300)).max(life.mul_f64(0.8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renews_before_the_end() {
        for (life_s, renew_after_s) in [(5400, 5100), (1500, 1200), (600, 480), (10, 8), (0, 0)] {
            assert_eq!(
                renew_after(Duration::from_secs(life_s)),
                Duration::from_secs(renew_after_s),
                "{life_s}"
            );
        }
    }

    #[test]
    fn reads_the_life_of_a_token_leniently() {
        for (json, life_s) in [
            (r#"{"access_token": "t", "expires_in": 5400}"#, 5400),
            (r#"{"access_token": "t", "expires_in": "5400"}"#, 5400),
            (r#"{"access_token": "t", "expires_in": null}"#, 600),
            (r#"{"access_token": "t", "expires_in": -1}"#, 600),
            (r#"{"access_token": "t"}"#, 600),
            (r#"{"access_token": "t", "expires_in": 18446744073709551615}"#, 86400),
        ] {
            let issued: Issued = serde_json::from_str(json).unwrap();
            assert_eq!(issued.life(), Duration::from_secs(life_s), "{json}");
        }
    }
}
