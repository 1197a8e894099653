//! Prompt files: released text, chosen by label, filled in with evidence.
//!
//! Prompt text never stands in Rust, and record text never stands in a prompt file. The system half is the same
//! bytes for every event, so that an endpoint can serve it from its cache.

mod compare;
mod form;
mod labels;
mod lint;
mod lock;
#[cfg(test)]
mod tests;
mod tree;

use minijinja::context;
use serde::{Deserialize, Serialize};

use crate::evidence::Evidence;
use form::{Form, environment};

pub use compare::{CompareError, compare};
pub use lint::{Fault, lint};
pub use lock::{LockError, lock};

/// A tree of prompt files that cannot be read; says which file and why.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TreeError(String);

/// Which prompt a run used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptRef {
    /// The workflow whose prompt it is.
    pub workflow: String,
    /// Version number of the file.
    pub version: u32,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
}

/// A prompt file as built into the program.
struct File {
    workflow: &'static str,
    version: u32,
    sha256: &'static str,
    released: bool,
    text: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/prompts.rs"));

/// What is wrong with a prompt file, or with what was asked of them. Found by tests and at start-up.
#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    /// There is no such version.
    #[error("there is no prompts/{workflow}/v{version}.md; known versions: {known}")]
    UnknownVersion {
        /// The workflow.
        workflow: String,
        /// The version asked for.
        version: u32,
        /// The versions there are.
        known: String,
    },
    /// No label of that name.
    #[error("prompts/index.toml has no label {label:?} for {workflow}")]
    UnknownLabel {
        /// The workflow.
        workflow: String,
        /// The label asked for.
        label: String,
    },
    /// The file does not have the form of a prompt file.
    #[error("prompts/{workflow}/v{version}.md: {problem}")]
    Malformed {
        /// The workflow.
        workflow: String,
        /// The version.
        version: u32,
        /// What is wrong.
        problem: String,
    },
}

/// One version of one workflow's prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// Which one it is.
    pub reference: PromptRef,
    /// True if its bytes are locked.
    pub released: bool,
    /// Model tier: a key of `[model]` in the configuration.
    pub tier: String,
    /// Longest answer, in tokens.
    pub max_output_tokens: u32,
    /// Name of the answer schema it was written for.
    pub schema: String,
    /// Why this version exists.
    pub changed: String,
    /// The static half.
    pub system: String,
    user: String,
}

impl Prompt {
    /// The version a label of `prompts/index.toml` names.
    ///
    /// # Errors
    /// When label or file are missing or malformed.
    pub fn labelled(workflow: &str, label: &str) -> Result<Self, PromptError> {
        let unknown = || PromptError::UnknownLabel { workflow: workflow.to_owned(), label: label.to_owned() };
        Self::version(workflow, labels::version(INDEX, workflow, label).ok_or_else(unknown)?)
    }

    /// A version by number.
    ///
    /// # Errors
    /// When the file is missing or malformed.
    pub fn version(workflow: &str, version: u32) -> Result<Self, PromptError> {
        let file = FILES
            .iter()
            .find(|file| file.workflow == workflow && file.version == version)
            .ok_or_else(|| {
                let known: Vec<_> = FILES
                    .iter()
                    .filter(|file| file.workflow == workflow)
                    .map(|file| format!("v{}", file.version))
                    .collect();
                PromptError::UnknownVersion {
                    workflow: workflow.to_owned(),
                    version,
                    known: known.join(", "),
                }
            })?;
        Self::parse(file)
    }

    fn parse(file: &File) -> Result<Self, PromptError> {
        let form = Form::read(file.text, file.version).map_err(|found| PromptError::Malformed {
            workflow: file.workflow.to_owned(),
            version: file.version,
            problem: found.problem,
        })?;
        Ok(Self {
            reference: PromptRef {
                workflow: file.workflow.to_owned(),
                version: file.version,
                sha256: file.sha256.to_owned(),
            },
            released: file.released,
            tier: form.front.model,
            max_output_tokens: form.front.max_output_tokens,
            schema: form.front.schema,
            changed: form.front.changed,
            system: form.system.to_owned(),
            user: form.user.to_owned(),
        })
    }

    /// The templated half, filled in. `fence` is a token nobody outside can guess.
    ///
    /// # Errors
    /// When the template cannot be rendered.
    pub fn user(&self, evidence: &Evidence, fence: &str) -> Result<String, PromptError> {
        environment()
            .render_str(
                &self.user,
                context! { evidence => evidence.render(), sections => evidence.render_sections(), fence },
            )
            .map_err(|error| PromptError::Malformed {
                workflow: self.reference.workflow.clone(),
                version: self.reference.version,
                problem: error.to_string(),
            })
    }
}

/// Every version of every workflow in this program.
pub fn all() -> Vec<Result<Prompt, PromptError>> {
    FILES.iter().map(Prompt::parse).collect()
}
