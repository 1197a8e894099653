//! Every status times every shape of error body: the class, the words an operator reads, and nothing else.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use procore::{Call, Class, Error};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::drafts::create;
use crate::stand_in::{TOKEN, client, ok};

const READ: &str = "GET /rest/v1.0/projects/4071/rfis/17";
const WRITE: &str = "POST /rest/v1.0/projects/4071/generic_tools/77/generic_tool_items";

/// What a body may hold of people and of us. None of it may be said again.
const PERSONAL: [&str; 7] = ["Dana", "Whitlock", "northgate", "555", "eyJhbGciOi", "Bearer", "handrail"];

/// The five shapes of section 4 of the vendor's facts, and what may be taken out of each. Every place that can
/// hold a text holds a name, a login, a telephone number, a token or a sentence of the record.
const SHAPES: [(&str, &str, &str); 14] = [
    (
        "1: loose texts",
        r#"{"code": 4001, "message": "Dana Whitlock may not", "fields": "subject", "reason": "handrail at 555-0100",
            "error": "dana.whitlock@northgate.example"}"#,
        ", code 4001, fields subject",
    ),
    (
        "1: texts where codes belong",
        r#"{"code": "dana.whitlock@northgate.example", "message": "Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI1In0.c2ln",
            "fields": "Dana Whitlock", "error": "Dana Whitlock"}"#,
        "",
    ),
    ("1: a token for a code", r#"{"code": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI1In0.c2ln"}"#, ""),
    (
        "1: a surname for a field",
        r#"{"code": "Whitlock", "fields": ["Whitlock", "DanaW", "subject"]}"#,
        ", fields subject",
    ),
    (
        "1: as OAuth",
        r#"{"error": "invalid_grant", "error_description": "Dana Whitlock"}"#,
        ", code invalid_grant",
    ),
    ("2: a text", r#"{"errors": "Dana Whitlock: handrail, call 555-0100"}"#, ""),
    ("2: a list", r#"{"errors": ["dana.whitlock@northgate.example is not a member", "handrail"]}"#, ""),
    (
        "2: by field",
        r#"{"errors": {"title": ["Dana Whitlock is too long"], "due_date": "handrail", "custom_field_31": [],
            "dana.whitlock@northgate.example": ["is unknown"], "Dana Whitlock": ["is unknown"]}}"#,
        ", fields custom_field_31 due_date title",
    ),
    (
        "3: nested",
        r#"{"error": {"code": "VALIDATION_FAILED", "message": "Dana Whitlock", "details": [
            {"code": "blank", "message": "handrail", "source": "rfi.assignee_ids[]"},
            {"code": "Whitlock", "message": "Dana", "source": "dana.whitlock@northgate.example"}]}}"#,
        ", code VALIDATION_FAILED, fields rfi.assignee_ids[]",
    ),
    (
        "3: a token within",
        r#"{"error": {"code": "Bearer eyJhbGciOiJSUzI1NiJ9", "message": "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "details": "Dana"}}"#,
        "",
    ),
    (
        "4: base and fields",
        r#"{"base": ["Dana Whitlock handrail"], "fields": {"status": ["555-0100"], "Dana Whitlock": []}}"#,
        ", fields status",
    ),
    ("5: a gateway's page", "<html><h1>Dana Whitlock, Bearer eyJhbGciOiJSUzI1NiJ9</h1></html>", ""),
    ("5: plain text", "Missing Procore-Company-Id header! dana.whitlock@northgate.example", ""),
    ("5: nothing", "", ""),
];

