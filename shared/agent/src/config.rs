//! `plumbline.toml`: what runs where, for how much. Refused with file, line and key on anything it does not know.

use std::{collections::BTreeMap, sync::Arc};

use procore::{CompanyId, CorrespondenceTypeId, Environment, ProjectId, UserId};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Deserializer, de};

use crate::{
    sweep::SweepTerms,
    workflows::{WorkflowId, daily_log_summary::Thresholds},
};

/// A configuration that cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problem}")]
pub struct ConfigError {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, with the key.
    pub problem: String,
}

/// The whole configuration.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The company whose projects are worked on.
    pub company_id: CompanyId,
    /// Fixes the vendor's hosts.
    pub environment: Environment,
    /// Of our webhooks: a-z 0-9 -
    #[serde(deserialize_with = "namespace")]
    pub namespace: String,
    /// The directory user our token belongs to.
    pub service_account_id: UserId,
    /// A record younger than this, in seconds, is still being typed.
    #[serde(deserialize_with = "quiet_window")]
    pub quiet_window_s: u32,
    /// Model by tier; `default` has to be there.
    #[serde(deserialize_with = "models")]
    pub model: BTreeMap<String, ModelConfig>,
    /// Limits.
    pub budget: Budget,
    /// From when on a daily log says a risk; every key has a default.
    #[serde(default, deserialize_with = "thresholds")]
    pub daily_log: Arc<Thresholds>,
    /// How what webhooks did not tell is looked for; every key has a default.
    #[serde(default)]
    pub sweep: SweepTerms,
    /// One row a project; a project without a row is never read or written.
    #[serde(rename = "project", default)]
    pub projects: Vec<ProjectConfig>,
}

/// Which model a tier is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelConfig {
    /// Who serves it.
    pub provider: ProviderName,
    /// The model's name; on Azure the deployment's.
    pub name: String,
    /// Base address: needed for `azure` and `compatible`, refused for `openai`.
    pub base_url: Option<String>,
    /// Only for `azure`.
    pub api_version: Option<String>,
    /// What it costs; needed where the built-in price list does not know the name.
    pub usd_per_million_tokens: Option<PriceConfig>,
}

/// The providers there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderName {
    /// api.openai.com, or what `OPENAI_BASE_URL` says.
    Openai,
    /// Azure OpenAI.
    Azure,
    /// Any endpoint that speaks the same API.
    Compatible,
}

/// Dollars per million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceConfig {
    /// Prompt tokens.
    #[serde(deserialize_with = "micro_usd")]
    pub input: u64,
    /// Prompt tokens served from the endpoint's cache.
    #[serde(deserialize_with = "micro_usd")]
    pub cached_input: u64,
    /// Completion tokens.
    #[serde(deserialize_with = "micro_usd")]
    pub output: u64,
}

/// What may be spent.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// For each project and UTC day, in millionths of a dollar. In the file a string such as "5.00".
    #[serde(rename = "usd_per_project_per_day", deserialize_with = "micro_usd")]
    pub micro_usd_per_project_per_day: u64,
    /// More drafts than this for one record in a UTC day are taken for a loop.
    pub max_drafts_per_record_per_day: u32,
    /// Most evidence shown to the model for one draft, in its tokens.
    #[serde(default = "evidence_tokens")]
    pub evidence_tokens: u32,
}

/// Room for a section, a sheet and some attached pages: more costs money and the model's attention.
fn evidence_tokens() -> u32 {
    12_000
}

/// One project.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectConfig {
    /// The project.
    pub id: ProjectId,
    /// Who reviews; named in the draft, never assigned.
    pub reviewer_id: UserId,
    /// Where drafts are kept that do not go into their own record; without it their runs end `NoCarrier`.
    pub correspondence_type_id: Option<CorrespondenceTypeId>,
    /// What runs here.
    pub workflows: Vec<WorkflowId>,
    /// Prompt versions pinned by this project; otherwise the label `production` decides.
    #[serde(default)]
    pub prompts: BTreeMap<WorkflowId, u32>,
}

impl Config {
    /// Reads a configuration. `file` is what errors call it.
    ///
    /// # Errors
    /// On any unknown, missing or unusable key.
    pub fn parse(text: &str, file: &str) -> Result<Self, ConfigError> {
        let at = |line, problem: String| ConfigError { file: file.to_owned(), line, problem };
        let config: Self = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.get(..start).unwrap_or_default().matches('\n').count().saturating_add(1);
            let key = text
                .lines()
                .nth(line.saturating_sub(1))
                .and_then(|line| line.split_once('='))
                .map(|(key, _)| key.trim());
            let message = error.message().to_owned();
            match key {
                Some(key) if !key.is_empty() && !message.contains(" field `") => {
                    at(line, format!("{key}: {message}"))
                }
                _ => at(line, message),
            }
        })?;
        let line_of = |needle: &str| {
            text.lines().position(|line| line.contains(needle)).map_or(1, |line| line.saturating_add(1))
        };
        for (position, project) in config.projects.iter().enumerate() {
            if config.projects.iter().take(position).any(|earlier| earlier.id == project.id) {
                return Err(at(
                    line_of(&format!("id = {}", project.id)),
                    format!("id: project {} has two rows", project.id),
                ));
            }
            for (workflow, version) in &project.prompts {
                if let Err(error) = crate::prompt::Prompt::version(workflow.name(), *version) {
                    return Err(at(line_of("prompts"), format!("prompts: {error}")));
                }
            }
        }
        for (tier, model) in &config.model {
            let wrong = match model.provider {
                ProviderName::Openai if model.base_url.is_some() => Some(
                    "base_url: not for provider \"openai\"; set OPENAI_BASE_URL or use provider \"compatible\"",
                ),
                ProviderName::Azure if model.base_url.is_none() || model.api_version.is_none() => {
                    Some("base_url and api_version are needed for provider \"azure\"")
                }
                ProviderName::Compatible if model.base_url.is_none() => {
                    Some("base_url is needed for provider \"compatible\"")
                }
                _ => None,
            };
            if let Some(problem) = wrong {
                return Err(at(line_of(&format!("{tier} =")), format!("model.{tier}: {problem}")));
            }
        }
        Ok(config)
    }

    /// The row of a project, if it has one.
    pub fn project(&self, id: ProjectId) -> Option<&ProjectConfig> {
        self.projects.iter().find(|project| project.id == id)
    }
}

