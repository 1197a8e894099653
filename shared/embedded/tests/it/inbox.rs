//! Messages in hand: visibility, receipts, delays, counts, dead letters.

use std::time::Duration;

use agent::queue::{DeadLetter, Queue};
use embedded::{Counts, Receipt, Received, Store};

use crate::samples::{at, clock, envelope, name};

const MINUTE: Duration = Duration::from_secs(60);

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), clock).unwrap();
    (dir, store)
}

async fn send(store: &Store, names: &[&str]) {
    let envelopes: Vec<_> = names.iter().map(|name| envelope(name)).collect();
    store.send(&envelopes).await.unwrap();
}

/// What a minute's receive gets `seconds` after the start: the names and how often each was received.
async fn receive(store: &Store, seconds: i64) -> Vec<(String, u32)> {
    let received = store.receive(10, MINUTE, at(seconds)).await.unwrap();
    received.iter().map(|message| (name(&message.body), message.receive_count)).collect()
}

async fn receive_one(store: &Store, seconds: i64) -> Received {
    let mut received = store.receive(1, MINUTE, at(seconds)).await.unwrap();
    assert_eq!(received.len(), 1);
    received.remove(0)
}

/// Asserts that a receipt has ended: whatever is asked with it does nothing and says so.
async fn assert_ended(store: &Store, receipt: &Receipt, seconds: i64) {
    let before = store.counts().await.unwrap();
    let next = store.next_visible().await.unwrap();
    assert!(!store.extend(receipt, MINUTE * 90, at(seconds)).await.unwrap());
    assert!(!store.hand_back(receipt, Duration::ZERO, true, at(seconds)).await.unwrap());
    assert!(!store.hand_back(receipt, Duration::ZERO, false, at(seconds)).await.unwrap());
    assert!(!store.bury_received(receipt, "too late", at(seconds)).await.unwrap());
    assert!(!store.delete(receipt).await.unwrap());
    assert_eq!(store.counts().await.unwrap(), before);
    assert_eq!(store.next_visible().await.unwrap(), next);
}

#[tokio::test]
async fn a_message_in_hand_is_hidden_until_its_timeout_and_then_counted_again() {
    let (_dir, store) = store();
    send(&store, &["a"]).await;
    let first = receive_one(&store, 0).await;
    assert_eq!((first.receive_count, first.sent_at), (1, at(0)));
    assert_eq!(receive(&store, 59).await, []);
    let second = receive_one(&store, 60).await;
    assert_eq!((second.receive_count, &second.body), (2, &first.body));
    assert_ended(&store, &first.receipt, 61).await;
    assert!(store.delete(&second.receipt).await.unwrap());
    assert_ended(&store, &second.receipt, 62).await;
    assert_eq!(receive(&store, 1000).await, []);
}

#[tokio::test]
async fn a_late_worker_may_still_delete_what_nobody_else_received() {
    let (_dir, store) = store();
    send(&store, &["a"]).await;
    let received = receive_one(&store, 0).await;
    assert!(
        store.delete(&received.receipt).await.unwrap(),
        "its timeout ended at 60, but it is nobody else's"
    );
    assert_eq!(store.next_visible().await.unwrap(), None);
}

#[tokio::test]
async fn a_message_handed_back_is_visible_after_its_delay_and_counted_only_if_asked() {
    for (counted, count) in [(true, 2), (false, 1)] {
        let (_dir, store) = store();
        send(&store, &["a"]).await;
        let first = receive_one(&store, 0).await;
        let delay = Duration::from_millis(7_500);
        assert!(store.hand_back(&first.receipt, delay, counted, at(10)).await.unwrap());
        assert_ended(&store, &first.receipt, 11).await;
        assert_eq!(store.next_visible().await.unwrap(), Some(at(10) + delay));
        assert_eq!(receive(&store, 17).await, []);
        assert_eq!(receive(&store, 18).await, [("a".into(), count)]);
        // The same receive count as before must not make the old receipt good again.
        assert_ended(&store, &first.receipt, 19).await;
    }
}

#[tokio::test]
async fn a_message_handed_back_without_delay_is_there_at_once() {
    let (_dir, store) = store();
    send(&store, &["a"]).await;
    let first = receive_one(&store, 0).await;
    store.hand_back(&first.receipt, Duration::ZERO, true, at(1)).await.unwrap();
    assert_eq!(receive(&store, 1).await, [("a".into(), 2)]);
}

#[tokio::test]
async fn extending_keeps_a_message_in_hand() {
    let (_dir, store) = store();
    send(&store, &["a"]).await;
    let received = receive_one(&store, 0).await;
    assert!(store.extend(&received.receipt, MINUTE, at(50)).await.unwrap());
    assert_eq!(receive(&store, 109).await, []);
    assert_eq!(receive(&store, 110).await, [("a".into(), 2)]);
}

