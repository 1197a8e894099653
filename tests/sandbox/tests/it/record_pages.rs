//! The pages of submittals, days, sheets and draft RFIs, each with its draft and the evidence beside it.

use std::sync::Arc;

use futures::FutureExt;
use sandbox::{LogFamily, NewAttachment, NewLogEntry, NewRfi, NewSubmittal, RfiStatus};
use serde_json::{Value, json};

use crate::world::{ITEMS, World, body, draft};

const HOSTILE: &str = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>";

fn run(workflow: &str, record: &str, item: Option<i64>, row: &Value, quote: &str) -> Value {
    json!({
        "id": format!("run-{workflow}"), "event_id": "01JEVENT", "workflow": workflow, "project_id": 4071,
        "record_id": record, "record_label": "the record", "started_at": "2026-11-20T18:41:02Z",
        "outcome": "Drafted", "reason": "drafted", "item_id": item,
        "evidence": [row, { "handle": "S7", "kind": "specification", "label": "unused", "text": "Not quoted." }],
        "quotes": [{ "handle": row["handle"], "quote": quote }],
        "draft_text": "DRAFT - for review\n- Delays in all: 2 hours.",
    })
}

impl World {
    fn give_runs(&self, runs: Vec<Value>) {
        self.sandbox.set_runs(Arc::new(move || std::future::ready(runs.clone()).boxed()));
    }

    async fn item(&self, title: &str) -> i64 {
        body(self.post(ITEMS, &draft(title)).await).await["id"].as_i64().unwrap()
    }

    fn submittal_id(&self, title: &str) -> i64 {
        let submittals = self.sandbox.submittals();
        submittals.iter().rev().find(|one| one.title.starts_with(title)).unwrap().id
    }

    fn today(&self) -> String {
        self.sandbox.log_entries()[0].date.to_string()
    }
}

#[tokio::test]
async fn each_kind_of_record_shows_its_draft_and_the_marked_words_of_its_evidence() {
    let world = World::demo().await;
    let submittal = world.submittal_id("Exterior sealant");
    let today = world.today();
    let number = today.replace('-', "");
    let (review, summary) = (world.item("A title").await, world.item("Another title").await);
    let page = json!({ "handle": "A1", "kind": "attachment", "label": "Bayline 300.pdf, page 1",
                       "text": "Movement capability: plus or minus\n25 percent" });
    let entry =
        json!({ "handle": "L1", "kind": "log_entry", "label": "delay entry 1", "text": "Start: 07:30" });
    let sheet =
        json!({ "handle": "D1", "kind": "drawing", "label": "A-501 revision 2", "text": "width 3/16 inch" });
    let rfi = world.rfi_id(44);
    let response = world.item("A third title").await;
    world.give_runs(vec![
        run("submittal_review", &submittal.to_string(), Some(review), &page, "plus or minus 25 percent"),
        run("daily_log_summary", &number, Some(summary), &entry, "Start: 07:30"),
        run("rfi_response", &rfi.to_string(), Some(response), &sheet, "3/16 inch"),
    ]);

    for (record, item, workflow, marked, kind, heading) in [
        (
            format!("submittals/{submittal}"),
            review,
            "submittal_review",
            "plus or minus\n25 percent",
            "attachment",
            "Draft review",
        ),
        (
            format!("daily-log/{today}"),
            summary,
            "daily_log_summary",
            "Start: 07:30",
            "log entry",
            "Draft summary",
        ),
        (format!("rfis/{rfi}"), response, "rfi_response", "3&#x2f;16 inch", "drawing", "Draft response"),
    ] {
        for path in [record.clone(), format!("correspondence/{item}"), format!("runs/run-{workflow}")] {
            let (status, html) = world.page(&path).await;
            assert_eq!(status, 200, "{path}");
            assert!(html.contains(&format!("<mark>{marked}</mark>")), "{path}: {html}");
            assert!(html.contains(&format!("{kind}, quoted 1 time")), "{path}");
            assert!(html.contains("1 more row was read and is not quoted"), "{path}");
        }
        let (_, html) = world.page(&format!("fragments/{record}")).await;
        assert!(
            html.contains(heading) && html.contains("Draft ready") && !html.contains("<html"),
            "{record}"
        );
        for path in [format!("correspondence/{item}"), format!("runs/run-{workflow}")] {
            assert!(world.page(&path).await.1.contains(&format!("href=\"/{record}\"")), "{path}");
        }
    }
}

