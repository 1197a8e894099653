//! The one door: headers, classes of error, redirects, pages, counters, the rate limit.

use std::io::Write;
use std::time::Duration;

use procore::{Call, Class, Error, Procore, RateLimit};
use serde_json::{Value, json};
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::drafts::create;
use crate::stand_in::{answer, api_requests, client, header, ok, rude_server, server, settings};

const LIST: &str = "/rest/v1.0/list";

async fn page(server: &MockServer, number: u32, response: ResponseTemplate) {
    Mock::given(method("GET"))
        .and(path(LIST))
        .and(query_param("page", number.to_string()))
        .respond_with(response)
        .mount(server)
        .await;
}

async fn all(procore: &Procore) -> Result<Vec<i64>, Error> {
    procore.pages(Call::get(LIST).query("filters[status][]", "open"), None).await
}

#[tokio::test]
async fn a_call_carries_the_company_and_its_query() {
    let server = server().await;
    answer(&server, "GET", "/rest/v1.0/projects/1/x", ok(json!({"a": 1}))).await;
    let call = Call::get("/rest/v1.0/projects/1/x").query("filters[id][]", 4).query("filters[id][]", 5);
    let reply = client(&server.uri()).send(call).await.unwrap();
    assert_eq!((reply.status(), reply.json::<Value>().unwrap()), (200, json!({"a": 1})));
    let requests = api_requests(&server).await;
    assert_eq!(header(&requests[0], "procore-company-id"), Some("8001"));
    assert_eq!(requests[0].url.query(), Some("filters%5Bid%5D%5B%5D=4&filters%5Bid%5D%5B%5D=5"));
}

#[tokio::test]
async fn a_redirect_of_the_api_is_not_followed() {
    let (server, other) = (server().await, MockServer::start().await);
    for status in [301, 302, 303, 307, 308] {
        let away = ResponseTemplate::new(status).insert_header("location", other.uri());
        answer(&server, "GET", &format!("/rest/{status}"), away).await;
        let error = client(&server.uri()).send(Call::get(format!("/rest/{status}"))).await.unwrap_err();
        assert!(matches!(error, Error::Redirect { .. }), "{status}: {error:?}");
        assert_eq!(error.class(), Class::Permanent);
    }
    assert_eq!(other.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn the_rate_limit_is_read_on_every_answer_even_a_refusal() {
    let server = server().await;
    for (at, status, remaining) in [("/rest/a", 200, 24), ("/rest/b", 429, 0)] {
        let response = ResponseTemplate::new(status)
            .insert_header("X-Rate-Limit-Limit", "25")
            .insert_header("X-Rate-Limit-Remaining", remaining.to_string())
            .insert_header("X-Rate-Limit-Reset", "1780000000")
            .insert_header("Retry-After", "11");
        answer(&server, "GET", at, response).await;
    }
    answer(&server, "GET", "/rest/c", ok(json!(1))).await;
    let procore = client(&server.uri());
    assert_eq!(procore.rate_limit(), None);
    let limit = |remaining| {
        Some(RateLimit {
            limit: 25,
            remaining,
            reset_at: jiff::Timestamp::from_second(1_780_000_000).unwrap(),
        })
    };
    procore.send(Call::get("/rest/a")).await.unwrap();
    assert_eq!(procore.rate_limit(), limit(24));
    procore.send(Call::get("/rest/c")).await.unwrap();
    assert_eq!(procore.rate_limit(), limit(24), "an answer without the headers changes nothing");
    let impatient = procore.until(jiff::Timestamp::now());
    let error = impatient.send(Call::get("/rest/b")).await.unwrap_err();
    assert_eq!(procore.clone().rate_limit(), limit(0));
    assert!(matches!(error.class(), Class::Paced { after } if after >= Duration::from_secs(11)), "{error}");
}

#[tokio::test]
async fn each_meter_counts_its_own_calls() {
    let server = server().await;
    answer(&server, "GET", "/rest/a", ok(json!(1))).await;
    let procore = client(&server.uri());
    let metered = procore.metered();
    metered.send(Call::get("/rest/a")).await.unwrap();
    metered.clone().send(Call::get("/rest/missing")).await.unwrap_err();
    assert_eq!((metered.calls(), procore.calls(), procore.metered().calls()), (2, 0, 0));
}

#[tokio::test]
async fn what_failed_without_an_answer_is_told_apart() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let resets = rude_server(|_| {});
    let broken_body = rude_server(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 900\r\n\r\n{\"id\":");
    });
    let not_json = rude_server(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno");
    });
    let now = Class::Retry { after: None };
    for (what, address, read, write) in [
        ("closed", closed, now, now),
        ("connection lost after the request", resets, now, Class::Ambiguous),
        ("connection lost within the answer", broken_body, now, Class::Ambiguous),
        ("answer cannot be read", not_json, Class::Permanent, Class::Ambiguous),
    ] {
        let procore = client(&format!("http://{address}"));
        assert_eq!(procore.me().await.unwrap_err().class(), read, "read, {what}");
        assert_eq!(create(&procore).await.unwrap_err().class(), write, "write, {what}");
    }
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_given_up() {
    let server = server().await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(600));
    Mock::given(path("/rest/v1.0/me")).respond_with(slow.clone()).mount(&server).await;
    Mock::given(method("POST")).respond_with(slow).mount(&server).await;
    let mut settings = settings(&server.uri());
    settings.attempt_timeout = Duration::from_millis(300);
    let procore = Procore::new(settings).unwrap();
    let (read, write) = (procore.me().await.unwrap_err(), create(&procore).await.unwrap_err());
    assert!(
        matches!(read, Error::Timeout { .. }) && matches!(write, Error::Timeout { .. }),
        "{read:?} {write:?}"
    );
    assert_eq!((read.class(), write.class()), (Class::Retry { after: None }, Class::Ambiguous));
}

