//! The draft of an RFI response as the reviewer reads it: plain text, sections in a fixed order.

use std::fmt::Write as _;

use super::answer::Answer;
use crate::{
    evidence::Evidence,
    gate,
    record::Quoted,
    workflows::{
        Text,
        answer::{Cite, Claim, ClaimKind, Confidence, Who},
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
    let mut page = Page { evidence, forbidden, body: String::new(), sources: Vec::new(), quotes: Vec::new() };
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
    page.claims("BASIS", &documented);
    page.claims("STATED BY THE REQUESTER OR IN THEIR FILES (no record of the project in context)", &stated);

    if !answer.conflicts.is_empty() {
        page.section("THE DOCUMENTS DISAGREE");
        for conflict in &answer.conflicts {
            page.line(&gate::without_handles(&conflict.note, evidence));
            page.cite(&conflict.a);
            page.cite(&conflict.b);
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

    page.section("NEXT STEP");
    let step = gate::without_handles(&answer.next_step.text, evidence);
    page.line(&format!("For the {}: {step}", answer.next_step.who.words()));

    let Page { body, sources, quotes, .. } = page;
    Text {
        title: title.chars().take(200).collect(),
        body,
        sources,
        quotes,
        flags: answer.flags.iter().map(|flag| flag.name().to_owned()).collect(),
        abstains,
    }
}

/// A sentence without its full stop, to stand in a line of code's making.
fn bare(sentence: &str) -> &str {
    sentence.trim().trim_end_matches('.')
}

struct Page<'e> {
    evidence: &'e Evidence,
    forbidden: &'e [&'e str],
    body: String,
    sources: Vec<String>,
    quotes: Vec<Quoted>,
}

impl Page<'_> {
    fn section(&mut self, heading: &str) {
        if !self.body.is_empty() {
            self.body.push('\n');
        }
        self.line(heading);
    }

    fn line(&mut self, text: &str) {
        self.body.push_str(text.trim());
        self.body.push('\n');
    }

    fn claims(&mut self, heading: &str, claims: &[&Claim]) {
        if claims.is_empty() {
            return;
        }
        self.section(heading);
        for (number, claim) in claims.iter().enumerate() {
            let kind = match claim.kind {
                ClaimKind::Fact => "",
                ClaimKind::Proposal => "Proposal: ",
                ClaimKind::Question => "Question: ",
                ClaimKind::Risk => "Risk: ",
            };
            let text = gate::without_handles(&claim.text, self.evidence);
            self.line(&format!("{}. {kind}{text}", number.saturating_add(1)));
            claim.evidence.iter().for_each(|cite| self.cite(cite));
        }
    }

    fn cite(&mut self, cite: &Cite) {
        let Some(row) = self.evidence.row(&cite.h) else {
            return;
        };
        let quote = cite.quote.split_whitespace().collect::<Vec<_>>().join(" ");
        if gate::quotable(&quote, self.forbidden) {
            let _ = writeln!(self.body, "   {}: \"{quote}\"", row.label);
            self.quotes.push(Quoted { handle: cite.h.clone(), quote: cite.quote.clone() });
        } else {
            let _ = writeln!(
                self.body,
                "   {}: see there (its words hold a phrase that drafts do not repeat)",
                row.label
            );
        }
        if !self.sources.contains(&row.label) {
            self.sources.push(row.label.clone());
        }
    }
}