#[tokio::test]
async fn a_computed_line_that_the_draft_repeats_is_marked_without_a_quote() {
    let world = World::demo().await;
    let number = world.today().replace('-', "");
    let row = json!({ "handle": "C1", "kind": "computed", "label": "computed, delays",
                      "text": "Delays in all: 2 hours.\nDelays in all: 20 hours." });
    let mut run = run("daily_log_summary", &number, None, &row, "");
    run["quotes"] = json!([]);
    world.give_runs(vec![run]);
    let (_, html) = world.page("runs/run-daily_log_summary").await;
    assert!(html.contains("<mark>Delays in all: 2 hours.</mark>\nDelays in all: 20 hours."), "{html}");
    assert!(html.contains("computed by code, 1 line in the draft"));
}

#[tokio::test]
async fn a_submittal_shows_its_workflow_its_files_and_what_replaced_it() {
    let world = World::demo().await;
    let (_, log) = world.page("submittals").await;
    for submittal in world.sandbox.submittals() {
        assert!(log.contains(&format!("/submittals/{}", submittal.id)), "{}", submittal.title);
    }
    assert!(log.contains("Superseded"));
    let submittal = world.submittal_id("Exterior sealant");
    let (_, html) = world.page(&format!("submittals/{submittal}")).await;
    for shown in [
        "Movement capability to be compared with the section.",
        "Awaited",
        "Bayline 300.pdf",
        "28 days",
        "07 92 00",
        "There is no draft for this submittal.",
    ] {
        assert!(html.contains(shown), "{shown}");
    }
    let file = html.split("href=\"/attachments/").nth(1).unwrap().split('"').next().unwrap();
    let answer = world.http.get(world.url(&format!("attachments/{file}"))).send().await.unwrap();
    assert!(answer.bytes().await.unwrap().starts_with(b"%PDF"));
}

#[tokio::test]
async fn a_day_shows_every_family_as_its_authors_wrote_it_and_names_the_empty_ones() {
    let world = World::demo().await;
    let (_, log) = world.page("daily-log").await;
    let mut days: Vec<String> =
        world.sandbox.log_entries().iter().map(|entry| entry.date.to_string()).collect();
    days.dedup();
    assert!(days.len() > 2);
    for day in &days {
        assert!(log.contains(&format!("/daily-log/{day}")), "{day}");
    }
    let (_, html) = world.page(&format!("daily-log/{}", days[0])).await;
    for shown in [
        "<h2 id=\"manpower_logs-heading\">Manpower</h2>",
        "<dt>Company</dt><dd>Stonebridge Concrete</dd>",
        "<dt>Start</dt><dd>07:30</dd>",
        "Pending",
        "Dumpster, Plan revision",
        "There is no draft for this day.",
    ] {
        assert!(html.contains(shown), "{shown}: {html}");
    }
    for nowhere in ["daily-log/2020-01-01", "daily-log/yesterday", "submittals/1", "drawings/1"] {
        assert_eq!(world.page(nowhere).await.0, 404, "{nowhere}");
    }
}