#[tokio::test]
async fn pages_are_walked_by_link() {
    let server = server().await;
    let next = r#"<https://elsewhere.example/?page=2>; rel="next""#;
    page(&server, 1, ok(json!([1, 2])).insert_header("Link", next)).await;
    page(&server, 2, ok(json!({"data": [3, "odd"]})).insert_header("Link", next)).await;
    page(&server, 3, ok(json!([4])).insert_header("Link", r#"<https://a/?page=1>; rel="first""#)).await;
    assert_eq!(all(&client(&server.uri())).await.unwrap(), [1, 2, 3, 4]);
    let queries: Vec<_> =
        api_requests(&server).await.iter().map(|request| request.url.query().unwrap().to_owned()).collect();
    let expected = [1, 2, 3].map(|page| format!("filters%5Bstatus%5D%5B%5D=open&page={page}&per_page=100"));
    assert_eq!(queries, expected);
}

#[tokio::test]
async fn pages_are_walked_by_total_and_by_full_pages() {
    let server = server().await;
    let counted = |rows: Value| ok(rows).insert_header("Total", "3").insert_header("Per-Page", "2");
    page(&server, 1, counted(json!([1, 2]))).await;
    page(&server, 2, counted(json!([3]))).await;
    assert_eq!(all(&client(&server.uri())).await.unwrap(), [1, 2, 3]);

    server.reset().await;
    crate::stand_in::tokens(&server, 5400).await;
    page(&server, 1, ok(json!((0..100).collect::<Vec<i64>>()))).await;
    page(&server, 2, ok(json!([100]))).await;
    assert_eq!(all(&client(&server.uri())).await.unwrap().len(), 101);
    assert_eq!(api_requests(&server).await.len(), 2);
}

#[tokio::test]
async fn a_list_that_does_not_page_is_read_once() {
    let server = server().await;
    answer(&server, "GET", LIST, ok(json!((0..150).collect::<Vec<i64>>()))).await;
    assert_eq!(all(&client(&server.uri())).await.unwrap().len(), 150);
    assert_eq!(api_requests(&server).await.len(), 2, "the second is how it shows");
}

#[tokio::test]
async fn a_list_without_end_is_given_up_and_a_bounded_one_is_cut() {
    let server = server().await;
    let count = std::sync::atomic::AtomicI64::new(0);
    Mock::given(path(LIST))
        .respond_with(move |_: &wiremock::Request| {
            let first = 2 * count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            ok(json!([first, first + 1])).insert_header("Link", "<https://a/>; rel=next")
        })
        .mount(&server)
        .await;
    let procore = client(&server.uri()).metered();
    let cut: Vec<i64> = procore.pages(Call::get(LIST), Some(5)).await.unwrap();
    assert_eq!((cut, procore.calls()), (vec![0, 1, 2, 3, 4], 3));
    let procore = procore.metered();
    let error = all(&procore).await.unwrap_err();
    assert!(matches!(error, Error::TooManyPages { pages: 50, .. }), "{error:?}");
    assert_eq!((error.class(), procore.calls()), (Class::Permanent, 50));
}

#[tokio::test]
async fn a_refusal_keeps_codes_and_drops_texts() {
    let server = server().await;
    let body = json!({"error": {"code": "INVALID", "message": "Smith's leak",
        "details": [{"code": "blank", "message": "Smith", "source": "generic_tool_item.title"}]}});
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(422).set_body_json(body))
        .mount(&server)
        .await;
    let error = create(&client(&server.uri())).await.unwrap_err();
    assert_eq!(error.class(), Class::Permanent);
    assert_eq!(
        error.to_string(),
        "POST /rest/v1.0/projects/4071/generic_tools/77/generic_tool_items was answered with status 422, \
         code INVALID, fields generic_tool_item.title"
    );
    assert!(!format!("{error:?}").contains("Smith"));
}

#[tokio::test]
async fn an_answer_without_end_is_cut() {
    let endless = rude_server(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[");
        while stream.write_all(&[b' '; 65536]).is_ok() {}
    });
    let error = client(&format!("http://{endless}")).me().await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
}
