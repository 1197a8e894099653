//! How a run can end. Every run ends in exactly one of these and is recorded with it.

use serde::{Deserialize, Serialize};

use crate::event::Resource;

/// Why an event or a record needs no draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum SkipReason {
    /// We caused the change ourselves.
    OwnEvent,
    /// A company-level event: no project, no draft.
    NoProject,
    /// The event belongs to another company than the configured one.
    OtherCompany,
    /// No workflow listens to this resource.
    UnknownResource {
        /// The vendor's name for it.
        resource: String,
    },
    /// The workflow does not listen to this kind of change.
    UnknownReason,
    /// The record's id is not a number.
    UnreadableId,
    /// The project has no row in the configuration.
    ProjectOff,
    /// The project's row does not name the workflow.
    WorkflowOff,
    /// The record does not ask for a draft: not open, answered already, deleted.
    NoWork {
        /// What about the record, in a few fixed words.
        what: String,
    },
    /// A person edited, issued or deleted our draft: it is theirs now.
    TakenOver,
}

impl SkipReason {
    /// For resources without a workflow.
    pub fn unknown(resource: &Resource) -> Self {
        let resource = match resource {
            Resource::Other(name) => name.chars().take(80).collect(),
            known => format!("{known:?}"),
        };
        Self::UnknownResource { resource }
    }
}

impl std::fmt::Display for SkipReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OwnEvent => f.write_str("our own change"),
            Self::NoProject => f.write_str("a company-level event"),
            Self::OtherCompany => f.write_str("another company's event"),
            // The name comes from outside the house but is a vocabulary word, not record text.
            Self::UnknownResource { resource } => write!(f, "no workflow for resource {resource:?}"),
            Self::UnknownReason => f.write_str("no workflow for this kind of change"),
            Self::UnreadableId => f.write_str("the record id is not a number"),
            Self::ProjectOff => f.write_str("the project is not configured"),
            Self::WorkflowOff => f.write_str("the workflow is off for this project"),
            Self::NoWork { what } => write!(f, "nothing to draft: {what}"),
            Self::TakenOver => f.write_str("a person has taken the draft over"),
        }
    }
}

/// Why a run was stopped for safety in a way that a retry cannot mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum QuarantineReason {
    /// The finished text failed a safety check.
    UnsafeText {
        /// The rules it broke.
        rules: Vec<String>,
    },
    /// The model refused, or its provider's filter did.
    ModelRefused,
    /// Procore made something else of our draft; it was deleted.
    NotADraft {
        /// What was wrong with it.
        wrong: Vec<String>,
    },
    /// Procore made something else of our draft and it could not be deleted: a person must.
    NotADraftStillThere {
        /// What is wrong with it.
        wrong: Vec<String>,
    },
    /// Procore changed more of a draft RFI than the field that was filled in. It is a person's: nothing is deleted.
    NotOnlyFilledIn {
        /// What is wrong with it.
        wrong: Vec<String>,
    },
    /// The record was drafted too often today: likely a loop.
    TooManyDrafts,
}

impl std::fmt::Display for QuarantineReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnsafeText { rules } => write!(f, "the finished text broke: {}", rules.join(", ")),
            Self::ModelRefused => f.write_str("the model refused to answer"),
            Self::NotADraft { wrong } => {
                write!(
                    f,
                    "Procore did not keep the item a private draft ({}); it was deleted",
                    wrong.join(", ")
                )
            }
            Self::NotADraftStillThere { wrong } => write!(
                f,
                "Procore did not keep the item a private draft ({}) and deleting it failed: delete it by hand",
                wrong.join(", ")
            ),
            Self::NotOnlyFilledIn { wrong } => write!(
                f,
                "Procore did not keep the RFI the draft it was ({}): look at it by hand",
                wrong.join(", ")
            ),
            Self::TooManyDrafts => f.write_str("more drafts for this record today than configured: a loop?"),
        }
    }
}

/// Where the reviewer finds what a run wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Written {
    /// In a correspondence item.
    Item(i64),
    /// In the record's own field that was empty.
    Field,
    /// Nothing was written: a dry run, or a note that is nobody's to find in their record.
    Nothing,
}

