//! Purpose: an aid for the project engineer who has to see an open RFI answered: what the documents say, where, and
//! what is missing. Never the answer itself: an RFI reply has no draft state, so the draft is private correspondence.

mod answer;
mod gather;
mod precedents;
#[cfg(test)]
mod tests;
mod text;

use jiff::Timestamp;
use procore::{ProjectId, Rfi, RfiId, RfiStatus};

pub use answer::{Answer, AnswerStatus};

use super::{Read, Sources, Text, Trigger, Workflow, outside::html_text};
use crate::{
    error::Error,
    event::{Reason, Resource},
    evidence::Evidence,
    gate::Statement,
    hash::sha256_hex,
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
        let rfi = match sources.procore.rfi(project, RfiId::new(record)).await {
            Ok(rfi) => rfi,
            Err(error) if error.class() == procore::Class::NotFound => {
                sources.shelf.forget_precedent(project, RfiId::new(record)).await?;
                return Ok(Read::Nothing {
                    label: None,
                    why: "the RFI is gone, or the service account may not see it",
                });
            }
            Err(error) => return Err(error.into()),
        };
        precedents::note(sources, project, &rfi).await?;
        Ok(match nothing_to_do(&rfi) {
            Some(why) => Read::Nothing { label: Some(label(&rfi)), why },
            None => Read::Record(rfi),
        })
    }

    fn label(rfi: &Rfi) -> String {
        label(rfi)
    }

    fn updated_at(rfi: &Rfi) -> Option<Timestamp> {
        rfi.updated_at
    }

    fn fingerprint(rfi: &Rfi) -> String {
        let mut parts: Vec<String> = vec![
            rfi.subject.clone(),
            rfi.status.as_str().to_owned(),
            rfi.specification_section.as_ref().map(|section| section.id.to_string()).unwrap_or_default(),
            rfi.location.as_ref().map(|location| location.name.clone()).unwrap_or_default(),
            rfi.drawing_number.clone().unwrap_or_default(),
        ];
        for question in &rfi.questions {
            parts.push(text_of(&question.plain_text_body, &question.rich_text_body));
            parts.extend(question.attachments.iter().map(|file| format!("{:?} {}", file.id, file.name)));
            for answer in &question.answers {
                parts.push(format!("{} {}", answer.id, answer.official));
                parts.push(text_of(&answer.plain_text_body, &answer.rich_text_body));
            }
        }
        sha256_hex(&parts.iter().map(String::as_bytes).collect::<Vec<_>>())
    }

    async fn gather(sources: &Sources, project: ProjectId, rfi: &Rfi) -> Result<Evidence, Error> {
        gather::gather(sources, project, rfi).await
    }

    async fn precedents(sources: &Sources, project: ProjectId, rfi: &Rfi) -> Result<Evidence, Error> {
        Ok(precedents::precedents(sources, project, rfi).await)
    }

    fn statements<'a>(output: &'a Answer, evidence: &'a Evidence) -> Vec<Statement<'a>> {
        output.statements(evidence)
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

/// What people call an RFI. The number is the server's, but cut to what a number is made of all the same.
fn label(rfi: &Rfi) -> String {
    let number = rfi.full_number.as_deref().or(rfi.number.as_deref()).unwrap_or_default();
    let number: String =
        number.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')).take(20).collect();
    if number.is_empty() { format!("RFI with id {}", rfi.id) } else { format!("RFI {number}") }
}

/// Plain text where there is some; the HTML body read as text otherwise.
fn text_of(plain: &str, rich: &str) -> String {
    if plain.trim().is_empty() { html_text(rich) } else { plain.to_owned() }
}
