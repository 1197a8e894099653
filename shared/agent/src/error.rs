//! Why a run could not come to an outcome, and whether trying again can help.

use std::time::Duration;

use crate::{claiming::StepError, ledger::LedgerError, prompt::PromptError};

/// A run that came to no outcome. Its message goes back to the queue or to the dead letters, never lost.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Procore did not do what was asked.
    #[error(transparent)]
    Procore(#[from] procore::Error),
    /// The model did not answer.
    #[error(transparent)]
    Model(#[from] llm::Error),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// What must not be used any longer may still be kept.
    #[error("what is kept of a record for later drafts could not be removed")]
    NotForgotten,
    /// Another worker took the record over.
    #[error("another worker took over the claim on this record")]
    ClaimLost,
    /// A document could not be read for a reason that is not the document's.
    #[error(transparent)]
    Document(#[from] documents::Error),
    /// A prompt file is missing or malformed.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// The prompt asks for a model tier the configuration does not have.
    #[error("the prompt wants model tier {tier:?}; add it to [model] in the configuration")]
    NoSuchTier {
        /// The tier.
        tier: String,
    },
    /// The token belongs to another account than the configuration says: our own events could not be told from others.
    #[error(
        "the token belongs to Procore user {actual}, but service_account_id is {configured}: correct the configuration, \
         then send the dead letters again"
    )]
    WrongServiceAccount {
        /// As the configuration says.
        configured: procore::UserId,
        /// As Procore says.
        actual: procore::UserId,
    },
    /// A stored answer no longer fits its schema: the program was updated in between.
    #[error("the stored model answer does not fit this version's schema")]
    StoredAnswer(#[source] serde_json::Error),
    /// Code of this house failed in a way it says cannot happen.
    #[error("internal: {0}")]
    Internal(&'static str),
}

/// What to do about an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Hand the message back; not before `after` if it is known.
    Retry {
        /// How long to wait at least.
        after: Option<Duration>,
    },
    /// Nothing failed: hand the message back for exactly so long, and do not count the try.
    Wait {
        /// How long.
        after: Duration,
    },
    /// Trying again cannot help: the message goes to the dead letters.
    Permanent,
}

/// A write leaves this soon after it was announced in the ledger, or not at all.
pub(crate) const SENT_WITHIN: Duration = Duration::from_secs(10);

/// How long a write may be on its way. One whose end is unknown has arrived, or will not any more, this long after it left.
pub(crate) const AMBIGUOUS_WAIT: Duration = Duration::from_secs(30);

impl Error {
    /// Whether it may be gone later: then nothing may be concluded from it now.
    pub fn may_pass(&self) -> bool {
        matches!(self.class(), Class::Retry { .. } | Class::Wait { .. })
    }

    /// True if the far side is out of order, and no message is to blame for it.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Procore(
                procore::Error::Connect { .. }
                | procore::Error::Book(_)
                | procore::Error::Timeout { .. }
                | procore::Error::Broken { .. }
                | procore::Error::Unauthorized { .. },
            ) => true,
            Self::Procore(error) => error.status().is_some_and(|status| status >= 500),
            _ => false,
        }
    }

    /// Whether trying again can help.
    pub fn class(&self) -> Class {
        let retry = |after| Class::Retry { after };
        match self {
            Self::Procore(error) => match error.class() {
                procore::Class::Retry { after } => retry(after),
                procore::Class::Paced { after } => Class::Wait { after },
                procore::Class::Ambiguous => retry(Some(AMBIGUOUS_WAIT)),
                procore::Class::NotFound | procore::Class::Forbidden | procore::Class::Permanent => {
                    Class::Permanent
                }
            },
            Self::Model(error) => match error.class() {
                llm::Class::Retry { after } => retry(after),
                llm::Class::Repairable | llm::Class::Permanent => Class::Permanent,
            },
            Self::Ledger(_) | Self::NotForgotten | Self::ClaimLost => retry(None),
            Self::Document(error) => match error.class() {
                documents::Class::Retry => retry(None),
                documents::Class::Permanent => Class::Permanent,
            },
            Self::WrongServiceAccount { .. }
            | Self::Prompt(_)
            | Self::NoSuchTier { .. }
            | Self::StoredAnswer(_)
            | Self::Internal(_) => Class::Permanent,
        }
    }
}

impl From<StepError> for Error {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Lost => Self::ClaimLost,
            StepError::OverBudget => Self::Internal("a step was paid for that costs nothing"),
            StepError::Ledger(error) => Self::Ledger(error),
        }
    }
}
