//! From an answer to a draft, without a model: what is kept, what is lost, what the writer of the RFI reads.

use serde_json::{Value, json};

use super::{Answer, FORBIDDEN, ImpactStatus, RfiQuestion};
use crate::{
    evidence::{Evidence, RowKind},
    gate::{self, Rules},
    workflows::{Workflow, answer::ModelOutcome},
};

fn evidence() -> Evidence {
    let mut evidence = Evidence {
        sections: vec![("10 14 00".into(), "Signage".into()), ("09 30 00".into(), "Tiling".into())],
        ..Evidence::default()
    };
    evidence.push(
        RowKind::Record,
        "RFI with id 9",
        "Subject: Sign height\nLocation: Level 1 > Exam wing\nDue: 2026-12-01",
    );
    evidence.push(
        RowKind::Specification,
        "10 14 00 Signage rev 1, art. 3.2 INSTALLATION, page 3",
        "A. Mount signs 60 inches above the floor.\nB. Extra signs add to the contract price by unit.",
    );
    evidence.push(RowKind::Attachment, "A-811.txt, page 1", "Signs at 66 inches, typical.");
    evidence
}

fn answer(change: impl FnOnce(&mut Value)) -> Answer {
    let mut answer = json!({
        "outcome": "draft", "title": "Sign height at exam wing",
        "question": "Does 60 inches or 66 inches govern for the signs at the exam wing?",
        "background": "The section says 60 inches, the sheet 66 inches.",
        "references": [
            {"type": "spec", "h": "S1", "quote": "Mount signs 60 inches above the floor.", "detail": null},
            {"type": "drawing", "h": "A1", "quote": "Signs at 66 inches, typical.", "detail": "typical note"}],
        "proposed_solution": null,
        "cost_impact": {"status": "tbd", "evidence": null},
        "schedule_impact": {"status": "tbd", "evidence": null},
        "need_by": {"text": "2026-12-01", "evidence": {"h": "R1", "quote": "Due: 2026-12-01"}},
        "routing": {"discipline": "architect", "reason": "Signage is an architectural section."},
        "missing": [], "conflicts": [], "flags": [], "confidence": "high"
    });
    change(&mut answer);
    serde_json::from_value(answer).unwrap()
}

/// Runs the gate as a run does, until all that is left stands. Returns the rules that were broken.
fn through_the_gate(mut answer: Answer, evidence: &Evidence) -> (Answer, Vec<String>) {
    let rules = Rules { forbidden: FORBIDDEN, fields: RfiQuestion::FIELDS, ..Rules::default() };
    let mut broken = Vec::new();
    for _ in 0..5 {
        let findings: Vec<_> = RfiQuestion::statements(&answer, evidence)
            .iter()
            .flat_map(|statement| gate::check(statement, evidence, &rules))
            .collect();
        let refused: Vec<String> = findings.iter().map(|finding| finding.field.clone()).collect();
        broken.extend(findings.into_iter().map(|finding| format!("{}: {}", finding.field, finding.rule)));
        answer = RfiQuestion::keep(answer, &refused, evidence);
        if refused.is_empty() {
            break;
        }
    }
    (answer, broken)
}

#[test]
fn a_good_answer_passes_untouched() {
    let good = answer(|_| ());
    assert_eq!(through_the_gate(good.clone(), &evidence()), (good, vec![]));
}

#[test]
fn each_way_to_be_wrong_is_found_where_it_stands() {
    type Change = fn(&mut Value);
    let table: [(&str, Change); 20] = [
        ("question: more_than_one_question", |a| {
            a["question"] = "Is it 60 inches? Or 66 inches?".into();
        }),
        ("question: no_question", |a| a["question"] = "Tell us the height of the signs.".into()),
        ("question: forbidden_language", |a| a["question"] = "Please advise on the height?".into()),
        ("question: forbidden_language", |a| a["question"] = "Is a substitute sign fine?".into()),
        ("question: forbidden_language", |a| a["question"] = "Is it approved as built?".into()),
        ("question: number_not_in_source", |a| a["question"] = "Is 62 inches the height?".into()),
        ("question: section_not_in_project", |a| a["question"] = "Does section 10 14 10 govern?".into()),
        ("question: url", |a| a["question"] = "Is www.signs.example the catalog?".into()),
        ("background: number_not_in_source", |a| a["background"] = "The signs are at 61 inches.".into()),
        ("background: forbidden_language", |a| a["background"] = "The architect failed to say it.".into()),
        ("references/0: quote_not_in_source", |a| {
            a["references"][0]["quote"] = "Mount signs 66 inches above the floor.".into();
        }),
        ("references/0: unknown_handle", |a| a["references"][0]["h"] = "S7".into()),
        ("references/1: name_not_in_source", |a| a["references"][1]["detail"] = "detail 14".into()),
        ("references/1: number_not_in_source", |a| a["references"][1]["detail"] = "at 14 inches".into()),
        ("title: html", |a| a["title"] = "<b>Sign height</b>".into()),
        ("proposed_solution: number_not_in_source", |a| {
            a["proposed_solution"] = "Mount them at 48 inches.".into();
        }),
        ("need_by: date_not_in_source", |a| a["need_by"]["text"] = "2026-12-10".into()),
        ("cost_impact: quote_not_in_source", |a| {
            let cite = json!({"h": "S1", "quote": "The signs cost 400 dollars each."});
            a["cost_impact"] = json!({"status": "yes_known", "evidence": cite});
        }),
        ("routing: email_address", |a| a["routing"]["reason"] = "Mail kim@signs.example".into()),
        ("conflicts/0: quote_not_in_source", |a| {
            let cite = json!({"h": "S1", "quote": "Mount signs 60 inches above the floor."});
            let other = json!({"h": "A1", "quote": "Signs at 60 inches, typical."});
            a["conflicts"] = json!([{"a": cite, "b": other, "note": "They disagree."}]);
        }),
    ];
    for (expected, change) in table {
        let (_, broken) = through_the_gate(answer(change), &evidence());
        assert!(broken.iter().any(|found| found == expected), "{expected}: {broken:?}");
    }
}

