//! The story of one run, as kept in the ledger and shown to people who ask how a draft came about.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{event::Event, evidence::Row, gate::Finding, origin::Place, prompt::PromptRef, spent::Spent};

/// One step of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTime {
    /// Its name, as in [`crate::run::Step`].
    pub name: String,
    /// Milliseconds from the start of the run to the start of the step.
    pub started_ms: u64,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// A quotation that passed the gate: these words stand in that row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    /// Handle of the row.
    pub handle: String,
    /// The words, verbatim.
    pub quote: String,
    /// Where they stand in the file the row was read from, as far as it was one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source: Vec<Place>,
}

/// One thing a draft says of its record in a word of a closed set, beside its sentences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// What it is about: a requirement, a conflict, a discrepancy, `disposition`, `answer_status`.
    pub what: String,
    /// The word, such as `NOT_MET`, `CONFLICT`, `DISCREPANCY` or `revise_and_resubmit`.
    pub status: String,
}

impl Observation {
    pub(crate) fn new(what: &str, status: &str) -> Self {
        Self { what: what.to_owned(), status: status.to_owned() }
    }
}

/// Everything about one run that a reviewer or an operator may ask for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Unique name of the run.
    pub id: String,
    /// The event that caused it.
    pub event_id: String,
    /// The same in full, as it came; `None` in records of before this was kept.
    #[serde(default)]
    pub event: Option<Event>,
    /// The workflow, if one was chosen.
    pub workflow: Option<String>,
    /// The project, if the event names one.
    pub project_id: Option<i64>,
    /// The record's id, as text.
    pub record_id: String,
    /// The record as people name it, such as `RFI 7`; empty until it was read.
    pub record_label: String,
    /// When the run began.
    pub started_at: Timestamp,
    /// How it ended: a name of [`crate::outcome::Outcome`], or `Failed`.
    pub outcome: String,
    /// Why.
    pub reason: String,
    /// The steps it went through.
    pub steps: Vec<StepTime>,
    /// The evidence as the model saw it.
    pub evidence: Vec<Row>,
    /// Hash of the evidence and the prompt.
    pub evidence_hash: String,
    /// Quotations in the draft.
    pub quotes: Vec<Quoted>,
    /// What the draft says in single words.
    #[serde(default)]
    pub observations: Vec<Observation>,
    /// What the gate found, repaired or dropped.
    pub findings: Vec<Finding>,
    /// The model's last answer; `None` before it was asked.
    pub answer: Option<serde_json::Value>,
    /// The prompt used.
    pub prompt: Option<PromptRef>,
    /// The model as the endpoint named it.
    pub model: Option<String>,
    /// Tokens, money and waiting.
    #[serde(flatten)]
    pub spent: Spent,
    /// Calls made to Procore.
    pub procore_calls: u32,
    /// The correspondence item, if one was written.
    pub item_id: Option<i64>,
    /// The draft as posted (or, in a dry run, as it would be).
    pub draft_text: Option<String>,
    /// Flags set by code.
    pub flags: Vec<String>,
    /// What could not be read or was cut.
    pub not_read: Vec<String>,
}
