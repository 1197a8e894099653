//! RFIs as all of their workflows see them: read once for an event, named, described and told apart alike. Never a decision
//! about what an RFI needs.

use std::sync::{Arc, Mutex, PoisonError};

use documents::clean_text;
use procore::{Attachment, ProjectId, Question, Rfi, RfiId, SectionRef};

use super::{Read, Sources, files, outside::html_text, precedents, section, sheets, topic::Topic};
use crate::{
    draft::{RfiField, is_ours},
    error::Error,
    evidence::Evidence,
    hash::sha256_hex,
};

/// Longest record text shown, in characters.
pub(super) const RECORD_CHARS: usize = 12_000;

/// An RFI that a workflow read and had no work with, or that it did not find. Taken once: a later look at the record,
/// before something is written, is always a new one.
#[derive(Clone, Default)]
pub struct HandedOn(Arc<Mutex<Option<Seen>>>);

/// The id asked for, and what was there.
type Seen = (RfiId, Option<Rfi>);

impl HandedOn {
    fn take(&self, rfi: RfiId) -> Option<Option<Rfi>> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        seen.filter(|(id, _)| *id == rfi).map(|(_, found)| found)
    }

    fn leave(&self, rfi: RfiId, found: Option<Rfi>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((rfi, found));
    }
}

/// The documents an RFI points at: its section, the sheets it names in their current revision, its files.
pub(super) async fn documents(
    evidence: &mut Evidence,
    sources: &Sources,
    project: ProjectId,
    rfi: &Rfi,
    topic: Topic<'_>,
) -> Result<(), Error> {
    let linked = rfi.specification_section.as_ref().map(|section| section.id);
    if let Some(text) = section::linked(evidence, sources, project, linked, topic).await? {
        section::show(evidence, &text, topic, |_| true);
    }
    let attached: Vec<&Attachment> =
        rfi.questions.iter().flat_map(|question| &question.attachments).collect();
    let names = attached.iter().map(|file| file.name.as_str());
    let named = std::iter::once(topic.words).chain(names).collect::<Vec<_>>().join("\n");
    let number = rfi.drawing_number.as_deref();
    let sheets = sheets::show(evidence, sources, project, number, &named, topic).await?;
    files::attachments(evidence, sources, project, &attached, topic).await?;
    sheets.note_superseded(evidence);
    Ok(())
}

/// Reads an RFI for a workflow, or takes what the one before it read; if that has nothing to do, leaves it to the next.
/// What was read is kept for later drafts of other RFIs as far as it may be evidence for them.
pub(super) async fn read(
    sources: &Sources,
    project: ProjectId,
    id: RfiId,
    nothing_to_do: fn(&Rfi) -> Option<&'static str>,
) -> Result<Read<Rfi>, Error> {
    let found = match sources.handed_on.take(id) {
        Some(found) => found,
        None => fetched(sources, project, id).await?,
    };
    let (label, why) = match found {
        Some(rfi) => match nothing_to_do(&rfi) {
            None => return Ok(Read::Record(rfi)),
            Some(why) => {
                let label = label(&rfi);
                sources.handed_on.leave(id, Some(rfi));
                (Some(label), why)
            }
        },
        None => {
            sources.handed_on.leave(id, None);
            (None, "the RFI is gone, or the service account may not see it")
        }
    };
    Ok(Read::Nothing { label, why })
}

