//! The current revisions of the sheets that a record names, as governing text; and which revisions the record shows that
//! are no longer in force. Asks for nothing where no sheet is named, and never shows a superseded sheet as the project's.

mod named;

use documents::{Document, PageContent, truncate};
use procore::{DrawingFilter, DrawingRevision, ProjectId, current_sheets};

use super::{
    files,
    outside::{ROW_CHARS, name, name_or, outside_mapped},
    topic::Topic,
};
use crate::{
    error::Error,
    evidence::{Evidence, RowKind},
    gate,
    origin::Lines,
    relevance,
    workflows::Sources,
};

/// Sheets opened at most.
const SHEETS: usize = 3;
/// Text of sheets shown in all, in characters.
const SHEET_CHARS: usize = 12_000;

/// The revisions in force of the project's sheets; none where no sheet was named or the list could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sheets(Vec<DrawingRevision>);

/// Shows the current revision of each sheet that the record names: in its own field, or in `words` (its question, the
/// names of its files) where the name is on the project's list. Costs a list and a file for each sheet, both kept.
pub(super) async fn show(
    evidence: &mut Evidence,
    sources: &Sources,
    project: ProjectId,
    drawing_number: Option<&str>,
    words: &str,
    topic: Topic<'_>,
) -> Result<Sheets, Error> {
    let field = named::in_field(drawing_number.unwrap_or_default());
    let mentioned = named::in_words(words);
    if field.is_empty() && mentioned.is_empty() {
        return Ok(Sheets::default());
    }
    let Some(sheets) = list(sources, project).await? else {
        evidence.not_read.push("drawings: the service account may not read the project's".to_owned());
        return Ok(Sheets::default());
    };
    evidence.sheets = sheets.iter().filter_map(|sheet| name(&sheet.number, topic.forbidden)).collect();
    evidence.sheets.sort();
    evidence.sheets.dedup();

    let mut wanted: Vec<DrawingRevision> = Vec::new();
    for (number, in_field) in
        field.iter().map(|one| (one, true)).chain(mentioned.iter().map(|one| (one, false)))
    {
        match current_sheets(sheets.clone(), number).as_slice() {
            // A word that looks like a sheet may be anything.
            [] if !in_field => {}
            [] => {
                let number = shown(number, topic, evidence);
                evidence.not_read.push(format!("{number} (not among the project's current sheets)"));
            }
            [sheet] if !wanted.contains(sheet) => wanted.push(sheet.clone()),
            [_] => {}
            _ => {
                let number = shown(number, topic, evidence);
                evidence.not_read.push(format!("{number} (several drawings have this number)"));
            }
        }
    }
    pages(evidence, sources, project, &wanted, topic).await?;
    Ok(Sheets(sheets))
}

