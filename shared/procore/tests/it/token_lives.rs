//! Tokens over their lives, in virtual time: one request for each life, whatever the server's clock says, and
//! however a token ends one new one and no loop.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use procore::{Class, Error, Procore};
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::drafts::create;
use crate::stand_in::{SECRET, TOKEN, answer, api_requests, client, header, ok, token_requests};

const ME: &str = "/rest/v1.0/me";
const CALLERS: usize = 32;
/// Long enough that callers who come together are together.
const TOGETHER: Duration = Duration::from_millis(50);
const DAY_S: i64 = 24 * 3600;

/// A Procore whose tokens are as told; it takes the one numbered `good` and all after it, and refuses others.
async fn procore_of(token: Value, date: Option<String>, good: Arc<AtomicUsize>) -> (MockServer, Procore) {
    let server = MockServer::start().await;
    let issued = AtomicUsize::new(0);
    let grant = move |_: &Request| {
        let number = issued.fetch_add(1, Ordering::SeqCst) + 1;
        let mut token = token.clone();
        token["access_token"] = format!("{TOKEN}-{number}").into();
        let answer = ok(token).set_delay(TOGETHER);
        date.iter().fold(answer, |answer, date| answer.insert_header("date", date.as_str()))
    };
    Mock::given(method("POST")).and(path("/oauth/token")).respond_with(grant).mount(&server).await;
    let me = move |request: &Request| {
        let number = header(request, "authorization").unwrap().rsplit('-').next().unwrap().parse::<usize>();
        let status = if number.unwrap() >= good.load(Ordering::SeqCst) { 200 } else { 401 };
        let me = json!({"id": 990001, "name": "Plumbline"});
        ResponseTemplate::new(status).set_body_json(me)
    };
    Mock::given(path(ME)).respond_with(me).mount(&server).await;
    let procore = client(&server.uri());
    (server, procore)
}

/// From its first token on, the server takes any.
fn any_token() -> Arc<AtomicUsize> {
    Arc::new(AtomicUsize::new(0))
}

/// As Procore documents it.
fn documented() -> Value {
    json!({"token_type": "bearer", "expires_in": 5400, "created_at": jiff::Timestamp::now().as_second()})
}

/// This many callers at once; how each of them ended.
async fn at_once(procore: &Procore, callers: usize) -> Vec<Result<i64, Error>> {
    let asked: Vec<_> = (0..callers)
        .map(|_| {
            let procore = procore.clone();
            tokio::spawn(async move { procore.me().await.map(|me| me.id.get()) })
        })
        .collect();
    futures::future::join_all(asked).await.into_iter().map(Result::unwrap).collect()
}

