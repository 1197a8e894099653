//! The answer the model must give about a submittal.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::disposition::Disposition;
use crate::workflows::answer::{Cite, Confidence, Flag, ModelOutcome, NextStep, Who};

/// How the submitted data stands to a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum Status {
    /// The data shows it.
    Met,
    /// The data shows something else.
    NotMet,
    /// The data does not show it.
    CannotVerify,
    /// The data shows it, with something to be said.
    MetWithNote,
}

/// One requirement of the section, and the data on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// What is required, in short.
    #[schemars(length(max = 200))]
    pub requirement: String,
    /// The required value.
    #[schemars(length(max = 120))]
    pub required: String,
    /// The submitted value, if there is one.
    #[schemars(length(max = 120))]
    pub submitted: Option<String>,
    /// How the two stand.
    pub status: Status,
    /// What is to be said about it, where it is met with a note.
    #[schemars(length(max = 200))]
    pub note: Option<String>,
    /// Where the section says it.
    pub spec: Cite,
    /// Where the submitted data says it.
    pub submittal: Option<Cite>,
}

/// Something the section asks to be submitted and that is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MissingItem {
    /// What.
    #[schemars(length(max = 200))]
    pub item: String,
    /// Where the section asks for it.
    pub spec: Cite,
    /// Who has it.
    pub who: Who,
}

/// Something the data departs in without saying so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// In what.
    #[schemars(length(max = 300))]
    pub note: String,
    /// What the section says.
    pub spec: Cite,
    /// What the data says.
    pub submittal: Cite,
}

/// Whether another product is offered than the section names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum SubstitutionStatus {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// The evidence does not tell.
    Unclear,
}

/// The same with its ground.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Substitution {
    /// Whether.
    pub status: SubstitutionStatus,
    /// The words of the section that govern it.
    pub cite: Option<Cite>,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// A draft or an abstention.
    pub outcome: ModelOutcome,
    /// The requirements.
    #[schemars(length(max = 24))]
    pub rows: Vec<Requirement>,
    /// What the section asks to be submitted and is not there.
    #[schemars(length(max = 8))]
    pub missing_items: Vec<MissingItem>,
    /// What departs from the section without saying so.
    #[schemars(length(max = 8))]
    pub undeclared_deviations: Vec<Deviation>,
    /// Whether another product is offered.
    pub substitution: Substitution,
    /// What the model would suggest. Code derives its own, and takes the stricter.
    pub suggested_disposition: Disposition,
    /// What to do next.
    pub next_step: NextStep,
    /// Advisory marks.
    #[schemars(length(max = 5))]
    pub flags: Vec<Flag>,
    /// How sure the model says it is.
    pub confidence: Confidence,
    /// Set by code: something was left out that could not be traced, so the rest is not the whole.
    #[serde(skip)]
    pub incomplete: bool,
}

impl Answer {
    pub(super) fn abstains(&self) -> bool {
        self.outcome == ModelOutcome::InsufficientContext
    }
}
