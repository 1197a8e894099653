//! What is left for the reviewer: plain text, made by code around words that passed the gate.

use procore::CorrespondenceItemId;
use serde::{Deserialize, Serialize};

use crate::{evidence::Evidence, hash::sha256_hex, prompt::PromptRef, space::one_line};

/// Stands in every text of ours, wherever it is put.
pub const MARK: &str = "AI-generated draft. Review before use.";

/// True for words of ours, edited or not: they are no evidence for anything.
pub fn is_ours(text: &str) -> bool {
    one_line(text).contains(MARK)
}

/// A finished draft. Holds no target: where it goes follows from the event, never from the model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Title of the correspondence item; one line.
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
    sha256_hex(&[one_line(title).as_bytes(), one_line(body).as_bytes()])
}

/// A field of a draft RFI that can be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RfiField {
    /// What is asked; holds the whole draft.
    Question,
    /// The reference, one line; holds the draft's title.
    Reference,
}

/// What we put at Procore, as we left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Placed {
    /// An item of our own.
    Item {
        /// The item.
        item: CorrespondenceItemId,
        /// [`text_hash`] of what the server showed after our last write.
        text_hash: String,
    },
    /// A field of a person's draft RFI.
    Field {
        /// The field.
        field: RfiField,
        /// Hash of what the server showed in it after our last write.
        field_hash: String,
    },
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
            "---\n{MARK}\nworkflow: {workflow}  prompt: {workflow} v{version} (sha256 {sha})\n\
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_placed_is_told_apart_when_it_is_read_back() {
        let item = Placed::Item { item: CorrespondenceItemId::new(9), text_hash: "a".to_owned() };
        let field = Placed::Field { field: RfiField::Reference, field_hash: "a".to_owned() };
        for (placed, json) in
            [(item, r#"{"item":9,"text_hash":"a"}"#), (field, r#"{"field":"reference","field_hash":"a"}"#)]
        {
            assert_eq!(serde_json::to_string(&placed).unwrap(), json);
            assert_eq!(serde_json::from_str::<Placed>(json).unwrap(), placed);
        }
    }

    #[test]
    fn words_of_ours_are_known_however_their_lines_are_folded() {
        assert!(is_ours(&format!("Which height?\n\n---\n{}", MARK.replace(' ', "\n "))));
        assert!(!is_ours("Which height? An AI-generated draft would say."));
    }
}
