//! What the model may know about an RFI: its own words and files, earlier answers, the governing specification,
//! and what was answered before on the same section.

use documents::{Kind, Limits, Unreadable, clean_html, clean_text, redact, truncate};
use procore::{Attachment, ProjectId, Rfi, RfiFilter, RfiStatus, SectionRef, current_revisions};

use super::{FORBIDDEN, label, text_of};
use crate::{
    error::Error,
    evidence::{Evidence, RowKind},
    gate, relevance, specification,
    workflows::Sources,
};

/// Longest record text shown, in characters.
const RECORD_CHARS: usize = 12_000;
/// Longest row of any other kind, in characters.
const ROW_CHARS: usize = 6_000;
/// Specification text shown in all, in characters: about 6,000 tokens.
const SPECIFICATION_CHARS: usize = 24_000;
/// Attachment pages shown in all.
const ATTACHMENT_PAGES: usize = 8;
/// Files opened at most.
const ATTACHMENTS: usize = 5;
/// Closed RFIs looked into at most. Each costs a call.
const RELATED_RFIS: usize = 3;

/// Gathers in a fixed order, so that the same record gives the same evidence.
pub(super) async fn gather(sources: &Sources, project: ProjectId, rfi: &Rfi) -> Result<Evidence, Error> {
    let mut evidence = Evidence::default();
    record(&mut evidence, rfi, sources);
    specification(&mut evidence, sources, project, rfi).await?;
    attachments(&mut evidence, sources, rfi).await?;
    related(&mut evidence, sources, project, rfi).await?;
    Ok(evidence)
}

