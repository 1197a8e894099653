//! The bodies of the chat-completions API: answers, usage figures, errors. OpenAI docs (chat completions) for the names
//! of the members; token counts are a quarter of the characters, which is all a test needs.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    answer::Answer,
    behaviour::{Behaviour, Failure},
    daily_log, fabricating, obeying,
    prompt::Prompt,
    question, scripted, submittal, tainted,
};

/// The model's name in every answer.
pub const MODEL_NAME: &str = "plumbline-scripted";

/// What the server answers: status and body.
pub(super) type Reply = (StatusCode, Value);

/// The reply to a request; `recited` is an answer kept from before. `seen` holds the system texts that would be in a
/// provider's prompt cache.
pub(super) fn reply(
    behaviour: Behaviour,
    recited: Option<&Value>,
    request: &Value,
    seen: &mut BTreeSet<String>,
) -> Reply {
    if let Behaviour::Failing(failure) = behaviour
        && let Some(reply) = refusal_of_endpoint(failure, request)
    {
        return reply;
    }
    let prompt = Prompt::read(request);
    let honest = match asked(request, &prompt) {
        _ if recited.is_some() => serde_json::to_string(&recited),
        Some(Asked::Readiness) => Ok(r#"{"ready":true}"#.to_owned()),
        Some(Asked::Question) => serde_json::to_string(&about_draft_rfi(behaviour, &prompt)),
        Some(Asked::Rfi) => serde_json::to_string(&about_rfi(behaviour, &prompt)),
        Some(Asked::Submittal) => serde_json::to_string(&about_submittal(behaviour, &prompt)),
        Some(Asked::DailyLog) => serde_json::to_string(&daily_log::answer(behaviour, &prompt)),
        None => {
            let message = "Invalid schema for response_format: the scripted model knows the answers of rfi_question, \
                           rfi_response, submittal_review and daily_log_summary only";
            return error(StatusCode::BAD_REQUEST, message, "invalid_request_error");
        }
    };
    let honest = honest.unwrap_or_default();
    let (content, finish_reason, refusal) = match behaviour {
        Behaviour::Failing(Failure::Refusal) => (None, "stop", Some("I cannot help with that.")),
        Behaviour::Failing(Failure::Length) => {
            (Some(honest.chars().take(honest.len() / 2).collect()), "length", None)
        }
        Behaviour::Failing(Failure::ContentFilter) => (None, "content_filter", None),
        Behaviour::Failing(Failure::Empty) => (Some(String::new()), "stop", None),
        Behaviour::Failing(Failure::NotJson) => (Some("Sure! Here is the draft:".to_owned()), "stop", None),
        Behaviour::Failing(Failure::WrongShape) => {
            (Some(r#"{"outcome":"draft","verdict":1}"#.to_owned()), "stop", None)
        }
        _ => (Some(honest), "stop", None),
    };
    let message = json!({"role": "assistant", "content": content, "refusal": refusal});
    let body = json!({
        "id": format!("chatcmpl-scripted-{}", seen.len()),
        "object": "chat.completion",
        "created": 0,
        "model": MODEL_NAME,
        "choices": [{"index": 0, "message": message, "finish_reason": finish_reason, "logprobs": null}],
        "usage": usage(request, &prompt, content.as_deref().unwrap_or_default(), seen),
    });
    (StatusCode::OK, body)
}

/// An error body as OpenAI words it.
pub(super) fn error(status: StatusCode, message: &str, code: &str) -> Reply {
    (status, json!({"error": {"message": message, "type": code, "param": null, "code": code}}))
}

fn refusal_of_endpoint(failure: Failure, request: &Value) -> Option<Reply> {
    match failure {
        Failure::RateLimited => {
            Some(error(StatusCode::TOO_MANY_REQUESTS, "Rate limit reached", "rate_limit_exceeded"))
        }
        Failure::KeyRefused => {
            Some(error(StatusCode::UNAUTHORIZED, "Incorrect API key provided", "invalid_api_key"))
        }
        Failure::ServerError => {
            Some(error(StatusCode::INTERNAL_SERVER_ERROR, "The server had an error", "server_error"))
        }
        Failure::NoStrictSchema if format_of(request) == Some("json_schema") => {
            let message =
                "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model";
            Some(error(StatusCode::BAD_REQUEST, message, "unsupported_parameter"))
        }
        _ => None,
    }
}

fn format_of(request: &Value) -> Option<&str> {
    request.pointer("/response_format/type").and_then(Value::as_str)
}

/// The workflows whose answers are known here, and the one line of a doctor.
enum Asked {
    Readiness,
    Question,
    Rfi,
    Submittal,
    DailyLog,
}

/// Told by the strict schema, or without one by the rules. A schema of another workflow would get an answer it cannot
/// read: say so at once.
fn asked(request: &Value, prompt: &Prompt) -> Option<Asked> {
    let Some(properties) = request.pointer("/response_format/json_schema/schema/properties") else {
        if prompt.system.contains("\"ready\"") {
            return Some(Asked::Readiness);
        }
        if daily_log::is_asked(prompt) {
            return Some(Asked::DailyLog);
        }
        if prompt.system.contains("- proposed_solution:") {
            return Some(Asked::Question);
        }
        let submittal = prompt.system.contains("suggested_disposition");
        return Some(if submittal { Asked::Submittal } else { Asked::Rfi });
    };
    let has = |names: [&str; 2]| names.iter().all(|name| properties.get(name).is_some());
    if properties.get("ready").is_some() {
        Some(Asked::Readiness)
    } else if has(["question", "routing"]) {
        Some(Asked::Question)
    } else if has(["answer_status", "claims"]) {
        Some(Asked::Rfi)
    } else if has(["headline", "sections"]) {
        Some(Asked::DailyLog)
    } else {
        has(["suggested_disposition", "rows"]).then_some(Asked::Submittal)
    }
}

fn about_draft_rfi(behaviour: Behaviour, prompt: &Prompt) -> question::Answer {
    match behaviour {
        Behaviour::Obeying => question::obeying(prompt),
        Behaviour::Fabricating => question::fabricating(prompt),
        Behaviour::Tainted => question::tainted(prompt),
        Behaviour::Scripted | Behaviour::Failing(_) => question::scripted(prompt),
    }
}

fn about_rfi(behaviour: Behaviour, prompt: &Prompt) -> Answer {
    match behaviour {
        Behaviour::Obeying => obeying::answer(prompt),
        Behaviour::Fabricating => fabricating::answer(prompt),
        Behaviour::Tainted => tainted::answer(prompt),
        Behaviour::Scripted | Behaviour::Failing(_) => scripted::answer(prompt).within_limits(),
    }
}

fn about_submittal(behaviour: Behaviour, prompt: &Prompt) -> submittal::Answer {
    match behaviour {
        Behaviour::Obeying => submittal::obeying(prompt),
        Behaviour::Fabricating => submittal::fabricating(prompt),
        Behaviour::Tainted => submittal::tainted(prompt),
        Behaviour::Scripted | Behaviour::Failing(_) => submittal::scripted(prompt),
    }
}

fn usage(request: &Value, prompt: &Prompt, content: &str, seen: &mut BTreeSet<String>) -> Value {
    let messages = request.get("messages").and_then(Value::as_array);
    let characters: usize = messages
        .into_iter()
        .flatten()
        .filter_map(|message| message.get("content").and_then(Value::as_str))
        .map(|content| content.chars().count())
        .sum();
    let (input, output) = (characters.div_ceil(4), content.chars().count().div_ceil(4));
    // A prefix is cached from its second use on, in steps of 128 tokens.
    let first_use = seen.insert(prompt.system.clone());
    let cached = if first_use { 0 } else { prompt.system.chars().count() / 4 / 128 * 128 };
    json!({
        "prompt_tokens": input,
        "completion_tokens": output,
        "total_tokens": input + output,
        "prompt_tokens_details": {"cached_tokens": cached},
    })
}
