//! The store does what every ledger, queue, pace book and cache must do.

use std::{sync::Arc, time::Duration};

use agent::{event::Resource, queue::Queue};
use embedded::Store;

use crate::{
    behaviour::{cache, changes, claims, dead_letters, leases, notes, pace, purses, queue, runs},
    samples::{at, clock, envelope, later},
};

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), clock).unwrap();
    (dir, store)
}

#[tokio::test]
async fn the_store_is_a_ledger() {
    let (_dir, store) = store();
    claims::a_claim_is_written_over_its_own_version_only(&store).await;
    claims::several_are_looked_at_together(&store).await;
    purses::a_purse_stops_at_its_ceiling(&store).await;
    notes::a_note_is_written_over_its_own_version_only(&store).await;
    changes::an_empty_change_is_made(&store).await;
    runs::runs_are_told_newest_first(&store).await;
    changes::a_change_is_made_whole_or_not_at_all(&store).await;
    changes::a_change_may_be_the_first_of_everything(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_is_a_ledger_for_many_at_once() {
    let (_dir, store) = store();
    let store = Arc::new(store);
    claims::a_race_for_a_claim_has_one_winner(Arc::clone(&store)).await;
    notes::a_race_for_a_note_has_one_winner(Arc::clone(&store)).await;
    purses::a_ceiling_holds_against_a_crowd(Arc::clone(&store)).await;
    purses::a_counter_tells_its_sum(Arc::clone(&store)).await;
    changes::a_crowd_pays_for_what_it_stores(store).await;
}

#[tokio::test]
async fn the_store_finds_abandoned_claims() {
    let (_dir, store) = store();
    leases::abandoned_claims_are_found(&store).await;
}

#[tokio::test]
async fn the_store_finds_runs_by_name() {
    let (_dir, store) = store();
    runs::runs_are_found_by_name(&store).await;
}

#[tokio::test]
async fn the_store_tells_of_many_runs_and_sums() {
    let (_dir, store) = store();
    runs::runs_since_a_moment_come_without_texts(&store).await;
    purses::sums_are_told(&store).await;
}

#[tokio::test]
async fn what_waits_is_counted_by_family() {
    let (_dir, store) = store();
    assert_eq!(store.depths().await.unwrap().len(), 0);
    let of = |name: &str, resource: Resource| {
        let mut envelope = envelope(name);
        envelope.event.resource = resource;
        envelope
    };
    let days = [Resource::Day, Resource::DailyLog(None)].map(|resource| of("day", resource));
    store.send(&[envelope("a"), envelope("b")]).await.unwrap();
    store.send(&days).await.unwrap();
    store.receive(1, Duration::from_secs(60), clock()).await.unwrap();
    let depths = store.depths().await.unwrap();
    let told: Vec<(&str, u64, u64)> =
        depths.iter().map(|depth| (depth.family.as_str(), depth.waiting, depth.in_hand)).collect();
    assert_eq!(told, [("daily_log", 2, 0), ("rfi", 1, 1)]);
    assert!(depths.iter().all(|depth| depth.oldest == Some(clock())));
}

async fn receive(store: &Store, second: i64) -> Vec<String> {
    let received = store.receive(10, Duration::from_secs(3600), at(second)).await.unwrap();
    received.into_iter().map(|message| message.body).collect()
}

#[tokio::test]
async fn the_store_is_a_queue() {
    let (_dir, store) = store();
    queue::what_is_sent_arrives_once(&store, async || receive(&store, 0).await).await;
    queue::a_delay_is_kept(&store, async || receive(&store, 0).await, async || receive(&store, 1).await)
        .await;
    assert_eq!(receive(&store, 899).await.len(), 0);
    assert_eq!(receive(&store, 900).await.len(), 2);
}

#[tokio::test]
async fn the_store_keeps_dead_letters() {
    let (_dir, store) = store();
    dead_letters::dead_letters_are_kept_until_discarded(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_is_a_pace_book() {
    let (_dir, store) = store();
    pace::a_pace_book_is_written_over_its_own_version_only(&store).await;
    let (_dir, store) = self::store();
    pace::a_race_for_a_pace_book_has_one_winner(Arc::new(store)).await;
}

#[tokio::test]
async fn the_store_is_a_cache() {
    let (dir, store) = store();
    cache::a_cache_keeps_and_forgets(&store).await;
    drop((dir, store));
    let (dir, store) = self::store();
    let second = Store::open(dir.path(), later).unwrap();
    cache::a_life_in_a_cache_ends(&store, &second).await;
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
