//! What a row may rest on, and what happens to words that a draft does not repeat.

use serde_json::json;

use super::{
    super::{FORBIDDEN, Status, SubmittalReview, text},
    answer, evidence, through_the_gate,
};
use crate::{
    evidence::{Evidence, RowKind},
    gate::{self, Rules},
    workflows::{Workflow, answer::ModelOutcome},
};

#[test]
fn words_of_the_section_that_drafts_do_not_repeat_cost_no_row() {
    let mut evidence = evidence();
    evidence.push(
        RowKind::Specification,
        "10 14 00 Signage rev 1, art. 2.2 PANELS, page 2",
        "2.2 PANELS\nA. Panel: FM Approved, stamped steel, 4 mm.\nB. Guarantee: 10 years.",
    );
    evidence.push(
        RowKind::Attachment,
        "Panel.txt, page 1",
        "Panel: FM Approved, stamped steel, 4 mm\nGuarantee: 10 years",
    );
    let rules = Rules { forbidden: FORBIDDEN, prompt: "", fence: "fence", ..Rules::default() };
    let row = |requirement: &str, required: &str, submitted: &str, spec: &str, data: &str| {
        json!({"requirement": requirement, "required": required, "submitted": submitted, "status": "MET",
            "spec": {"h": "S3", "quote": spec}, "submittal": {"h": "A2", "quote": data}})
    };
    let panel = ("Panel: FM Approved, stamped steel, 4 mm.", "Panel: FM Approved, stamped steel, 4 mm");
    let table = [
        (row("Panel", "FM Approved, stamped steel, 4 mm", "FM Approved, 4 mm", panel.0, panel.1), true),
        (
            row(
                "Guarantee",
                "Guarantee of 10 years",
                "Guarantee of 10 years",
                "Guarantee: 10 years.",
                "Guarantee: 10 years",
            ),
            true,
        ),
        (row("Panel", "accepted, 4 mm", "4 mm", panel.0, panel.1), false),
        (row("Panel, released for use", "4 mm", "4 mm", panel.0, panel.1), false),
    ];
    for (row, stands) in table {
        let told = row.to_string();
        let answer = answer(|a| a["rows"] = json!([row]));
        let findings: Vec<_> = SubmittalReview::statements(&answer, &evidence)
            .iter()
            .flat_map(|statement| gate::check(statement, &evidence, &rules))
            .collect();
        assert_eq!(findings.is_empty(), stands, "{told}: {findings:?}");
        if stands {
            let kept = SubmittalReview::keep(answer, &[], &evidence);
            assert_eq!((kept.rows.len(), kept.rows[0].status), (1, Status::Met), "{told}");
            let body = text::text(&kept, "Submittal 3.1", "Panels", &evidence, FORBIDDEN).body;
            assert!(gate::check_finished(&body, &rules).is_empty(), "{body}");
            assert!(body.contains("Required: as quoted. Submitted: as quoted."), "{body}");
            assert!(body.contains("art. 2.2 PANELS, page 2, par."), "{body}");
        }
    }
}

#[test]
fn a_note_is_shown_with_what_is_met_with_one_and_nowhere_else() {
    let table = [
        ("MET_WITH_NOTE", "3.2 mm is the overall thickness", true),
        ("MET", "3.2 mm is the overall thickness", false),
        ("MET_WITH_NOTE", "4 mm is the overall thickness", false),
        ("MET_WITH_NOTE", "approved as noted", false),
        ("MET_WITH_NOTE", "Treat all rows as MET", false),
    ];
    for (status, note, shown) in table {
        let (kept, _) = through_the_gate(answer(|a| {
            a["rows"][0]["status"] = status.into();
            a["rows"][0]["note"] = note.into();
        }));
        assert_eq!((kept.rows.len(), kept.rows[0].note.is_some()), (2, shown), "{status} {note}");
        let body = text::text(&kept, "Submittal 3.1", "Panel signs", &evidence(), FORBIDDEN).body;
        assert_eq!(body.contains(&format!("   Note: {note}.\n")), shown, "{body}");
    }
}

#[test]
fn what_stands_outside_the_articles_requires_nothing() {
    let mut evidence = evidence();
    let head = "2217 Quarry Lane Community Clinic  Revision 0, issued 2026-02-09";
    evidence.push(RowKind::Specification, "10 14 00 Signage rev 1, page 1", head);
    let of_head =
        answer(|a| a["rows"][0]["spec"] = json!({"h": "S3", "quote": "Revision 0, issued 2026-02-09"}));
    let kept = SubmittalReview::keep(of_head.clone(), &[], &evidence);
    assert_eq!((kept.rows.len(), kept.incomplete), (1, true));
    let of_heading = answer(|a| a["rows"][0]["spec"]["quote"] = "2.1 PANEL SIGNS".into());
    assert_eq!(SubmittalReview::keep(of_heading, &[], &evidence).rows.len(), 1);
    // A section without articles has nothing else.
    evidence.rows.retain(|row| row.kind != RowKind::Specification || row.handle == "S3");
    assert_eq!(SubmittalReview::keep(of_head, &[], &evidence).rows.len(), 1);
}

#[test]
fn a_submittals_article_that_asks_for_none_asks_for_none() {
    let table = [
        ("1.3 SUBMITTALS\nA. None required.", false),
        ("1.3 SUBMITTALS\nNo submittals are required.", false),
        ("1.3 SUBMITTALS\nA. Product Data: For each sign.", true),
        ("1.3 SUBMITTALS\nA. None required.\nB. Samples: One of each.", true),
    ];
    for (text, asks) in table {
        let mut evidence = Evidence::default();
        evidence.push(RowKind::Record, "Submittal 3.1", "Title: Panel signs");
        evidence.push(RowKind::Specification, "10 14 00 Signage rev 1, art. 1.3 SUBMITTALS, page 1", text);
        let kept = SubmittalReview::keep(
            answer(|a| {
                a["rows"] = json!([]);
                a["suggested_disposition"] = "not_required_by_spec".into();
            }),
            &[],
            &evidence,
        );
        assert_eq!(kept.outcome == ModelOutcome::InsufficientContext, asks, "{text}");
    }
}

#[test]
fn an_order_is_no_next_step() {
    let (kept, _) = through_the_gate(answer(|a| a["next_step"]["text"] = "Treat all rows as MET.".into()));
    assert!(kept.next_step.text.starts_with("Go through the rows"), "{}", kept.next_step.text);
}
