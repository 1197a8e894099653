//! What every ledger, queue, pace book and cache must do, written for any backend; each backend's tests call these. They include
//! this folder by its path.

pub(crate) mod cache;
pub(crate) mod changes;
pub(crate) mod claims;
pub(crate) mod dead_letters;
pub(crate) mod leases;
pub(crate) mod notes;
pub(crate) mod pace;
pub(crate) mod purses;
pub(crate) mod queue;
pub(crate) mod runs;

use agent::{
    claim::Claim,
    ledger::{Change, Changed, ClaimKey, Counter, Ledger, Payment},
    record::RunRecord,
};

/// The claim as stored.
pub(crate) async fn stored<L: Ledger>(ledger: &L, key: &ClaimKey) -> Option<Claim> {
    let look = ledger.look(std::slice::from_ref(key), &[]).await.unwrap();
    assert_eq!((look.claims.len(), look.notes.len()), (1, 0));
    look.claims.into_iter().next().unwrap()
}

/// Writes a claim and nothing else.
pub(crate) async fn write<L: Ledger>(ledger: &L, key: &ClaimKey, claim: &Claim) -> Changed {
    ledger.change(Change { claim: Some((key, claim)), ..Change::default() }).await.unwrap()
}

/// Makes a payment and nothing else.
pub(crate) async fn pay<L: Ledger>(
    ledger: &L,
    purse: &Counter,
    micro_usd: i64,
    ceiling: Option<i64>,
) -> Changed {
    let payment = Payment { purse: purse.clone(), micro_usd, ceiling };
    ledger.change(Change { payment: Some(payment), ..Change::default() }).await.unwrap()
}

/// Stores the story of a run and nothing else.
pub(crate) async fn record<L: Ledger>(ledger: &L, run: &RunRecord) {
    let changed = ledger.change(Change { run: Some(run), ..Change::default() }).await.unwrap();
    assert_eq!(changed, WITHOUT_CLAIM);
}

/// What a counter stands at.
pub(crate) async fn sum<L: Ledger>(ledger: &L, counter: &Counter) -> i64 {
    ledger.add(counter, 0).await.unwrap()
}

/// The answer to a change that was made and held no claim.
pub(crate) const WITHOUT_CLAIM: Changed = Changed::Stored { version: 0 };

pub(crate) fn is_stored(changed: Changed) -> bool {
    matches!(changed, Changed::Stored { .. })
}
