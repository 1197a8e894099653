//! Why there is no answer, and what a caller may do about it.
//! Neither `Display` nor `Debug` shows a prompt, an answer, an error body or a key.

use std::time::Duration;

use crate::reply::Usage;

/// What may be done after an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The same request may succeed later; not before `after`, where the endpoint named a time.
    Retry {
        /// How long to wait.
        after: Option<Duration>,
    },
    /// One corrective turn ([`crate::Repair`]) may help.
    Repairable,
    /// The same request will fail again.
    Permanent,
}

/// Why a call gave no usable answer.
#[derive(thiserror::Error)]
pub enum Error {
    /// The settings or the request cannot be used at all; names what, never a value.
    #[error("model configuration: {0}")]
    Configuration(&'static str),
    /// The model declined.
    #[error("the model refused")]
    Refusal {
        /// Tokens spent.
        usage: Usage,
    },
    /// The answer was cut at `max_output_tokens`.
    #[error("the model's answer was cut at the token limit")]
    Length {
        /// Tokens spent.
        usage: Usage,
    },
    /// The provider's content filter stopped the prompt or the answer.
    #[error("the provider's content filter stopped the answer")]
    ContentFilter {
        /// Tokens spent.
        usage: Usage,
    },
    /// The model answered with nothing.
    #[error("the model's answer is empty")]
    Empty {
        /// Tokens spent.
        usage: Usage,
    },
    /// The answer is not JSON, or does not satisfy the schema.
    #[error("the model's answer breaks the schema in {} places", problems.len())]
    Malformed {
        /// Where and which rule: `/claims/0/text: maxLength 400`. Never a value the model wrote.
        problems: Vec<String>,
        /// The answer as the model gave it, for the corrective turn only.
        raw: String,
        /// Tokens spent.
        usage: Usage,
    },
    /// The caller's deadline passed.
    #[error("the model did not answer before the deadline")]
    Deadline,
    /// Too many requests or tokens per minute.
    #[error("the model endpoint limits the rate")]
    RateLimited {
        /// The endpoint's `retry-after`.
        after: Option<Duration>,
    },
    /// The account's quota is used up: a person has to act, the record loses nothing by waiting.
    #[error("the model account's quota is used up")]
    QuotaExhausted,
    /// No connection, no answer within the attempt's time, a server error, or a body that is no completion.
    #[error("the model endpoint is unavailable{}", status.map(|s| format!(" (status {s})")).unwrap_or_default())]
    Unavailable {
        /// HTTP status, where there was one.
        status: Option<u16>,
        /// What the wire said.
        source: Option<reqwest::Error>,
    },
    /// The key is missing, wrong or not allowed to use the model (401, 403).
    #[error("the model endpoint refused the key (status {status})")]
    Unauthorized {
        /// HTTP status.
        status: u16,
    },
    /// Any other refusal of the request.
    #[error("the model endpoint rejected the request (status {status}, code {})", code.as_deref().unwrap_or("none"))]
    Rejected {
        /// HTTP status.
        status: u16,
        /// The endpoint's error code, such as `context_length_exceeded`, reduced to a short plain word.
        code: Option<String>,
    },
}

/// How long a used-up quota is left alone before the next try.
const QUOTA_PAUSE: Duration = Duration::from_secs(600);

impl Error {
    /// What may be done next.
    pub fn class(&self) -> Class {
        match self {
            Self::RateLimited { after } => Class::Retry { after: *after },
            Self::QuotaExhausted => Class::Retry { after: Some(QUOTA_PAUSE) },
            Self::Unavailable { .. } | Self::Deadline => Class::Retry { after: None },
            Self::Malformed { .. } | Self::Empty { .. } => Class::Repairable,
            Self::Configuration(_)
            | Self::Refusal { .. }
            | Self::Length { .. }
            | Self::ContentFilter { .. }
            | Self::Unauthorized { .. }
            | Self::Rejected { .. } => Class::Permanent,
        }
    }

    /// Tokens the failed call cost, as far as the endpoint told; zero otherwise.
    pub fn usage(&self) -> Usage {
        match self {
            Self::Refusal { usage }
            | Self::Length { usage }
            | Self::ContentFilter { usage }
            | Self::Empty { usage }
            | Self::Malformed { usage, .. } => *usage,
            _ => Usage::default(),
        }
    }
}

// Derived Debug would print `raw`.
impl std::fmt::Debug for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("llm::Error");
        out.field("message", &self.to_string());
        if let Self::Malformed { problems, .. } = self {
            out.field("problems", problems);
        }
        if let Self::Unavailable { source: Some(source), .. } = self {
            out.field("source", source);
        }
        out.field("usage", &self.usage()).finish()
    }
}
