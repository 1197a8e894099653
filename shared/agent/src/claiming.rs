//! The claim protocol over a ledger: every step is one conditional change.

use crate::{
    claim::Claim,
    ledger::{Change, Changed, ClaimKey, Ledger, LedgerError, Payment},
    record::RunRecord,
};

/// Why a step could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// Another worker took the claim over; this one must not touch the record any more.
    #[error("another worker took over the claim on this record")]
    Lost,
    /// The purse does not carry what the step costs; nothing was stored.
    #[error("the purse does not carry it")]
    OverBudget,
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Stores the next step of a claim, with what goes with it.
///
/// # Errors
/// [`StepError::Lost`] when somebody else wrote since: stop at once.
pub async fn advance<L: Ledger>(
    ledger: &L,
    key: &ClaimKey,
    claim: &mut Claim,
    payment: Option<Payment>,
    run: Option<&RunRecord>,
) -> Result<(), StepError> {
    match ledger.change(Change { claim: Some((key, claim)), payment, run }).await? {
        Changed::Stored { version } => {
            claim.version = version;
            Ok(())
        }
        Changed::Overtaken => Err(StepError::Lost),
        Changed::OverCeiling => Err(StepError::OverBudget),
    }
}
