//! The story of one run, as kept in the ledger and shown to people who ask how a draft came about.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    envelope::{Envelope, Source},
    event::Event,
    evidence::Row,
    gate::Finding,
    origin::Place,
    prompt::PromptRef,
    spent::Spent,
    trace::{self, TraceParent},
};

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

impl StepTime {
    fn end_ms(&self) -> u64 {
        self.started_ms.saturating_add(self.took_ms)
    }
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

/// When and how the event of a run came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// When it was accepted, by our clock.
    pub at: Timestamp,
    /// From whom.
    pub source: Source,
    /// Names its trace.
    pub trace: String,
    /// Its passage through the door, if it came that way.
    #[serde(default, deserialize_with = "trace::lenient", skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<TraceParent>,
}

impl From<&Envelope> for Arrival {
    fn from(envelope: &Envelope) -> Self {
        let Envelope { source, trace, received_at, traceparent, .. } = envelope;
        Self { at: *received_at, source: *source, trace: trace.clone(), traceparent: *traceparent }
    }
}

/// What a run is counted with, beside what people ask of it. Empty in records of before this was kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// How its event came in.
    pub arrival: Option<Arrival>,
    /// What this run itself paid for: an answer that an earlier run paid for is in [`RunRecord::spent`] alone.
    pub paid: Option<Spent>,
    /// Calls that Procore answered with 429.
    pub procore_429: u32,
    /// Percent of the tighter of Procore's call limits that was used when the run ended.
    pub call_budget_percent: Option<u32>,
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
    /// What it is counted with.
    #[serde(default)]
    pub tally: Tally,
}

impl RunRecord {
    /// What the run itself paid for.
    pub fn paid(&self) -> Spent {
        self.tally.paid.unwrap_or(self.spent)
    }

    /// True if it brought a draft, or a note on what is missing, to where the reviewer finds it.
    pub fn is_draft(&self) -> bool {
        matches!(self.outcome.as_str(), "Drafted" | "InsufficientContext") && self.posted_ms().is_some()
    }

    /// Milliseconds from the acceptance of the webhook to the draft. `None` without either, and where a sweep or an
    /// operator told of the change: then nobody knows since when it waited.
    pub fn webhook_to_draft_ms(&self) -> Option<u64> {
        let arrival = self.tally.arrival.as_ref().filter(|arrival| arrival.source == Source::Webhook)?;
        let posted_ms = self.posted_ms().filter(|_| self.is_draft())?;
        let waited_ms = self.started_at.duration_since(arrival.at).as_millis();
        Some(u64::try_from(waited_ms).unwrap_or(0).saturating_add(posted_ms))
    }

    /// Milliseconds from its beginning to the end of its last step.
    pub fn took_ms(&self) -> u64 {
        self.steps.iter().map(StepTime::end_ms).max().unwrap_or(0)
    }

    /// The same without what may be long and holds words of the record: what is needed to count many runs.
    #[must_use]
    pub fn without_texts(mut self) -> Self {
        self.evidence.clear();
        self.quotes.clear();
        self.observations.clear();
        self.not_read.clear();
        self.flags.clear();
        self.findings.iter_mut().for_each(|finding| finding.value.clear());
        self.answer = None;
        self.draft_text = None;
        self
    }

    fn posted_ms(&self) -> Option<u64> {
        self.steps.iter().filter(|step| step.name == "post").map(StepTime::end_ms).max()
    }
}
