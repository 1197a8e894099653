//! Pacing and retries, through the door: a server that counts calls in windows of its own, and clients that share
//! one book or fail.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use procore::{BookError, Call, Class, CompanyId, Error, PaceBook, Procore, Windows, Written};
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::stand_in::{answer, api_requests, client, ok, server, settings};

/// A store as several processes would share it.
#[derive(Default)]
struct SharedBook(Mutex<Option<Written>>);

impl PaceBook for SharedBook {
    fn read(&self, _: CompanyId) -> BoxFuture<'_, Result<Written, BookError>> {
        Box::pin(async {
            tokio::task::yield_now().await; // so that others come in between
            Ok(self.0.lock().unwrap().clone().unwrap_or(Written { version: 0, text: String::new() }))
        })
    }

    fn swap(&self, _: CompanyId, version: u64, text: String) -> BoxFuture<'_, Result<bool, BookError>> {
        Box::pin(async move {
            let mut written = self.0.lock().unwrap();
            let fits = written.as_ref().map_or(0, |written| written.version) == version;
            if fits {
                *written = Some(Written { version: version + 1, text });
            }
            Ok(fits)
        })
    }
}

/// A book whose store is down.
struct TornBook;

impl PaceBook for TornBook {
    fn read(&self, _: CompanyId) -> BoxFuture<'_, Result<Written, BookError>> {
        Box::pin(async { Err(BookError("the table is gone".into())) })
    }

    fn swap(&self, _: CompanyId, _: u64, _: String) -> BoxFuture<'_, Result<bool, BookError>> {
        Box::pin(async { Ok(false) })
    }
}

fn sharing(
    server: &MockServer,
    book: &Arc<SharedBook>,
    windows: Windows,
    clock: fn() -> Timestamp,
) -> Procore {
    let mut settings = settings(&server.uri());
    settings.pace_book = Some(Arc::clone(book) as Arc<dyn PaceBook>);
    settings.windows = windows;
    settings.clock = clock;
    Procore::new(settings).unwrap()
}

/// Answers `GET /rest/x` within a limit per window, as Procore's documents say: the window begins with its first call.
/// Returns how many were refused.
async fn counting(server: &MockServer, limit: u32, window: Duration) -> Arc<AtomicU32> {
    let refused = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&refused);
    let state = Mutex::new((Instant::now() - window, 0_u32));
    Mock::given(method("GET"))
        .and(path("/rest/x"))
        .respond_with(move |_: &Request| {
            let mut state = state.lock().unwrap();
            if state.0.elapsed() >= window {
                *state = (Instant::now(), 0);
            }
            state.1 += 1;
            let left = limit.saturating_sub(state.1);
            let reset = Timestamp::now()
                + SignedDuration::try_from(window.saturating_sub(state.0.elapsed())).unwrap();
            let over = state.1 > limit;
            count.fetch_add(u32::from(over), Ordering::SeqCst);
            let status = if over { 429 } else { 200 };
            ResponseTemplate::new(status)
                .set_body_json(json!(1))
                .insert_header("X-Rate-Limit-Limit", limit.to_string())
                .insert_header("X-Rate-Limit-Remaining", left.to_string())
                .insert_header("X-Rate-Limit-Reset", (reset.as_second() + 1).to_string())
        })
        .mount(server)
        .await;
    refused
}

/// Headers of a quota that is all but spent.
fn one_left(reset_in_s: i64) -> ResponseTemplate {
    ok(json!(1))
        .insert_header("X-Rate-Limit-Limit", "20")
        .insert_header("X-Rate-Limit-Remaining", "1")
        .insert_header("X-Rate-Limit-Reset", (Timestamp::now().as_second() + reset_in_s).to_string())
}

fn ahead() -> Timestamp {
    Timestamp::now() + SignedDuration::from_mins(2)
}

