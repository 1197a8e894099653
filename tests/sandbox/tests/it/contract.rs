//! The contract check itself, over a small description of its own: it must catch each kind of departure.

use sandbox::contract::{Answer, Contract, DELIBERATE, Findings, Kind, Line, Request, Summary};
use serde_json::{Value, json};

/// One list and one create, with what the vendor's description is made of.
fn contract() -> Contract {
    let widget = json!({
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": { "type": "integer", "format": "int64" },
            "name": { "type": "string" },
            "made_at": { "type": "string", "format": "date-time", "nullable": true },
            "maker": { "allOf": [{ "$ref": "#/components/schemas/Maker" }], "nullable": true },
            "state": { "type": "string", "enum": ["new", "old"] },
            "anything": { "type": "object" },
            "mixed": { "allOf": [
                { "$ref": "#/components/schemas/Maker" },
                { "type": "object", "properties": { "age": { "type": "integer" } } }
            ] },
        }
    });
    let of = |schema: &Value| json!({ "application/json": { "schema": schema } });
    let a_widget = json!({ "$ref": "#/components/schemas/Widget" });
    let company = json!({ "name": "Procore-Company-Id", "in": "header", "required": true,
        "schema": { "type": "integer" } });
    let project =
        json!({ "name": "project_id", "in": "path", "required": true, "schema": { "type": "integer" } });
    let query = |name: &str, required: bool, schema: Value| json!({ "name": name, "in": "query", "required": required, "schema": schema });
    let list = json!({
        "parameters": [
            company, project,
            query("page", false, json!({ "type": "integer" })),
            query("filters[id]", false, json!({ "type": "array", "items": { "type": "integer" } })),
            query("filters[made_at]", false, json!({ "type": "string", "format": "date" })),
            query("view", false, json!({ "type": "string", "enum": ["short", "long"] })),
            query("company_id", true, json!({ "type": "integer" })),
        ],
        "responses": {
            "200": { "content": of(&json!({ "type": "array", "items": a_widget })) },
            "403": { "content": of(&json!({ "$ref": "#/components/schemas/Error" })) },
        }
    });
    let create = json!({
        "parameters": [company, project],
        "requestBody": { "required": true, "content": of(&json!({
            "type": "object", "required": ["widget"], "properties": { "widget": {
                "type": "object", "required": ["name"],
                "properties": { "name": { "type": "string" }, "private": { "type": "boolean" } },
                "x-custom-field-keys": "custom_field_{id}", "additionalProperties": true
            } }
        })) },
        "responses": { "201": { "content": of(&a_widget) }, "default": {} }
    });
    let delete = json!({ "parameters": [company, project], "responses": { "204": {} } });
    let document = json!({
        "openapi": "3.0.3",
        "security": [{ "bearer": [] }],
        "paths": {
            "/rest/v1.0/projects/{project_id}/widgets": { "get": list, "post": create },
            "/rest/v1.0/projects/{project_id}/widgets/all": { "delete": delete },
        },
        "components": { "schemas": {
            "Widget": widget,
            "Maker": { "type": "object", "properties": { "login": { "type": "string" } } },
            "Error": { "type": "object", "properties": { "code": { "type": "integer" }, "message": { "type": "string" } } },
        } }
    });
    Contract::parse(&document.to_string()).unwrap()
}

const LIST: &str = "/rest/v1.0/projects/4071/widgets";

fn request(method: &str, path: &str, query: &str) -> Request {
    let headers =
        [("authorization", "Bearer x"), ("procore-company-id", "8001"), ("content-type", "application/json")];
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        body: Vec::new(),
    }
}

fn list() -> Request {
    request("GET", LIST, "company_id=8001")
}

fn create(body: &Value) -> Request {
    Request { body: body.to_string().into_bytes(), ..request("POST", LIST, "") }
}

fn answer(status: u16, body: &Value) -> Answer {
    Answer { status, content_type: "application/json".to_owned(), body: body.to_string().into_bytes() }
}

fn created() -> Answer {
    answer(201, &json!({ "id": 7 }))
}

/// Kind and subject of each violation.
fn found(request: &Request, answer: &Answer) -> Vec<(Kind, String)> {
    let findings = contract().check(request, answer);
    findings.violations.into_iter().map(|violation| (violation.kind, violation.subject)).collect()
}

fn only(kind: Kind, subject: &str) -> Vec<(Kind, String)> {
    vec![(kind, subject.to_owned())]
}

