//! What an endpoint takes, learned from its refusals and remembered per model for the life of the client.
//! Only ever gives up: a capability lost is not asked for again, so that a call is repeated at most once for each.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::failure::{Complaint, Failure};

/// The parameters of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Capabilities {
    /// `response_format` of type `json_schema`, strict; otherwise `json_object`.
    pub(crate) strict_schema: bool,
    /// `temperature: 0`; otherwise the model's own.
    pub(crate) temperature: bool,
    /// `max_completion_tokens`; otherwise `max_tokens`.
    pub(crate) max_completion_tokens: bool,
}

impl Default for Capabilities {
    fn default() -> Self {
        Self { strict_schema: true, temperature: true, max_completion_tokens: true }
    }
}

/// Words by which servers say that they do not know or do not take a parameter, as opposed to a bad value of it.
const REFUSALS: &[&str] = &[
    "unsupported",
    "not supported",
    "not support",
    "unrecognized",
    "unknown",
    "unexpected",
    "extra",
    "not permitted",
    "not allowed",
    "not available",
];

impl Capabilities {
    /// The capability to give up after this failure, where that is what the endpoint asks for.
    pub(crate) fn without_refused(self, failure: &Failure) -> Option<Self> {
        let Failure::Status { status: 400 | 404 | 422 | 500 | 501, complaint, .. } = failure else {
            return None;
        };
        let Complaint { code, text } = complaint;
        let refused = REFUSALS.iter().any(|word| text.contains(word))
            || code
                .as_deref()
                .is_some_and(|code| code.starts_with("unsupported") || code.starts_with("unknown"));
        if self.max_completion_tokens && refused && text.contains("max_completion_tokens") {
            return Some(Self { max_completion_tokens: false, ..self });
        }
        if self.temperature && refused && text.contains("temperature") {
            return Some(Self { temperature: false, ..self });
        }
        // Here a bad value counts too: a server without strict schemas complains of our schema in many words.
        let format = ["response_format", "json_schema", "structured output", "guided"];
        if self.strict_schema && format.iter().any(|word| text.contains(word)) {
            return Some(Self { strict_schema: false, ..self });
        }
        None
    }
}

/// The capabilities learned so far, shared by the clones of a client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Learned(Arc<Mutex<BTreeMap<String, Capabilities>>>);

impl Learned {
    pub(crate) fn of(&self, model: &str) -> Capabilities {
        let learned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        learned.get(model).copied().unwrap_or_default()
    }

    /// Two calls may learn different things at once: what either lost stays lost.
    pub(crate) fn narrow(&self, model: &str, to: Capabilities) {
        let mut learned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = learned.entry(model.to_owned()).or_default();
        known.strict_schema &= to.strict_schema;
        known.temperature &= to.temperature;
        known.max_completion_tokens &= to.max_completion_tokens;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, body: &str) -> Failure {
        Failure::Status { status, retry_after: None, complaint: Complaint::parse(body.as_bytes()) }
    }

    #[test]
    fn each_refusal_gives_up_exactly_what_it_names() {
        let all = Capabilities::default();
        let schema = Capabilities { strict_schema: false, ..all };
        let temperature = Capabilities { temperature: false, ..all };
        let tokens = Capabilities { max_completion_tokens: false, ..all };
        let cases = [
            (
                400,
                r#"{"error":{"message":"Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.","param":null}}"#,
                Some(schema),
            ),
            (
                422,
                r#"{"detail":[{"loc":["body","response_format","type"],"msg":"Input should be 'text'","input":{"temperature":0}}]}"#,
                Some(schema),
            ),
            (500, r#"{"error":{"message":"json_schema: no such decoder","code":null}}"#, Some(schema)),
            (
                400,
                r#"{"error":{"message":"Unsupported value: 'temperature' does not support 0 with this model.","param":"temperature","code":"unsupported_value"}}"#,
                Some(temperature),
            ),
            (
                400,
                r#"{"object":"error","message":"Unrecognized request argument supplied: max_completion_tokens"}"#,
                Some(tokens),
            ),
            (
                400,
                r#"{"error":{"message":"max_completion_tokens is too large: 900000. This model supports at most 16384","param":"max_completion_tokens"}}"#,
                None,
            ),
            (
                400,
                r#"{"error":{"message":"This model's maximum context length is 128000 tokens","code":"context_length_exceeded"}}"#,
                None,
            ),
            (401, r#"{"error":{"message":"response_format"}}"#, None),
            (429, r#"{"error":{"message":"unsupported temperature"}}"#, None),
        ];
        for (status, body, expected) in cases {
            assert_eq!(all.without_refused(&refusal(status, body)), expected, "{status} {body}");
        }
    }

    #[test]
    fn what_was_not_sent_cannot_be_given_up() {
        let none = Capabilities { strict_schema: false, temperature: false, max_completion_tokens: false };
        let body =
            r#"{"error":{"message":"unsupported: temperature, max_completion_tokens, response_format"}}"#;
        assert_eq!(none.without_refused(&refusal(400, body)), None);
    }

    #[test]
    fn losses_of_concurrent_calls_add_up_per_model() {
        let learned = Learned::default();
        learned.narrow("a", Capabilities { temperature: false, ..Capabilities::default() });
        learned.narrow("a", Capabilities { strict_schema: false, ..Capabilities::default() });
        assert_eq!(
            learned.of("a"),
            Capabilities { strict_schema: false, temperature: false, max_completion_tokens: true }
        );
        assert_eq!(learned.of("b"), Capabilities::default());
    }
}
