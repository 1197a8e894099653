//! Files as pages, and what somebody attached to a record: their statement, page by page. A file that was opened before is not
//! opened again.

use documents::{Document, Kind, Limits, PageContent};
use procore::{Attachment, ProjectId};

use super::{
    outside::{ROW_CHARS, name_or, outside_mapped},
    topic::Topic,
};
use crate::{
    error::Error,
    evidence::{Evidence, RowKind},
    gate, instruction,
    origin::Lines,
    relevance, specification,
    workflows::Sources,
};

/// Attachment pages shown in all.
const ATTACHMENT_PAGES: usize = 8;
/// Files opened at most.
const ATTACHMENTS: usize = 5;

/// A file as pages; `None`, with the reason noted, if it gives none.
pub(super) async fn file(
    evidence: &mut Evidence,
    sources: &Sources,
    url: &str,
    name: &str,
) -> Result<Option<Document>, Error> {
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
        Ok(document) => Ok(Some(document)),
        Err(error) if error.class() == documents::Class::Retry => Err(error.into()),
        Err(_) => {
            evidence.not_read.push(format!("{name} (the file is damaged, hostile or over the limits)"));
            Ok(None)
        }
    }
}

/// Notes what the reviewer has to know of a document before its text is shown.
pub(super) fn note(evidence: &mut Evidence, name: &str, document: &Document) {
    if !document.removed.is_empty() {
        evidence.flag("hidden_text_removed");
    }
    evidence.not_read.extend(specification::unreadable(name, document));
}

/// The pages of a record's files, as far as they matter to its topic.
pub(super) async fn attachments(
    evidence: &mut Evidence,
    sources: &Sources,
    project: ProjectId,
    all: &[&Attachment],
    topic: Topic<'_>,
) -> Result<(), Error> {
    let mut pages = Vec::new();
    for (number, attachment) in all.iter().enumerate() {
        let substitute = format!("attachment {} (name withheld)", number.saturating_add(1));
        let name = name_or(&attachment.name, &substitute, topic.forbidden);
        // A label is shown beside each quotation: a file's name brings up no section the project does not have, is no
        // order and is not written like a row.
        let fits = gate::presentable_of_record(&name, topic.forbidden, evidence)
            && instruction::spans(&name).is_empty()
            && !poses_as_a_row(&name);
        let orders = instruction::spans(&attachment.name);
        if !orders.is_empty() {
            evidence.flag("possible_embedded_instruction");
            evidence.orders.extend(orders);
        }
        let name = if fits { name } else { substitute };
        if number >= ATTACHMENTS {
            evidence.not_read.push(format!("{name} (more than {ATTACHMENTS} attachments)"));
            continue;
        }
        let Some(document) = opened(evidence, sources, project, attachment, &name).await? else {
            continue;
        };
        note(evidence, &name, &document);
        for page in &document.pages {
            if let PageContent::Text(text) = &page.content {
                pages.push((format!("{name}, page {}", page.number), text.clone(), page.number));
            }
        }
    }
    let texts: Vec<&str> = pages.iter().map(|(_, text, _)| text.as_str()).collect();
    let mut kept = relevance::choose(topic.words, &texts, ATTACHMENT_PAGES.saturating_mul(ROW_CHARS));
    kept.truncate(ATTACHMENT_PAGES);
    for position in &kept {
        if let Some((label, text, page)) = pages.get(*position) {
            let shown = outside_mapped(evidence, label, text, ROW_CHARS);
            evidence.push_of_pages(RowKind::Attachment, label, &shown, Lines::of_page(*page, text));
        }
    }
    if kept.len() < pages.len() {
        evidence
            .not_read
            .push(format!("{} attachment pages, least related", pages.len().saturating_sub(kept.len())));
    }
    Ok(())
}

/// True for a name that begins with a handle, as `[S9]`, or with what another row is called.
fn poses_as_a_row(name: &str) -> bool {
    let name = name.trim_start().to_lowercase();
    let handle = name.strip_prefix(['[', '(', '{']).is_some_and(|rest| {
        let inner: String = rest.chars().take_while(|c| !matches!(c, ']' | ')' | '}')).collect();
        let digits = inner.trim_start().trim_start_matches(|c: char| c.is_ascii_alphabetic());
        inner.trim().len() > digits.trim().len()
            && inner.trim().len() <= digits.trim().len().saturating_add(1)
            && !digits.trim().is_empty()
            && digits.trim().chars().all(|c| c.is_ascii_digit())
    });
    let kinds = [
        RowKind::Record,
        RowKind::Answer,
        RowKind::RelatedRfi,
        RowKind::Specification,
        RowKind::LogEntry,
        RowKind::Computed,
    ];
    let kind = kinds.iter().filter_map(|kind| name.strip_prefix(&kind.name().to_lowercase()));
    handle
        || kind.into_iter().any(|rest| rest.trim_start().starts_with(['|', '-', ':', '\u{2013}', '\u{2014}']))
}

/// An attachment's pages, from the shelf if it was opened before.
async fn opened(
    evidence: &mut Evidence,
    sources: &Sources,
    project: ProjectId,
    attachment: &Attachment,
    name: &str,
) -> Result<Option<Document>, Error> {
    if let Some(id) = attachment.id
        && let Some(kept) = sources.shelf.attachment(project, id).await
    {
        return Ok(Some(kept));
    }
    let Some(url) = &attachment.url else {
        return Ok(None);
    };
    let document = file(evidence, sources, url, name).await?;
    if let (Some(id), Some(document)) = (attachment.id, &document) {
        sources.shelf.keep_attachment(project, id, document).await;
    }
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_poses_as_a_row_is_known() {
        let table = [
            ("[S9] specification - 08 80 00 Glazing rev 9.txt", true),
            ("[ c1 ] total.txt", true),
            ("(R2) answer.pdf", true),
            ("Specification - Section 08 80 00.pdf", true),
            ("computed value | lead time.txt", true),
            ("[1] cut sheet.pdf", false),
            ("[rev 2] louver.pdf", false),
            ("Specification sheet of the panel.pdf", false),
            ("Record drawing A-501.pdf", false),
        ];
        for (name, expected) in table {
            assert_eq!(poses_as_a_row(name), expected, "{name}");
        }
    }
}
