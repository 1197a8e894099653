//! Tokens, the company header and the project in the path.

use reqwest::Method;
use sandbox::Options;
use serde_json::json;

use crate::world::{World, body, credentials, deliberate};

#[tokio::test]
async fn a_token_is_given_for_json_and_for_a_form_and_for_nothing_else() {
    let world = World::demo().await;
    let by_json = world.http.post(world.url("oauth/token")).json(&credentials()).send().await.unwrap();
    let by_json = body(by_json).await;
    assert_eq!(by_json["expires_in"], 5400);
    assert_eq!(by_json["token_type"], "bearer");

    let by_form = world.http.post(world.url("oauth/token")).form(&credentials()).send().await.unwrap();
    assert_eq!(by_form.status(), 200);
    assert_ne!(body(by_form).await["access_token"], by_json["access_token"]);

    let wrong = |field: &str, value: &str| {
        let mut wrong = credentials();
        wrong[field] = json!(value);
        world.http.post(world.url("oauth/token")).json(&wrong)
    };
    for (field, request, status) in [
        ("client_secret", wrong("client_secret", "guess"), 401),
        ("grant_type", deliberate(wrong("grant_type", "password"), "a grant nobody has"), 400),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{field}");
    }
}

#[tokio::test]
async fn a_call_needs_a_live_token() {
    let world = World::demo().await;
    assert_eq!(body(world.get("rest/v1.0/me").await).await["id"], 990_001);

    let none = world.http.get(world.url("rest/v1.0/me")).header("Procore-Company-Id", "8001");
    let none = deliberate(none, "no token").send().await.unwrap();
    assert_eq!(none.status(), 401);
    assert_eq!(body(none).await["code"], 401);

    world.sandbox.revoke_tokens();
    assert_eq!(world.get("rest/v1.0/me").await.status(), 401);
    let seen: Vec<String> = world
        .sandbox
        .requests()
        .into_iter()
        .map(|request| request.headers["authorization"].clone())
        .collect();
    assert_eq!(seen, ["bearer none", "bearer ok", "bearer none", "bearer wrong"]);
}

#[tokio::test]
async fn an_expired_token_is_refused() {
    let world = World::with(Options { token_life_s: 0, ..Options::demo() }).await;
    assert_eq!(world.get("rest/v1.0/me").await.status(), 401);
}

#[tokio::test]
async fn company_and_project_are_checked() {
    let world = World::demo().await;
    let token = world.new_token().await;
    let bare = world.http.get(world.url("rest/v1.0/me")).bearer_auth(&token);
    let missing = bare.try_clone().unwrap().send().await.unwrap();
    assert_eq!(missing.status(), 400);
    assert!(missing.text().await.unwrap().starts_with("Missing Procore-Company-Id header!"));
    let other = bare.header("Procore-Company-Id", "8002").send().await.unwrap();
    assert_eq!(other.status(), 403);

    for (path, status) in [
        ("rest/v1.0/projects/4071/rfis", 200),
        ("rest/v1.0/projects/4072/rfis", 403),
        ("rest/v1.0/projects/4099/rfis", 404),
        ("rest/v2.1/companies/8002/projects/4071/specification_sections", 403),
        ("rest/v1.0/projects/4071?company_id=8001", 200),
        ("rest/v1.0/projects/4071/submittals", 404),
    ] {
        assert_eq!(world.get(path).await.status(), status, "{path}");
    }
    let unnamed = world.request(Method::GET, "rest/v1.0/projects/4071");
    assert_eq!(deliberate(unnamed, "no company in the query").send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_write_the_stand_in_does_not_know_is_refused_and_recorded() {
    let world = World::demo().await;
    let rfi = format!("rest/v1.0/projects/4071/rfis/{}", world.rfi_id(41));
    let advance = rfi.replace("v1.0", "v1.1") + "/advance_ball_in_court";
    for (method, path) in [
        (Method::DELETE, rfi.as_str()),
        (Method::PATCH, advance.as_str()),
        (Method::POST, "rest/v1.0/projects/4071/notes_logs"),
        (Method::POST, "rest/v1.0/project/4071/email_communications"),
    ] {
        let answer = world.request(method.clone(), path).json(&json!({}));
        let answer = deliberate(answer, "a write nobody may make").send().await.unwrap();
        assert_eq!(answer.status(), 404, "{method} {path}");
        let last = world.sandbox.requests().pop().unwrap();
        assert_eq!((last.method.as_str(), last.status), (method.as_str(), 404));
        assert_eq!(last.path, format!("/{path}"));
    }
}

#[tokio::test]
async fn the_journal_holds_neither_token_nor_secret() {
    let world = World::demo().await;
    world.get("rest/v1.0/me").await;
    let journal = format!("{:?}", world.sandbox.requests());
    assert!(journal.contains("/rest/v1.0/me") && journal.contains("sandbox-client-id"));
    assert!(!journal.contains("sandbox-client-secret"));
    assert!(!journal.contains("sandbox-token-"));
}
