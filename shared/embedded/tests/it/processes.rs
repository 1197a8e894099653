//! Several processes over one directory, some of them killed.
//!
//! The other processes are this test binary, started again with the name of one part to play: [`part`].

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Lines, Read},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use agent::{ledger::Counter, queue::Queue};
use embedded::{Reclaimed, Store};
use tokio::task::JoinSet;

use crate::{
    behaviour::{is_stored, pay, stored, write},
    samples::{at, claim, clock, envelope, key, lease, name},
};

const HOUR: Duration = Duration::from_secs(3600);

/// Marks the lines of a part among those of the test harness.
const MARK: &str = "part says ";

/// What another process does; not a test of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part that the tests below give to other processes"]
async fn part() {
    let Ok(part) = std::env::var("EMBEDDED_TEST_PART") else {
        return;
    };
    let dir = std::env::var("EMBEDDED_TEST_DIR").unwrap();
    let store = Store::open(Path::new(&dir), clock).unwrap();
    say("open");
    match part.as_str() {
        "send" => send_for_ever(store).await,
        "hold" => hold(store).await,
        "count" => count(store).await,
        "work" => work(store).await,
        other => panic!("no such part: {other}"),
    }
}

fn say(what: &str) {
    println!("{MARK}{what}");
}

/// Sends, eight at a time, and names each message once it is acknowledged.
async fn send_for_ever(store: Store) {
    let mut senders = JoinSet::new();
    for sender in 0..8 {
        let store = store.clone();
        senders.spawn(async move {
            for number in 0.. {
                let name = format!("{sender}-{number}");
                store.send(&[envelope(&name)]).await.unwrap();
                say(&name);
            }
        });
    }
    senders.join_all().await;
}

/// Takes everything in hand and waits for its end.
async fn hold(store: Store) {
    let received = store.receive(10, HOUR, at(0)).await.unwrap();
    let mine = claim(0, Some(lease(store.holder(), at(3600))));
    assert!(is_stored(write(&store, &key(1), &mine).await));
    say(&format!("holding {}", received.len()));
    let mut rest = Vec::new();
    std::io::stdin().read_to_end(&mut rest).unwrap(); // ends with the parent, at the latest
}

async fn count(store: Store) {
    for _ in 0..60 {
        if is_stored(pay(&store, &Counter("shared".into()), 1, Some(100)).await) {
            say("added");
        }
    }
}

async fn work(store: Store) {
    loop {
        let received = store.receive(3, HOUR, at(0)).await.unwrap();
        if received.is_empty() {
            return;
        }
        for message in received {
            assert!(store.delete(&message.receipt).await.unwrap());
            say(&name(&message.body));
        }
    }
}

/// Another process playing a part.
struct Other {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    _stdin: ChildStdin,
}

impl Other {
    fn start(part: &str, dir: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "processes::part", "--ignored", "--nocapture"])
            .env("EMBEDDED_TEST_PART", part)
            .env("EMBEDDED_TEST_DIR", dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let stdin = child.stdin.take().unwrap();
        Self { child, lines, _stdin: stdin }
    }

    /// What it says next; `None` once it has ended.
    fn hear(&mut self) -> Option<String> {
        self.lines.by_ref().find_map(|line| Some(line.unwrap().split_once(MARK)?.1.to_owned()))
    }

    fn hear_all(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.hear()).collect()
    }

    /// Ends it without a word: SIGKILL.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// What it says until it ends by itself.
    fn finish(mut self) -> Vec<String> {
        let said = self.hear_all();
        assert!(self.child.wait().unwrap().success());
        said
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn every_acknowledged_message_survives_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged = BTreeSet::new();
    for heard_before_the_kill in [0, 1, 20, 150, 400] {
        let mut other = Other::start("send", dir.path());
        assert_eq!(other.hear().as_deref(), Some("open"));
        let mut said: Vec<String> = (0..heard_before_the_kill).map(|_| other.hear().unwrap()).collect();
        other.kill();
        said.extend(other.hear_all()); // what was on its way
        let round = acknowledged.len();
        acknowledged.extend(said.into_iter().map(|name| (round, name)));

        let store = Store::open(dir.path(), clock).unwrap();
        let mut there = Vec::new();
        loop {
            let received = store.receive(100, HOUR, at(0)).await.unwrap();
            if received.is_empty() {
                break;
            }
            for message in received {
                assert!(store.delete(&message.receipt).await.unwrap());
                there.push((round, name(&message.body)));
            }
        }
        let distinct: BTreeSet<_> = there.iter().cloned().collect();
        assert_eq!(distinct.len(), there.len(), "one sending, one message");
        let lost: Vec<_> =
            acknowledged.iter().filter(|sent| sent.0 == round && !distinct.contains(*sent)).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    }
    assert!(acknowledged.len() >= 571);
}

