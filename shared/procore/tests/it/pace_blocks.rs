//! What pacing asks of the shared book, through the door: calls granted ahead of need, ends told together, and what is
//! handed back.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use futures::future::{BoxFuture, join_all};
use jiff::{SignedDuration, Timestamp};
use procore::{BookError, Call, CompanyId, Error, PaceBook, Procore, Written};
use serde_json::json;
use wiremock::{MockServer, ResponseTemplate};

use crate::stand_in::{answer, api_requests, ok, server, settings};

/// Far from the time of the answers' `Date`, which so is no clock to learn from.
const NOON_S: i64 = 4_000_000_000;
/// Calls in ten seconds. Half of it is more than a block.
const SPIKE: u32 = 40;
/// Of these, one in twenty is kept for posting.
const READINGS: u32 = SPIKE - SPIKE / 20;
/// Calls granted with one write.
const BLOCK: u32 = 8;

thread_local! {
    static NOW_MS: Cell<i64> = const { Cell::new(NOON_S * 1000) };
}

/// The time of a test, whose clients all run on its thread.
fn now() -> Timestamp {
    Timestamp::from_millisecond(NOW_MS.get()).unwrap()
}

fn pass(seconds: i64) {
    NOW_MS.set(NOW_MS.get() + seconds * 1000);
}

/// A book that counts what it is asked, and fails when it is told to.
#[derive(Default)]
struct Counted {
    written: Mutex<(u64, String)>,
    requests: AtomicU32,
    /// Fails to store.
    fails: AtomicBool,
    /// Stores, and fails to say so.
    silent: AtomicBool,
}

impl Counted {
    /// Requests since this was asked last.
    fn requests(&self) -> u32 {
        self.requests.swap(0, Ordering::SeqCst)
    }
}

impl PaceBook for Counted {
    fn read(&self, _: CompanyId) -> BoxFuture<'_, Result<Written, BookError>> {
        Box::pin(async {
            self.requests.fetch_add(1, Ordering::SeqCst);
            let (version, text) = self.written.lock().unwrap().clone();
            Ok(Written { version, text })
        })
    }

    fn swap(&self, _: CompanyId, version: u64, text: String) -> BoxFuture<'_, Result<bool, BookError>> {
        Box::pin(async move {
            self.requests.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await; // so that other tasks come in between
            if self.fails.load(Ordering::SeqCst) {
                return Err(BookError("the table is gone".into()));
            }
            let mut written = self.written.lock().unwrap();
            if written.0 != version {
                return Ok(false);
            }
            *written = (version + 1, text);
            if self.silent.load(Ordering::SeqCst) {
                return Err(BookError("no answer".into()));
            }
            Ok(true)
        })
    }
}

/// A company that nobody has called for a minute. Its short limit is known; its hourly one was never the nearer.
struct Idle {
    server: MockServer,
    book: Arc<Counted>,
}

impl Idle {
    async fn start() -> Idle {
        let idle = Idle { server: server().await, book: Arc::default() };
        let told = ok(json!(1))
            .insert_header("X-Rate-Limit-Limit", SPIKE.to_string())
            .insert_header("X-Rate-Limit-Remaining", (SPIKE - 1).to_string())
            .insert_header("X-Rate-Limit-Reset", (NOON_S + 9).to_string());
        answer(&idle.server, "GET", "/rest/x", told).await;
        read(&idle.process()).await.unwrap();
        pass(60);
        idle.book.requests();
        idle
    }

    fn process(&self) -> Procore {
        let mut settings = settings(&self.server.uri());
        settings.pace_book = Some(Arc::clone(&self.book) as Arc<dyn PaceBook>);
        settings.clock = now;
        Procore::new(settings).unwrap()
    }

    /// Calls that a new process can make at once.
    async fn room(&self) -> u32 {
        let process = self.process();
        let mut made = 0;
        while read(&process).await.is_ok() {
            made += 1;
        }
        made
    }
}

/// One reading, which does not wait.
async fn read(procore: &Procore) -> Result<(), Error> {
    procore.until(now()).send(Call::get("/rest/x")).await.map(|_| ())
}

async fn draft(procore: &Procore) {
    for _ in 0..5 {
        read(procore).await.unwrap();
    }
    for _ in 0..2 {
        read(&procore.posting()).await.unwrap();
    }
    procore.hand_back().await;
}

#[tokio::test]
async fn a_draft_of_seven_calls_asks_the_book_three_times_and_later_ones_twice() {
    let idle = Idle::start().await;
    let process = idle.process();
    for requests in [3, 2, 2] {
        draft(&process).await;
        assert_eq!(idle.book.requests(), requests);
        process.hand_back().await;
        assert_eq!(idle.book.requests(), 0, "there is nothing to tell");
        pass(60);
    }
    assert_eq!(api_requests(&idle.server).await.len(), 1 + 3 * 7);
    assert_eq!(idle.room().await, READINGS);
}

