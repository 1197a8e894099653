//! From an answer to a draft, without a model: what is kept, what is lost, what the reviewer reads.

use serde_json::{Value, json};

use super::{Answer, AnswerStatus, FORBIDDEN, RfiResponse};
use crate::{
    evidence::{Evidence, RowKind},
    gate::{self, Rules},
    workflows::{Workflow, answer::Confidence},
};

fn evidence() -> Evidence {
    let mut evidence = Evidence {
        sections: vec![("10 14 00".into(), "Signage".into()), ("09 30 00".into(), "Tiling".into())],
        ..Evidence::default()
    };
    evidence.push(
        RowKind::Record,
        "RFI 7",
        "Subject: Sign height\nQuestion: The super says 72 inches. What height?",
    );
    evidence.push(
        RowKind::Specification,
        "10 14 00 Signage rev 1, art. 3.2 INSTALLATION, page 3",
        "A. Mount signs 60 inches above the floor.\nB. Use adhesive acceptable to the manufacturer.",
    );
    evidence.push(RowKind::Attachment, "A-501.txt, page 1", "Signs at 66 inches, typical.");
    evidence
}

fn answer(change: impl FnOnce(&mut Value)) -> Answer {
    let mut answer = json!({
        "outcome": "draft", "title": "Sign height", "answer_status": "answerable_from_documents",
        "response": "Signs are mounted 60 inches above the floor.",
        "claims": [{"text": "Signs are mounted 60 inches above the floor.", "kind": "fact",
                    "evidence": [{"h": "S1", "quote": "Mount signs 60 inches above the floor."}]}],
        "missing": [], "conflicts": [], "next_step": {"text": "Answer the RFI.", "who": "pe"},
        "flags": [], "confidence": "high"
    });
    change(&mut answer);
    serde_json::from_value(answer).unwrap()
}

/// Runs the gate as a run does, until all that is left stands. Returns the rules that were broken.
fn through_the_gate(mut answer: Answer) -> (Answer, Vec<String>) {
    let evidence = evidence();
    let rules = Rules { forbidden: FORBIDDEN, ..Rules::default() };
    let mut broken = Vec::new();
    for _ in 0..5 {
        let findings: Vec<_> = RfiResponse::statements(&answer, &evidence)
            .iter()
            .flat_map(|statement| gate::check(statement, &evidence, &rules))
            .collect();
        let refused: Vec<String> = findings.iter().map(|finding| finding.field.clone()).collect();
        broken.extend(findings.into_iter().map(|finding| format!("{}: {}", finding.field, finding.rule)));
        answer = RfiResponse::keep(answer, &refused, &evidence);
        if refused.is_empty() {
            break;
        }
    }
    (answer, broken)
}

#[test]
fn a_good_answer_passes_untouched() {
    let good = answer(|_| ());
    assert_eq!(through_the_gate(good.clone()), (good, vec![]));
}

#[test]
fn each_way_to_be_wrong_is_found_where_it_stands() {
    type Change = fn(&mut Value);
    let table: [(&str, Change); 15] = [
        ("response: number_not_in_source", |a| a["response"] = "Mount the signs at 72 inches.".into()),
        ("response: number_not_in_source", |a| a["response"] = "Mount the signs at 66 inches.".into()),
        ("response: number_not_in_source", |a| a["response"] = "Mount the signs at 60 mm.".into()),
        ("response: forbidden_language", |a| a["response"] = "Mounting as built is acceptable.".into()),
        ("response: url", |a| a["response"] = "See www.signs.example for it.".into()),
        ("response: section_not_in_project", |a| a["response"] = "See section 10 14 10.".into()),
        ("claims/0: number_not_in_source", |a| a["claims"][0]["text"] = "Signs are at 61 inches.".into()),
        ("claims/0: quote_not_in_source", |a| {
            a["claims"][0]["evidence"][0]["quote"] = "Mount signs 66 inches above the floor.".into()
        }),
        ("claims/0: unknown_handle", |a| a["claims"][0]["evidence"][0]["h"] = "S7".into()),
        ("claims/0: no_citation", |a| a["claims"][0]["evidence"] = json!([])),
        ("title: html", |a| a["title"] = "<b>Sign height</b>".into()),
        ("next_step: forbidden_language", |a| a["next_step"]["text"] = "Proceed with the work.".into()),
        // Page 1 stands in the name of an attached file alone.
        ("next_step: name_not_in_source", |a| a["next_step"]["text"] = "Read page 1 of it.".into()),
        ("missing/0: url", |a| {
            a["missing"] = json!([{"item": "The sheet", "why": "see http://x.example", "who": "owner"}]);
        }),
        ("conflicts/0: quote_not_in_source", |a| {
            let cite = json!({"h": "S1", "quote": "Mount signs 60 inches above the floor."});
            let other = json!({"h": "A1", "quote": "Signs at 60 inches, typical."});
            a["conflicts"] = json!([{"a": cite, "b": other, "note": "They disagree."}]);
        }),
    ];
    for (expected, change) in table {
        let (_, broken) = through_the_gate(answer(change));
        assert!(broken.iter().any(|found| found == expected), "{expected}: {broken:?}");
    }
}

