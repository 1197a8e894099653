//! What is asked of the model, and its form on the wire.
//! Holds no prompt text of its own beyond the one line that introduces a schema in JSON mode.

use std::time::Duration;

use async_openai::types::chat::{
    ChatCompletionRequestAssistantMessage, ChatCompletionRequestMessage, ChatCompletionRequestSystemMessage,
    ChatCompletionRequestUserMessage, CreateChatCompletionRequest, ResponseFormat, ResponseFormatJsonSchema,
};
use serde_json::Value;

use crate::{capabilities::Capabilities, schema};

/// One question to the model.
#[derive(Clone)]
pub struct Request {
    /// The model's name; on Azure, the name of the deployment.
    pub model: String,
    /// The static rules. Keep them byte-identical from call to call: equal prefixes are cached by the provider.
    pub system: String,
    /// The text of this call.
    pub user: String,
    /// A second turn after an answer that was not usable.
    pub repair: Option<Repair>,
    /// Name of the answer's schema: letters, digits, `_` and `-`, at most 64 characters.
    pub schema_name: String,
    /// JSON Schema the answer is validated against, whatever the endpoint promises.
    pub schema: Value,
    /// Upper bound of the tokens the model may write, reasoning included.
    pub max_output_tokens: u32,
    /// Time for the whole call, retries and waits included, from the moment [`crate::Client::answer`] is called.
    pub deadline: Duration,
}

/// The corrective turn: the previous answer, as the model gave it, and what was wrong with it.
#[derive(Clone)]
pub struct Repair {
    /// The model's last answer, JSON text.
    pub previous: String,
    /// What the validators found, worded for the model.
    pub findings: String,
}

// A request is full of record text: its Debug names sizes only.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("model", &self.model)
            .field("schema_name", &self.schema_name)
            .field("system_bytes", &self.system.len())
            .field("user_bytes", &self.user.len())
            .field("repair", &self.repair.is_some())
            .field("max_output_tokens", &self.max_output_tokens)
            .field("deadline", &self.deadline)
            .finish()
    }
}

impl std::fmt::Debug for Repair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repair")
            .field("previous_bytes", &self.previous.len())
            .field("findings_bytes", &self.findings.len())
            .finish()
    }
}

impl Request {
    /// The body for an endpoint of these capabilities. `private` asks the provider not to keep the exchange.
    pub(crate) fn to_wire(&self, capabilities: Capabilities, private: bool) -> CreateChatCompletionRequest {
        let (response_format, system) = if capabilities.strict_schema {
            let json_schema = ResponseFormatJsonSchema {
                name: self.schema_name.clone(),
                description: None,
                schema: schema::strict_subset(&self.schema),
                strict: Some(true),
            };
            (ResponseFormat::JsonSchema { json_schema }, self.system.clone())
        } else {
            // The schema follows the rules, so that the cached prefix stays the same bytes.
            let system = format!(
                "{}\n\nAnswer with exactly one JSON object, nothing around it, that satisfies this JSON Schema:\n{}",
                self.system, self.schema
            );
            (ResponseFormat::JsonObject, system)
        };

        let mut wire = CreateChatCompletionRequest {
            model: self.model.clone(),
            messages: self.messages(system),
            response_format: Some(response_format),
            temperature: capabilities.temperature.then_some(0.0),
            store: private.then_some(false),
            ..CreateChatCompletionRequest::default()
        };
        if capabilities.max_completion_tokens {
            wire.max_completion_tokens = Some(self.max_output_tokens);
        } else {
            // Deprecated at OpenAI, the only name some compatible servers know.
            #[expect(deprecated)]
            {
                wire.max_tokens = Some(self.max_output_tokens);
            }
        }
        wire
    }

    fn messages(&self, system: String) -> Vec<ChatCompletionRequestMessage> {
        let mut messages = vec![
            ChatCompletionRequestSystemMessage::from(system).into(),
            ChatCompletionRequestUserMessage::from(self.user.as_str()).into(),
        ];
        if let Some(repair) = &self.repair {
            messages.push(ChatCompletionRequestAssistantMessage::from(repair.previous.as_str()).into());
            messages.push(ChatCompletionRequestUserMessage::from(repair.findings.as_str()).into());
        }
        messages
    }
}
