//! What every ledger must do with notes.

use std::sync::Arc;

use agent::ledger::{Ledger, Note};
use tokio::task::JoinSet;

async fn note<L: Ledger>(ledger: &L, name: &str) -> (u64, String) {
    let look = ledger.look(&[], &[name]).await.unwrap();
    assert_eq!((look.claims.len(), look.notes.len()), (0, 1));
    let Note { version, text } = look.notes.into_iter().next().unwrap();
    (version, text)
}

/// A note is written over the version that was read, and over no other.
pub(crate) async fn a_note_is_written_over_its_own_version_only<L: Ledger>(ledger: &L) {
    let swap = async |version, text: &str| ledger.swap("cursor/4071", version, text).await.unwrap();
    let standing = async || note(ledger, "cursor/4071").await;
    assert_eq!(standing().await, (0, String::new()));
    assert!(!swap(3, "early").await, "there is no version 3");
    assert!(!swap(u64::MAX, "late").await);
    assert_eq!(standing().await, (0, String::new()), "nothing was stored");

    assert!(swap(0, "{\"at\": \"1½\"}\n").await);
    assert_eq!(standing().await, (1, "{\"at\": \"1½\"}\n".into()));
    assert!(!swap(0, "again").await, "there is one already");
    assert!(swap(1, "").await);
    assert_eq!(standing().await, (2, String::new()), "empty, and written twice");
    assert!(!swap(1, "third").await, "its version is old");
    assert!(swap(2, "third").await);
    assert_eq!(standing().await, (3, "third".into()));
    assert_eq!(note(ledger, "cursor/407").await, (0, String::new()), "another note is another");
}

/// Of all who read the same version, one gets through.
pub(crate) async fn a_race_for_a_note_has_one_winner<L: Ledger + 'static>(ledger: Arc<L>) {
    for version in 0..5 {
        let mut racers = JoinSet::new();
        for racer in 0..16 {
            let ledger = Arc::clone(&ledger);
            racers.spawn(async move {
                let text = format!("racer {racer}");
                ledger.swap("race", version, &text).await.unwrap().then_some(text)
            });
        }
        let winners: Vec<String> = racers.join_all().await.into_iter().flatten().collect();
        assert_eq!(winners.len(), 1, "version {version}: {winners:?}");
        assert_eq!(note(&*ledger, "race").await, (version + 1, winners[0].clone()));
    }
}
