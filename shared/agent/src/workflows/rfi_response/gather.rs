//! What the model may know about an RFI: its own words and files, earlier answers, and the governing specification.
//! Never a text that was not cleaned, cut to length and rid of personal data here.

use documents::{clean_html, clean_text, redact, truncate};
use procore::{ProjectId, Rfi, SectionRef};

use super::{FORBIDDEN, files, label, section, text_of};
use crate::{
    error::Error,
    evidence::{Evidence, RowKind},
    gate,
    workflows::Sources,
};

/// Longest record text shown, in characters.
const RECORD_CHARS: usize = 12_000;
/// Longest row of any other kind, in characters.
pub(super) const ROW_CHARS: usize = 6_000;

/// Gathers in a fixed order, so that the same record gives the same evidence.
pub(super) async fn gather(sources: &Sources, project: ProjectId, rfi: &Rfi) -> Result<Evidence, Error> {
    let mut evidence = Evidence::default();
    record(&mut evidence, rfi, sources);
    section::specification(&mut evidence, sources, project, rfi).await?;
    files::attachments(&mut evidence, sources, project, rfi).await?;
    Ok(evidence)
}

/// Text from outside, made fit to be shown: hygiene, personal data, length. What was done is flagged.
pub(super) fn outside(evidence: &mut Evidence, what: &str, raw: &str, max_chars: usize) -> String {
    let cleaned = clean_text(raw);
    if !cleaned.removed.is_empty() {
        evidence.flag("hidden_text_removed");
    }
    let (text, redacted) = redact(&cleaned.text);
    if redacted > 0 {
        evidence.flag("pii_removed");
    }
    let (text, cut) = truncate(&text, max_chars);
    if let Some(cut) = cut {
        evidence.flag("truncated_input");
        evidence
            .not_read
            .push(format!("{what}: {} -> {} characters (head and tail)", cut.from_chars, cut.to_chars));
    }
    text
}

/// A name from outside (a file, a section title) if it may stand in a draft, else a plain substitute.
pub(super) fn name_or(raw: &str, substitute: &str) -> String {
    let name = clean_text(raw).text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = !name.is_empty() && name.chars().count() <= 120 && gate::presentable(&name, FORBIDDEN);
    if fits { name } else { substitute.to_owned() }
}

fn record(evidence: &mut Evidence, rfi: &Rfi, sources: &Sources) {
    let mut text = format!("Subject: {}\n", rfi.subject);
    let mut field = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            text.push_str(&format!("{name}: {value}\n"));
        }
    };
    field("Location", rfi.location.as_ref().map(|location| location.name.as_str()));
    field("Drawing number", rfi.drawing_number.as_deref());
    field("Reference", rfi.reference.as_deref());
    field("Due", rfi.due_date.as_deref());
    let section = rfi.specification_section.as_ref().map(section_words);
    field("Specification section", section.as_deref());
    for question in &rfi.questions {
        text.push_str("Question:\n");
        text.push_str(&text_of(&question.plain_text_body, &question.rich_text_body));
        text.push('\n');
    }
    let text = outside(evidence, "question", &text, RECORD_CHARS);
    evidence.push(RowKind::Record, &label(rfi), &text);

    for answer in rfi.questions.iter().flat_map(|question| &question.answers) {
        // What we wrote ourselves is no evidence.
        if answer.created_by_id == Some(sources.service_account) {
            continue;
        }
        let text = outside(
            evidence,
            "earlier answer",
            &text_of(&answer.plain_text_body, &answer.rich_text_body),
            ROW_CHARS,
        );
        evidence.push(RowKind::Answer, &format!("earlier answer on {}", label(rfi)), &text);
    }
}

fn section_words(section: &SectionRef) -> String {
    [section.number.as_deref(), section.description.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// What is asked, for finding what matters to it.
pub(super) fn question_of(rfi: &Rfi) -> String {
    let mut question = clean_text(&rfi.subject).text;
    for asked in &rfi.questions {
        question.push('\n');
        question.push_str(&clean_text(&text_of(&asked.plain_text_body, &asked.rich_text_body)).text);
    }
    question
}

/// Keeps the clean text of an HTML body at hand where the plain one is missing.
pub(super) fn html_text(html: &str) -> String {
    clean_html(html).text
}