fn namespace<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        Ok(text)
    } else {
        Err(de::Error::custom("only a-z, 0-9 and -"))
    }
}

fn quiet_window<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let seconds = u32::deserialize(deserializer)?;
    if seconds <= 600 { Ok(seconds) } else { Err(de::Error::custom("at most 600 seconds")) }
}

fn thresholds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Thresholds>, D::Error> {
    Thresholds::deserialize(deserializer).map(Arc::new)
}

fn models<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, ModelConfig>, D::Error> {
    let models = BTreeMap::<String, ModelConfig>::deserialize(deserializer)?;
    if models.contains_key("default") { Ok(models) } else { Err(de::Error::missing_field("default")) }
}

/// Dollars as a decimal string, to millionths. A TOML float would already have lost the cents.
fn micro_usd<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse::<Decimal>()
        .ok()
        .and_then(|usd| usd.checked_mul(Decimal::from(1_000_000)))
        .filter(|micro| micro.is_integer())
        .and_then(|micro| micro.to_u64())
        .ok_or_else(|| de::Error::custom("expected US dollars as a string such as \"5.00\""))
}

/// The configuration of the README and of tests.
pub const EXAMPLE: &str = r#"company_id = 8001
environment = "production"
namespace = "acme-plumbline"
service_account_id = 990001
quiet_window_s = 60
[model]
default = { provider = "openai", name = "gpt-4.1-mini" }
[budget]
usd_per_project_per_day = "5.00"
max_drafts_per_record_per_day = 5
[[project]]
id = 4071
reviewer_id = 5101
correspondence_type_id = 77
workflows = ["rfi_response"]
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_example() {
        let config = Config::parse(EXAMPLE, "plumbline.toml").unwrap();
        assert_eq!(config.budget.micro_usd_per_project_per_day, 5_000_000);
        assert_eq!(config.budget.evidence_tokens, 12_000);
        assert_eq!(config.project(ProjectId::new(4071)).unwrap().workflows, [WorkflowId::RfiResponse]);
        assert!(config.project(ProjectId::new(1)).is_none());
    }

    #[test]
    fn names_file_line_and_key_of_what_is_wrong() {
        let table = [
            ("quiet_window_s = 60", "quiet_windows = 60", "plumbline.toml:5: unknown field `quiet_windows`"),
            ("company_id = 8001\n", "", "plumbline.toml:1: missing field `company_id`"),
            (
                "quiet_window_s = 60",
                "quiet_window_s = 6000",
                "plumbline.toml:5: quiet_window_s: at most 600 seconds",
            ),
            ("\"5.00\"", "5.00", "plumbline.toml:9: usd_per_project_per_day: "),
            ("acme-plumbline", "Acme", "plumbline.toml:3: namespace: only a-z, 0-9 and -"),
            ("reviewer_id = 5101\n", "", "plumbline.toml:11: missing field `reviewer_id`"),
            (
                "[\"rfi_response\"]",
                "[\"rfi_reply\"]",
                "plumbline.toml:15: workflows: unknown variant `rfi_reply`",
            ),
            ("\"production\"", "\"staging\"", "plumbline.toml:2: environment: unknown variant `staging`"),
            ("default = {", "small = {", "plumbline.toml:6: missing field `default`"),
            ("\"openai\"", "\"azure\"", "plumbline.toml:7: model.default: base_url and api_version"),
            ("[budget]", "[daily_log]\ndelay_hours = 4\n[budget]", "plumbline.toml:9: delay_hours: "),
            ("[budget]", "[budget]\nevidence_tokens = \"many\"", "plumbline.toml:9: evidence_tokens: "),
            ("[budget]", "[budget]\nevidence_token = 9", "plumbline.toml:9: unknown field `evidence_token`"),
            (
                "[budget]",
                "[sweep]\nlook_back_h = 0\n[budget]",
                "plumbline.toml:9: look_back_h: expected 1 to 720",
            ),
            (
                "[budget]",
                "[sweep]\nday_ends_at = \"24:00\"\n[budget]",
                "plumbline.toml:9: day_ends_at: expected a",
            ),
            (
                "[budget]",
                "[sweep]\nevery_min = 1441\n[budget]",
                "plumbline.toml:9: every_min: expected 1 to 1440",
            ),
            (
                "[budget]",
                "[sweep]\nreactivate = true\n[budget]",
                "plumbline.toml:9: unknown field `reactivate`",
            ),
            ("[budget]", "[daily_log]\nwinds = []\n[budget]", "plumbline.toml:9: unknown field `winds`"),
            (
                "workflows =",
                "prompts = { rfi_response = 99 }\nworkflows =",
                "plumbline.toml:15: prompts: there is no",
            ),
        ];
        for (from, to, expected) in table {
            assert!(EXAMPLE.contains(from), "{from}");
            let error = Config::parse(&EXAMPLE.replace(from, to), "plumbline.toml").unwrap_err().to_string();
            assert!(error.starts_with(expected), "{to}: {error}");
        }
    }
}
