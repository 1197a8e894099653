//! The claim protocol over a ledger: take, advance, release. Each is at most one conditional write.

use jiff::Timestamp;

use crate::{
    claim::{Claim, Lease, Taken, decide},
    ledger::{ClaimKey, Ledger, LedgerError},
};

/// Takes the claim of a record for `lease.holder`, or says why not. One read and at most one write; a lost race
/// is told as `Busy` until the asker's own lease would have ended.
///
/// # Errors
/// When the ledger fails.
pub async fn take<L: Ledger>(
    ledger: &L,
    key: &ClaimKey,
    evidence_hash: &str,
    lease: Lease,
    now: Timestamp,
) -> Result<Taken, LedgerError> {
    let until = lease.until;
    match decide(ledger.read(key).await?, evidence_hash, lease, now) {
        Taken::Granted(mut claim) => Ok(match ledger.write(key, &claim).await? {
            Some(version) => {
                claim.version = version;
                Taken::Granted(claim)
            }
            None => Taken::Busy { until },
        }),
        other => Ok(other),
    }
}

/// Why a step could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// Another worker took the claim over; this one must not touch the record any more.
    #[error("another worker took over the claim on this record")]
    Lost,
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Stores the next step of a held claim.
///
/// # Errors
/// [`StepError::Lost`] when somebody else wrote since: stop at once.
pub async fn advance<L: Ledger>(ledger: &L, key: &ClaimKey, claim: &mut Claim) -> Result<(), StepError> {
    match ledger.write(key, claim).await? {
        Some(version) => {
            claim.version = version;
            Ok(())
        }
        None => Err(StepError::Lost),
    }
}

/// Gives the claim back so that the next attempt need not wait for the lease to end. What was reached stays.
///
/// # Errors
/// As [`advance`]; a caller that is failing anyway may ignore it: the lease ends by itself.
pub async fn release<L: Ledger>(ledger: &L, key: &ClaimKey, claim: &mut Claim) -> Result<(), StepError> {
    claim.lease = None;
    advance(ledger, key, claim).await
}
