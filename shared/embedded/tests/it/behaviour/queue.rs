//! What every queue must do.

use std::{collections::BTreeSet, time::Duration};

use agent::queue::Queue;

use super::dead_letters::letter;
use crate::samples::{envelope, name};

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

/// What is to be shown later is not shown before. `fetch` takes all that is there; `fetch_later` what is there a second
/// later, or as soon as there is something.
pub(crate) async fn a_delay_is_kept<Q: Queue>(
    queue: &Q,
    fetch: impl AsyncFn() -> Vec<String>,
    fetch_later: impl AsyncFn() -> Vec<String>,
) {
    let names = |bodies: Vec<String>| bodies.iter().map(|body| name(body)).collect::<Vec<_>>();
    queue.send_after(&[envelope("late"), envelope("late too")], Duration::from_secs(900)).await.unwrap();
    queue.send(&[envelope("now")]).await.unwrap();
    assert_eq!(names(fetch().await), ["now"]);
    queue.send_after(&[envelope("soon")], Duration::from_millis(900)).await.unwrap();
    assert_eq!(names(fetch_later().await), ["soon"]);
}