impl Sheets {
    /// Marks attached files that are revisions no longer in force, and notes those and what the question says of such
    /// ones. Comes after the record and its files were shown.
    pub(super) fn note_superseded(&self, evidence: &mut Evidence) {
        if self.0.is_empty() {
            return;
        }
        let mut notes = Vec::new();
        for row in &mut evidence.rows {
            let (found, words) = match row.kind {
                RowKind::Attachment => (
                    named::revision_of_file(&row.label, &row.text, &self.0),
                    "superseded revision of {sheet} was attached: rev {shown}; current is rev {current}",
                ),
                RowKind::Record => (
                    named::older_revision(&row.text, &self.0),
                    "superseded revision of {sheet} is named by the requester: rev {shown}; current is rev {current}",
                ),
                _ => continue,
            };
            let Some(named::Older { sheet, shown, current }) = found else {
                continue;
            };
            // What is not on the list shown may not be brought up by a file's name.
            if !evidence.sheets.contains(&sheet) {
                continue;
            }
            let fill = |words: &str| {
                words.replace("{sheet}", &sheet).replace("{shown}", &shown).replace("{current}", &current)
            };
            if row.kind == RowKind::Attachment {
                row.kind = RowKind::Superseded;
                row.label.push_str(&fill(" (superseded: {sheet} rev {shown}; current is rev {current})"));
            }
            let note = fill(words);
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        if !notes.is_empty() {
            evidence.flag("superseded_source");
            evidence.superseded.extend(notes);
        }
    }
}

/// The revisions in force, from the shelf if they are there; `None` where we may not know.
async fn list(sources: &Sources, project: ProjectId) -> Result<Option<Vec<DrawingRevision>>, Error> {
    if let Some(kept) = sources.shelf.sheets(project).await {
        return Ok(Some(kept));
    }
    match sources.procore.drawing_revisions(project, &DrawingFilter::default()).await {
        Ok(mut sheets) => {
            sheets.retain(|sheet| !sheet.is_superseded());
            sources.shelf.keep_sheets(project, &sheets).await;
            Ok(Some(sheets))
        }
        Err(error) => {
            let error = Error::from(error);
            if error.may_pass() { Err(error) } else { Ok(None) }
        }
    }
}

/// The pages of the sheets, as far as they matter to the topic.
async fn pages(
    evidence: &mut Evidence,
    sources: &Sources,
    project: ProjectId,
    wanted: &[DrawingRevision],
    topic: Topic<'_>,
) -> Result<(), Error> {
    let mut pages: Vec<(String, String, u32)> = Vec::new();
    for (position, sheet) in wanted.iter().enumerate() {
        let name = name_of(sheet, topic);
        if position >= SHEETS {
            evidence.not_read.push(format!("{name} (more than {SHEETS} sheets)"));
            continue;
        }
        let Some(document) = opened(evidence, sources, project, sheet, &name).await? else {
            continue;
        };
        files::note(evidence, &name, &document);
        for page in document.pages {
            if let PageContent::Text(text) = page.content {
                pages.push((format!("{name}, page {}", page.number), text, page.number));
            }
        }
    }
    // A page counts as it will be shown, or a crowded sheet would have no room at all.
    let texts: Vec<String> = pages.iter().map(|(_, text, _)| truncate(text, ROW_CHARS).0).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let kept = relevance::choose(topic.words, &texts, SHEET_CHARS);
    for position in &kept {
        if let Some((label, text, page)) = pages.get(*position) {
            let shown = outside_mapped(evidence, label, text, ROW_CHARS);
            evidence.push_of_pages(RowKind::Drawing, label, &shown, Lines::of_page(*page, text));
        }
    }
    if kept.len() < pages.len() {
        let left_out = pages.len().saturating_sub(kept.len());
        evidence.not_read.push(format!("{left_out} pages of sheets, least related"));
    }
    Ok(())
}

/// The pages of a sheet, from the shelf if it was opened before.
async fn opened(
    evidence: &mut Evidence,
    sources: &Sources,
    project: ProjectId,
    sheet: &DrawingRevision,
    name: &str,
) -> Result<Option<Document>, Error> {
    if let Some(kept) = sources.shelf.drawing(project, sheet.id).await {
        return Ok(Some(kept));
    }
    let Some(url) = &sheet.pdf_url else {
        evidence.not_read.push(format!("{name}: no file"));
        return Ok(None);
    };
    let document = files::file(evidence, sources, url, name).await?;
    if let Some(document) = &document {
        sources.shelf.keep_drawing(project, sheet.id, document).await;
    }
    Ok(document)
}

fn name_of(sheet: &DrawingRevision, topic: Topic<'_>) -> String {
    let revision = sheet.revision.as_deref().unwrap_or("-");
    let plain = name_or(&format!("{} rev {revision}", sheet.number), "the named sheet", topic.forbidden);
    name_or(&format!("{} {} rev {revision}", sheet.number, sheet.title), &plain, topic.forbidden)
}

/// The number of a sheet as somebody wrote it, if it may stand in a draft.
fn shown(number: &str, topic: Topic<'_>, evidence: &Evidence) -> String {
    name(number, topic.forbidden)
        .filter(|name| gate::presentable_of_record(name, topic.forbidden, evidence))
        .map_or_else(|| "the named sheet".to_owned(), |name| format!("sheet {name}"))
}
