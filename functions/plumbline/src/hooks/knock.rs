//! A knock at our own door: does it accept this `Authorization` value? The body is an array of no events, so nothing is
//! queued whatever the answer.

use std::time::Duration;

use anyhow::Context;
use reqwest::{
    Client,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
    redirect::Policy,
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// As long as Procore waits for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The status our door answers with.
///
/// # Errors
/// When there is no answer. Neither the value nor the address of a redirect is ever told.
pub(super) async fn knock(url: &Url, value: &SecretString) -> anyhow::Result<u16> {
    let mut header = HeaderValue::from_str(value.expose_secret())
        .map_err(|_| anyhow::anyhow!("the Authorization value cannot be a header"))?;
    header.set_sensitive(true);
    // A value must not follow a redirect to somebody else.
    let client = Client::builder().redirect(Policy::none()).timeout(PATIENCE).build();
    let asked = client.context("the HTTP client could not be built")?.post(url.clone());
    let answer = asked
        .header(AUTHORIZATION, header)
        .header(CONTENT_TYPE, "application/json")
        .body("[]")
        .send()
        .await
        .map_err(|error| error.without_url())
        .context("our door does not answer")?;
    Ok(answer.status().as_u16())
}
