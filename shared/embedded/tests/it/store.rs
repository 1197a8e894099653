//! The store does what every ledger, queue, pace book and cache must do.

use std::{sync::Arc, time::Duration};

use embedded::Store;

use crate::{
    behaviour::{
        a_cache_keeps_and_forgets, a_ceiling_holds_against_a_crowd,
        a_claim_is_written_over_its_own_version_only, a_counter_stops_at_its_ceiling, a_life_in_a_cache_ends,
        a_pace_book_is_written_over_its_own_version_only, a_race_for_a_claim_has_one_winner,
        a_race_for_a_pace_book_has_one_winner, letter, runs_are_told_newest_first, what_is_sent_arrives_once,
    },
    samples::{at, clock, later},
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

#[tokio::test(flavor = "multi_thread")]
async fn the_store_is_a_pace_book() {
    let (_dir, store) = store();
    a_pace_book_is_written_over_its_own_version_only(&store).await;
    let (_dir, store) = self::store();
    a_race_for_a_pace_book_has_one_winner(Arc::new(store)).await;
}

#[tokio::test]
async fn the_store_is_a_cache() {
    let (dir, store) = store();
    a_cache_keeps_and_forgets(&store).await;
    drop((dir, store));
    let (dir, store) = self::store();
    let second = Store::open(dir.path(), later).unwrap();
    a_life_in_a_cache_ends(&store, &second).await;
}

#[tokio::test]
async fn what_has_outlived_its_time_is_removed_in_the_end() {
    use documents::Cache;
    let (dir, store) = store();
    let text = "anchor bolts at grid line C-4 ".repeat(300);
    store.put("short", text.clone().into_bytes(), Duration::from_secs(3600)).await;
    store.put("long", b"kept".to_vec(), Duration::from_secs(3601)).await;
    assert_eq!(store.purge(at(3599)).await.unwrap().kept, 0);
    assert_eq!(store.purge(at(3600)).await.unwrap().kept, 1);
    assert_eq!(store.keys("", 9).await, ["long"]);
    drop(store);
    let file = std::fs::read(dir.path().join("plumbline.db")).unwrap();
    assert!(!String::from_utf8_lossy(&file).contains("anchor bolts"), "and leaves no trace");
}
