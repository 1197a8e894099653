//! Purpose: an aid for whoever reviews a submittal: what the section asks for, what the submitted data says to it, and
//! what cannot be seen from it. Never a review response: that has no draft state, so the draft is private
//! correspondence, and its disposition is a suggestion that code derives.

mod answer;
mod disposition;
mod gather;
mod lead_time;
mod settle;
mod shown;
mod statements;
#[cfg(test)]
mod tests;
mod text;
mod values;
mod wording;

use jiff::Timestamp;
use procore::{ProjectId, Submittal, SubmittalId};

pub use answer::{Answer, Deviation, MissingItem, Requirement, Status, Substitution, SubstitutionStatus};
pub use disposition::Disposition;

use super::{Read, Sources, Text, Trigger, Workflow, outside::html_text};
use crate::{
    error::Error,
    event::{Reason, Resource},
    evidence::Evidence,
    gate::Statement,
    hash::sha256_hex,
};

/// Phrases a submittal review draft may not hold, beside the common ones: the words of a stamp.
const FORBIDDEN: &[&str] = &[
    "no exceptions taken",
    "no exception taken",
    "exceptions taken",
    "no objection",
    "furnish as submitted",
    "furnish as corrected",
    "make corrections noted",
    "reviewed as noted",
    "released for",
    "release for",
    "rejected",
    "stamp*",
    "in compliance",
    "is compliant",
    "complies with",
    "conforms to",
    "is hereby",
    "substitution is",
    "or equal is",
    "as directed",
];

/// The workflow.
pub struct SubmittalReview;

impl Workflow for SubmittalReview {
    const NAME: &'static str = "submittal_review";
    const SCHEMA: &'static str = "submittal_review/1";
    const FORBIDDEN: &'static [&'static str] = FORBIDDEN;
    type Record = Submittal;
    type Output = Answer;

    fn triggers() -> Vec<Trigger> {
        vec![Trigger { resource: Resource::Submittal, reasons: &[Reason::Create, Reason::Update] }]
    }

    async fn read(sources: &Sources, project: ProjectId, record: i64) -> Result<Read<Submittal>, Error> {
        let submittal = match sources.procore.submittal(project, SubmittalId::new(record)).await {
            Ok(submittal) => submittal,
            Err(error) if error.class() == procore::Class::NotFound => {
                return Ok(Read::Nothing {
                    label: None,
                    why: "the submittal is gone, or the service account may not see it",
                });
            }
            Err(error) => return Err(error.into()),
        };
        Ok(match nothing_to_do(&submittal, sources.reviewer) {
            Some(why) => Read::Nothing { label: Some(label(&submittal)), why },
            None => Read::Record(submittal),
        })
    }

    fn label(submittal: &Submittal) -> String {
        label(submittal)
    }

    fn updated_at(submittal: &Submittal) -> Option<Timestamp> {
        submittal.updated_at
    }

    fn fingerprint(submittal: &Submittal) -> String {
        let section = submittal.specification_section.as_ref();
        let mut parts: Vec<String> = vec![
            label(submittal),
            submittal.title.clone(),
            html_text(&submittal.description),
            submittal.status.name.clone(),
            submittal.kind.as_ref().map(|kind| kind.name.clone()).unwrap_or_default(),
            section.map(|one| format!("{} {:?}", one.id, one.current_revision_id)).unwrap_or_default(),
            lead_time::of(submittal).join(" "),
        ];
        parts.extend(files(submittal).iter().map(|file| format!("{:?} {}", file.id, file.name)));
        for approver in &submittal.approvers {
            let response = approver.response.as_ref().map(|response| response.name.as_str());
            let comment = approver.comment.as_deref().map(html_text);
            parts.push(format!("{:?} {response:?} {comment:?}", approver.id));
        }
        sha256_hex(&parts.iter().map(String::as_bytes).collect::<Vec<_>>())
    }

    async fn gather(sources: &Sources, project: ProjectId, submittal: &Submittal) -> Result<Evidence, Error> {
        gather::gather(sources, project, submittal).await
    }

    /// What was decided about another submittal is no ground for this one.
    async fn precedents(_: &Sources, _: ProjectId, _: &Submittal) -> Result<Evidence, Error> {
        Ok(Evidence::default())
    }

    fn statements<'a>(output: &'a Answer, evidence: &'a Evidence) -> Vec<Statement<'a>> {
        output.statements(evidence)
    }

    fn keep(output: Answer, refused: &[String], evidence: &Evidence) -> Answer {
        output.keep(refused, evidence)
    }

    fn text(output: &Answer, submittal: &Submittal, evidence: &Evidence) -> Text {
        let title = documents::clean_text(&submittal.title).text;
        text::text(output, &label(submittal), title.trim(), evidence, FORBIDDEN)
    }
}

/// Why a submittal asks for no draft, if it does not.
fn nothing_to_do(submittal: &Submittal, reviewer: Option<procore::UserId>) -> Option<&'static str> {
    if submittal.deleted_at.is_some() {
        return Some("the submittal is deleted");
    }
    if submittal.status.is_closed() {
        return Some("the submittal is closed");
    }
    if submittal.status.is_draft() {
        return Some("the submittal is a draft itself");
    }
    if !submittal.current_revision {
        return Some("the submittal has a later revision");
    }
    if submittal.for_record_only {
        return Some("the submittal is for the record only");
    }
    let ours = |user: &procore::User| Some(user.id) == reviewer;
    if !submittal.ball_in_court.iter().chain(&submittal.submittal_manager).any(ours) {
        return Some("the ball is not in our court");
    }
    None
}

/// What people call a submittal. The number is people's, so it is cut to what numbers are made of.
fn label(submittal: &Submittal) -> String {
    let number = submittal.formatted_number.as_deref().or(submittal.number.as_deref()).unwrap_or_default();
    let number: String = number
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ' '))
        .take(30)
        .collect();
    let number = number.trim();
    if number.is_empty() {
        format!("Submittal with id {}", submittal.id)
    } else {
        format!("Submittal {number}")
    }
}

/// The files on it. Procore docs: show says `attachments`, a list says `associated_attachments`.
fn files(submittal: &Submittal) -> &[procore::Attachment] {
    if submittal.attachments.is_empty() { &submittal.associated_attachments } else { &submittal.attachments }
}