#[tokio::test]
async fn burying_moves_a_message_to_the_dead_letters() {
    let (_dir, store) = store();
    send(&store, &["a", "b"]).await;
    let first = receive_one(&store, 0).await;
    assert!(store.bury_received(&first.receipt, "the model refused five times", at(7)).await.unwrap());
    let second = receive_one(&store, 0).await;
    assert!(store.bury_received(&second.receipt, "not an envelope", at(8)).await.unwrap());
    assert_ended(&store, &first.receipt, 9).await;
    let letters = store.dead_letters(10).await.unwrap();
    let expected = [(second.body, "not an envelope", 8), (first.body, "the model refused five times", 7)]
        .map(|(body, reason, second)| DeadLetter { body, reason: reason.into(), at: at(second) });
    assert_eq!(
        letters.iter().map(|(_, letter)| letter.clone()).collect::<Vec<_>>(),
        expected,
        "newest first"
    );
    assert_ne!(letters[0].0, letters[1].0);
    assert_eq!(store.dead_letters(1).await.unwrap(), letters[..1]);
    assert_eq!(store.counts().await.unwrap(), Counts { waiting: 0, in_flight: 0, dead: 2 });
}

#[tokio::test]
async fn the_longest_visible_come_first_and_no_more_than_asked() {
    let (_dir, store) = store();
    send(&store, &["a", "b", "c", "d"]).await;
    let first = receive_one(&store, 0).await;
    assert_eq!(name(&first.body), "a");
    store.hand_back(&first.receipt, Duration::ZERO, true, at(5)).await.unwrap();
    let received = store.receive(3, MINUTE, at(6)).await.unwrap();
    assert_eq!(received.iter().map(|message| name(&message.body)).collect::<Vec<_>>(), ["b", "c", "d"]);
    assert_eq!(receive(&store, 6).await, [("a".into(), 2)]);
    assert!(store.receive(0, MINUTE, at(600)).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_next_moment_to_look_is_known() {
    let (_dir, store) = store();
    assert_eq!(store.next_visible().await.unwrap(), None);
    send(&store, &["a", "b"]).await;
    assert_eq!(store.next_visible().await.unwrap(), Some(at(0)));
    let first = receive_one(&store, 0).await;
    receive_one(&store, 20).await;
    assert_eq!(store.next_visible().await.unwrap(), Some(at(60)), "when the first one's timeout ends");
    store.delete(&first.receipt).await.unwrap();
    assert_eq!(store.next_visible().await.unwrap(), Some(at(80)));
}

#[tokio::test]
async fn counts_tell_waiting_from_in_hand() {
    let (_dir, store) = store();
    send(&store, &["a", "b", "c"]).await;
    let first = receive_one(&store, 0).await;
    receive_one(&store, 0).await;
    assert_eq!(store.counts().await.unwrap(), Counts { waiting: 1, in_flight: 2, dead: 0 });
    store.hand_back(&first.receipt, MINUTE, true, at(0)).await.unwrap();
    assert_eq!(store.counts().await.unwrap(), Counts { waiting: 2, in_flight: 1, dead: 0 });
    // One whose worker let the timeout pass is waiting again. The clock of these stores stands at 0.
    store.receive(1, Duration::ZERO, at(0)).await.unwrap();
    assert_eq!(store.counts().await.unwrap(), Counts { waiting: 2, in_flight: 1, dead: 0 });
}

#[tokio::test]
async fn the_idle_are_woken_by_what_is_sent_or_handed_back() {
    let (_dir, store) = store();
    let woken =
        async || tokio::time::timeout(Duration::from_secs(10), store.wait_for_mail()).await.expect("mail");
    send(&store, &["a"]).await;
    woken().await; // sent before it waited
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { store.wait_for_mail().await }
    });
    send(&store, &["b"]).await;
    tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("mail").unwrap();
    let received = receive_one(&store, 0).await;
    store.hand_back(&received.receipt, MINUTE, true, at(0)).await.unwrap();
    woken().await; // it may be visible before what the sleeper waits for
    let nothing = tokio::time::timeout(Duration::from_millis(1), store.wait_for_mail()).await;
    assert!(nothing.is_err(), "nobody sent anything");
}

#[tokio::test]
async fn bodies_stay_out_of_debug_output() {
    let (_dir, store) = store();
    send(&store, &["the-curtain-wall"]).await;
    let received = receive_one(&store, 0).await;
    assert!(received.body.contains("the-curtain-wall"));
    assert!(!format!("{received:?}").contains("curtain"));
}
