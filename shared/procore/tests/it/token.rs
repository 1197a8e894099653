//! One token for everybody, renewed in time, replaced once when refused.

use procore::{Call, Class, Error};
use wiremock::matchers::{header as has_header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::stand_in::{
    SECRET, TOKEN, answer, api_requests, client, header, ok, server, settings, token_requests, tokens,
};

const ME: &str = "/rest/v1.0/me";

fn me() -> serde_json::Value {
    serde_json::json!({"id": 990001, "name": "Plumbline", "login": null})
}

#[tokio::test]
async fn twenty_callers_at_once_share_one_token_request() {
    let server = server().await;
    answer(&server, "GET", ME, ok(me())).await;
    let procore = client(&server.uri());
    let callers: Vec<_> = (0..20)
        .map(|_| {
            let procore = procore.clone();
            tokio::spawn(async move { procore.me().await.map(|me| me.id.get()) })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap(), 990_001);
    }
    assert_eq!(token_requests(&server).await, 1);
    assert_eq!(api_requests(&server).await.len(), 20);
}

#[tokio::test]
async fn the_grant_is_a_form_with_the_credentials() {
    let server = server().await;
    answer(&server, "GET", ME, ok(me())).await;
    client(&server.uri()).me().await.unwrap();
    let all = server.received_requests().await.unwrap();
    let grant: Vec<_> = url::form_urlencoded::parse(&all[0].body).into_owned().collect();
    let expected =
        [("grant_type", "client_credentials"), ("client_id", "client-id"), ("client_secret", SECRET)];
    assert_eq!(grant, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    assert_eq!(all[0].url.query(), None);
    assert_eq!(header(&all[1], "authorization"), Some(&*format!("Bearer {TOKEN}-1")));
    assert_eq!(header(&all[1], "procore-company-id"), Some("8001"));
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_and_the_call_repeated() {
    let server = server().await;
    let first = format!("Bearer {TOKEN}-1");
    Mock::given(has_header("authorization", first.as_str()))
        .respond_with(ResponseTemplate::new(401))
        .mount(&server)
        .await;
    answer(&server, "GET", ME, ok(me())).await;
    let procore = client(&server.uri());
    assert_eq!(procore.me().await.unwrap().id.get(), 990_001);
    assert_eq!(token_requests(&server).await, 2);
    let shown: Vec<_> = api_requests(&server)
        .await
        .iter()
        .map(|request| header(request, "authorization").unwrap().to_owned())
        .collect();
    assert_eq!(shown, [format!("Bearer {TOKEN}-1"), format!("Bearer {TOKEN}-2")]);
    assert_eq!(procore.calls(), 2);
}

#[tokio::test]
async fn many_callers_refused_together_fetch_one_new_token() {
    let server = server().await;
    let first = format!("Bearer {TOKEN}-1");
    let slow = ResponseTemplate::new(401).set_delay(std::time::Duration::from_millis(50));
    Mock::given(has_header("authorization", first.as_str())).respond_with(slow).mount(&server).await;
    answer(&server, "GET", ME, ok(me())).await;
    let procore = client(&server.uri());
    let callers: Vec<_> = (0..10)
        .map(|_| {
            let procore = procore.clone();
            tokio::spawn(async move { procore.me().await.is_ok() })
        })
        .collect();
    for caller in callers {
        assert!(caller.await.unwrap());
    }
    assert_eq!(token_requests(&server).await, 2);
}

#[tokio::test]
async fn a_second_refusal_is_an_error_after_exactly_two_calls() {
    let server = server().await;
    answer(&server, "GET", ME, ResponseTemplate::new(401).set_body_string(r#"{"errors": "Smith"}"#)).await;
    let procore = client(&server.uri());
    let error = procore.me().await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
    assert!(matches!(error.class(), Class::Retry { after: Some(_) }));
    assert_eq!(error.status(), Some(401));
    assert_eq!(api_requests(&server).await.len(), 2);
    assert_eq!(token_requests(&server).await, 2);
}

#[tokio::test]
async fn refused_credentials_say_what_to_check_and_reach_no_api() {
    let server = MockServer::start().await;
    let refusal = r#"{"error": "invalid_client", "error_description": "Smith's app is gone"}"#;
    answer(&server, "POST", "/oauth/token", ResponseTemplate::new(401).set_body_string(refusal)).await;
    let error = client(&server.uri()).me().await.unwrap_err();
    let said = error.to_string();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
    assert!(said.contains("client id and secret") && said.contains("invalid_client"), "{said}");
    assert!(!said.contains("Smith") && !said.contains(SECRET), "{said}");
    assert_eq!(api_requests(&server).await.len(), 0);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let server = MockServer::start().await;
    tokens(&server, 0).await;
    answer(&server, "GET", ME, ok(me())).await;
    let procore = client(&server.uri());
    procore.me().await.unwrap();
    procore.me().await.unwrap();
    let shown: Vec<_> = api_requests(&server)
        .await
        .iter()
        .map(|request| header(request, "authorization").unwrap().to_owned())
        .collect();
    assert_eq!(shown, [format!("Bearer {TOKEN}-1"), format!("Bearer {TOKEN}-2")]);
}

#[tokio::test]
async fn a_login_host_that_is_down_is_retryable_even_for_a_write() {
    let server = MockServer::start().await;
    for (status, class) in [
        (500, Class::Retry { after: None }),
        (503, Class::Retry { after: Some(std::time::Duration::from_secs(7)) }),
    ] {
        server.reset().await;
        let down = ResponseTemplate::new(status).insert_header("retry-after", "7");
        answer(&server, "POST", "/oauth/token", down).await;
        let error = crate::drafts::create(&client(&server.uri())).await.unwrap_err();
        assert_eq!(error.class(), class, "{error}");
        assert_eq!(api_requests(&server).await.len(), 0);
    }
}

#[tokio::test]
async fn credentials_do_not_follow_a_redirect() {
    let server = MockServer::start().await;
    let other = server_without_tokens().await;
    let away = ResponseTemplate::new(307).insert_header("location", format!("{}/oauth/token", other.uri()));
    Mock::given(method("POST")).and(path("/oauth/token")).respond_with(away).mount(&server).await;
    let error = client(&server.uri()).send(Call::get(ME)).await.unwrap_err();
    assert!(matches!(error, Error::Redirect { .. }), "{error:?}");
    assert_eq!(other.received_requests().await.unwrap().len(), 0);
}

async fn server_without_tokens() -> MockServer {
    MockServer::start().await
}

#[tokio::test]
async fn settings_that_would_leak_or_cannot_work_are_refused() {
    for (base, id, secret, fine) in [
        ("https://api.procore.com", "id", "secret", true),
        ("http://127.0.0.1:9", "id", "secret", true),
        ("http://gateway.example", "id", "secret", false),
        ("https://api.procore.com", "", "secret", false),
        ("https://api.procore.com", "id", " ", false),
    ] {
        let mut settings = settings(base);
        settings.client_id = id.into();
        settings.client_secret = secret.into();
        let made = procore::Procore::new(settings);
        assert_eq!(made.is_ok(), fine, "{base} {id} {secret}");
    }
}
