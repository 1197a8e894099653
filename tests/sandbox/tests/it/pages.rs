//! The pages: what they show, what they never run, and how they stay up to date.

use std::{sync::Arc, time::Duration};

use futures::FutureExt;
use sandbox::{NewAttachment, NewRfi, Sandbox};
use serde_json::{Value, json};

use crate::world::{ITEMS, World, body, draft};

const NOTICE: &str = "Sandbox: a stand-in for Procore";

fn run_record(rfi_id: i64, item_id: i64) -> Value {
    json!({
        "id": "01JRUN41", "event_id": "01JEVENT", "workflow": "rfi_response", "project_id": 4071,
        "record_id": rfi_id.to_string(), "record_label": "RFI 41", "started_at": "2026-11-20T18:41:02Z",
        "outcome": "Drafted", "reason": "Article 3.2 answers the question.",
        "steps": [
            { "name": "admit", "started_ms": 0, "took_ms": 1 },
            { "name": "call the model", "started_ms": 1, "took_ms": 99 },
        ],
        "evidence": [{ "handle": "S1", "kind": "specification", "label": "10 14 00 Signage rev 1, page 2",
                       "text": "not less than 48\ninches <above> the floor" }],
        "quotes": [{ "handle": "S1", "quote": "48 inches <above>" }, { "handle": "S2", "quote": "nowhere" }],
        "findings": [{ "rule": "number", "field": "claims[0].text", "value": "54", "action": "dropped" }],
        "prompt": { "workflow": "rfi_response", "version": 3, "sha256": "ab12cd34ef56aa" },
        "model": "plumbline-scripted", "tokens_in": 3120, "tokens_out": 412, "tokens_cached": 1800,
        "cost_micro_usd": 4210, "procore_calls": 7, "item_id": item_id, "draft_text": "DRAFT - for review",
        "flags": ["superseded_source"], "not_read": ["detail.dwg (unsupported)"],
    })
}

fn give_run(sandbox: &Sandbox, run: Value) {
    sandbox.set_runs(Arc::new(move || std::future::ready(vec![run.clone()]).boxed()));
}

