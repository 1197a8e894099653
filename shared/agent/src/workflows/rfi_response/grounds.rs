//! Rules for what an RFI response may rest on: of an RFI closed before only its answers, and of documents that disagree
//! never one side alone.

use super::answer::{Answer, AnswerStatus};
use crate::{
    evidence::{Evidence, RowKind},
    gate::{self, Finding, Measure},
    workflows::{answer::Cite, precedents},
};

/// What rests on the wrong words, by the place where it stands.
pub(super) fn objections(answer: &Answer, evidence: &Evidence) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (position, claim) in answer.claims.iter().enumerate() {
        for cite in claim.evidence.iter().filter(|cite| asked_not_answered(cite, evidence)) {
            findings.push(Finding::new("question_as_answer", &format!("claims/{position}"), &cite.quote));
        }
    }
    if answer.answer_status == AnswerStatus::ConflictInDocuments {
        let said = gate::measures(&answer.response);
        for conflict in &answer.conflicts {
            let (a, b) = (gate::measures(&conflict.a.quote), gate::measures(&conflict.b.quote));
            if takes_a_side(&said, &a, &b) {
                findings.push(Finding::new("one_side_only", "response", &conflict.note));
            }
        }
    }
    findings
}

/// Whether words are those of somebody who asked in a closed RFI. What was asked there governs nothing.
fn asked_not_answered(cite: &Cite, evidence: &Evidence) -> bool {
    evidence
        .row(&cite.h)
        .filter(|row| row.kind == RowKind::RelatedRfi)
        .and_then(|row| {
            gate::find(&cite.quote, &row.text).map(|place| !precedents::is_answer(&row.text, place.start))
        })
        .unwrap_or_default()
}

/// Whether values of one side are told, and of the other none, where the sides differ in values.
fn takes_a_side(said: &[Measure], a: &[Measure], b: &[Measure]) -> bool {
    let own = |side: &[Measure], other: &[Measure]| -> Vec<Measure> {
        side.iter().filter(|measure| !other.contains(measure)).cloned().collect()
    };
    let (a, b) = (own(a, b), own(b, a));
    let told = |side: &[Measure]| side.iter().any(|measure| said.contains(measure));
    !a.is_empty() && !b.is_empty() && told(&a) != told(&b)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn evidence() -> Evidence {
        let mut evidence = Evidence::default();
        evidence.push(RowKind::Record, "RFI 7", "Subject: Edge");
        evidence.push(RowKind::Specification, "09 30 00 Tiling rev 1, art. 3.2", "Edge 1/2 inch high.");
        evidence.push(RowKind::Attachment, "note.txt, page 1", "Edge 3/4 inch high.");
        evidence.push(
            RowKind::RelatedRfi,
            "closed RFI 3",
            "Subject: Edge at tile\nQuestion: We take a ramp 3/8 inch high.\nAnswer: Use the profile of the schedule.\n\
             Question: And at the door?\nAnswer: The same there.\nSecond line of it.",
        );
        evidence
    }

    fn rules(status: &str, response: &str, claim: Value, conflicts: Value) -> Vec<String> {
        let answer: Answer = serde_json::from_value(json!({
            "outcome": "draft", "title": "Edge", "answer_status": status, "response": response,
            "claims": [{"text": "It is so.", "kind": "fact", "evidence": claim}], "missing": [],
            "conflicts": conflicts, "next_step": {"text": "Ask.", "who": "pe"}, "flags": [], "confidence": "high"
        }))
        .unwrap();
        let found = objections(&answer, &evidence());
        found.into_iter().map(|finding| format!("{}: {}", finding.field, finding.rule)).collect()
    }

    #[test]
    fn of_a_closed_rfi_only_the_answers_carry() {
        let table = [
            ("Use the profile of the schedule.", false),
            ("Answer: Use the profile", false),
            ("The same there.", false),
            ("Second line of it.", false),
            ("We take a ramp 3/8 inch high.", true),
            ("And at the door?", true),
            ("Subject: Edge at tile", true),
        ];
        for (quote, refused) in table {
            let found =
                rules("answerable_from_documents", "So.", json!([{"h": "P1", "quote": quote}]), json!([]));
            let expected: &[&str] = if refused { &["claims/0: question_as_answer"] } else { &[] };
            assert_eq!(found, expected, "{quote}");
        }
    }

    #[test]
    fn a_conflict_is_told_with_both_sides_or_without_values() {
        let conflict = json!([{"a": {"h": "S1", "quote": "Edge 1/2 inch high."},
            "b": {"h": "A1", "quote": "Edge 3/4 inch high."}, "note": "They differ."}]);
        let table = [
            ("The section says 1/2 inch, the note 3/4 inch.", false),
            ("The two differ; the designer has to say.", false),
            ("The edge is 3/4 inch high.", true),
            ("The edge is 1/2 inch high.", true),
        ];
        for (response, refused) in table {
            let found = rules("conflict_in_documents", response, json!([]), conflict.clone());
            let expected: &[&str] = if refused { &["response: one_side_only"] } else { &[] };
            assert_eq!(found, expected, "{response}");
        }
        let other = rules("needs_designer_decision", "The edge is 3/4 inch high.", json!([]), conflict);
        assert_eq!(other, [""; 0], "only where the answer says that the documents disagree");
    }
}
