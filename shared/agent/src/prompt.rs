//! Prompt files: released text, chosen by label, filled in with evidence.
//!
//! Prompt text never stands in Rust, and record text never stands in a prompt file. The system half is the same
//! bytes for every event, so that an endpoint can serve it from its cache.

use minijinja::{Environment, UndefinedBehavior, context};
use serde::{Deserialize, Serialize};

use crate::evidence::Evidence;

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

/// The TOML between the `+++` lines.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    version: u32,
    /// Tier: a key of `[model]` in the configuration.
    model: String,
    max_output_tokens: u32,
    /// The answer schema this text was written for.
    schema: String,
    /// Why this version exists, one line.
    changed: String,
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
        let index: toml::Table = INDEX.parse().map_err(|_| unknown())?;
        let version =
            index.get(workflow).and_then(|labels| labels.get(label)).and_then(toml::Value::as_integer);
        Self::version(workflow, version.and_then(|number| u32::try_from(number).ok()).ok_or_else(unknown)?)
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
        let malformed = |problem: String| PromptError::Malformed {
            workflow: file.workflow.to_owned(),
            version: file.version,
            problem,
        };
        let (front, body) = file
            .text
            .strip_prefix("+++\n")
            .and_then(|rest| rest.split_once("\n+++\n"))
            .ok_or_else(|| malformed("expected front matter between two +++ lines".to_owned()))?;
        let front: FrontMatter =
            toml::from_str(front).map_err(|error| malformed(error.message().to_owned()))?;
        if front.version != file.version {
            return Err(malformed(format!("front matter says version {}", front.version)));
        }
        let (system, user) = body
            .trim_start()
            .strip_prefix("# system\n")
            .and_then(|rest| rest.split_once("\n# user\n"))
            .ok_or_else(|| malformed("expected `# system` and then `# user`".to_owned()))?;
        if system.contains("{{") || system.contains("{%") {
            return Err(malformed("the system half is static: no placeholders".to_owned()));
        }
        let prompt = Self {
            reference: PromptRef {
                workflow: file.workflow.to_owned(),
                version: file.version,
                sha256: file.sha256.to_owned(),
            },
            released: file.released,
            tier: front.model,
            max_output_tokens: front.max_output_tokens,
            schema: front.schema,
            changed: front.changed,
            system: system.trim().to_owned(),
            user: user.trim().to_owned(),
        };
        // A placeholder nobody fills is found here, not at the first event.
        let placeholders = environment()
            .template_from_str(&prompt.user)
            .map_err(|error| malformed(error.to_string()))?
            .undeclared_variables(false);
        if placeholders != ["evidence", "fence", "sections"].map(str::to_owned).into() {
            return Err(malformed(
                "`# user` has to use evidence, fence and sections, and nothing else".to_owned(),
            ));
        }
        Ok(prompt)
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

fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment
}

/// Every version of every workflow in this program.
pub fn all() -> Vec<Result<Prompt, PromptError>> {
    FILES.iter().map(Prompt::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::RowKind;

    const GOOD: &str = "+++\nversion = 3\nmodel = \"default\"\nmax_output_tokens = 9\nschema = \"s/1\"\nchanged = \"c\"\n+++\n\
                        # system\nrules\n\n# user\n{{ sections }}{{ fence }}{{ evidence }}";

    fn parsed(text: &'static str) -> Result<Prompt, String> {
        let file = File { workflow: "w", version: 3, sha256: "aa", released: false, text };
        Prompt::parse(&file).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_has_one_form() {
        assert_eq!(parsed(GOOD).unwrap().system, "rules");
        let table = [
            ("version = 3", "version = 4", "front matter says version 4"),
            ("changed =", "chnged =", "unknown field `chnged`"),
            ("model = \"default\"\n", "", "missing field `model`"),
            ("# user", "# usr", "expected `# system` and then `# user`"),
            ("rules", "rules for {{ project }}", "static"),
            ("{{ evidence }}", "", "evidence, fence and sections"),
            ("{{ evidence }}", "{{ evidence }}{{ today }}", "evidence, fence and sections"),
        ];
        for (from, to, expected) in table {
            let text = GOOD.replacen(from, to, 1).leak();
            let error = parsed(text).unwrap_err();
            assert!(error.contains("prompts/w/v3.md") && error.contains(expected), "{to}: {error}");
        }
    }

    #[test]
    fn every_file_in_the_program_is_well_formed() {
        assert!(!all().is_empty());
        for prompt in all() {
            prompt.unwrap();
        }
    }

    #[test]
    fn two_events_share_the_static_half_and_the_projects_list() {
        let prompt = Prompt::labelled("rfi_response", "production").unwrap();
        let evidence = |question: &str| {
            let mut evidence =
                Evidence { sections: vec![("10 14 00".into(), "Signage".into())], ..Evidence::default() };
            evidence.push(RowKind::Record, "RFI 1", question);
            evidence
        };
        let one = prompt.user(&evidence("one"), "aaaa").unwrap();
        let two = prompt.user(&evidence("two"), "bbbb").unwrap();
        let same = one.bytes().zip(two.bytes()).take_while(|(a, b)| a == b).count();
        let until_fence = one.find("aaaa").unwrap();
        assert_eq!(same, until_fence, "nothing of the event stands before the fence");
        assert!(one.get(..until_fence).unwrap().contains("10 14 00 Signage"));
        assert!(one.contains("[R1] record | RFI 1\n| one\n<<<END aaaa>>>"), "{one}");
    }
}