/// Text from outside, made fit to be shown: hygiene, personal data, length. What was done is flagged.
fn outside(evidence: &mut Evidence, what: &str, raw: &str, max_chars: usize) -> String {
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
fn name_or(raw: &str, substitute: &str) -> String {
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

fn question_of(rfi: &Rfi) -> String {
    let mut question = clean_text(&rfi.subject).text;
    for asked in &rfi.questions {
        question.push('\n');
        question.push_str(&clean_text(&text_of(&asked.plain_text_body, &asked.rich_text_body)).text);
    }
    question
}

/// The linked section's current revision, by article, as far as it matters to the question.
async fn specification(
    evidence: &mut Evidence,
    sources: &Sources,
    project: ProjectId,
    rfi: &Rfi,
) -> Result<(), Error> {
    let revisions = current_revisions(sources.procore.specification_revisions(project).await?);
    evidence.sections = revisions
        .iter()
        .map(|revision| {
            (clean_text(&revision.number).text, name_or(&revision.description, "(title withheld)"))
        })
        .collect();
    evidence.sections.sort();
    let Some(section) = &rfi.specification_section else {
        return Ok(());
    };
    let Some(current) = revisions.iter().find(|revision| revision.section_id == section.id) else {
        evidence.not_read.push("specification section: it has no current revision in the project".to_owned());
        return Ok(());
    };
    let name = name_or(
        &format!(
            "{} {} rev {}",
            current.number,
            current.description,
            current.revision.as_deref().unwrap_or("-")
        ),
        "the linked section",
    );
    let Some(url) = &current.url else {
        evidence.not_read.push(format!("{name}: no file"));
        return Ok(());
    };
    let Some(document) = file(evidence, sources, url, &name).await? else {
        return Ok(());
    };
    evidence.not_read.extend(specification::unreadable(&name, &document));
    let articles = specification::articles(&document);
    let texts: Vec<&str> = articles.iter().map(|article| article.text.as_str()).collect();
    let kept = relevance::choose(&question_of(rfi), &texts, SPECIFICATION_CHARS);
    for position in &kept {
        if let Some(article) = articles.get(*position) {
            let place = name_or(&article.place(), "article with a withheld title");
            let text = outside(evidence, &format!("{name}, {place}"), &article.text, ROW_CHARS);
            evidence.push(RowKind::Specification, &format!("{name}, {place}"), &text);
        }
    }
    if kept.len() < articles.len() {
        let left_out = articles.len().saturating_sub(kept.len());
        evidence.not_read.push(format!(
            "{name}: {left_out} of {} articles, least related to the question",
            articles.len()
        ));
    }
    Ok(())
}

/// A file as pages; `None`, with the reason noted, if it gives none.
async fn file(
    evidence: &mut Evidence,
    sources: &Sources,
    url: &str,
    name: &str,
) -> Result<Option<documents::Document>, Error> {
    let limits = Limits::default();
    let file = match sources.procore.file(url, limits.bytes).await {
        Ok(file) => file,
        // A file that is gone or too large costs the draft a source, not the run.
        Err(error) => {
            let error = Error::from(error);
            if error.may_pass() {
                return Err(error);
            }
            evidence.not_read.push(format!("{name} (the file could not be fetched)"));
            return Ok(None);
        }
    };
    let file_name = file.file_name.as_deref().unwrap_or(name);
    let Some(kind) = Kind::of(&file.bytes, file.content_type.as_deref(), Some(file_name)) else {
        evidence.not_read.push(format!("{name} (unsupported kind of file)"));
        return Ok(None);
    };
    let address = url.split(['?', '#']).next().unwrap_or_default();
    if kind.replaces_a_pdf(file.content_type.as_deref(), &[name, file_name, address]) {
        evidence.not_read.push(format!("{name} (the host sent something else in place of the PDF)"));
        return Ok(None);
    }
    match sources.extractor.extract(file.bytes, kind).await {
        Ok(document) => {
            if !document.removed.is_empty() {
                evidence.flag("hidden_text_removed");
            }
            Ok(Some(document))
        }
        Err(error) if error.class() == documents::Class::Retry => Err(error.into()),
        Err(_) => {
            evidence.not_read.push(format!("{name} (the file is damaged, hostile or over the limits)"));
            Ok(None)
        }
    }
}

/// Files the requester attached: their statement, page by page.
async fn attachments(evidence: &mut Evidence, sources: &Sources, rfi: &Rfi) -> Result<(), Error> {
    let all: Vec<&Attachment> = rfi.questions.iter().flat_map(|question| &question.attachments).collect();
    let mut pages = Vec::new();
    for (number, attachment) in all.iter().enumerate() {
        let name =
            name_or(&attachment.name, &format!("attachment {} (name withheld)", number.saturating_add(1)));
        if number >= ATTACHMENTS {
            evidence.not_read.push(format!("{name} (more than {ATTACHMENTS} attachments)"));
            continue;
        }
        let Some(url) = &attachment.url else { continue };
        let Some(document) = file(evidence, sources, url, &name).await? else {
            continue;
        };
        evidence.not_read.extend(specification::unreadable(&name, &document));
        for page in &document.pages {
            match &page.content {
                documents::PageContent::Text(text) => {
                    pages.push((format!("{name}, page {}", page.number), text.clone()));
                }
                documents::PageContent::Unreadable(Unreadable::Empty)
                | documents::PageContent::Unreadable(_) => {}
            }
        }
    }
    let texts: Vec<&str> = pages.iter().map(|(_, text)| text.as_str()).collect();
    let mut kept = relevance::choose(&question_of(rfi), &texts, ATTACHMENT_PAGES.saturating_mul(ROW_CHARS));
    kept.truncate(ATTACHMENT_PAGES);
    for position in &kept {
        if let Some((label, text)) = pages.get(*position) {
            let text = outside(evidence, label, text, ROW_CHARS);
            evidence.push(RowKind::Attachment, label, &text);
        }
    }
    if kept.len() < pages.len() {
        evidence
            .not_read
            .push(format!("{} attachment pages, least related", pages.len().saturating_sub(kept.len())));
    }
    Ok(())
}

/// Closed RFIs on the same section that were answered. Private ones are nobody else's evidence.
async fn related(
    evidence: &mut Evidence,
    sources: &Sources,
    project: ProjectId,
    rfi: &Rfi,
) -> Result<(), Error> {
    let Some(section) = &rfi.specification_section else {
        return Ok(());
    };
    let filter = RfiFilter { statuses: vec![RfiStatus::Closed], ..RfiFilter::default() };
    let mut rows = sources.procore.rfis(project, &filter).await?;
    rows.retain(|row| !row.private && row.id != rfi.id);
    rows.sort_by_key(|row| row.id);
    let texts: Vec<String> =
        rows.iter().map(|row| format!("{}\n{}", row.subject, row.questions.join("\n"))).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let ranked = relevance::rank(&question_of(rfi), &texts);
    for position in ranked.into_iter().take(RELATED_RFIS) {
        let Some(row) = rows.get(position) else { continue };
        let prior = match sources.procore.rfi(project, row.id).await {
            Ok(prior) => prior,
            Err(error) => {
                let error = Error::from(error);
                if error.may_pass() {
                    return Err(error);
                }
                continue;
            }
        };
        let same_section = prior.specification_section.as_ref().is_some_and(|other| other.id == section.id);
        if prior.private || prior.deleted || !same_section {
            continue;
        }
        let mut text = format!("Subject: {}\n", prior.subject);
        let mut answered = false;
        for question in &prior.questions {
            text.push_str(&format!(
                "Question: {}\n",
                text_of(&question.plain_text_body, &question.rich_text_body)
            ));
            for answer in question.answers.iter().filter(|a| a.created_by_id != Some(sources.service_account))
            {
                answered = true;
                text.push_str(&format!(
                    "Answer: {}\n",
                    text_of(&answer.plain_text_body, &answer.rich_text_body)
                ));
            }
        }
        if answered {
            let name = format!("closed {}", label(&prior));
            let text = outside(evidence, &name, &text, ROW_CHARS);
            evidence.push(RowKind::RelatedRfi, &name, &text);
        }
    }
    Ok(())
}

/// Keeps the clean text of an HTML body at hand where the plain one is missing.
pub(super) fn html_text(html: &str) -> String {
    clean_html(html).text
}
