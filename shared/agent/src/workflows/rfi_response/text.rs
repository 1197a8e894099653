//! The draft of an RFI response as the reviewer reads it: plain text, sections in a fixed order.

use super::{answer::Answer, requests};
use crate::{
    evidence::Evidence,
    gate,
    workflows::{
        Text,
        answer::{Claim, ClaimKind, Confidence, Who},
        page::{Page, bare},
    },
};

/// Puts the words that passed the gate in their places. `label` is the record's, such as `RFI 7`; `subject` is
/// shown only if it is fit to be.
pub(super) fn text(
    answer: &Answer,
    label: &str,
    subject: &str,
    evidence: &Evidence,
    forbidden: &[&str],
) -> Text {
    let mut page = Page::new(evidence, forbidden);
    let abstains = answer.abstains();
    let subject = if !subject.is_empty() && gate::presentable_of_record(subject, forbidden, evidence) {
        subject
    } else {
        &answer.title
    };
    let what = if abstains { "Note on" } else { "Draft response to" };
    let title =
        if subject.is_empty() { format!("{what} {label}") } else { format!("{what} {label}: {subject}") };

    page.section("STATUS");
    page.line(answer.answer_status.words());
    page.observe("answer_status", answer.answer_status.name());
    if !abstains {
        let confidence = match answer.confidence {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        };
        page.line(&format!("Confidence stated by the model: {confidence}."));
        page.section("PROPOSED RESPONSE");
        page.line(&gate::without_handles(&answer.response, evidence));
    }

    let (documented, stated): (Vec<&Claim>, Vec<&Claim>) = answer.claims.iter().partition(|claim| {
        claim.evidence.iter().any(|cite| evidence.row(&cite.h).is_some_and(|row| row.kind.is_governing()))
    });
    list(&mut page, "BASIS", &documented);
    list(
        &mut page,
        "STATED BY THE REQUESTER OR IN THEIR FILES (no record of the project in context)",
        &stated,
    );

    if !answer.conflicts.is_empty() {
        page.section("THE DOCUMENTS DISAGREE");
        for conflict in &answer.conflicts {
            let note = gate::without_handles(&conflict.note, evidence);
            page.line(&note);
            page.observe(&format!("{note} {} {}", conflict.a.quote, conflict.b.quote), "CONFLICT");
            page.cite(&conflict.a);
            page.cite(&conflict.b);
        }
    }

    if !evidence.superseded.is_empty() {
        page.section("SUPERSEDED SHEETS (not relied on)");
        evidence.superseded.iter().for_each(|note| page.line(&format!("- {note}.")));
    }
    if requests::asks_for_substitution(evidence) {
        page.section("SUBSTITUTION");
        page.line(
            "The RFI asks for another product than the documents name. That goes to the project's procedure for it.",
        );
        if let Some(cite) = requests::procedure(answer, evidence) {
            page.cite(&cite);
        }
    }

    page.section("MISSING");
    if answer.missing.is_empty() && !abstains {
        page.line("Nothing named.");
    }
    for missing in &answer.missing {
        let item = gate::without_handles(&missing.item, evidence);
        let why = gate::without_handles(&missing.why, evidence);
        page.line(&format!("- {}. {}. Ask: {}.", bare(&item), bare(&why), missing.who.words()));
    }
    if abstains && !evidence.rows.iter().any(|row| row.kind.is_governing()) {
        page.line(&format!(
            "- The governing specification text. No section linked to this RFI could be read. Ask: {}.",
            Who::Pe.words()
        ));
    }

    page.next_step(&answer.next_step);
    page.into_text(&title, &answer.flags, abstains)
}

fn list(page: &mut Page<'_>, heading: &str, claims: &[&Claim]) {
    if claims.is_empty() {
        return;
    }
    page.section(heading);
    for (number, claim) in claims.iter().enumerate() {
        let kind = match claim.kind {
            ClaimKind::Fact => "",
            ClaimKind::Proposal => "Proposal: ",
            ClaimKind::Question => "Question: ",
            ClaimKind::Risk => "Risk: ",
        };
        let text = gate::without_handles(&claim.text, page.evidence);
        page.line(&format!("{}. {kind}{text}", number.saturating_add(1)));
        claim.evidence.iter().for_each(|cite| page.cite(cite));
    }
}