#[tokio::test]
async fn every_page_is_drawn_says_what_it_is_and_loads_nothing_from_elsewhere() {
    let world = World::demo().await;
    let revision = world.sandbox.sections()[0].revision_id;
    let pages = [
        "rfis".to_owned(),
        "rfis/new".to_owned(),
        format!("rfis/{}", world.rfi_id(41)),
        "correspondence".to_owned(),
        "specifications".to_owned(),
        format!("specifications/{revision}"),
        "runs".to_owned(),
    ];
    for path in pages {
        let answer = world.http.get(world.url(&path)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        assert!(answer.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
        let html = answer.text().await.unwrap();
        assert!(html.contains(NOTICE), "{path}");
        assert!(!html.contains("src=\"http") && !html.contains("href=\"http"), "{path}");
    }
    for path in ["rfis/1", "correspondence/1", "specifications/1", "runs/none"] {
        assert_eq!(world.page(path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn the_log_shows_every_seeded_rfi_and_the_specification_every_section() {
    let world = World::demo().await;
    let (_, log) = world.page("rfis").await;
    for rfi in world.sandbox.rfis() {
        assert!(log.contains(&rfi.subject), "{}", rfi.subject);
    }
    let (_, specification) = world.page("specifications").await;
    for section in world.sandbox.sections() {
        assert!(specification.contains(&section.title), "{}", section.title);
    }
    assert!(specification.contains("Superseded"));
    let section = &world.sandbox.sections()[0];
    let file = format!("specifications/{}/file/{}", section.revision_id, section.file_name());
    let pdf = world.http.get(world.url(&file)).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(pdf, section.pdf.as_slice());
}

#[tokio::test]
async fn a_draft_shows_in_the_log_on_its_rfi_and_as_an_item() {
    let world = World::demo().await;
    let rfi = world.rfi_id(41);
    let before = world.page(&format!("fragments/rfis/{rfi}")).await.1;
    assert!(before.contains("There is no draft for this RFI."));

    let item = body(world.post(ITEMS, &draft("Draft response: RFI 41")).await).await["id"].as_i64().unwrap();
    let fragment = world.page(&format!("fragments/rfis/{rfi}")).await.1;
    assert!(fragment.contains("DRAFT - for review. Not issued.") && fragment.contains("Draft ready"));
    assert!(!fragment.contains("<html"), "a fragment is not a page");
    assert!(world.page("fragments/rfis").await.1.contains(&format!("/correspondence/{item}")));
    let page = world.page(&format!("correspondence/{item}")).await.1;
    assert!(page.contains("Private") && page.contains(&format!("/rfis/{rfi}")));
    let other = world.page(&format!("fragments/rfis/{}", world.rfi_id(42))).await.1;
    assert!(!other.contains("Draft ready"));
}

#[tokio::test]
async fn the_run_page_marks_the_quoted_words_and_shows_what_it_cost() {
    let world = World::demo().await;
    let rfi = world.rfi_id(41);
    let item = body(world.post(ITEMS, &draft("Some title")).await).await["id"].as_i64().unwrap();
    give_run(&world.sandbox, run_record(rfi, item));
    let (status, run) = world.page("runs/01JRUN41").await;
    assert_eq!(status, 200);
    assert!(run.contains("<mark>48\ninches &lt;above&gt;</mark>"), "{run}");
    for shown in [
        "call the model",
        "claims[0].text",
        "plumbline-scripted",
        "3120",
        "1800",
        "$0.0042",
        "ab12cd34ef56",
        "superseded_source",
        "detail.dwg (unsupported)",
        "1 of the model",
    ] {
        assert!(run.contains(shown), "{shown}");
    }
    assert!(world.page("runs").await.1.contains("Article 3.2 answers the question."));
    // By the run record, not by the title.
    assert!(world.page(&format!("rfis/{rfi}")).await.1.contains(&format!("/correspondence/{item}")));
}

#[tokio::test]
async fn a_run_record_without_most_of_its_members_is_still_shown() {
    let world = World::demo().await;
    give_run(&world.sandbox, json!({ "id": "bare", "outcome": "Quarantined(hygiene)", "item_id": null }));
    for path in ["runs", "runs/bare"] {
        let (status, page) = world.page(path).await;
        assert_eq!(status, 200, "{path}");
        assert!(page.contains("Quarantined"), "{path}");
    }
}

#[tokio::test]
async fn what_people_type_is_shown_and_never_run() {
    let world = World::demo().await;
    let id = world.sandbox.add_rfi(NewRfi {
        subject: "<script>alert(1)</script>".to_owned(),
        question: "\"><img src=x onerror=alert(1)>".to_owned(),
        attachments: vec![NewAttachment::text("<b>.txt", "text")],
        ..NewRfi::default()
    });
    for path in [format!("rfis/{id}"), "rfis".to_owned()] {
        let page = world.page(&path).await.1;
        assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{path}");
        assert!(page.contains("&lt;script&gt;"), "{path}");
    }
}

#[tokio::test]
async fn the_form_creates_an_open_rfi_and_refuses_an_empty_one() {
    let world = World::demo().await;
    let empty = [("subject", " "), ("question", ""), ("author", "5301")];
    let refused = world.http.post(world.url("rfis/new")).form(&empty).send().await.unwrap();
    assert_eq!(refused.status(), 422);
    assert!(refused.text().await.unwrap().contains("Enter a subject."));

    let fields = [
        ("subject", "Height of mirrors"),
        ("question", "How high is the bottom edge?"),
        ("section", "10 28 00"),
        ("author", "5306"),
        ("attachment_name", "sketch.txt"),
        ("attachment_text", "Mirror M1"),
    ];
    let created = world.http.post(world.url("rfis/new")).form(&fields).send().await.unwrap();
    assert_eq!(created.status(), 303);
    let rfi = world.sandbox.rfis().pop().unwrap();
    assert_eq!(created.headers()["location"], format!("/rfis/{}", rfi.id));
    assert_eq!((rfi.number, rfi.created_by, rfi.attachments.len()), (Some(53), 5306, 1));
    assert!(rfi.section_id.is_some());
    assert!(world.page(&format!("rfis/{}", rfi.id)).await.1.contains("sketch.txt"));
}

#[tokio::test]
async fn the_event_stream_gives_a_number_that_grows_with_each_change() {
    let world = World::demo().await;
    let mut stream = world.http.get(world.url("events")).send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let first = next_number(&mut stream).await;
    world.sandbox.touch();
    let second = next_number(&mut stream).await;
    assert!(second > first, "{first} {second}");
    world.post(ITEMS, &draft("x")).await;
    assert!(next_number(&mut stream).await > second);
}

async fn next_number(stream: &mut reqwest::Response) -> u64 {
    let chunk = tokio::time::timeout(Duration::from_secs(5), stream.chunk()).await.unwrap().unwrap().unwrap();
    let text = String::from_utf8(chunk.to_vec()).unwrap();
    text.trim().strip_prefix("data: ").unwrap().lines().next().unwrap().parse().unwrap()
}