#[test]
fn what_conforms_is_let_through() {
    let whole = json!([
        { "id": 1, "name": "x", "made_at": "2026-01-02T03:04:05Z", "maker": { "login": "a" }, "state": "new" },
        { "id": 2, "made_at": null, "maker": null, "anything": { "at": "all" } },
        { "id": 5_000_000_000_i64, "mixed": { "login": "a", "age": 3 } },
    ]);
    let query = "company_id=8001&page=2&filters%5Bid%5D%5B%5D=1&filters[id][]=2&view=long&filters[made_at]=2026-01-02";
    let asked = request("GET", LIST, query);
    assert_eq!(found(&asked, &answer(200, &whole)), []);
    let range = "company_id=8001&filters[made_at]=2026-01-02...2026-01-03T00:00:00Z";
    assert_eq!(found(&request("GET", LIST, range), &answer(200, &whole)), []);

    let body = json!({ "widget": { "name": "x", "custom_field_12": [1] } });
    assert_eq!(found(&create(&body), &created()), []);
    let gone = Answer { status: 204, ..Answer::default() };
    assert_eq!(found(&request("DELETE", "/rest/v1.0/projects/4071/widgets/all", ""), &gone), []);
}

#[test]
fn a_wrong_request_is_caught_whatever_is_answered() {
    let without = |name: &str| {
        let mut request = list();
        request.headers.remove(name);
        request
    };
    let with = |name: &str, value: &str| {
        let mut request = list();
        request.headers.insert(name.to_owned(), value.to_owned());
        request
    };
    let asked = |query: &str| request("GET", LIST, &format!("company_id=8001&{query}"));
    let cases = [
        (request("GET", "/rest/v1.0/projects/4071/gadgets", ""), Kind::UnknownOperation, "GET"),
        (request("PATCH", LIST, ""), Kind::UnknownOperation, "PATCH"),
        (request("GET", "/rest/v1.0/projects/abc/widgets", "company_id=8001"), Kind::PathValue, "project_id"),
        (without("authorization"), Kind::MissingHeader, "authorization"),
        (with("authorization", "Basic x"), Kind::MissingHeader, "authorization"),
        (without("procore-company-id"), Kind::MissingHeader, "Procore-Company-Id"),
        (with("procore-company-id", "ours"), Kind::HeaderValue, "Procore-Company-Id"),
        (asked("per_page=7"), Kind::UnknownQuery, "per_page"),
        (asked("filters[id]=7"), Kind::UnknownQuery, "filters[id]"),
        (asked("page[]=7"), Kind::UnknownQuery, "page[]"),
        (request("GET", LIST, ""), Kind::MissingQuery, "company_id"),
        (asked("page=two"), Kind::QueryValue, "page"),
        (asked("page=1&page=2"), Kind::QueryValue, "page"),
        (asked("filters[id][]=two"), Kind::QueryValue, "filters[id][]"),
        (asked("filters[made_at]=yesterday"), Kind::QueryValue, "filters[made_at]"),
        (asked("filters[made_at]=2026-01-02...yesterday"), Kind::QueryValue, "filters[made_at]"),
        (asked("view=wide"), Kind::QueryValue, "view"),
        (Request { body: b"{}".to_vec(), ..list() }, Kind::BodyPresence, "body"),
    ];
    for (request, kind, subject) in cases {
        let known = kind != Kind::UnknownOperation;
        for (status, body) in [(200, json!([])), (403, json!({ "code": 403 })), (404, json!({ "code": 404 }))]
        {
            let expected = only(kind, subject);
            if known || status >= 400 {
                assert_eq!(found(&request, &answer(status, &body)), expected, "{request:?} {status}");
            }
        }
    }
}

#[test]
fn a_wrong_body_is_caught() {
    for (body, kind, subject) in [
        (json!({}), Kind::Body, ""),
        (json!({ "widget": { "name": "x" }, "send": true }), Kind::Body, ""),
        (json!({ "widget": { "name": 7 } }), Kind::Body, "/widget/name"),
        (json!({ "widget": { "name": null } }), Kind::Body, "/widget/name"),
        (json!({ "widget": { "private": true } }), Kind::Body, "/widget"),
        (json!({ "widget": { "name": "x", "assignee_id": 7 } }), Kind::Body, "/widget"),
        (json!({ "widget": { "name": "x", "custom_field_x": 7 } }), Kind::Body, "/widget"),
    ] {
        assert_eq!(found(&create(&body), &created()), only(kind, subject), "{body}");
    }
    let none = request("POST", LIST, "");
    assert_eq!(found(&none, &created()), only(Kind::BodyPresence, "body"));
    let broken = Request { body: b"{".to_vec(), ..none };
    assert_eq!(found(&broken, &created()), only(Kind::Body, "/"));
    let mut form = create(&json!({ "widget": { "name": "x" } }));
    form.headers.insert("content-type".to_owned(), "text/plain".to_owned());
    assert!(found(&form, &created()).contains(&(Kind::MediaType, "content-type".to_owned())));
}

