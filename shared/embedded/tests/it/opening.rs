//! Opening, closing, opening again.

use std::{os::unix::fs::PermissionsExt, path::Path, time::Duration};

use agent::{
    ledger::{Changed, Ledger},
    queue::Queue,
};
use embedded::{Reclaimed, Store, StoreError};
use rusqlite::Connection;

use crate::{
    behaviour::{record, stored, write},
    samples::{at, claim, clock, envelope, key, lease, run},
};

const HOUR: Duration = Duration::from_secs(3600);

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn only_its_own_user_can_read_a_new_store() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("var/plumbline");
    let store = Store::open(&dir, clock).unwrap();
    store.send(&[envelope("a")]).await.unwrap();
    assert_eq!(mode(&dir), 0o700);
    for file in ["plumbline.db", "plumbline.db-wal", "plumbline.db-shm"] {
        assert_eq!(mode(&dir.join(file)), 0o600, "{file}");
    }
}

#[tokio::test]
async fn closing_gives_back_what_was_in_hand() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), clock).unwrap();
    store.send(&[envelope("a"), envelope("b")]).await.unwrap();
    let received = store.receive(1, HOUR, at(0)).await.unwrap();
    assert_eq!(store.write_claims(&[(1, "me"), (2, "another")]).await, [1, 1]);
    let id = store.holder().to_owned();
    drop(store);

    let store = Store::open(dir.path(), clock).unwrap();
    assert_ne!(store.holder(), id);
    assert!(!store.delete(&received[0].receipt).await.unwrap(), "the receipt ended with the process");
    let counts: Vec<u32> =
        store.receive(10, HOUR, at(0)).await.unwrap().iter().map(|message| message.receive_count).collect();
    assert_eq!(counts, [2, 1]);
    // Its own lease has ended and whoever knew the claim before is too late; the other's is untouched.
    assert_eq!(stored(&store, &key(1)).await, Some(claim(2, None)));
    assert_eq!(stored(&store, &key(2)).await, Some(claim(1, Some(lease("another", at(60))))));
}

trait WriteClaims {
    async fn write_claims(&self, claims: &[(i64, &str)]) -> Vec<u64>;
}

impl WriteClaims for Store {
    /// Claims records for holders, `me` being the store itself.
    async fn write_claims(&self, claims: &[(i64, &str)]) -> Vec<u64> {
        let mut versions = Vec::new();
        for &(record, holder) in claims {
            let holder = if holder == "me" { self.holder() } else { holder };
            let mine = claim(0, Some(lease(holder, at(60))));
            let Changed::Stored { version } = write(self, &key(record), &mine).await else {
                panic!("overtaken")
            };
            versions.push(version);
        }
        versions
    }
}

#[tokio::test]
async fn a_living_worker_is_never_reclaimed() {
    let dir = tempfile::tempdir().unwrap();
    let first = Store::open(dir.path(), clock).unwrap();
    first.send(&[envelope("a")]).await.unwrap();
    let received = first.receive(1, HOUR, at(0)).await.unwrap();
    first.write_claims(&[(1, "me")]).await;
    let second = Store::open(dir.path(), clock).unwrap();
    assert_ne!(first.holder(), second.holder());
    for store in [&first, &second] {
        assert_eq!(store.reclaim_dead(at(1)).await.unwrap(), Reclaimed::default());
    }
    assert!(second.receive(1, HOUR, at(1)).await.unwrap().is_empty());
    assert!(stored(&second, &key(1)).await.unwrap().lease.is_some());
    assert!(first.delete(&received[0].receipt).await.unwrap());
}

#[tokio::test]
async fn what_one_store_was_told_the_other_sees_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let [first, second] = [(); 2].map(|()| Store::open(dir.path(), clock).unwrap());
    for version in 0..50 {
        let (writer, reader) = if version % 2 == 0 { (&first, &second) } else { (&second, &first) };
        let next = Changed::Stored { version: version + 1 };
        assert_eq!(write(writer, &key(1), &claim(version, None)).await, next);
        assert_eq!(stored(reader, &key(1)).await.unwrap().version, version + 1);
    }
}

#[tokio::test]
async fn a_newer_file_is_refused_with_the_way_out() {
    let dir = tempfile::tempdir().unwrap();
    drop(Store::open(dir.path(), clock).unwrap());
    let file = dir.path().join("plumbline.db");
    Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let error = Store::open(dir.path(), clock).unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 99, .. }), "{error:?}");
    let text = error.to_string();
    assert!(
        text.starts_with(&file.display().to_string()) && text.contains("run that version again"),
        "{text}"
    );
}

#[tokio::test]
async fn what_is_not_a_store_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("plumbline.db");
    std::fs::write(&file, "not a database, but long enough to be looked at as one".repeat(100)).unwrap();
    let error = Store::open(dir.path(), clock).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    assert!(error.to_string().starts_with(&file.display().to_string()));
    let error = Store::open(&file, clock).unwrap_err();
    assert!(matches!(error, StoreError::Path { .. }), "{error:?}");
    assert!(error.to_string().starts_with(&file.display().to_string()));
}

#[tokio::test]
async fn a_run_in_an_unknown_shape_does_not_hide_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), clock).unwrap();
    for id in ["a", "b"] {
        record(&store, &run(id, at(0))).await;
    }
    let other = Connection::open(dir.path().join("plumbline.db")).unwrap();
    other.execute("UPDATE runs SET json = '{\"curtain\": 1}' WHERE id = 'a'", []).unwrap();
    assert_eq!(store.runs(10).await.unwrap(), [run("b", at(0))]);
}

#[tokio::test]
async fn a_claim_that_cannot_be_read_is_an_error_that_does_not_repeat_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), clock).unwrap();
    store.write_claims(&[(1, "me")]).await;
    let other = Connection::open(dir.path().join("plumbline.db")).unwrap();
    other.execute("UPDATE claims SET json = '{\"version\": \"curtain\"}'", []).unwrap();
    let text = store.look(&[key(1)], &[]).await.unwrap_err().to_string();
    assert!(text.contains("table claims cannot be read") && !text.contains("curtain"), "{text}");
}