async fn pass(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

/// Callers together at the start, each second before a renewal is due, and after it, over three lives.
async fn one_request_for_each_life(token: Value, date: Option<String>, renewed_after_s: u64) {
    let (server, procore) = procore_of(token, date, any_token()).await;
    for life in 1..=3 {
        for result in at_once(&procore, CALLERS).await {
            assert_eq!(result.unwrap(), 990_001);
        }
        assert_eq!(token_requests(&server).await, life, "at the start of life {life}");
        // The tests' own time goes on too, so not to the second.
        pass(renewed_after_s - 30).await;
        at_once(&procore, 2).await;
        assert_eq!(token_requests(&server).await, life, "shortly before life {life} ends");
        pass(31).await;
    }
    let refused = api_requests(&server).await.len() - 3 * (CALLERS + 2);
    assert_eq!(refused, 0, "no call was made twice");
}

#[tokio::test]
async fn two_workers_over_four_lives_make_four_token_requests() {
    let (server, procore) = procore_of(documented(), None, any_token()).await;
    let workers = [procore.clone(), procore];
    // Renewal comes five minutes before the end: at 5100 s, which is between two steps.
    for step in 0..4 * 26 {
        let (one, other) = tokio::join!(workers[0].me(), workers[1].me());
        assert!(one.is_ok() && other.is_ok(), "step {step}: {one:?} {other:?}");
        assert_eq!(token_requests(&server).await, 1 + step / 26, "step {step}");
        pass(200).await;
    }
    assert_eq!(api_requests(&server).await.len(), 2 * 4 * 26);
}

#[tokio::test]
async fn a_documented_token_is_asked_for_once_a_life() {
    one_request_for_each_life(documented(), None, 5100).await;
}

/// The server's clock is this much ahead of ours (behind, if negative): `created_at` and `Date` both say so.
async fn with_a_clock_that_is_off_by(seconds: i64) {
    let theirs = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
    let mut token = documented();
    token["created_at"] = theirs.as_second().into();
    let date = theirs.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    one_request_for_each_life(token, Some(date), 5100).await;
}

#[tokio::test]
async fn a_clock_two_minutes_ahead_costs_no_token() {
    with_a_clock_that_is_off_by(120).await;
}

#[tokio::test]
async fn a_clock_two_minutes_behind_costs_no_token() {
    with_a_clock_that_is_off_by(-120).await;
}

#[tokio::test]
async fn a_clock_a_day_ahead_costs_no_token() {
    with_a_clock_that_is_off_by(DAY_S).await;
}

#[tokio::test]
async fn a_clock_a_day_behind_costs_no_token() {
    with_a_clock_that_is_off_by(-DAY_S).await;
}

#[tokio::test]
async fn a_life_that_is_negative_counts_as_unstated() {
    one_request_for_each_life(json!({"expires_in": -1}), None, 480).await;
}

#[tokio::test]
async fn a_life_that_is_absent_counts_as_unstated() {
    one_request_for_each_life(json!({"token_type": "bearer"}), None, 480).await;
}

#[tokio::test]
async fn a_life_that_is_huge_is_a_day() {
    one_request_for_each_life(json!({"expires_in": u64::MAX}), None, 86_100).await;
}

#[tokio::test]
async fn a_life_of_nothing_is_one_token_for_those_who_come_together() {
    let (server, procore) = procore_of(json!({"expires_in": 0}), None, any_token()).await;
    for round in 1..=3 {
        for result in at_once(&procore, CALLERS).await {
            assert_eq!(result.unwrap(), 990_001);
        }
        assert_eq!(token_requests(&server).await, round);
    }
    assert_eq!(api_requests(&server).await.len(), 3 * CALLERS);
}

#[tokio::test]
async fn a_token_that_expired_unseen_is_replaced_once_for_all() {
    let good = any_token();
    let (server, procore) = procore_of(documented(), None, Arc::clone(&good)).await;
    procore.me().await.unwrap();
    // We still hold it for good; the server ended it early.
    pass(4000).await;
    good.store(2, Ordering::SeqCst);
    for result in at_once(&procore, CALLERS).await {
        assert_eq!(result.unwrap(), 990_001);
    }
    assert_eq!(token_requests(&server).await, 2);
    assert_eq!(
        api_requests(&server).await.len(),
        1 + 2 * CALLERS,
        "each call was refused once and repeated once"
    );
    at_once(&procore, CALLERS).await;
    assert_eq!(token_requests(&server).await, 2, "the new one is kept");
}

#[tokio::test]
async fn a_token_revoked_again_and_again_costs_one_request_each_time() {
    let good = any_token();
    let (server, procore) = procore_of(documented(), None, Arc::clone(&good)).await;
    for revoked in 0..4 {
        good.store(revoked + 1, Ordering::SeqCst);
        for result in at_once(&procore, CALLERS).await {
            assert_eq!(result.unwrap(), 990_001);
        }
        assert_eq!(token_requests(&server).await, revoked + 1);
    }
}

#[tokio::test]
async fn when_every_token_is_refused_nobody_asks_for_a_third() {
    let never = Arc::new(AtomicUsize::new(usize::MAX));
    let (server, procore) = procore_of(documented(), None, never).await;
    for result in at_once(&procore, CALLERS).await {
        let error = result.unwrap_err();
        assert_eq!(error.class(), Class::Retry { after: Some(Duration::from_secs(60)) });
        assert_eq!(
            error.to_string(),
            "Procore refused a token fresh from these credentials (status 401): check that the client id and secret \
             belong to this environment and are current, and that the app is still installed in the company"
        );
    }
    assert_eq!(token_requests(&server).await, 2);
    assert_eq!(api_requests(&server).await.len(), 2 * CALLERS);
}

#[tokio::test]
async fn what_the_token_endpoint_answers_has_a_class_and_a_message() {
    const CHECK: &str = "check that the client id and secret belong to this environment and are current, and that \
                         the app is still installed in the company";
    let refused = |with: &str| format!("Procore refused the client credentials (status {with}): {CHECK}");
    let answered = |with: &str| format!("POST /oauth/token was answered with status {with}");
    let unreadable =
        || "the answer to POST /oauth/token cannot be read: expected an object with access_token".to_owned();
    let come_back = Class::Retry { after: Some(Duration::from_secs(60)) };
    let at_the_headers = Class::Retry { after: Some(Duration::from_secs(11)) };
    let oauth = r#"{"error": "invalid_client", "error_description": "Dana Whitlock's app is gone"}"#;
    let page = "<html><title>Dana Whitlock</title>s3cret-of-the-app</html>";
    let denied = " (project not permitted, tool disabled or permission missing)";
    for (status, body, class, message) in [
        (400, oauth, come_back, refused("400, code invalid_client")),
        (401, oauth, come_back, refused("401, code invalid_client")),
        (403, oauth, come_back, refused(&format!("403, code invalid_client{denied}"))),
        (401, page, come_back, refused("401")),
        (404, page, Class::NotFound, answered("404 (missing, or not visible to the service account)")),
        (429, oauth, Class::Paced { after: Duration::from_secs(11) }, answered("429, code invalid_client")),
        (500, page, Class::Retry { after: None }, answered("500")),
        (502, page, Class::Retry { after: None }, answered("502")),
        (503, page, at_the_headers, answered("503")),
        (200, page, Class::Permanent, unreadable()),
        (200, "", Class::Permanent, unreadable()),
        (200, r#"{"access_token": null}"#, Class::Permanent, unreadable()),
        (200, r#"{"access_token": "two\nlines Dana Whitlock"}"#, Class::Permanent, unreadable()),
        (
            302,
            "",
            Class::Permanent,
            "POST /oauth/token was redirected, and that redirect is not followed: credentials are sent to one \
             address only"
                .to_owned(),
        ),
    ] {
        let server = MockServer::start().await;
        let response = ResponseTemplate::new(status)
            .set_body_string(body)
            .insert_header("retry-after", "11")
            .insert_header("location", format!("{}/elsewhere", server.uri()));
        answer(&server, "POST", "/oauth/token", response).await;
        let procore = client(&server.uri());
        for error in [procore.me().await.unwrap_err(), create(&procore).await.unwrap_err()] {
            assert_eq!((error.class(), error.to_string()), (class, message.clone()), "{status} {body}");
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("Whitlock") && !shown.contains(SECRET), "{shown}");
        }
        let all = server.received_requests().await.unwrap();
        assert_eq!(all.len(), 2, "{status}: one request for each call, to the token endpoint alone");
    }
}
