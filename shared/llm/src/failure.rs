//! A request that brought no completion: read from the wire, judged once, turned into an [`Error`].
//! The endpoint's own words are kept for that judgement only; they never leave the crate.

use std::time::Duration;

use async_openai::error::OpenAIError;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::{error::Error, reply::Usage};

/// What went wrong with one attempt.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("wire")]
    Wire(#[source] reqwest::Error),
    #[error("status {status}")]
    Status { status: u16, retry_after: Option<Duration>, complaint: Complaint },
    #[error("body is not a completion")]
    Unreadable,
    #[error("attempt timed out")]
    TimedOut,
}

/// The readable part of an error body.
#[derive(Default)]
pub(crate) struct Complaint {
    pub(crate) code: Option<String>,
    /// Parameter and message, in lower case.
    pub(crate) text: String,
}

// May quote the request.
impl std::fmt::Debug for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Complaint").field("code", &self.code).finish_non_exhaustive()
    }
}

impl Complaint {
    /// Reads the bodies of OpenAI and Azure (`error.{code,type,param,message}`), of servers that put the same members at
    /// the top, of those that answer with a list of `detail` rows, and plain text.
    pub(crate) fn parse(body: &[u8]) -> Self {
        let Ok(body) = serde_json::from_slice::<Value>(body) else {
            return Self { code: None, text: String::from_utf8_lossy(body).to_lowercase() };
        };
        Self::read(&body)
    }

    pub(crate) fn read(body: &Value) -> Self {
        let error = match body.get("error") {
            Some(Value::Object(_)) => body.get("error").unwrap_or(body),
            Some(Value::String(message)) => {
                return Self { code: None, text: message.to_lowercase() };
            }
            _ => body,
        };
        let word = |name: &str| error.get(name).and_then(Value::as_str);
        let mut text =
            [word("param"), word("message"), word("detail")].map(Option::unwrap_or_default).join(" ");
        // Only place and message of a detail row: its `input` repeats the whole request.
        for row in error.get("detail").and_then(Value::as_array).into_iter().flatten() {
            for part in row.get("loc").and_then(Value::as_array).into_iter().flatten() {
                text.push(' ');
                text.push_str(part.as_str().unwrap_or_default());
            }
            text.push(' ');
            text.push_str(row.get("msg").and_then(Value::as_str).unwrap_or_default());
        }
        let code = word("code").or_else(|| word("type")).and_then(plain_word);
        Self { code, text: text.to_lowercase() }
    }

    fn has_code(&self, codes: &[&str]) -> bool {
        self.code.as_deref().is_some_and(|code| codes.contains(&code))
    }
}

/// A code may end in logs: only short, plain words pass.
fn plain_word(code: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    (!code.is_empty() && code.len() <= 64 && code.chars().all(plain)).then(|| code.to_ascii_lowercase())
}

impl Failure {
    /// The one mapping from what the wire said to what a caller may do.
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Wire(source) => Error::Unavailable { status: None, source: Some(source) },
            Self::Unreadable | Self::TimedOut => Error::Unavailable { status: None, source: None },
            Self::Status { status, retry_after, complaint } => match status {
                429 if complaint.has_code(&["insufficient_quota"]) => Error::QuotaExhausted,
                429 => Error::RateLimited { after: retry_after },
                _ if complaint.has_code(&["content_filter", "content_policy_violation"]) => {
                    Error::ContentFilter { usage: Usage::default() }
                }
                401 | 403 => Error::Unauthorized { status },
                503 if retry_after.is_some() => Error::RateLimited { after: retry_after },
                408 | 409 | 500..=599 => Error::Unavailable { status: Some(status), source: None },
                _ => Error::Rejected { status, code: complaint.code },
            },
        }
    }
}

impl From<Failure> for OpenAIError {
    fn from(failure: Failure) -> Self {
        Self::Boxed(Box::new(failure))
    }
}

impl From<OpenAIError> for Failure {
    fn from(error: OpenAIError) -> Self {
        match error {
            OpenAIError::Boxed(inner) => inner.downcast().map_or(Self::Unreadable, |failure| *failure),
            OpenAIError::Reqwest(error) => Self::Wire(error.without_url()),
            _ => Self::Unreadable,
        }
    }
}

/// `retry-after-ms` (OpenAI, Azure) before `retry-after` in seconds. A date is not read: we carry no clock.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| -> Option<f64> { headers.get(name)?.to_str().ok()?.trim().parse().ok() };
    let seconds = match number("retry-after-ms") {
        Some(milliseconds) => milliseconds / 1000.0,
        None => number("retry-after")?,
    };
    Duration::try_from_secs_f64(seconds).ok()
}