#[tokio::test]
async fn every_revision_of_every_sheet_is_listed_with_its_text_and_its_file() {
    let world = World::demo().await;
    let (_, log) = world.page("drawings").await;
    assert!(log.contains("A-501") && log.contains("Superseded"));
    let revisions: Vec<&str> = log
        .split("href=\"/drawings/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|name| !name.contains('/'))
        .collect();
    assert!(revisions.len() > 4, "{revisions:?}");
    for revision in revisions {
        let (status, html) = world.page(&format!("drawings/{revision}")).await;
        assert_eq!(status, 200);
        assert!(html.contains("SHEET "), "{revision}");
        let file = html.split(&format!("href=\"/drawings/{revision}/file/")).nth(1).unwrap();
        let path = format!("drawings/{revision}/file/{}", file.split('"').next().unwrap());
        let pdf = world.http.get(world.url(&path)).send().await.unwrap().bytes().await.unwrap();
        assert!(pdf.starts_with(b"%PDF"), "{revision}");
    }
}

#[tokio::test]
async fn a_draft_rfi_marks_what_the_service_account_filled_in_until_a_person_rewrites_it() {
    let world = World::demo().await;
    let id = world.sandbox.add_rfi(NewRfi {
        subject: "Tile joint at Toilet 114".to_owned(),
        status: RfiStatus::Draft,
        emit: false,
        ..NewRfi::default()
    });
    let path = format!("rfis/{id}");
    let (_, before) = world.page(&path).await;
    assert!(before.contains("Nothing has been asked yet."));
    assert!(!before.contains("Filled in by Plumbline"));
    assert!(before.contains("There is no draft for this draft RFI."));

    let filled = json!({ "rfi": {
        "draft": true,
        "question": { "body": "<p>Which joint width governs?</p>" },
        "drawing_number": "A-501",
    }});
    let answer = world.patch(&format!("rest/v1.0/projects/4071/rfis/{id}"), &filled).await;
    assert_eq!(answer.status(), 200);
    let (_, after) = world.page(&path).await;
    assert_eq!(after.matches("Filled in by Plumbline").count(), 2);
    assert!(after.contains("Plumbline filled in: Drawing number, Question."));
    assert!(world.page("rfis").await.1.contains("Filled in"));
    assert!(world.page("").await.1.contains("<strong>1</strong> draft to review"));

    let row = json!({ "handle": "S1", "kind": "specification", "label": "x", "text": "1/8 inch." });
    world.give_runs(vec![
        run("rfi_question", &id.to_string(), None, &row, "inch."),
        run("rfi_response", &id.to_string(), None, &json!({}), ""),
    ]);
    let (_, with_run) = world.page(&path).await;
    assert!(
        with_run.contains("<mark>inch.</mark>"),
        "the evidence of the workflow that fills in: {with_run}"
    );
    assert_eq!(with_run.matches("id=\"evidence-heading\"").count(), 1);

    world.sandbox.update_rfi(id, |rfi| rfi.question = "Mine now?".to_owned());
    let (_, rewritten) = world.page(&path).await;
    assert_eq!(rewritten.matches("Filled in by Plumbline").count(), 1);
    assert!(rewritten.contains("Plumbline filled in: Drawing number."));

    world.sandbox.update_rfi(id, |rfi| rfi.status = RfiStatus::Open);
    assert!(!world.page(&path).await.1.contains("Filled in by Plumbline"), "what is open is a person's");
}

#[tokio::test]
async fn the_first_page_counts_the_drafts_of_the_four_workflows() {
    let world = World::demo().await;
    let (status, html) = world.page("").await;
    assert_eq!(status, 200);
    assert_eq!(html.matches("<strong>0</strong> drafts to review").count(), 4, "{html}");

    let submittal = world.submittal_id("Exterior sealant");
    let title = "Draft review of Submittal 2.0: Exterior sealant";
    world.item(title).await;
    world.item(&format!("Draft summary of daily log {}", world.today())).await;
    let mut noted = run("rfi_response", &world.rfi_id(45).to_string(), None, &json!({}), "");
    noted["outcome"] = json!("InsufficientContext");
    world.give_runs(vec![noted]);
    let (_, html) = world.page("fragments/home").await;
    assert!(world.page(&format!("submittals/{submittal}")).await.1.contains("Draft ready"));
    assert_eq!(html.matches("<strong>1</strong> draft to review").count(), 2, "{html}");
    assert_eq!(html.matches("<strong>0</strong> drafts to review").count(), 2);
    assert!(html.contains("1 needs information"));
}

#[tokio::test]
async fn hostile_names_are_text_on_every_page_that_shows_them() {
    let world = World::demo().await;
    let submittal = world.sandbox.add_submittal(NewSubmittal {
        title: HOSTILE.to_owned(),
        description: HOSTILE.to_owned(),
        kind: HOSTILE.to_owned(),
        location: Some(HOSTILE.to_owned()),
        attachments: vec![NewAttachment::text(HOSTILE, "text")],
        ..NewSubmittal::default()
    });
    let entry =
        json!({ "vendor": { "id": 7, "name": HOSTILE }, "notes": HOSTILE, HOSTILE: "a field's name" });
    world.sandbox.add_log_entry(NewLogEntry {
        family: LogFamily::Manpower,
        fields: entry.as_object().unwrap().clone(),
        ..NewLogEntry::default()
    });
    let row = json!({ "handle": "A1", "kind": HOSTILE, "label": HOSTILE, "text": HOSTILE });
    world.give_runs(vec![run("submittal_review", &submittal.to_string(), None, &row, "alert(1)")]);
    for path in [
        "".to_owned(),
        "submittals".to_owned(),
        format!("submittals/{submittal}"),
        format!("daily-log/{}", world.today()),
        "runs/run-submittal_review".to_owned(),
    ] {
        let (status, page) = world.page(&path).await;
        assert_eq!(status, 200, "{path}");
        assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{path}");
        assert!(page.contains("&lt;script&gt;"), "{path}");
    }
}
