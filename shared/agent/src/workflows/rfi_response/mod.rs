//! Purpose: an aid for the project engineer who has to see an open RFI answered: what the documents say, where, and
//! what is missing. Never the answer itself: an RFI reply has no draft state, so the draft is private correspondence.

mod answer;
mod gather;
mod grounds;
mod requests;
#[cfg(test)]
mod tests;
mod text;

use jiff::Timestamp;
use procore::{ProjectId, Rfi, RfiId, RfiStatus};

pub use answer::{Answer, AnswerStatus};

use super::{
    Read, Sources, Text, Trigger, Workflow, precedents,
    rfi::{self, label, question_of, text_of},
};
use crate::{
    error::Error,
    event::{Reason, Resource},
    evidence::Evidence,
    gate::{Finding, Statement},
};

/// Phrases an RFI response draft may not hold, beside the common ones.
const FORBIDDEN: &[&str] = &[
    "follow the plans",
    "per plans and specs",
    "as directed",
    "is hereby",
    "substitution is",
    "or equal is",
    "no objection",
    "no exception",
    "no exceptions",
];

/// The workflow.
pub struct RfiResponse;

impl Workflow for RfiResponse {
    const NAME: &'static str = "rfi_response";
    const SCHEMA: &'static str = "rfi_response/1";
    const FORBIDDEN: &'static [&'static str] = FORBIDDEN;
    type Record = Rfi;
    type Output = Answer;

    fn triggers() -> Vec<Trigger> {
        vec![Trigger { resource: Resource::Rfi, reasons: &[Reason::Create, Reason::Update] }]
    }

    async fn read(sources: &Sources, project: ProjectId, record: i64) -> Result<Read<Rfi>, Error> {
        rfi::read(sources, project, RfiId::new(record), nothing_to_do).await
    }

    fn label(rfi: &Rfi) -> String {
        label(rfi)
    }

    fn updated_at(rfi: &Rfi) -> Option<Timestamp> {
        rfi.updated_at
    }

    fn fingerprint(rfi: &Rfi) -> String {
        rfi::fingerprint(rfi)
    }

    async fn gather(sources: &Sources, project: ProjectId, rfi: &Rfi) -> Result<Evidence, Error> {
        gather::gather(sources, project, rfi).await
    }

    async fn precedents(sources: &Sources, project: ProjectId, rfi: &Rfi) -> Result<Evidence, Error> {
        Ok(precedents::precedents(sources, project, rfi, &question_of(rfi)).await)
    }

    fn statements<'a>(output: &'a Answer, evidence: &'a Evidence) -> Vec<Statement<'a>> {
        output.statements(evidence)
    }

    fn objections(output: &Answer, evidence: &Evidence) -> Vec<Finding> {
        let mut findings = requests::objections(output, evidence);
        findings.extend(grounds::objections(output, evidence));
        findings
    }

    fn keep(output: Answer, refused: &[String], evidence: &Evidence) -> Answer {
        output.keep(refused, evidence)
    }

    fn text(output: &Answer, rfi: &Rfi, evidence: &Evidence) -> Text {
        let subject = documents::clean_text(&rfi.subject).text;
        text::text(output, &label(rfi), subject.trim(), evidence, FORBIDDEN)
    }
}

/// Why an RFI asks for no draft, if it does not.
fn nothing_to_do(rfi: &Rfi) -> Option<&'static str> {
    if rfi.deleted {
        return Some("the RFI is deleted");
    }
    if rfi.draft || rfi.status == RfiStatus::Draft {
        return Some("the RFI is a draft itself");
    }
    if rfi.status != RfiStatus::Open {
        return Some("the RFI is not open");
    }
    if rfi.questions.iter().flat_map(|question| &question.answers).any(|answer| answer.official) {
        return Some("the RFI has an official answer");
    }
    let asked =
        rfi.questions.iter().map(|q| text_of(&q.plain_text_body, &q.rich_text_body)).collect::<String>();
    if asked.trim().is_empty() {
        return Some("the RFI asks nothing");
    }
    None
}
