//! What every ledger, queue, pace book and cache must do, written for any backend; each backend's tests call these. They include
//! this file by its path.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use agent::{
    claim::State,
    ledger::{Counter, Ledger},
    queue::{DeadLetter, Queue},
};
use documents::Cache;
use procore::{CompanyId, PaceBook, Written};
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

const COMPANY: CompanyId = CompanyId::new(8001);

/// A text is stored over the version that was read, and over no other.
pub(crate) async fn a_pace_book_is_written_over_its_own_version_only(book: &impl PaceBook) {
    let written = async |company| {
        let Written { version, text } = book.read(company).await.unwrap();
        (version, text)
    };
    let swap = async |version, text: &str| book.swap(COMPANY, version, text.to_owned()).await.unwrap();
    assert_eq!(written(COMPANY).await, (0, String::new()));
    assert!(!swap(3, "early").await, "there is no version 3");
    assert!(!swap(u64::MAX, "late").await);
    assert_eq!(written(COMPANY).await, (0, String::new()), "nothing was stored");

    assert!(swap(0, "{\"left\": 1½}\n").await);
    assert_eq!(written(COMPANY).await, (1, "{\"left\": 1½}\n".into()));
    assert!(!swap(0, "again").await, "there is one already");
    assert!(swap(1, "second").await);
    assert!(!swap(1, "third").await, "its version is old");
    assert_eq!(written(COMPANY).await, (2, "second".into()));
    assert_eq!(written(CompanyId::new(8002)).await, (0, String::new()), "another company's is another");
}

/// Of all who read the same version, one gets through.
pub(crate) async fn a_race_for_a_pace_book_has_one_winner<B: PaceBook + 'static>(book: Arc<B>) {
    for version in 0..5 {
        let mut racers = JoinSet::new();
        for racer in 0..16 {
            let book = Arc::clone(&book);
            racers.spawn(async move {
                let text = format!("racer {racer}");
                book.swap(COMPANY, version, text.clone()).await.unwrap().then_some(text)
            });
        }
        let winners: Vec<String> = racers.join_all().await.into_iter().flatten().collect();
        assert_eq!(winners.len(), 1, "version {version}: {winners:?}");
        let stored = book.read(COMPANY).await.unwrap();
        assert_eq!((stored.version, &stored.text), (version + 1, &winners[0]));
    }
}

/// What is kept comes back byte for byte, is replaced, and is gone when it is forgotten.
pub(crate) async fn a_cache_keeps_and_forgets(cache: &impl Cache) {
    const HOUR: Duration = Duration::from_secs(3600);
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    assert_eq!(cache.get("document/1").await, None);
    cache.put("document/1", bytes.clone(), HOUR).await;
    cache.put("document/1 é%/..?", b"odd".to_vec(), HOUR).await;
    cache.put("empty", Vec::new(), HOUR).await;
    assert_eq!(cache.get("document/1").await, Some(bytes));
    assert_eq!(cache.get("document/1 é%/..?").await, Some(b"odd".to_vec()));
    assert_eq!(cache.get("empty").await, Some(Vec::new()));
    assert_eq!(cache.get("document").await, None, "a beginning is no key");

    cache.put("document/1", b"second".to_vec(), HOUR).await;
    assert_eq!(cache.get("document/1").await, Some(b"second".to_vec()));
    assert!(cache.remove("document/1").await);
    assert_eq!(cache.get("document/1").await, None);
    assert!(cache.remove("document/1").await, "what is not there is gone");
    assert_eq!(cache.get("document/1 é%/..?").await, Some(b"odd".to_vec()), "another key is another");
}

/// What has outlived its time is not there, neither by its key nor in a list. `later` sees the same an hour later.
pub(crate) async fn a_life_in_a_cache_ends(cache: &impl Cache, later: &impl Cache) {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    for (key, life) in
        [("p/b", minutes(61)), ("p/a", minutes(59)), ("p/c", minutes(60)), ("q/a", minutes(61))]
    {
        cache.put(key, key.as_bytes().to_vec(), life).await;
    }
    assert_eq!(cache.keys("p/", 9).await, ["p/a", "p/b", "p/c"]);
    assert_eq!(cache.keys("p/", 2).await, ["p/a", "p/b"]);
    assert_eq!(cache.keys("p%", 9).await, Vec::<String>::new(), "a beginning is no pattern");
    assert_eq!(later.keys("p/", 1).await, ["p/b"], "what has ended counts for nothing");
    assert_eq!(later.keys("", 9).await, ["p/b", "q/a"]);
    for (key, lives) in [("p/a", false), ("p/b", true), ("p/c", false)] {
        assert_eq!(later.get(key).await.is_some(), lives, "{key}");
    }
    later.put("p/a", b"new".to_vec(), Duration::MAX).await;
    assert_eq!(later.get("p/a").await, Some(b"new".to_vec()));
    assert_eq!(later.keys("p/", 9).await, ["p/a", "p/b"]);
}

pub(crate) fn letter() -> DeadLetter {
    DeadLetter { body: "{\"not\": \"ours".into(), reason: "the body is not JSON".into(), at: at(3) }
}