#[tokio::test]
async fn tasks_that_come_together_share_a_block() {
    let idle = Idle::start().await;
    let process = idle.process();
    for end in join_all((0..BLOCK).map(|_| read(&process))).await {
        end.unwrap();
    }
    assert_eq!(idle.book.requests(), 2, "one to read and one to write");
}

#[tokio::test]
async fn what_was_not_used_comes_back() {
    let idle = Idle::start().await;
    let process = idle.process();
    read(&process).await.unwrap();
    process.hand_back().await;
    assert_eq!(idle.room().await, READINGS - 1);
}

#[tokio::test]
async fn a_process_that_dies_with_a_block_only_delays_the_others() {
    let idle = Idle::start().await;
    read(&idle.process()).await.unwrap();
    assert_eq!(idle.room().await, READINGS - BLOCK);
    // Given up after ninety seconds, and counted for a window more.
    pass(90);
    assert_eq!(idle.room().await, READINGS - BLOCK);
    pass(11);
    assert_eq!(idle.room().await, READINGS);
}

#[tokio::test]
async fn what_was_granted_long_ago_is_not_used_but_given_back() {
    let idle = Idle::start().await;
    let process = idle.process();
    for (seconds, requests) in [(0, 2), (1, 0), (3, 1), (1, 0), (-2, 1)] {
        pass(seconds);
        read(&process).await.unwrap();
        assert_eq!(idle.book.requests(), requests, "{seconds} s later");
    }
    process.hand_back().await;
    assert_eq!(idle.room().await, READINGS - 5);
}

#[tokio::test]
async fn a_hold_is_told_at_once_and_ends_the_block() {
    let idle = Idle::start().await;
    let busy = ResponseTemplate::new(429).insert_header("Retry-After", "30");
    answer(&idle.server, "GET", "/rest/busy", busy).await;
    let (one, other) = (idle.process(), idle.process());
    read(&one).await.unwrap();
    let soon = now() + SignedDuration::from_secs(5);
    one.until(soon).send(Call::get("/rest/busy")).await.unwrap_err();
    let sent = api_requests(&idle.server).await.len();
    for process in [&other, &one] {
        let error = read(process).await.unwrap_err();
        let Error::NoPermit { after } = error else { panic!("{error}") };
        assert_eq!(after.as_secs(), 30);
    }
    assert_eq!(api_requests(&idle.server).await.len(), sent);
    pass(30);
    assert_eq!(idle.room().await, READINGS, "nothing is on its way any more");
}

#[tokio::test]
async fn above_half_of_a_window_every_call_is_asked_for_and_noted() {
    let idle = Idle::start().await;
    let process = idle.process();
    for _ in 0..SPIKE / 2 - 1 {
        read(&process).await.unwrap();
    }
    // One to read, and one for each of three blocks: eight, eight, and three.
    assert_eq!(idle.book.requests(), 4);
    for _ in SPIKE / 2 - 1..READINGS {
        read(&process).await.unwrap();
        assert_eq!(idle.book.requests(), 2);
    }
    assert!(matches!(read(&process).await, Err(Error::NoPermit { .. })));
}

#[tokio::test]
async fn whoever_is_not_alone_looks_first_and_a_wait_is_believed_only_of_what_was_just_read() {
    let idle = Idle::start().await;
    let (one, other) = (idle.process(), idle.process());
    read(&one).await.unwrap();
    for (others, requests) in [(true, 3), (true, 2), (true, 2), (false, 2), (false, 1), (true, 3)] {
        if others {
            draft(&other).await;
        }
        pass(60); // what was granted ahead is stale, so the account is asked
        idle.book.requests();
        read(&one).await.unwrap();
        assert_eq!(idle.book.requests(), requests, "others: {others}");
    }
    one.hand_back().await;
    pass(60);
    // The other holds a block while the rest is used; then it gives it back.
    read(&other).await.unwrap();
    while read(&one).await.is_ok() {}
    other.hand_back().await;
    for _ in 1..BLOCK {
        read(&one).await.unwrap();
    }
    assert!(read(&one).await.is_err());
}

#[tokio::test]
async fn what_the_book_may_have_is_not_told_twice() {
    for (stored, room) in [(true, READINGS - 1), (false, READINGS - BLOCK)] {
        let idle = Idle::start().await;
        let process = idle.process();
        read(&process).await.unwrap();
        let fault = if stored { &idle.book.silent } else { &idle.book.fails };
        fault.store(true, Ordering::SeqCst);
        process.hand_back().await;
        fault.store(false, Ordering::SeqCst);
        idle.book.requests();
        process.hand_back().await;
        assert_eq!(idle.book.requests(), 0, "stored: {stored}");
        assert_eq!(idle.room().await, room, "stored: {stored}");
    }
}
