//! The wire under `async-openai`: one request, one bounded reply, no retry.
//! Stands in for that crate's default transport because the latter retries on its own clock and writes bodies it cannot
//! read to the log. Here an unusable reply becomes a [`Failure`] before the crate sees it.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use async_openai::middleware::HttpRequestFactory;
use serde_json::Value;
use tower_service::Service;

use crate::{
    error::Error,
    failure::{Complaint, Failure, retry_after},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// A completion of the longest answer we ask for is far below this.
const MAX_REPLY_BYTES: usize = 4 * 1024 * 1024;
const MAX_ERROR_BYTES: usize = 64 * 1024;

#[derive(Clone, Debug)]
pub(crate) struct Transport {
    pub(crate) http: reqwest::Client,
}

impl Transport {
    pub(crate) fn new() -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            // A key must not follow a redirect.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|_| Error::Configuration("the HTTP client could not be built"))?;
        Ok(Self { http })
    }
}

impl Service<HttpRequestFactory> for Transport {
    type Response = reqwest::Response;
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<reqwest::Response, Failure>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequestFactory) -> Self::Future {
        let http = self.http.clone();
        Box::pin(async move {
            let request = request.build().await?;
            let response = http.execute(request).await.map_err(|error| Failure::Wire(error.without_url()))?;
            read(response).await
        })
    }
}

async fn read(response: reqwest::Response) -> Result<reqwest::Response, Failure> {
    let status = response.status().as_u16();
    let retry_after = retry_after(response.headers());
    if !response.status().is_success() {
        // An error body we cannot finish reading still has its status.
        let body = read_bounded(response, MAX_ERROR_BYTES).await.unwrap_or_default();
        return Err(Failure::Status { status, retry_after, complaint: Complaint::parse(&body) });
    }
    let body = read_bounded(response, MAX_REPLY_BYTES).await?;
    let reply: Value = serde_json::from_slice(&body).map_err(|_| Failure::Unreadable)?;
    if reply.get("choices").is_none() {
        return Err(error_in_success(&reply, retry_after));
    }
    Ok(http::Response::new(body).into())
}

/// Some gateways answer 200 and put the error into the body.
fn error_in_success(reply: &Value, retry_after: Option<Duration>) -> Failure {
    if reply.get("error").is_none_or(Value::is_null) {
        return Failure::Unreadable;
    }
    let status = reply
        .pointer("/error/code")
        .and_then(Value::as_u64)
        .and_then(|code| u16::try_from(code).ok())
        .filter(|code| (400..600).contains(code))
        .unwrap_or(502);
    Failure::Status { status, retry_after, complaint: Complaint::read(reply) }
}

async fn read_bounded(mut response: reqwest::Response, limit_bytes: usize) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Failure::Wire(error.without_url()))? {
        if body.len() + chunk.len() > limit_bytes {
            return Err(Failure::Unreadable);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
