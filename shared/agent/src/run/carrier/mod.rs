//! Where a draft is put, as its workflow says. Whatever the place: looked at before it is written to, written to once,
//! and what the server made of the write is checked. Never a place that the model names.

mod correspondence;
mod draft_rfi;

use jiff::Timestamp;
use procore::{Procore, ProjectId, UserId};

pub(super) use self::correspondence::Correspondence;
use self::draft_rfi::DraftRfi;
use crate::{
    claim::Claim,
    config::ProjectConfig,
    draft::{Draft, Placed},
    error::{AMBIGUOUS_WAIT, Error, SENT_WITHIN},
    workflows::Target,
};

/// One record's place for drafts.
pub(super) enum Carrier<'a> {
    /// An item of our own.
    Correspondence(Correspondence<'a>),
    /// A field of the record.
    DraftRfi(DraftRfi<'a>),
}

/// What became of an attempt to put a draft there.
pub(super) enum Placing {
    /// It is there, and a draft.
    Placed(Placed),
    /// A person edited, issued or deleted what was ours: hands off.
    TakenOver,
    /// The service account may not write there, or the type is gone.
    NoCarrier,
    /// A write of an interrupted run is not there, but may still arrive: nothing was written.
    OnItsWay {
        /// When it has either arrived or will not any more.
        until: Timestamp,
    },
    /// Looking took too long: nothing was written, and nothing will be by this attempt.
    TooLate,
    /// The server made something else of our item.
    NotADraft {
        /// What is wrong with it.
        wrong: Vec<String>,
        /// False if it is still there.
        deleted: bool,
    },
    /// The server did more to a person's draft than fill in a field.
    NotOnlyFilledIn {
        /// What is wrong with it.
        wrong: Vec<String>,
    },
}

impl<'a> Carrier<'a> {
    /// The place of a draft; `None` if the project has none of the kind.
    pub(super) fn of(
        target: Target<'a>,
        procore: &'a Procore,
        project: ProjectId,
        row: &ProjectConfig,
        service_account: UserId,
    ) -> Option<Self> {
        match target {
            Target::Correspondence => row
                .correspondence_type_id
                .map(|kind| Self::Correspondence(Correspondence { procore, project, kind, service_account })),
            Target::DraftRfi { rfi, field } => {
                Some(Self::DraftRfi(DraftRfi { procore, project, rfi, field }))
            }
        }
    }

    /// True if a note on what is missing may be put there. In a field of their own draft it would be clutter that a
    /// person has to clear away; the run's record has it.
    pub(super) fn takes_notes(&self) -> bool {
        matches!(self, Self::Correspondence(_))
    }

    /// Identity of the words that a draft puts there.
    pub(super) fn intended(&self, draft: &Draft) -> String {
        match self {
            Self::Correspondence(_) => draft.text_hash(),
            Self::DraftRfi(field) => field.intended(draft),
        }
    }

    /// True if what we left there is still ours to update, or there is nothing of ours yet. Asked before the model is
    /// paid.
    pub(super) async fn is_free(&self, claim: &Claim) -> Result<bool, Error> {
        match self {
            Self::Correspondence(items) => items.is_free(claim).await,
            Self::DraftRfi(field) => Ok(field.is_free(claim)),
        }
    }

    /// The same place, asked and written to through another client.
    pub(super) fn through<'b>(&self, procore: &'b Procore) -> Carrier<'b>
    where
        'a: 'b,
    {
        match self {
            Self::Correspondence(items) => Carrier::Correspondence(Correspondence { procore, ..*items }),
            Self::DraftRfi(field) => Carrier::DraftRfi(DraftRfi { procore, ..*field }),
        }
    }

    /// Puts the draft there once.
    pub(super) async fn place(
        &self,
        claim: &Claim,
        draft: &Draft,
        draft_id: &str,
        announced: Announced,
    ) -> Result<Placing, Error> {
        // Before it is certain that nothing arrives any more, no look can be believed.
        if let Some(until) = on_its_way(claim, announced.at) {
            return Ok(Placing::OnItsWay { until });
        }
        match self {
            Self::Correspondence(items) => items.place(claim, draft, draft_id, announced).await,
            Self::DraftRfi(field) => field.place(claim, draft, announced).await,
        }
    }
}

/// A write that the ledger was told of: others count from this moment when it must have arrived.
#[derive(Clone, Copy)]
pub(super) struct Announced {
    pub(super) at: Timestamp,
    pub(super) clock: fn() -> Timestamp,
}

impl Announced {
    /// True once the write must not leave any more. Asked right before it would.
    fn is_over(&self) -> bool {
        (self.clock)() > self.at.checked_add(SENT_WITHIN).unwrap_or(Timestamp::MAX)
    }
}

/// Until when a write of unknown end may still arrive: a process killed in the middle of it leaves nobody who knows
/// whether Procore has it yet.
fn on_its_way(claim: &Claim, now: Timestamp) -> Option<Timestamp> {
    let until = claim.unsettled_since.and_then(|since| since.checked_add(SENT_WITHIN + AMBIGUOUS_WAIT).ok());
    until.filter(|until| *until > now)
}