/// A process that was killed with three messages and a claim in hand, and a store that was open all along.
async fn killed_with_work_in_hand(dir: &Path) -> Store {
    let store = Store::open(dir, clock).unwrap();
    store.send(&["a", "b", "c"].map(envelope)).await.unwrap();
    let mut other = Other::start("hold", dir);
    assert_eq!(other.hear().as_deref(), Some("open"));
    assert_eq!(other.hear().as_deref(), Some("holding 3"));
    assert_eq!(store.reclaim_dead(at(1)).await.unwrap(), Reclaimed::default(), "it lives");
    assert!(store.receive(10, HOUR, at(1)).await.unwrap().is_empty());
    other.kill();
    store
}

async fn assert_all_is_free(store: &Store, seconds: i64) {
    let received = store.receive(10, HOUR, at(seconds)).await.unwrap();
    let counts: Vec<u32> = received.iter().map(|message| message.receive_count).collect();
    assert_eq!(counts, [2, 2, 2], "the receive that ended with the process stays counted");
    assert_eq!(stored(store, &key(1)).await, Some(claim(2, None)), "all but the lease is kept");
}

fn workers(dir: &Path) -> usize {
    std::fs::read_dir(dir.join("workers")).unwrap().count()
}

#[tokio::test]
async fn a_neighbour_takes_over_at_once_from_a_killed_process() {
    let dir = tempfile::tempdir().unwrap();
    let store = killed_with_work_in_hand(dir.path()).await;
    assert_eq!(workers(dir.path()), 2);
    assert_eq!(store.reclaim_dead(at(2)).await.unwrap(), Reclaimed { claims: 1, messages: 3 });
    assert_eq!(workers(dir.path()), 1, "it is not found again");
    assert_eq!(store.reclaim_dead(at(3)).await.unwrap(), Reclaimed::default());
    assert_all_is_free(&store, 2).await;
}

#[tokio::test]
async fn the_next_start_goes_on_at_once_after_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    drop(killed_with_work_in_hand(dir.path()).await);
    let store = Store::open(dir.path(), clock).unwrap();
    assert_eq!(workers(dir.path()), 1);
    assert_all_is_free(&store, 0).await;
}

#[tokio::test]
async fn a_ceiling_holds_over_processes_that_open_a_new_store_together() {
    let dir = tempfile::tempdir().unwrap();
    let others: Vec<Other> = (0..4).map(|_| Other::start("count", dir.path())).collect();
    let said: Vec<String> = others.into_iter().flat_map(Other::finish).collect();
    assert_eq!(said.iter().filter(|said| *said == "open").count(), 4);
    assert_eq!(said.iter().filter(|said| *said == "added").count(), 100);
    assert_eq!(workers(dir.path()), 0, "who ends in peace leaves nothing behind");
}

#[tokio::test]
async fn processes_share_the_messages_and_none_is_handed_out_twice() {
    let dir = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..200).map(|number| format!("m{number:03}")).collect();
    let store = Store::open(dir.path(), clock).unwrap();
    store.send(&names.iter().map(|name| envelope(name)).collect::<Vec<_>>()).await.unwrap();
    let others: Vec<Other> = (0..3).map(|_| Other::start("work", dir.path())).collect();
    let mut worked: Vec<String> =
        others.into_iter().flat_map(Other::finish).filter(|said| said != "open").collect();
    worked.sort();
    assert_eq!(worked, names);
    assert_eq!(store.next_visible().await.unwrap(), None);
}
