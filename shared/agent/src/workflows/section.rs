//! A section's revision in force, by article, as far as it matters to the record's subject; and the closed list of
//! section numbers. A revision that was read before costs no call.
//!
//! Two lists of Procore's are put together here: the older one names all sections with their revision in force in one
//! call, the newer one has the files. What one of them does not have never costs a draft its specification.

use documents::clean_text;
use procore::{
    Class, ProjectId, SectionId, SectionRef, SpecificationRevision, SpecificationSection, current_revisions,
};

use super::{
    files,
    outside::{ROW_CHARS, name_or, outside_mapped},
    topic::Topic,
};
use crate::{
    error::Error,
    evidence::{Evidence, RowKind},
    relevance,
    shelf::SpecificationText,
    specification,
    workflows::Sources,
};

/// Specification text shown in all, in characters: about 6,000 tokens.
const SPECIFICATION_CHARS: usize = 24_000;

/// The text of a section known by its id, and the names of all sections of the project.
pub(super) async fn linked(
    evidence: &mut Evidence,
    sources: &Sources,
    project: ProjectId,
    linked: Option<SectionId>,
    topic: Topic<'_>,
) -> Result<Option<SpecificationText>, Error> {
    match sections(sources, project, linked).await? {
        Some(sections) => {
            name_sections(evidence, sections.iter().map(|one| (&one.number, &one.description)), topic);
            let Some(linked) = linked else { return Ok(None) };
            match sections.iter().find(|section| section.id == linked) {
                Some(section) => current(evidence, sources, project, section, topic).await,
                None => {
                    let all = current_revisions(sources.procore.specification_revisions(project).await?);
                    read(evidence, sources, project, of(linked, &all), topic).await
                }
            }
        }
        None => {
            let all = current_revisions(sources.procore.specification_revisions(project).await?);
            name_sections(evidence, all.iter().map(|one| (&one.number, &one.description)), topic);
            let Some(linked) = linked else { return Ok(None) };
            read(evidence, sources, project, of(linked, &all), topic).await
        }
    }
}

/// The text of a section that a record names with its revision in force: no list is asked for, and the section is the
/// only one that the draft may name. A record that does not name all of it gets [`linked`].
pub(super) async fn named(
    evidence: &mut Evidence,
    sources: &Sources,
    project: ProjectId,
    section: &SectionRef,
    topic: Topic<'_>,
) -> Result<Option<SpecificationText>, Error> {
    let (Some(number), Some(revision)) = (&section.number, section.current_revision_id) else {
        return linked(evidence, sources, project, Some(section.id), topic).await;
    };
    let section = SpecificationSection {
        id: section.id,
        number: number.clone(),
        description: section.description.clone().unwrap_or_default(),
        current_revision_id: Some(revision),
    };
    evidence.own_section = Some(name_of(&section.number, &section.description, topic));
    current(evidence, sources, project, &section, topic).await
}

