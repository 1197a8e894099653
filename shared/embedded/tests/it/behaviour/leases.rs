//! What every ledger must do with leases that ended.

use agent::{
    claim::Lease,
    ledger::{ClaimKey, Ledger},
};

use super::{is_stored, stored, write};
use crate::samples::{at, claim, lease};

fn key(workflow: &'static str, project: &str, record: i64) -> ClaimKey {
    ClaimKey { workflow, project: project.parse().unwrap(), record }
}

async fn hold<L: Ledger>(ledger: &L, key: &ClaimKey, lease: Option<Lease>) {
    let version = stored(ledger, key).await.map_or(0, |claim| claim.version);
    assert!(is_stored(write(ledger, key, &claim(version, lease)).await));
}

/// Leases of one project that ended and were not given back, in the order in which they ended.
pub(crate) async fn abandoned_claims_are_found<L: Ledger>(ledger: &L) {
    let until = |second| Some(lease("worker", at(second)));
    let ours = |record| key("rfi_response", "4071", record);
    let question = key("rfi_question", "4071", 1);
    for (key, second) in [
        (ours(1), -10),
        (ours(2), -30),
        (question.clone(), -20),
        (ours(3), 0),
        (ours(4), 10),
        (ours(5), -40),
        (ours(6), -50),
        (ours(7), -60),
        (key("rfi_response", "40710", 1), -70),
        (key("rfi_response", "4072", 1), -80),
    ] {
        hold(ledger, &key, until(second)).await;
    }
    hold(ledger, &ours(5), None).await;
    hold(ledger, &ours(6), until(90)).await;
    hold(ledger, &ours(7), None).await;
    hold(ledger, &ours(7), until(-5)).await;

    let project = "4071".parse().unwrap();
    let found = async |second, limit| ledger.abandoned(project, at(second), limit).await.unwrap();
    let all = [ours(2), question, ours(1), ours(7)];
    assert_eq!(found(0, 10).await, all, "one that ends at that very moment has not ended before it");
    assert_eq!(found(0, 4).await, all);
    assert_eq!(found(0, 2).await, all[..2], "those that ended first");
    assert_eq!(found(0, 0).await, []);
    assert_eq!(found(-10, 10).await, all[..2]);
    assert_eq!(found(1, 10).await.len(), 5);
    assert_eq!(ledger.abandoned("4073".parse().unwrap(), at(1000), 10).await.unwrap(), []);
}
