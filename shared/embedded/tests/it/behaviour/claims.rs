//! What every ledger must do with claims.

use std::sync::Arc;

use agent::{
    claim::State,
    ledger::{Changed, Ledger, Look},
};
use tokio::task::JoinSet;

use super::{is_stored, stored, write};
use crate::samples::{at, claim, key, lease};

/// A claim is stored over the version that was read, and over no other.
pub(crate) async fn a_claim_is_written_over_its_own_version_only<L: Ledger>(ledger: &L) {
    assert_eq!(stored(ledger, &key(1)).await, None);
    let overtaken = Changed::Overtaken;
    assert_eq!(write(ledger, &key(1), &claim(3, None)).await, overtaken, "there is no version 3");
    assert_eq!(write(ledger, &key(1), &claim(u64::MAX, None)).await, overtaken);
    assert_eq!(stored(ledger, &key(1)).await, None, "nothing was stored");

    let first = claim(0, Some(lease("w", at(60))));
    assert_eq!(write(ledger, &key(1), &first).await, Changed::Stored { version: 1 });
    assert_eq!(stored(ledger, &key(1)).await, Some(claim(1, Some(lease("w", at(60))))));
    assert_eq!(write(ledger, &key(1), &first).await, overtaken, "there is one already");
    assert_eq!(stored(ledger, &key(2)).await, None, "another record's claim is another");

    let mut second = stored(ledger, &key(1)).await.unwrap();
    second.state = State::Posting;
    assert_eq!(write(ledger, &key(1), &second).await, Changed::Stored { version: 2 });
    assert_eq!(write(ledger, &key(1), &second).await, overtaken, "its version is old");
    let now = stored(ledger, &key(1)).await.unwrap();
    assert_eq!((now.version, now.state), (2, State::Posting));
}

/// Of all who read the same version, one gets through.
pub(crate) async fn a_race_for_a_claim_has_one_winner<L: Ledger + 'static>(ledger: Arc<L>) {
    for version in 0..5 {
        let mut racers = JoinSet::new();
        for racer in 0..16 {
            let ledger = Arc::clone(&ledger);
            racers.spawn(async move {
                let mine = claim(version, Some(lease(&racer.to_string(), at(60))));
                (racer, write(&*ledger, &key(9), &mine).await)
            });
        }
        let ends = racers.join_all().await;
        let winners: Vec<&(i32, Changed)> = ends.iter().filter(|(_, changed)| is_stored(*changed)).collect();
        assert_eq!(winners.len(), 1, "version {version}: {winners:?}");
        assert_eq!(winners[0].1, Changed::Stored { version: version + 1 });
        let now = stored(&*ledger, &key(9)).await.unwrap();
        assert_eq!(now.version, version + 1);
        assert_eq!(now.lease.unwrap().holder, winners[0].0.to_string());
    }
}

/// Whatever is asked for together comes in the order of asking, also what is not there or was asked for twice.
pub(crate) async fn several_are_looked_at_together<L: Ledger>(ledger: &L) {
    assert_eq!(ledger.look(&[], &[]).await.unwrap(), Look::default());
    for record in [102, 299, 101] {
        assert!(is_stored(write(ledger, &key(record), &claim(0, None)).await));
    }
    assert!(ledger.swap("here", 0, "a text").await.unwrap());
    let there = |look: &Look| -> Vec<u64> {
        look.claims.iter().map(|claim| claim.as_ref().map_or(0, |claim| claim.version)).collect()
    };

    let keys = [102, 100, 101, 102].map(key);
    let look = ledger.look(&keys, &["not here", "here", "here"]).await.unwrap();
    assert_eq!(there(&look), [1, 0, 1, 1]);
    assert_eq!(look.claims[0], Some(claim(1, None)));
    let texts: Vec<(u64, &str)> = look.notes.iter().map(|note| (note.version, note.text.as_str())).collect();
    assert_eq!(texts, [(0, ""), (1, "a text"), (1, "a text")]);

    let twice = ledger.look(&[key(101), key(101)], &[]).await.unwrap();
    assert_eq!(there(&twice), [1, 1]);
    let many: Vec<_> = (100..300).map(key).collect();
    let look = ledger.look(&many, &[]).await.unwrap();
    assert_eq!(look.claims.len(), 200);
    let found: Vec<usize> = (0..200).filter(|position| look.claims[*position].is_some()).collect();
    assert_eq!(found, [1, 2, 199]);
}