/// The project's sections, from the shelf if the linked one is among them; `None` where Procore has no such list.
async fn sections(
    sources: &Sources,
    project: ProjectId,
    linked: Option<SectionId>,
) -> Result<Option<Vec<SpecificationSection>>, Error> {
    if let Some(kept) = sources.shelf.sections(project).await
        && linked.is_none_or(|linked| kept.iter().any(|section| section.id == linked))
    {
        return Ok(Some(kept));
    }
    match sources.procore.specification_sections(project).await {
        Ok(sections) => {
            sources.shelf.keep_sections(project, &sections).await;
            Ok(Some(sections))
        }
        // Procore docs: an old version of an endpoint may be taken away.
        Err(error) if matches!(error.status(), Some(404 | 406 | 410)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn name_sections<'a>(
    evidence: &mut Evidence,
    sections: impl Iterator<Item = (&'a String, &'a String)>,
    topic: Topic<'_>,
) {
    evidence.sections = sections.map(|(number, title)| name_of(number, title, topic)).collect();
    evidence.sections.sort();
}

fn name_of(number: &str, title: &str, topic: Topic<'_>) -> (String, String) {
    (clean_text(number).text, name_or(title, "(title withheld)", topic.forbidden))
}

/// The revision in force of a section of the older list.
async fn current(
    evidence: &mut Evidence,
    sources: &Sources,
    project: ProjectId,
    section: &SpecificationSection,
    topic: Topic<'_>,
) -> Result<Option<SpecificationText>, Error> {
    if let Some(revision) = section.current_revision_id
        && let Some(kept) = sources.shelf.specification(project, revision).await
        && kept.section == section.id
    {
        return Ok(Some(kept));
    }
    let mut rows = found(sources, project, section).await?;
    if rows.is_empty() {
        rows = sources.procore.specification_revisions(project).await?;
        rows.retain(|row| row.section_id == section.id);
    }
    let in_force = rows.iter().find(|row| Some(row.revision_id) == section.current_revision_id).cloned();
    let row = in_force.or_else(|| current_revisions(rows).pop());
    read(evidence, sources, project, row.as_ref(), topic).await
}

/// What the newer list's search finds of a section: nothing, if it does not look through numbers or is refused.
async fn found(
    sources: &Sources,
    project: ProjectId,
    section: &SpecificationSection,
) -> Result<Vec<SpecificationRevision>, Error> {
    let number = section.number.trim();
    if number.is_empty() {
        return Ok(Vec::new());
    }
    match sources.procore.specification_revisions_matching(project, number).await {
        Ok(mut rows) => {
            rows.retain(|row| row.section_id == section.id);
            Ok(rows)
        }
        Err(error) if matches!(error.class(), Class::Permanent | Class::NotFound) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

fn of(linked: SectionId, revisions: &[SpecificationRevision]) -> Option<&SpecificationRevision> {
    revisions.iter().find(|revision| revision.section_id == linked)
}

/// The text of a revision; `None`, with the reason noted, if there is none.
async fn read(
    evidence: &mut Evidence,
    sources: &Sources,
    project: ProjectId,
    row: Option<&SpecificationRevision>,
    topic: Topic<'_>,
) -> Result<Option<SpecificationText>, Error> {
    let Some(row) = row else {
        evidence.not_read.push("specification section: it has no current revision in the project".to_owned());
        return Ok(None);
    };
    if let Some(kept) = sources.shelf.specification(project, row.revision_id).await
        && kept.section == row.section_id
    {
        return Ok(Some(kept));
    }
    let name = name(&row.number, &row.description, row.revision.as_deref(), topic);
    let Some(url) = &row.url else {
        evidence.not_read.push(format!("{name}: no file"));
        return Ok(None);
    };
    let Some(document) = files::file(evidence, sources, url, &name).await? else {
        return Ok(None);
    };
    let text = SpecificationText {
        section: row.section_id,
        number: row.number.clone(),
        title: row.description.clone(),
        revision: row.revision.clone(),
        document,
    };
    sources.shelf.keep_specification(project, row.revision_id, &text).await;
    Ok(Some(text))
}

fn name(number: &str, title: &str, revision: Option<&str>, topic: Topic<'_>) -> String {
    name_or(
        &format!("{number} {title} rev {}", revision.unwrap_or("-")),
        "the linked section",
        topic.forbidden,
    )
}

/// Shows the articles that are wanted and matter to the topic.
pub(super) fn show(
    evidence: &mut Evidence,
    text: &SpecificationText,
    topic: Topic<'_>,
    wanted: impl Fn(&specification::Article) -> bool,
) {
    let name = name(&text.number, &text.title, text.revision.as_deref(), topic);
    files::note(evidence, &name, &text.document);
    let mut articles = specification::articles(&text.document);
    articles.retain(wanted);
    let texts: Vec<&str> = articles.iter().map(|article| article.text.as_str()).collect();
    let kept = relevance::choose(topic.words, &texts, SPECIFICATION_CHARS);
    for position in &kept {
        if let Some(article) = articles.get(*position) {
            let place = name_or(&article.place(), &article.place_without_title(), topic.forbidden);
            let label = format!("{name}, {place}");
            let text = outside_mapped(evidence, &label, &article.text, ROW_CHARS);
            evidence.push_of_pages(RowKind::Specification, &label, &text, article.lines.clone());
        }
    }
    if kept.len() < articles.len() {
        let left_out = articles.len().saturating_sub(kept.len());
        evidence
            .not_read
            .push(format!("{name}: {left_out} of {} articles, least related to the record", articles.len()));
    }
}
