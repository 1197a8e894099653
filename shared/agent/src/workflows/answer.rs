//! Pieces that every workflow's answer is made of.

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use crate::gate::Citation;

/// Makes every member of an object required.
pub(super) fn require_all(schema: &mut Schema) {
    let names = schema.get("properties").and_then(serde_json::Value::as_object).map(|properties| {
        properties.keys().map(|name| serde_json::Value::from(name.as_str())).collect::<Vec<_>>()
    });
    if let Some(names) = names {
        schema.insert("required".to_owned(), names.into());
    }
}

/// Takes out of a list what the gate refused of it, by its place: `claims/2`.
pub(super) fn kept<T>(items: &mut Vec<T>, list: &str, refused: &[String]) {
    let mut position = 0_usize;
    items.retain(|_| {
        let keep = !refused.contains(&format!("{list}/{position}"));
        position = position.saturating_add(1);
        keep
    });
}

/// What the model made of the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ModelOutcome {
    /// A draft.
    Draft,
    /// The evidence does not carry one.
    InsufficientContext,
}

/// A row and words that stand in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cite {
    /// Handle of the row, such as `S1`.
    #[schemars(length(max = 6))]
    pub h: String,
    /// The words, verbatim.
    #[schemars(length(max = 300))]
    pub quote: String,
}

impl Cite {
    /// As the gate sees it.
    pub fn citation(&self) -> Citation<'_> {
        Citation { handle: &self.h, quote: &self.quote }
    }
}

/// What a claim is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// Stands in the evidence.
    Fact,
    /// Worded as a proposal.
    Proposal,
    /// Something to ask.
    Question,
    /// Something to watch, with its ground.
    Risk,
}

/// One thing said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// The words.
    #[schemars(length(max = 400))]
    pub text: String,
    /// What it is.
    pub kind: ClaimKind,
    /// Its ground.
    #[schemars(length(max = 4))]
    pub evidence: Vec<Cite>,
}

/// Who can supply something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "roles of the trade")]
pub enum Who {
    Architect,
    Engineer,
    Subcontractor,
    Owner,
    Pe,
    Superintendent,
    Other,
}

impl Who {
    /// For the reader.
    pub fn words(self) -> &'static str {
        match self {
            Self::Architect => "architect",
            Self::Engineer => "engineer of record",
            Self::Subcontractor => "subcontractor",
            Self::Owner => "owner",
            Self::Pe => "project engineer",
            Self::Superintendent => "superintendent",
            Self::Other => "person who knows",
        }
    }
}

/// Something an answer would need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// What.
    #[schemars(length(max = 200))]
    pub item: String,
    /// Why it is needed.
    #[schemars(length(max = 200))]
    pub why: String,
    /// Who has it.
    pub who: Who,
}

/// Two sources that disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// One side.
    pub a: Cite,
    /// The other.
    pub b: Cite,
    /// In what they disagree.
    #[schemars(length(max = 300))]
    pub note: String,
}

/// What to do next, and who.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NextStep {
    /// The step.
    #[schemars(length(max = 300))]
    pub text: String,
    /// Whose it is.
    pub who: Who,
}

/// Advisory marks of the model; code sets its own beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the drafting rules name them")]
pub enum Flag {
    PossibleEmbeddedInstruction,
    SupersededSource,
    SplitRecommended,
    PiiRemoved,
    TruncatedInput,
}

impl Flag {
    /// As the schema spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::PossibleEmbeddedInstruction => "possible_embedded_instruction",
            Self::SupersededSource => "superseded_source",
            Self::SplitRecommended => "split_recommended",
            Self::PiiRemoved => "pii_removed",
            Self::TruncatedInput => "truncated_input",
        }
    }
}

/// How sure the model says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "plain words")]
pub enum Confidence {
    Low,
    Medium,
    High,
}
