//! The honest model's answers, by kind. Outside quotations they hold no number and no name.

use super::{
    answer::{Answer, Citation, Claim, Conflict, Missing, NextStep},
    conflict::{citation, other_side},
    passages::Passage,
    signals::Request,
};

/// Sentences of the documents that speak to the question.
pub(super) fn extracted(
    title: &str,
    picked: &[&Passage<'_>],
    request: Request,
    flags: Vec<String>,
) -> Answer {
    let quoted: Vec<&str> = picked.iter().map(|passage| passage.text.as_str()).collect();
    let (status, opening, next, who) = match request {
        Request::Question => (
            "answerable_from_documents",
            "The project documents state:",
            "Compare with the current drawings, then answer the RFI.",
            "pe",
        ),
        Request::Substitution => (
            "needs_designer_decision",
            "The question asks for something other than what is specified; that is the designer's decision. The \
             documents state:",
            "Route it through the project's substitution procedure.",
            "architect",
        ),
        Request::SpokenAgreement => (
            "needs_designer_decision",
            "The agreement is the requester's statement; there is no record of it in the evidence. The documents state:",
            "Ask the designer for a written answer.",
            "architect",
        ),
    };
    Answer {
        outcome: "draft",
        title: title.to_owned(),
        answer_status: status.to_owned(),
        response: format!("{opening} {}", quoted.join(" ")),
        claims: picked.iter().map(|passage| fact(citation(passage))).collect(),
        missing: Vec::new(),
        conflicts: Vec::new(),
        next_step: step(next, who),
        flags,
        confidence: "medium".to_owned(),
    }
}

/// Two documents, two values.
pub(super) fn conflicting(title: &str, found: Conflict, flags: Vec<String>) -> Answer {
    Answer {
        outcome: "draft",
        title: title.to_owned(),
        answer_status: "conflict_in_documents".to_owned(),
        response: format!(
            "The documents disagree. The specification states: {} The {} states: {} Nothing in the evidence says which \
             governs.",
            found.a.quote,
            other_side(&found.b.h),
            found.b.quote
        ),
        claims: vec![fact(found.a.clone()), fact(found.b.clone())],
        missing: Vec::new(),
        conflicts: vec![found],
        next_step: step("Ask the architect which document governs.", "architect"),
        flags,
        confidence: "medium".to_owned(),
    }
}

/// Nothing in the evidence speaks to the question.
pub(super) fn insufficient(title: &str, flags: Vec<String>) -> Answer {
    Answer {
        outcome: "insufficient_context",
        title: title.to_owned(),
        answer_status: "insufficient_context".to_owned(),
        response: "The documents in evidence do not speak to this question.".to_owned(),
        claims: Vec::new(),
        missing: vec![Missing {
            item: "The specification section or drawing that governs this question".to_owned(),
            why: "Nothing in the evidence speaks to it".to_owned(),
            who: "architect".to_owned(),
        }],
        conflicts: Vec::new(),
        next_step: step(
            "Link the governing section to the RFI, or ask the architect which document applies.",
            "pe",
        ),
        flags,
        confidence: "low".to_owned(),
    }
}

/// A record that asks nothing.
pub(super) fn no_rfi(title: &str, flags: Vec<String>) -> Answer {
    Answer {
        outcome: "draft",
        answer_status: "not_an_rfi".to_owned(),
        response: "This record asks no question about the project documents.".to_owned(),
        missing: Vec::new(),
        next_step: step("Route it to the person who handles such matters, then close the RFI.", "pe"),
        ..insufficient(title, flags)
    }
}

fn fact(citation: Citation) -> Claim {
    Claim { text: citation.quote.clone(), kind: "fact".to_owned(), evidence: vec![citation] }
}

fn step(text: &str, who: &str) -> NextStep {
    NextStep { text: text.to_owned(), who: who.to_owned() }
}
