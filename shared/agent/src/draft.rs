//! What is left for the reviewer: plain text, made by code around words that passed the gate.

use procore::CorrespondenceItemId;
use serde::{Deserialize, Serialize};

use crate::{evidence::Evidence, hash::sha256_hex, prompt::PromptRef};

/// A finished draft. Holds no target: where it goes follows from the event, never from the model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Title of the correspondence item.
    pub title: String,
    /// Its description: plain text, footer included.
    pub body: String,
}

impl Draft {
    /// Fingerprint of the text, blind to how a server folds white space.
    pub fn text_hash(&self) -> String {
        text_hash(&self.title, &self.body)
    }
}

/// See [`Draft::text_hash`]; for text read back from Procore.
pub fn text_hash(title: &str, body: &str) -> String {
    let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    sha256_hex(&[folded(title).as_bytes(), folded(body).as_bytes()])
}

/// Our item at Procore as we left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The item.
    pub item: CorrespondenceItemId,
    /// [`text_hash`] of what the server showed after our last write.
    pub text_hash: String,
}

/// Everything the footer tells about how a draft came about.
#[derive(Debug)]
pub struct Provenance<'a> {
    /// The prompt used.
    pub prompt: &'a PromptRef,
    /// The model as the endpoint named it; `None` if it was not asked.
    pub model: Option<&'a str>,
    /// The evidence shown to it.
    pub evidence: &'a Evidence,
    /// The sources the draft rests on, as labels.
    pub sources: &'a [String],
    /// Flags set by code.
    pub flags: &'a [String],
    /// Names the one draft of this record; found again in the carrier by it.
    pub draft_id: &'a str,
    /// Hash of evidence and prompt.
    pub input_hash: &'a str,
}

impl Provenance<'_> {
    /// The footer, behind a line of three dashes. Built by code only; holds no secret, host or personal data.
    pub fn footer(&self) -> String {
        let list = |items: &[String], none: &str| {
            if items.is_empty() { none.to_owned() } else { items.join("; ") }
        };
        format!(
            "---\nAI-generated draft. Review before use.\nworkflow: {workflow}  prompt: {workflow} v{version} (sha256 {sha})\n\
             model: {model}\nsources: {sources}\nnot read: {not_read}\nflags: {flags}\ndraft id: {draft_id}   input hash: {input}\n",
            workflow = self.prompt.workflow,
            version = self.prompt.version,
            sha = head(&self.prompt.sha256),
            model = self.model.unwrap_or("not asked"),
            sources = list(self.sources, "none"),
            not_read = list(&self.evidence.not_read, "nothing"),
            flags = list(self.flags, "none"),
            draft_id = self.draft_id,
            input = head(self.input_hash),
        )
    }
}

/// The first twelve digits of a hash: enough to tell versions apart by eye.
fn head(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// The name of the one draft of a record. The same record always gets the same name, so that a draft whose
/// writing was interrupted is found again even by another worker.
pub fn draft_id(workflow: &str, project: i64, record: i64) -> String {
    let hash = sha256_hex(&[workflow.as_bytes(), &project.to_be_bytes(), &record.to_be_bytes()]);
    format!("pl-{}", hash.get(..20).unwrap_or(&hash))
}
