//! A completion read into an [`Answer`].
//! Trusts nothing the endpoint promises: every answer is validated against the schema here.

use std::ops::AddAssign;

use serde_json::Value;

use crate::{error::Error, schema::Schema};

/// Tokens of one or more calls, as the endpoint counted them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the prompt, cached ones included.
    pub tokens_in: u32,
    /// Tokens written, reasoning included.
    pub tokens_out: u32,
    /// The part of `tokens_in` the provider had cached.
    pub tokens_cached: u32,
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.tokens_in = self.tokens_in.saturating_add(other.tokens_in);
        self.tokens_out = self.tokens_out.saturating_add(other.tokens_out);
        self.tokens_cached = self.tokens_cached.saturating_add(other.tokens_cached);
    }
}

/// How the form of the answer was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The endpoint enforced the schema while decoding.
    StrictSchema,
    /// The endpoint promised JSON, the schema stood in the system text.
    JsonMode,
}

impl Mode {
    /// For run records and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StrictSchema => "strict_schema",
            Self::JsonMode => "json_mode",
        }
    }
}

/// An answer that satisfies the schema.
#[derive(Clone, PartialEq)]
pub struct Answer {
    /// The answer.
    pub json: Value,
    /// Tokens of the prompt.
    pub tokens_in: u32,
    /// Tokens written.
    pub tokens_out: u32,
    /// The part of `tokens_in` the provider had cached.
    pub tokens_cached: u32,
    /// Whether any of the prompt was cached.
    pub cached: bool,
    /// The model as the server named it.
    pub model: String,
    /// From the call to the answer, waits included.
    pub latency_ms: u64,
    /// How the form was asked for.
    pub mode: Mode,
    /// Requests sent for this answer: retries, and repeats after a refused parameter.
    pub attempts: u32,
}

impl Answer {
    /// The tokens as one value.
    pub fn usage(&self) -> Usage {
        Usage { tokens_in: self.tokens_in, tokens_out: self.tokens_out, tokens_cached: self.tokens_cached }
    }
}

// The answer holds record text.
impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("model", &self.model)
            .field("usage", &self.usage())
            .field("latency_ms", &self.latency_ms)
            .field("mode", &self.mode)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// A completion whose JSON satisfies the schema.
pub(crate) struct Reply {
    pub(crate) json: Value,
    pub(crate) usage: Usage,
    pub(crate) model: Option<String>,
}

impl Reply {
    /// # Errors
    /// Refusal, ContentFilter, Length, Empty or Malformed, in that order.
    pub(crate) fn read(completion: &Value, schema: &Schema) -> Result<Self, Error> {
        let usage = usage_of(completion);
        let text = |pointer: &str| {
            completion.pointer(pointer).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
        };
        if text("/choices/0/message/refusal").is_some() {
            return Err(Error::Refusal { usage });
        }
        match text("/choices/0/finish_reason") {
            Some("content_filter") => return Err(Error::ContentFilter { usage }),
            Some("length") => return Err(Error::Length { usage }),
            _ => {}
        }
        let content = text("/choices/0/message/content").ok_or(Error::Empty { usage })?;
        let malformed = |problems| Error::Malformed { problems, raw: content.to_owned(), usage };
        let json: Value = serde_json::from_str(without_fence(content)).map_err(|error| {
            malformed(vec![format!("/: not JSON at line {}, column {}", error.line(), error.column())])
        })?;
        let problems = schema.problems(&json);
        if !problems.is_empty() {
            return Err(malformed(problems));
        }
        Ok(Self { json, usage, model: text("/model").map(str::to_owned) })
    }
}

/// Models in JSON mode sometimes wrap the object in a code fence.
fn without_fence(content: &str) -> &str {
    let Some(inner) = content.strip_prefix("```").and_then(|rest| rest.strip_suffix("```")) else {
        return content;
    };
    inner.strip_prefix("json").unwrap_or(inner).trim()
}

fn usage_of(completion: &Value) -> Usage {
    let count = |pointer: &str| {
        let count = completion.pointer(pointer).and_then(Value::as_u64).unwrap_or_default();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    let tokens_in = count("/usage/prompt_tokens");
    Usage {
        tokens_in,
        tokens_out: count("/usage/completion_tokens"),
        tokens_cached: count("/usage/prompt_tokens_details/cached_tokens").min(tokens_in),
    }
}