#[test]
fn a_question_stands_on_a_subject_and_on_a_source() {
    type Change = fn(&mut Value);
    let bare = |record: &str| {
        let mut evidence = Evidence::default();
        evidence.push(RowKind::Record, "RFI with id 9", record);
        evidence.push(RowKind::RelatedRfi, "closed RFI 3", "Mount the signs 60 inches above the floor.");
        evidence
    };
    let of_record: Change = |a| {
        a["question"] = "Which document governs the signs?".into();
        a["background"] = "".into();
        a["need_by"] = Value::Null;
        a["references"] =
            json!([{"type": "rfi", "h": "R1", "quote": "Subject: Sign height", "detail": null}]);
    };
    let table: [(&str, Evidence, Change, bool); 6] = [
        ("all of it", evidence(), |_| (), true),
        ("no source left", evidence(), |a| a["references"] = json!([]), false),
        ("a place", bare("Subject: Sign height\nLocation: Level 1"), of_record, true),
        ("a sheet", bare("Subject: Sign height\nDrawing number: A-811"), of_record, true),
        ("a subject line and a closed RFI", bare("Subject: Sign height"), of_record, false),
        (
            "what it points to is something else",
            evidence(),
            |a| {
                a["references"][0]["type"] = "drawing".into();
                a["references"][1]["type"] = "spec".into();
            },
            false,
        ),
    ];
    for (what, evidence, change, stands) in table {
        let (kept, broken) = through_the_gate(answer(change), &evidence);
        assert_eq!(kept.outcome == ModelOutcome::Draft, stands, "{what}: {broken:?}");
        assert_eq!(kept.question.is_empty(), !stands, "{what}");
    }
}

#[test]
fn an_impact_is_to_be_determined_unless_the_project_says_so() {
    let says = json!({"h": "S1", "quote": "Extra signs add to the contract price by unit."});
    let attached = json!({"h": "A1", "quote": "Signs at 66 inches, typical."});
    let table = [
        ("yes_known", says.clone(), ImpactStatus::YesKnown),
        ("yes_unknown", says.clone(), ImpactStatus::YesUnknown),
        ("yes_known", attached, ImpactStatus::Tbd),
        ("yes_known", Value::Null, ImpactStatus::Tbd),
        ("no_impact", says.clone(), ImpactStatus::Tbd),
        ("n_a", says, ImpactStatus::Tbd),
    ];
    for (status, cite, expected) in table {
        let (kept, _) = through_the_gate(
            answer(|a| a["cost_impact"] = json!({"status": status, "evidence": cite})),
            &evidence(),
        );
        assert_eq!(kept.cost_impact.status, expected, "{status} {cite}");
        assert_eq!(kept.cost_impact.evidence.is_some(), expected != ImpactStatus::Tbd, "{status} {cite}");
    }
}

#[test]
fn the_writer_reads_one_question_its_grounds_and_what_is_missing() {
    let (kept, broken) = through_the_gate(
        answer(|a| {
            a["missing"] =
                json!([{"item": "The sign schedule.", "why": "It lists types.", "who": "architect"}]);
            a["proposed_solution"] = "Use the height of the section.".into();
        }),
        &evidence(),
    );
    assert_eq!(broken, Vec::<String>::new());
    let text = super::text::text(&kept, "RFI with id 9", &evidence(), FORBIDDEN);
    insta::assert_snapshot!(format!("{}\n\n{}", text.title, text.body), @r#"
    AI-generated draft. Review before use. See: 10 14 00 Signage rev 1, art. 3.2 INSTALLATION, page 3; A-811.txt, page 1

    QUESTION
    Does 60 inches or 66 inches govern for the signs at the exam wing?

    SUGGESTED SUBJECT
    Sign height at exam wing

    BACKGROUND
    The section says 60 inches, the sheet 66 inches.

    REFERENCES
    1. Quoted:
       10 14 00 Signage rev 1, art. 3.2.A, page 3: "Mount signs 60 inches above the floor."
    2. typical note
       A-811.txt, page 1: "Signs at 66 inches, typical."

    SUGGESTION OF THE CONTRACTOR, for the designer to decide
    Use the height of the section.

    IMPACT
    Cost: to be determined.
    Schedule: to be determined.

    ANSWER NEEDED BY
    2026-12-01
       RFI with id 9: "Due: 2026-12-01"

    WHO COULD ANSWER
    The architect: Signage is an architectural section.

    MISSING
    - The sign schedule. It lists types. Ask: architect.
    "#);
    let (kept, _) = through_the_gate(answer(|a| a["question"] = "Tell us.".into()), &evidence());
    let text = super::text::text(&kept, "RFI with id 9", &evidence(), FORBIDDEN);
    assert!(text.abstains && !text.body.contains("QUESTION\n") && !text.body.contains("60"), "{}", text.body);
}
