//! `runs list` and `show`.

use agent::{
    RunRecord,
    event::Resource,
    evidence::{Row, RowKind},
    gate::Finding,
    prompt::PromptRef,
    record::StepTime,
    spent::Spent,
};
use serde_json::{Value, json};

use super::{
    over_both,
    place::{Place, event, run},
};

over_both! {
    show_tells_the_whole_story_of_an_event,
    show_keeps_texts_back_until_they_are_asked_for,
    list_tells_the_latest_first_and_filters,
}

/// An event that failed once and was drafted then.
async fn twice(place: &Place) -> RunRecord {
    let rfi = event("01A", Resource::Rfi, "7");
    let failed = RunRecord {
        outcome: "Failed".to_owned(),
        reason: "Procore answered 503".to_owned(),
        record_label: String::new(),
        workflow: None,
        evidence_hash: String::new(),
        procore_calls: 1,
        ..run("run-1", rfi.clone(), place.ago(600))
    };
    let drafted = RunRecord {
        steps: vec![
            StepTime { name: "admit".to_owned(), started_ms: 0, took_ms: 3 },
            StepTime { name: "call".to_owned(), started_ms: 410, took_ms: 2100 },
        ],
        evidence: vec![Row {
            handle: "S1".to_owned(),
            kind: RowKind::Specification,
            label: "10 28 00, 3.2 A".to_owned(),
            text: "Mount grab bars at 34 inches.".to_owned(),
        }],
        findings: vec![Finding {
            rule: "quote_not_in_source".to_owned(),
            field: "claims/2".to_owned(),
            value: "36 inches".to_owned(),
            action: "dropped".to_owned(),
        }],
        answer: Some(json!({ "claims": ["34 inches"] })),
        prompt: Some(PromptRef { workflow: "rfi_response".to_owned(), version: 2, sha256: "ab".repeat(32) }),
        model: Some("it-model".to_owned()),
        spent: Spent {
            tokens_in: 900,
            tokens_out: 80,
            tokens_cached: 500,
            cost_micro_usd: 1234,
            latency_ms: 2050,
            calls: 1,
        },
        item_id: Some(3),
        draft_text: Some("DRAFT - for review by Dana\n\nMount at 34 inches. [S1]".to_owned()),
        not_read: vec!["photo.heic: not a kind that is read".to_owned()],
        ..run("run-2", rfi, place.ago(300))
    };
    place.record(&failed).await;
    place.record(&drafted).await;
    drafted
}

async fn show_tells_the_whole_story_of_an_event(place: Place) {
    twice(&place).await;
    place.record(&run("run-3", event("01B", Resource::Rfi, "8"), place.ago(10))).await;
    let (whole, text) = place.told("runs show 01A").await;
    assert!(whole);
    assert_eq!(place.told("runs show run-1").await, (true, text.clone()), "by any of its runs");
    insta::with_settings!({ filters => vec![(r"began \S+Z", "began [TIME]")] }, {
        insta::allow_duplicates! {
            insta::assert_snapshot!(text, @r#"
            event 01A: rfi 7 of project 4071: 2 runs

            #### run 1 of 2
            == run
            run-1 of event 01A, began [TIME]
            record (id 7) of project 4071
            update, at 2026-06-03T16:20:33Z; user 5301, source user -, source application -
            workflow -, no prompt used
            model -

            == steps
            none

            == evidence
            hash none

            == gate findings
            none

            == draft
            none

            == outcome
            Failed: Procore answered 503
            0 tokens in (0 from the cache), 0 out, 0 micro-USD, 0 calls to the model in 0 ms, 1 call to Procore

            #### run 2 of 2
            == run
            run-2 of event 01A, began [TIME]
            RFI 7 (id 7) of project 4071
            update, at 2026-06-03T16:20:33Z; user 5301, source user -, source application -
            prompt rfi_response v2 (abababababab)
            model it-model

            == steps
                   0 ms  admit           3 ms
                 410 ms  call         2100 ms

            == evidence
            hash 5e1f
            [S1] specification | 10 28 00, 3.2 A

            == not read
            photo.heic: not a kind that is read

            == answer
            {
              "claims": [
                "34 inches"
              ]
            }

            == gate findings
            claims/2 quote_not_in_source "36 inches" (dropped)

            == draft
            DRAFT - for review by Dana

            Mount at 34 inches. [S1]

            == outcome
            Drafted: draft in correspondence item 3
            correspondence item 3
            900 tokens in (500 from the cache), 80 out, 1234 micro-USD, 1 call to the model in 2050 ms, 4 calls to Procore
            "#);
        }
    });
    let (whole, text) = place.told("runs show 01Z").await;
    assert_eq!((whole, text.as_str()), (false, "01Z  no such run or event; runs are kept for 30 days\n"));
}

async fn show_keeps_texts_back_until_they_are_asked_for(place: Place) {
    let drafted = twice(&place).await;
    for (words, told) in [("", false), ("--evidence", true), ("--json", false), ("--json --evidence", true)] {
        let (_, text) = place.told(&format!("runs show 01A {words}")).await;
        assert_eq!(text.contains("Mount grab bars"), told, "{words}");
        assert!(text.contains("10 28 00, 3.2 A"), "{words}");
    }
    let (_, text) = place.told("runs show 01A --json --evidence").await;
    let runs: Vec<RunRecord> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((runs.len(), &runs[1]), (2, &drafted));
}

async fn list_tells_the_latest_first_and_filters(place: Place) {
    twice(&place).await;
    let mut elsewhere = event("01B", Resource::Submittal, "12");
    elsewhere.project = Some("4072".parse().unwrap());
    place.record(&run("run-3", elsewhere, place.ago(10))).await;

    let (whole, text) = place.told("runs list").await;
    assert!(whole);
    insta::allow_duplicates! {
        insta::assert_snapshot!(text, @"
        run-3  10s ago  RFI 12 (rfi_response, project 4072)  Drafted: draft in correspondence item 3
            event 01B, 0 micro-USD, calls to Procore: 4
        run-2  5m ago  RFI 7 (rfi_response, project 4071)  Drafted: draft in correspondence item 3
            event 01A, 1234 micro-USD, calls to Procore: 4
        run-1  10m ago  7 (no workflow, project 4071)  Failed: Procore answered 503
            event 01A, 0 micro-USD, calls to Procore: 1
        3 runs.
        ");
    }
    let table: [(&str, &[&str]); 6] = [
        ("", &["run-3", "run-2", "run-1"]),
        ("--limit 1", &["run-3"]),
        ("--project 4071", &["run-2", "run-1"]),
        ("--outcome failed", &["run-1"]),
        ("--since 400s", &["run-3", "run-2"]),
        ("--project 4072 --outcome Failed", &[]),
    ];
    for (filter, expected) in table {
        let (_, text) = place.told(&format!("runs list --json {filter}")).await;
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let got: Vec<&str> = lines.iter().map(|line| line["id"].as_str().unwrap()).collect();
        assert_eq!(got, expected, "{filter}");
        assert!(!text.contains("Mount at 34 inches"), "no draft");
    }
}