#[test]
fn a_wrong_answer_is_caught() {
    for (body, subject) in [
        (json!({ "id": 1 }), ""),
        (json!([{ "name": "x" }]), "/0"),
        (json!([{ "id": "1" }]), "/0/id"),
        (json!([{ "id": 1, "name": null }]), "/0/name"),
        (json!([{ "id": 1, "made_at": "yesterday" }]), "/0/made_at"),
        (json!([{ "id": 1, "state": "middling" }]), "/0/state"),
        (json!([{ "id": 1, "colour": "red" }]), "/0"),
        (json!([{ "id": 1, "maker": { "age": 3 } }]), "/0/maker"),
        (json!([{ "id": 1 }, { "id": 1, "mixed": { "login": 3 } }]), "/1/mixed/login"),
    ] {
        assert_eq!(found(&list(), &answer(200, &body)), only(Kind::Answer, subject), "{body}");
    }
    let text = Answer { content_type: "text/html".to_owned(), ..answer(200, &json!([])) };
    assert_eq!(found(&list(), &text), only(Kind::Answer, "/"));
    let spoken = answer(204, &json!({}));
    let delete = request("DELETE", "/rest/v1.0/projects/4071/widgets/all", "");
    assert_eq!(found(&delete, &spoken), only(Kind::Answer, "/"));
}

#[test]
fn statuses_and_errors_are_checked() {
    for (request, status, body, expected) in [
        (list(), 202, json!([]), only(Kind::Status, "202")),
        (list(), 418, json!({ "code": 418 }), only(Kind::ErrorStatus, "418")),
        (list(), 404, json!({ "oops": true }), only(Kind::ErrorBody, "404")),
        (list(), 403, json!({ "oops": true }), only(Kind::ErrorBody, "403")),
        (list(), 429, json!({ "errors": ["Rate limit exceeded"] }), vec![]),
        // `default` covers an error, not a success.
        (create(&json!({ "widget": { "name": "x" } })), 200, json!({ "id": 1 }), only(Kind::Status, "200")),
        (create(&json!({ "widget": { "name": "x" } })), 418, json!({ "message": "x" }), vec![]),
    ] {
        assert_eq!(found(&request, &answer(status, &body)), expected, "{status} {body}");
    }
}

#[test]
fn a_mark_excuses_a_refused_request_of_a_test_and_nothing_else() {
    let marked = |mut request: Request| {
        request.headers.insert(DELIBERATE.to_owned(), "to be refused".to_owned());
        request
    };
    let refused = answer(403, &json!({ "code": 403 }));
    let wrong = marked(request("GET", LIST, "company_id=8001&colour=red"));
    let findings = contract().check(&wrong, &refused);
    assert_eq!((findings.violations.len(), findings.deliberate), (0, 1));

    assert_eq!(found(&wrong, &answer(200, &json!([]))), only(Kind::UnknownQuery, "colour"));
    assert_eq!(found(&marked(list()), &refused), only(Kind::Mark, DELIBERATE));
    assert_eq!(found(&wrong, &answer(403, &json!({ "oops": true }))), only(Kind::ErrorBody, "403"));
    let mut ours = wrong;
    ours.headers.insert("user-agent".to_owned(), "procore/0.1.0".to_owned());
    assert_eq!(found(&ours, &refused).len(), 2);
}

#[test]
fn a_description_that_would_check_less_is_refused() {
    let with =
        |openapi: &str, path: Value| json!({ "openapi": openapi, "paths": { "/x": path } }).to_string();
    for text in [
        "{}".to_owned(),
        with("3.1.0", json!({})),
        with("3.0.3", json!({ "parameters": [] })),
        with("3.0.3", json!({ "get": {} })),
    ] {
        assert!(Contract::parse(&text).is_err(), "{text}");
    }
    let schema = json!({ "type": "object", "dependentRequired": {} });
    let odd = json!({ "get": { "responses": { "200": { "content": { "application/json": { "schema": schema } } } } } });
    let contract = Contract::parse(&with("3.0.3", odd)).unwrap();
    let findings = contract.check(&request("GET", "/x", ""), &answer(200, &json!({})));
    assert!(findings.violations[0].rule.contains("dependentRequired"), "{findings:?}");
}

#[test]
fn a_report_passes_with_something_checked_and_nothing_wrong() {
    let line = |request: &Request, findings: Findings| {
        serde_json::to_string(&Line::new(request, &answer(200, &json!([])), findings, "here".to_owned()))
            .unwrap()
    };
    let (good, bad) = (list(), request("GET", LIST, "company_id=8001&colour=red"));
    let clean = line(&good, contract().check(&good, &answer(200, &json!([]))));
    let dirty = line(&bad, contract().check(&bad, &answer(200, &json!([{ "id": 1, "name": 2 }]))));

    assert!(Summary::read(&clean).unwrap().passes());
    assert!(!Summary::read("").unwrap().passes());
    assert!(Summary::read("torn").is_err());
    let summary = Summary::read(&format!("{clean}\n{dirty}\n{dirty}\n")).unwrap();
    assert!(!summary.passes());
    let text = summary.to_string();
    for part in ["colour", "/*/name", "2 times", "3 exchanges", "1 operations", "4 violations"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}
