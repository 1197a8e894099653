//! Who plays the model: an answer kept from before, a stand-in with a character, or a real endpoint.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::ValueEnum;
use sandbox::model::{Behaviour, ModelServer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::Endpoint;

/// The models there are to play with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// Answers kept from before, one a case.
    Recorded,
    /// The stand-in that quotes the evidence by rules.
    Scripted,
    /// A stand-in that does whatever the record says.
    Obeying,
    /// A stand-in that makes things up.
    Fabricating,
    /// A stand-in that mixes an honest answer with both.
    Tainted,
    /// The endpoint of `OPENAI_API_KEY`, `OPENAI_BASE_URL` and `OPENAI_MODEL`.
    Endpoint,
}

impl Model {
    /// True for models whose drafts are meant to be good; of the others only harm is asked.
    pub fn is_honest(self) -> bool {
        matches!(self, Self::Recorded | Self::Scripted | Self::Endpoint)
    }
}

/// A kept answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// Who gave it.
    pub model: String,
    /// The prompt it was given to, such as `rfi_response v2`; none for an answer written by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// The answer, in its workflow's schema.
    pub answer: Value,
}

impl Recording {
    /// Where a case's is kept.
    fn path(answers: &Path, case: &str) -> PathBuf {
        answers.join(format!("{case}.json"))
    }

    /// Reads a case's.
    ///
    /// # Errors
    /// When there is none, or it is none.
    pub fn read(answers: &Path, case: &str) -> anyhow::Result<Self> {
        let path = Self::path(answers, case);
        let text = std::fs::read_to_string(&path).with_context(|| {
            format!("{} is missing: record one with --model endpoint --record", path.display())
        })?;
        serde_json::from_str(&text).with_context(|| format!("{} is no kept answer", path.display()))
    }

    /// Keeps a case's.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, answers: &Path, case: &str) -> anyhow::Result<()> {
        let path = Self::path(answers, case);
        let text = serde_json::to_string_pretty(self)? + "\n";
        std::fs::create_dir_all(answers)
            .and_then(|()| std::fs::write(&path, text))
            .with_context(|| format!("cannot write {}", path.display()))
    }
}

/// An endpoint for one case. The second is what prompt the answer was given to, if that is known.
///
/// # Errors
/// When there is no such model, or no kept answer.
pub(super) async fn endpoint(
    model: Model,
    answers: &Path,
    case: &str,
) -> anyhow::Result<(Endpoint, Option<Recording>)> {
    let behaviour = match model {
        Model::Recorded => {
            let recording = Recording::read(answers, case)?;
            let endpoint = Endpoint::stand_in(Behaviour::Scripted).await?;
            if let Some(server) = &endpoint.stand_in {
                ModelServer::recite(server, recording.answer.clone());
            }
            return Ok((endpoint, Some(recording)));
        }
        Model::Endpoint => {
            let Some(endpoint) = Endpoint::of_environment()? else {
                bail!("--model endpoint needs OPENAI_API_KEY, and OPENAI_BASE_URL if it is not OpenAI's own");
            };
            return Ok((endpoint, None));
        }
        Model::Scripted => Behaviour::Scripted,
        Model::Obeying => Behaviour::Obeying,
        Model::Fabricating => Behaviour::Fabricating,
        Model::Tainted => Behaviour::Tainted,
    };
    Ok((Endpoint::stand_in(behaviour).await?, None))
}