fn behind() -> Timestamp {
    Timestamp::now() - SignedDuration::from_mins(2)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_whose_clocks_disagree_keep_to_one_quota_and_use_it() {
    let (server, book) = (server().await, Arc::default());
    let window = Duration::from_secs(1);
    let refused = counting(&server, 10, window).await;
    let windows = Windows { spike: window, hour: Duration::from_secs(3600) };
    let clients = [ahead as fn() -> Timestamp, behind, Timestamp::now]
        .map(|clock| sharing(&server, &book, windows, clock));
    // Each has heard one answer before the race, as every process has after its first call.
    for client in &clients {
        client.send(Call::get("/rest/x")).await.unwrap();
    }
    let began = Instant::now();
    let calls = (0..42).map(|number| {
        let client = clients[number % 3].posting();
        async move { client.send(Call::get("/rest/x")).await.map(|_| ()) }
    });
    for end in futures::future::join_all(calls).await {
        end.unwrap();
    }
    let took = began.elapsed();
    assert_eq!(refused.load(Ordering::SeqCst), 0);
    assert!(api_requests(&server).await.len() >= 45);
    // A clock that is off is known to a second at first, which is the whole window here: half the pace at worst.
    assert!(took < window * 12, "{took:?}");
}

#[tokio::test]
async fn a_wait_beyond_the_callers_end_is_told_exactly_and_nothing_is_sent() {
    let server = server().await;
    answer(&server, "GET", "/rest/x", one_left(40)).await;
    let procore = client(&server.uri());
    procore.send(Call::get("/rest/x")).await.unwrap();
    // Nineteen were used by somebody else, one by us; the last is kept for posting.
    let patient = procore.until(Timestamp::now() + SignedDuration::from_secs(20));
    let error = patient.send(Call::get("/rest/x")).await.unwrap_err();
    let Class::Paced { after } = error.class() else { panic!("{error}") };
    assert!(after > Duration::from_secs(38) && after <= Duration::from_secs(100), "{after:?}");
    let told =
        format!("Procore's call limits are reached: the next call can be made in {} ms", after.as_millis());
    assert_eq!(error.to_string(), told);
    assert_eq!(api_requests(&server).await.len(), 1, "nothing was sent");
    assert_eq!(patient.calls(), 1);
    patient.posting().send(Call::get("/rest/x")).await.unwrap();
    assert_eq!(api_requests(&server).await.len(), 2, "posting may use what is kept");
}

#[tokio::test]
async fn silence_asked_of_one_client_is_kept_by_all() {
    let (server, book) = (server().await, Arc::default());
    let busy = ResponseTemplate::new(429)
        .insert_header("Retry-After", "30")
        .insert_header("X-Rate-Limit-Reset", (Timestamp::now().as_second() + 90).to_string());
    answer(&server, "GET", "/rest/busy", busy).await;
    answer(&server, "GET", "/rest/x", ok(json!(1))).await;
    let [one, other] = [(); 2].map(|()| sharing(&server, &book, Windows::default(), Timestamp::now));
    let soon = Timestamp::now() + SignedDuration::from_secs(5);
    one.until(soon).send(Call::get("/rest/busy")).await.unwrap_err();
    let error = other.until(soon).send(Call::get("/rest/x")).await.unwrap_err();
    let Error::NoPermit { after } = error else { panic!("{error}") };
    assert!(
        after > Duration::from_secs(80) && after <= Duration::from_secs(91),
        "the later of the two: {after:?}"
    );
    assert_eq!(api_requests(&server).await.len(), 1);
}

#[tokio::test]
async fn a_reading_that_fails_in_passing_is_tried_again_and_a_write_is_not() {
    for status in [408, 500, 502, 503, 504] {
        let server = server().await;
        Mock::given(path("/rest/v1.0/me"))
            .respond_with(ResponseTemplate::new(status))
            .up_to_n_times(2)
            .mount(&server)
            .await;
        answer(&server, "GET", "/rest/v1.0/me", ok(json!({"id": 7, "name": "n"}))).await;
        assert_eq!(client(&server.uri()).me().await.unwrap().id.get(), 7, "{status}");
        assert_eq!(api_requests(&server).await.len(), 3, "{status}");

        server.reset().await;
        crate::stand_in::tokens(&server, 5400).await;
        answer(&server, "GET", "/rest/v1.0/me", ResponseTemplate::new(status)).await;
        let error = client(&server.uri()).me().await.unwrap_err();
        assert_eq!(error.status(), Some(status));
        assert_eq!(api_requests(&server).await.len(), 4, "{status}: one try and three more");
    }
}

#[tokio::test]
async fn no_try_begins_after_the_callers_end() {
    let server = server().await;
    answer(&server, "GET", "/rest/v1.0/me", ResponseTemplate::new(502)).await;
    let mut settings = settings(&server.uri());
    settings.first_retry_pause = Duration::from_secs(20);
    let procore = Procore::new(settings).unwrap();
    let began = Instant::now();
    let error = procore.until(Timestamp::now() + SignedDuration::from_secs(15)).me().await.unwrap_err();
    assert_eq!(error.status(), Some(502));
    assert!(began.elapsed() < Duration::from_secs(10), "it did not wait for a try it could not make");
    assert_eq!(api_requests(&server).await.len(), 1);
}

#[tokio::test]
async fn without_the_book_no_call_is_made() {
    let server = server().await;
    answer(&server, "GET", "/rest/x", ok(json!(1))).await;
    let mut settings = settings(&server.uri());
    settings.pace_book = Some(Arc::new(TornBook));
    let error = Procore::new(settings).unwrap().send(Call::get("/rest/x")).await.unwrap_err();
    assert_eq!(error.class(), Class::Retry { after: None });
    assert_eq!(error.to_string(), "the pace book failed: the table is gone");
    assert_eq!(api_requests(&server).await.len(), 0);
}