/// How an answer with a status is told: a refusal, with a note behind it, or one of two other errors.
enum Told {
    Refused(&'static str),
    Redirected,
    OurToken,
}

const NOW: Class = Class::Retry { after: None };
const AT_THE_HEADERS: Class = Class::Retry { after: Some(Duration::from_secs(11)) };
const PACED: Class = Class::Paced { after: Duration::from_secs(11) };
const CREDENTIALS: Class = Class::Retry { after: Some(Duration::from_secs(60)) };

/// Each status: class of a read, class of a write, and how it is told.
const STATUSES: [(u16, Class, Class, Told); 22] = [
    (300, Class::Permanent, Class::Permanent, Told::Redirected),
    (301, Class::Permanent, Class::Permanent, Told::Redirected),
    (302, Class::Permanent, Class::Permanent, Told::Redirected),
    (303, Class::Permanent, Class::Permanent, Told::Redirected),
    (304, Class::Permanent, Class::Permanent, Told::Redirected),
    (307, Class::Permanent, Class::Permanent, Told::Redirected),
    (308, Class::Permanent, Class::Permanent, Told::Redirected),
    (400, Class::Permanent, Class::Permanent, Told::Refused("")),
    (401, CREDENTIALS, CREDENTIALS, Told::OurToken),
    (
        403,
        Class::Forbidden,
        Class::Forbidden,
        Told::Refused(" (project not permitted, tool disabled or permission missing)"),
    ),
    (
        404,
        Class::NotFound,
        Class::NotFound,
        Told::Refused(" (missing, or not visible to the service account)"),
    ),
    (406, Class::Permanent, Class::Permanent, Told::Refused("")),
    (408, NOW, Class::Ambiguous, Told::Refused("")),
    (409, Class::Permanent, Class::Permanent, Told::Refused("")),
    (410, Class::NotFound, Class::NotFound, Told::Refused("")),
    (415, Class::Permanent, Class::Permanent, Told::Refused("")),
    (422, Class::Permanent, Class::Permanent, Told::Refused("")),
    (429, PACED, PACED, Told::Refused("")),
    (500, NOW, Class::Ambiguous, Told::Refused("")),
    (502, NOW, Class::Ambiguous, Told::Refused("")),
    (503, AT_THE_HEADERS, AT_THE_HEADERS, Told::Refused("")),
    (504, NOW, Class::Ambiguous, Told::Refused("")),
];

impl Told {
    fn message(&self, operation: &str, status: u16, said: &str) -> String {
        match self {
            Told::Refused(note) => format!("{operation} was answered with status {status}{said}{note}"),
            Told::Redirected => format!(
                "{operation} was redirected, and that redirect is not followed: the API is asked at one address only"
            ),
            Told::OurToken => format!(
                "Procore refused a token fresh from these credentials (status {status}{said}): check that the client \
                 id and secret belong to this environment and are current, and that the app is still installed in \
                 the company"
            ),
        }
    }
}

/// A server that gives tokens, and to all else the answer last put into its hand.
async fn server() -> (MockServer, Arc<Mutex<ResponseTemplate>>) {
    let server = MockServer::start().await;
    let next = Arc::new(Mutex::new(ResponseTemplate::new(200)));
    let hand = Arc::clone(&next);
    let answer = move |request: &Request| match request.url.path() {
        "/oauth/token" => ok(serde_json::json!({"access_token": TOKEN, "expires_in": 5400})),
        _ => hand.lock().unwrap().clone(),
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    (server, next)
}

#[tokio::test]
async fn every_status_and_shape_of_body_has_its_class_and_its_words() {
    let (server, next) = server().await;
    // It has no time, so nothing is tried again. One that was asked for silence would keep it.
    let fresh = || client(&server.uri()).until(jiff::Timestamp::now());
    let heard_nothing = fresh();
    for (status, read, write, told) in &STATUSES {
        for (shape, body, said) in SHAPES {
            *next.lock().unwrap() = ResponseTemplate::new(*status)
                .set_body_string(body)
                .insert_header("retry-after", "11")
                .insert_header("location", "https://elsewhere.example/dana.whitlock");
            let asks_for_silence = matches!(status, 429 | 503);
            let procore = || if asks_for_silence { fresh() } else { heard_nothing.clone() };
            let refused = procore().send(Call::get("/rest/v1.0/projects/4071/rfis/17")).await.unwrap_err();
            check(&refused, *read, &told.message(READ, *status, said), shape);
            let refused = create(&procore()).await.unwrap_err();
            check(&refused, *write, &told.message(WRITE, *status, said), shape);
        }
    }
}

fn check(refused: &Error, class: Class, message: &str, shape: &str) {
    assert_eq!(refused.to_string(), message, "{shape}");
    assert_eq!(refused.class(), class, "{shape}: {message}");
    let shown = format!("{refused} {refused:?}");
    for personal in PERSONAL.iter().chain([&TOKEN]) {
        assert!(!shown.contains(personal), "{shape}: {personal} in {shown}");
    }
}
