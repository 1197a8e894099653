//! What every ledger and every queue must do, written for any backend; each backend's tests call these. They include
//! this file by its path.

use std::{collections::BTreeSet, sync::Arc};

use agent::{
    claim::State,
    ledger::{Counter, Ledger},
    queue::{DeadLetter, Queue},
};
use tokio::task::JoinSet;

use crate::samples::{at, claim, envelope, key, lease, run};

/// A claim is stored over the version that was read, and over no other.
pub(crate) async fn a_claim_is_written_over_its_own_version_only<L: Ledger>(ledger: &L) {
    assert_eq!(ledger.read(&key(1)).await.unwrap(), None);
    assert_eq!(ledger.write(&key(1), &claim(3, None)).await.unwrap(), None, "there is no version 3");
    assert_eq!(ledger.write(&key(1), &claim(u64::MAX, None)).await.unwrap(), None);
    assert_eq!(ledger.read(&key(1)).await.unwrap(), None, "nothing was stored");

    let first = claim(0, Some(lease("w", at(60))));
    assert_eq!(ledger.write(&key(1), &first).await.unwrap(), Some(1));
    assert_eq!(ledger.read(&key(1)).await.unwrap(), Some(claim(1, Some(lease("w", at(60))))));
    assert_eq!(ledger.write(&key(1), &first).await.unwrap(), None, "there is one already");
    assert_eq!(ledger.read(&key(2)).await.unwrap(), None, "another record's claim is another");

    let mut second = ledger.read(&key(1)).await.unwrap().unwrap();
    second.state = State::Posting;
    assert_eq!(ledger.write(&key(1), &second).await.unwrap(), Some(2));
    assert_eq!(ledger.write(&key(1), &second).await.unwrap(), None, "its version is old");
    let stored = ledger.read(&key(1)).await.unwrap().unwrap();
    assert_eq!((stored.version, stored.state), (2, State::Posting));
}

/// Of all who read the same version, one gets through.
pub(crate) async fn a_race_for_a_claim_has_one_winner<L: Ledger + 'static>(ledger: Arc<L>) {
    for version in 0..5 {
        let mut racers = JoinSet::new();
        for racer in 0..16 {
            let ledger = Arc::clone(&ledger);
            racers.spawn(async move {
                let mine = claim(version, Some(lease(&racer.to_string(), at(60))));
                ledger.write(&key(9), &mine).await.unwrap().map(|version| (racer, version))
            });
        }
        let winners: Vec<(i32, u64)> = racers.join_all().await.into_iter().flatten().collect();
        assert_eq!(winners.len(), 1, "version {version}: {winners:?}");
        assert_eq!(winners[0].1, version + 1);
        let stored = ledger.read(&key(9)).await.unwrap().unwrap();
        assert_eq!(stored.version, version + 1);
        assert_eq!(stored.lease.unwrap().holder, winners[0].0.to_string());
    }
}

/// A counter adds up, gives back, and stops at its ceiling.
pub(crate) async fn a_counter_stops_at_its_ceiling<L: Ledger>(ledger: &L) {
    let usd = Counter("usd/4071/2026-11-20".into());
    let other = Counter("usd/4072/2026-11-20".into());
    // (delta, ceiling) -> added
    for (step, (delta, ceiling, added)) in [
        (0, Some(-1), false),
        (7, Some(6), false),
        (7, Some(7), true),
        (1, Some(7), false),
        (0, Some(7), true),
        (-3, Some(7), true),
        (3, Some(7), true),
        (1, Some(7), false),
        (100, None, true),
        (1, Some(107), false),
        (1, Some(108), true),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(ledger.add(&usd, delta, ceiling).await.unwrap(), added, "step {step}");
    }
    assert!(ledger.add(&other, 5, Some(5)).await.unwrap(), "another counter starts at 0");
}

/// However many add at once, the sum never passes the ceiling and all of it is used.
pub(crate) async fn a_ceiling_holds_against_a_crowd<L: Ledger + 'static>(ledger: Arc<L>) {
    let mut crowd = JoinSet::new();
    for _ in 0..50 {
        let ledger = Arc::clone(&ledger);
        crowd.spawn(async move { ledger.add(&Counter("crowd".into()), 3, Some(100)).await.unwrap() });
    }
    let added = crowd.join_all().await.into_iter().filter(|added| *added).count();
    assert_eq!(added, 33, "33 times 3 is 99");
    assert!(ledger.add(&Counter("crowd".into()), 1, Some(100)).await.unwrap());
    assert!(!ledger.add(&Counter("crowd".into()), 1, Some(100)).await.unwrap());
}

/// Runs come newest first; the same id again replaces the story.
pub(crate) async fn runs_are_told_newest_first<L: Ledger>(ledger: &L) {
    for (id, second) in [("b", 20), ("c", 30), ("a", 10)] {
        ledger.record(&run(id, at(second))).await.unwrap();
    }
    let mut again = run("a", at(10));
    again.outcome = "Failed".into();
    ledger.record(&again).await.unwrap();
    let expected = [run("c", at(30)), run("b", at(20)), again];
    assert_eq!(ledger.runs(10).await.unwrap(), expected);
    assert_eq!(ledger.runs(2).await.unwrap(), expected[..2]);
}

/// What was sent can be fetched, byte for byte and once; what was buried is with the dead letters, not here.
/// `fetch` takes all that is there.
pub(crate) async fn what_is_sent_arrives_once<Q: Queue>(queue: &Q, fetch: impl AsyncFn() -> Vec<String>) {
    let envelopes = ["a", "b", "c"].map(envelope);
    queue.send(&envelopes).await.unwrap();
    queue.send(&[]).await.unwrap();
    queue.bury(&letter()).await.unwrap();
    let sent: BTreeSet<String> = envelopes.iter().map(|envelope| envelope.to_body().unwrap()).collect();
    let fetched = fetch().await;
    assert_eq!(fetched.len(), 3);
    assert_eq!(fetched.into_iter().collect::<BTreeSet<_>>(), sent);
}

pub(crate) fn letter() -> DeadLetter {
    DeadLetter { body: "{\"not\": \"ours".into(), reason: "the body is not JSON".into(), at: at(3) }
}