async fn fetched(sources: &Sources, project: ProjectId, id: RfiId) -> Result<Option<Rfi>, Error> {
    match sources.procore.rfi(project, id).await {
        Ok(rfi) => {
            precedents::note(sources, project, &rfi).await?;
            Ok(Some(rfi))
        }
        Err(error) if error.class() == procore::Class::NotFound => {
            sources.shelf.forget_precedent(project, id).await?;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// What people call an RFI. The number is the server's, but cut to what a number is made of all the same.
pub(super) fn label(rfi: &Rfi) -> String {
    let number = rfi.full_number.as_deref().or(rfi.number.as_deref()).unwrap_or_default();
    let number: String =
        number.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')).take(20).collect();
    if number.is_empty() { format!("RFI with id {}", rfi.id) } else { format!("RFI {number}") }
}

/// Identity of what an RFI says.
pub(super) fn fingerprint(rfi: &Rfi) -> String {
    let mut parts: Vec<String> = vec![
        rfi.subject.clone(),
        rfi.status.as_str().to_owned(),
        rfi.specification_section.as_ref().map(|section| section.id.to_string()).unwrap_or_default(),
        rfi.location.as_ref().map(|location| location.name.clone()).unwrap_or_default(),
        rfi.drawing_number.clone().unwrap_or_default(),
        rfi.reference.clone().unwrap_or_default(),
    ];
    for question in &rfi.questions {
        parts.push(body(question));
        parts.extend(question.attachments.iter().map(|file| format!("{:?} {}", file.id, file.name)));
        for answer in &question.answers {
            parts.push(format!("{} {}", answer.id, answer.official));
            parts.push(text_of(&answer.plain_text_body, &answer.rich_text_body));
        }
    }
    sha256_hex(&parts.iter().map(String::as_bytes).collect::<Vec<_>>())
}

/// All that an RFI says beside what it asks, a line for each field that is filled in by a person.
pub(super) fn description(rfi: &Rfi) -> String {
    let mut text = format!("Subject: {}\n", rfi.subject);
    let mut field = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            text.push_str(&format!("{name}: {value}\n"));
        }
    };
    field("Location", rfi.location.as_ref().map(|location| location.name.as_str()));
    field("Drawing number", rfi.drawing_number.as_deref());
    field("Reference", rfi.reference.as_deref().filter(|reference| !is_ours(reference)));
    field("Due", rfi.due_date.as_deref());
    let section = rfi.specification_section.as_ref().map(section_words);
    field("Specification section", section.as_deref());
    text
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

/// What stands in a field; empty only if nothing does.
pub(crate) fn field_text(rfi: &Rfi, field: RfiField) -> String {
    match field {
        RfiField::Question => rfi.questions.iter().map(body).collect::<String>().trim().to_owned(),
        RfiField::Reference => rfi.reference.as_deref().unwrap_or_default().trim().to_owned(),
    }
}

/// A question's text. What cannot be read as text, such as a picture, is not nothing: its markup stands for it.
fn body(question: &Question) -> String {
    let text = text_of(&question.plain_text_body, &question.rich_text_body);
    if text.trim().is_empty() && !is_blank_markup(&question.rich_text_body) {
        return question.rich_text_body.clone();
    }
    text
}

/// True for the markup of an editor in which nobody typed.
fn is_blank_markup(html: &str) -> bool {
    let mut rest = html.to_ascii_lowercase();
    for empty in ["<p>", "</p>", "<div>", "</div>", "<br>", "<br/>", "<br />", "&nbsp;"] {
        rest = rest.replace(empty, "");
    }
    rest.trim().is_empty()
}

/// Plain text where there is some; the HTML body read as text otherwise.
pub(super) fn text_of(plain: &str, rich: &str) -> String {
    if plain.trim().is_empty() { html_text(rich) } else { plain.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_empty_only_if_nothing_stands_in_it() {
        let table = [
            ("", "", true),
            (" ", "<p></p>", true),
            ("", "<P><br /></P><div>&nbsp;</div>\n", true),
            ("", "<p>Which height?</p>", false),
            ("Which height?", "", false),
            ("", "<p><img src=\"1.png\"></p>", false),
            ("", "<p style=\"display:none\">x</p>", false),
            ("\u{200B}", "", false),
        ];
        for (plain, rich, empty) in table {
            let json = serde_json::json!({"id": 9, "questions": [
                {"id": 1, "plain_text_body": plain, "rich_text_body": rich}]});
            let rfi: Rfi = serde_json::from_value(json).unwrap();
            assert_eq!(field_text(&rfi, RfiField::Question).is_empty(), empty, "{plain:?} {rich:?}");
        }
    }
}