/// The end of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// A grounded draft is where the reviewer finds it.
    Drafted {
        /// Where.
        written: Written,
    },
    /// The evidence does not carry a draft; a note says what is missing and who can supply it.
    InsufficientContext {
        /// Where the note is.
        written: Written,
    },
    /// Nothing to do.
    Skipped {
        /// Why.
        #[serde(rename = "reason")]
        reason: SkipReason,
    },
    /// This version of the record has been drafted.
    Unchanged,
    /// Somebody is still typing: hand the message back for exactly this long.
    Settling {
        /// Milliseconds until the quiet window ends.
        wait_ms: u64,
    },
    /// Another worker is on it: hand the message back until its lease ends.
    Busy {
        /// Milliseconds until then.
        wait_ms: u64,
    },
    /// The limits of Procore's API do not allow the next call within this invocation.
    Paced {
        /// Milliseconds until they do.
        wait_ms: u64,
    },
    /// The model's endpoint is out of order: hand the message back until it may be tried again.
    Parked {
        /// Milliseconds until then.
        wait_ms: u64,
    },
    /// The record changed twice while we drafted: hand back, start over later.
    Superseded,
    /// Today's budget of the project does not carry another call.
    OverBudget,
    /// The project has no correspondence type usable for private drafts.
    NoCarrier,
    /// Stopped for safety.
    Quarantined {
        /// Why.
        #[serde(rename = "reason")]
        reason: QuarantineReason,
    },
}

/// The bare name of an outcome, for records and metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are documented at Outcome")]
pub enum OutcomeName {
    Drafted,
    InsufficientContext,
    Skipped,
    Unchanged,
    Settling,
    Busy,
    Paced,
    Parked,
    Superseded,
    OverBudget,
    NoCarrier,
    Quarantined,
}

impl Outcome {
    /// True if the run only waits: no end, and no story of its own.
    pub fn is_wait(&self) -> bool {
        matches!(self, Self::Settling { .. } | Self::Busy { .. } | Self::Paced { .. } | Self::Parked { .. })
    }

    /// Its bare name.
    pub fn name(&self) -> OutcomeName {
        match self {
            Self::Drafted { .. } => OutcomeName::Drafted,
            Self::InsufficientContext { .. } => OutcomeName::InsufficientContext,
            Self::Skipped { .. } => OutcomeName::Skipped,
            Self::Unchanged => OutcomeName::Unchanged,
            Self::Settling { .. } => OutcomeName::Settling,
            Self::Busy { .. } => OutcomeName::Busy,
            Self::Paced { .. } => OutcomeName::Paced,
            Self::Parked { .. } => OutcomeName::Parked,
            Self::Superseded => OutcomeName::Superseded,
            Self::OverBudget => OutcomeName::OverBudget,
            Self::NoCarrier => OutcomeName::NoCarrier,
            Self::Quarantined { .. } => OutcomeName::Quarantined,
        }
    }

    /// Why it ended so, for people. Never holds record text.
    pub fn reason(&self) -> String {
        match self {
            Self::Drafted { written } => match written {
                Written::Item(item) => format!("draft in correspondence item {item}"),
                Written::Field => "draft in the empty field of the RFI itself".to_owned(),
                Written::Nothing => "dry run: nothing was written".to_owned(),
            },
            Self::InsufficientContext { written } => {
                let note = match written {
                    Written::Item(item) => format!("note in correspondence item {item}"),
                    Written::Field => "note in the empty field of the RFI itself".to_owned(),
                    Written::Nothing => "nothing was written".to_owned(),
                };
                format!("the record does not hold what a draft needs; {note}")
            }
            Self::Skipped { reason } => reason.to_string(),
            Self::Unchanged => "this version of the record is done".to_owned(),
            Self::Settling { wait_ms } => format!("changed a moment ago; looking again in {wait_ms} ms"),
            Self::Busy { wait_ms } => format!("another worker is on it; looking again in {wait_ms} ms"),
            Self::Paced { wait_ms } => {
                format!("Procore's call limits are reached; going on in {wait_ms} ms")
            }
            Self::Parked { wait_ms } => {
                format!("the model's endpoint is out of order; trying again in {wait_ms} ms")
            }
            Self::Superseded => "the record kept changing while it was drafted; starting over".to_owned(),
            Self::OverBudget => "the project's budget for today is used up".to_owned(),
            Self::NoCarrier => {
                "no correspondence type usable for private drafts: set correspondence_type_id of this \
                project to a type on which the service account has Standard permission"
                    .to_owned()
            }
            Self::Quarantined { reason } => reason.to_string(),
        }
    }
}
