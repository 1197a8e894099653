//! Purpose: the question of a draft RFI whose writer left it blank or thin, put into the field that is empty: what to ask,
//! what the documents show, and what is missing. Never a word in place of a person's, never an RFI that is issued: it
//! stays the draft it was, and a person issues it.

mod answer;
mod gap;
mod gather;
mod keep;
#[cfg(test)]
mod tests;
mod text;

use jiff::Timestamp;
use procore::{ProjectId, Rfi, RfiId, RfiStatus};

pub use answer::{Answer, Discipline, Impact, ImpactStatus, NeedBy, Reference, ReferenceType, Routing};

use super::{
    Read, Sources, Target, Text, Trigger, Workflow, precedents,
    rfi::{self, label},
};
use crate::{
    draft::RfiField,
    error::Error,
    event::{Reason, Resource},
    evidence::Evidence,
    gate::{FieldRule, Statement},
};

/// Phrases an RFI question may not hold, beside the common ones: what only passes the work on, asks for another product
/// or means, or prepares a dispute.
const FORBIDDEN: &[&str] = &[
    "please advise",
    "advise asap",
    "as soon as possible",
    "substitute*",
    "substitution*",
    "or equal",
    "in lieu of",
    "means and methods",
    "claim for",
    "delay claim",
    "reserve the right",
    "reserves the right",
    "failed to",
    "failure to",
    "your error",
    "no impact",
    "is hereby",
];

/// The workflow.
pub struct RfiQuestion;

impl Workflow for RfiQuestion {
    const NAME: &'static str = "rfi_question";
    const SCHEMA: &'static str = "rfi_question/1";
    const FORBIDDEN: &'static [&'static str] = FORBIDDEN;
    const FIELDS: &'static [FieldRule<'static>] =
        &[FieldRule { field: "question", one_question: true, max_chars: None }];
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

    fn target(rfi: &Rfi) -> Target<'_> {
        // Only a record with a gap gets this far.
        Target::DraftRfi { rfi, field: gap::gap(rfi).unwrap_or(RfiField::Question) }
    }

    async fn gather(sources: &Sources, project: ProjectId, rfi: &Rfi) -> Result<Evidence, Error> {
        gather::gather(sources, project, rfi).await
    }

    async fn precedents(sources: &Sources, project: ProjectId, rfi: &Rfi) -> Result<Evidence, Error> {
        Ok(precedents::precedents(sources, project, rfi, &gather::words(rfi)).await)
    }

    fn statements<'a>(output: &'a Answer, evidence: &'a Evidence) -> Vec<Statement<'a>> {
        output.statements(evidence)
    }

    fn keep(output: Answer, refused: &[String], evidence: &Evidence) -> Answer {
        output.keep(refused, evidence)
    }

    fn text(output: &Answer, rfi: &Rfi, evidence: &Evidence) -> Text {
        text::text(output, &label(rfi), evidence, FORBIDDEN)
    }
}

/// Why an RFI has no room for a draft, if it has none.
fn nothing_to_do(rfi: &Rfi) -> Option<&'static str> {
    if rfi.deleted {
        return Some("the RFI is deleted");
    }
    if rfi.status != RfiStatus::Draft || !rfi.draft {
        return Some("the RFI is no draft");
    }
    gap::gap(rfi).err()
}
