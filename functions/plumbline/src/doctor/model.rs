//! The model endpoints: one call of one line to each tier, in the form every draft is asked for.

use std::time::Duration;

use agent::run::Model;
use llm::{Error, Mode, Request};
use serde_json::json;

use super::{
    finding::{Area, Finding, Who},
    subject::Subject,
};

/// Time for the call, retries included.
const PATIENCE: Duration = Duration::from_secs(45);
/// A model that reasons first needs more than the few tokens of the answer.
const MAX_OUTPUT_TOKENS: u32 = 1024;

/// Asks one tier.
pub(super) async fn examine(subject: &Subject, tier: &str, model: &Model) -> Finding {
    let place = format!("{tier}: {}", model.endpoint);
    match model.client.answer(&question(model)).await {
        Ok(answer) => match answer.mode {
            Mode::StrictSchema => Finding::well(Area::Model, format!("{place} answers in the strict schema")),
            Mode::JsonMode => {
                let how = "drafts are made and checked all the same, with more corrective turns; a deployment that takes \
                           response_format json_schema with strict = true saves them";
                let what = format!("{place} answers, and does not take a strict JSON schema");
                Finding::warning(Area::Model, what, Who::ModelOwner, how)
            }
        },
        Err(error) => failed(subject, &place, &error),
    }
}

/// No word of any record.
fn question(model: &Model) -> Request {
    Request {
        model: model.name.clone(),
        system: "You answer in JSON.".to_owned(),
        user: "Say that you are ready: ready is true.".to_owned(),
        repair: None,
        schema_name: "readiness".to_owned(),
        schema: json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["ready"],
            "properties": { "ready": { "type": "boolean" } },
        }),
        max_output_tokens: MAX_OUTPUT_TOKENS,
        deadline: PATIENCE,
    }
}

fn failed(subject: &Subject, place: &str, error: &Error) -> Finding {
    let what = format!("{place}: {error}");
    let key = subject.place_of_secret("openai_api_key", "OPENAI_API_KEY");
    match error {
        Error::Unauthorized { .. } => {
            let how = format!("make a key that may use this model, and put it into {key}");
            Finding::broken(Area::Model, what, Who::ModelOwner, how)
        }
        Error::QuotaExhausted => {
            let how = "raise the limit of the account or pay its bill: the page on limits and billing of the provider";
            Finding::broken(Area::Model, what, Who::ModelOwner, how)
        }
        Error::RateLimited { .. } => {
            let how =
                "drafts wait and are made later; if it is always so, ask the provider for a higher rate";
            Finding::warning(Area::Model, what, Who::ModelOwner, how)
        }
        Error::Rejected { .. } | Error::Configuration(_) => {
            let how = format!(
                "name a model this endpoint has, under [model] {}: {}",
                "with its provider, base_url and api_version",
                subject.place_of_config()
            );
            Finding::broken(Area::Model, what, Who::PlatformEngineer, how)
        }
        Error::Unavailable { .. } | Error::Deadline => {
            let how = "look at the address (base_url, OPENAI_BASE_URL) and at the way there (proxy, egress rules), then at \
                       the provider's status page";
            Finding::broken(Area::Model, what, Who::PlatformEngineer, how)
        }
        Error::Refusal { .. }
        | Error::Length { .. }
        | Error::ContentFilter { .. }
        | Error::Empty { .. }
        | Error::Malformed { .. } => {
            let how =
                "the endpoint is there and this model cannot say one line in a schema: choose another model";
            Finding::broken(Area::Model, what, Who::ModelOwner, how)
        }
    }
}
