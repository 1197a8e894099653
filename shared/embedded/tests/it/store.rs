//! The store does what every ledger and every queue must do.

use std::{sync::Arc, time::Duration};

use embedded::Store;

use crate::{
    behaviour::{
        a_ceiling_holds_against_a_crowd, a_claim_is_written_over_its_own_version_only,
        a_counter_stops_at_its_ceiling, a_race_for_a_claim_has_one_winner, letter,
        runs_are_told_newest_first, what_is_sent_arrives_once,
    },
    samples::{at, clock},
};

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), clock).unwrap();
    (dir, store)
}

#[tokio::test]
async fn the_store_is_a_ledger() {
    let (_dir, store) = store();
    a_claim_is_written_over_its_own_version_only(&store).await;
    a_counter_stops_at_its_ceiling(&store).await;
    runs_are_told_newest_first(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_is_a_ledger_for_many_at_once() {
    let (_dir, store) = store();
    let store = Arc::new(store);
    a_race_for_a_claim_has_one_winner(Arc::clone(&store)).await;
    a_ceiling_holds_against_a_crowd(store).await;
}

#[tokio::test]
async fn the_store_is_a_queue() {
    let (_dir, store) = store();
    what_is_sent_arrives_once(&store, async || {
        let received = store.receive(10, Duration::from_secs(3600), at(0)).await.unwrap();
        received.into_iter().map(|message| message.body).collect()
    })
    .await;
    let letters = store.dead_letters(10).await.unwrap();
    assert_eq!(letters.into_iter().map(|(_, letter)| letter).collect::<Vec<_>>(), [letter()]);
}