#[test]
fn what_stood_on_a_dropped_claim_falls_with_it() {
    let (kept, _) = through_the_gate(answer(|a| {
        a["claims"][0]["evidence"][0]["quote"] = "Mount signs 60 inches above the slab.".into();
    }));
    assert_eq!(kept.answer_status, AnswerStatus::InsufficientContext);
    assert_eq!((kept.response.as_str(), kept.claims.len(), kept.confidence), ("", 0, Confidence::Low));
}

#[test]
fn an_attachment_alone_answers_nothing() {
    let (kept, _) = through_the_gate(answer(|a| {
        a["response"] = "The attached sheet tells the height.".into();
        a["claims"][0] = json!({"text": "The sheet says 66 inches.", "kind": "fact",
            "evidence": [{"h": "A1", "quote": "Signs at 66 inches, typical."}]});
    }));
    assert_eq!(kept.answer_status, AnswerStatus::InsufficientContext);
}

#[test]
fn a_conflict_shows_both_sides_or_is_none() {
    let both = |a: &mut Value| {
        a["answer_status"] = "conflict_in_documents".into();
        a["response"] = "The section says 60 inches and the sheet 66 inches; the designer has to say.".into();
        a["conflicts"] = json!([{"a": {"h": "S1", "quote": "Mount signs 60 inches above the floor."},
            "b": {"h": "A1", "quote": "Signs at 66 inches, typical."}, "note": "Heights differ."}]);
    };
    let (kept, broken) = through_the_gate(answer(both));
    assert_eq!((kept.answer_status, broken), (AnswerStatus::ConflictInDocuments, vec![]));
    let (kept, _) = through_the_gate(answer(|a| {
        both(a);
        a["conflicts"][0]["b"]["h"] = "R1".into();
    }));
    assert_eq!(kept.answer_status, AnswerStatus::InsufficientContext);
}

#[test]
fn the_reviewer_reads_what_is_said_by_whom_and_where() {
    let answer = answer(|a| {
        a["claims"] = json!([
            {"text": "Signs are mounted 60 inches above the floor [S1].", "kind": "fact",
             "evidence": [{"h": "S1", "quote": "Mount signs 60 inches above the floor."}]},
            {"text": "The adhesive suits the manufacturer.", "kind": "fact",
             "evidence": [{"h": "S1", "quote": "Use adhesive acceptable to the manufacturer."}]},
            {"text": "The requester was told 72 inches.", "kind": "fact",
             "evidence": [{"h": "R1", "quote": "The super says 72 inches."}]},
        ]);
        a["missing"] = json!([{"item": "The sign schedule.", "why": "It lists types.", "who": "architect"}]);
    });
    let (kept, broken) = through_the_gate(answer);
    assert_eq!(broken, Vec::<String>::new());
    let text = super::text::text(&kept, "RFI 7", "Sign height", &evidence(), FORBIDDEN);
    insta::assert_snapshot!(format!("{}\n\n{}", text.title, text.body), @r#"
    Draft response to RFI 7: Sign height

    STATUS
    Answerable from the documents.
    Confidence stated by the model: high.

    PROPOSED RESPONSE
    Signs are mounted 60 inches above the floor.

    BASIS
    1. Signs are mounted 60 inches above the floor.
       10 14 00 Signage rev 1, art. 3.2.A, page 3: "Mount signs 60 inches above the floor."
    2. The adhesive suits the manufacturer.
       10 14 00 Signage rev 1, art. 3.2.B, page 3: see there (its words hold a phrase that drafts do not repeat)

    STATED BY THE REQUESTER OR IN THEIR FILES (no record of the project in context)
    1. The requester was told 72 inches.
       RFI 7: "The super says 72 inches."

    MISSING
    - The sign schedule. It lists types. Ask: architect.

    NEXT STEP
    For the project engineer: Answer the RFI.
    "#);
    assert_eq!(text.quotes.len(), 2, "the withheld words are not among the quotes");
}

#[test]
fn a_subject_that_may_not_be_shown_gives_way_to_the_answers_own_title() {
    for subject in ["Approved already", "See http://x.example", "Section 99 88 77"] {
        let text = super::text::text(&answer(|_| ()), "RFI 7", subject, &evidence(), FORBIDDEN);
        assert_eq!(text.title, "Draft response to RFI 7: Sign height");
    }
}
