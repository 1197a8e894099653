//! What the model may know about a submittal: its own words, what was answered before, the calculation of its dates, Parts
//! 1 and 2 of the governing section, and the submitted files by page. Never a text that did not go through `outside`.

use procore::{Approver, Attachment, ProjectId, Submittal};

use super::{FORBIDDEN, files, label, lead_time};
use crate::{
    error::Error,
    evidence::{Evidence, RowKind},
    workflows::{
        Sources, files as pages,
        outside::{ROW_CHARS, html_text, outside},
        section,
        topic::Topic,
    },
};

/// Longest record text shown, in characters.
const RECORD_CHARS: usize = 6_000;

/// Gathers in a fixed order, so that the same record gives the same evidence.
pub(super) async fn gather(
    sources: &Sources,
    project: ProjectId,
    submittal: &Submittal,
) -> Result<Evidence, Error> {
    let mut evidence = Evidence::default();
    record(&mut evidence, submittal);
    let earlier =
        |approver: &&Approver| approver.user.as_ref().is_none_or(|user| user.id != sources.service_account);
    for approver in submittal.approvers.iter().filter(earlier) {
        answer(&mut evidence, submittal, approver);
    }
    evidence.push(
        RowKind::Computed,
        "lead time against the required on-site date",
        &lead_time::of(submittal).join("\n"),
    );

    let about = format!("{}\n{}", submittal.title, html_text(&submittal.description));
    let topic = Topic { words: &about, forbidden: FORBIDDEN };
    match &submittal.specification_section {
        Some(named) => {
            if let Some(text) = section::named(&mut evidence, sources, project, named, topic).await? {
                // Part 3 is about the work on site; a submittal is held against Parts 1 and 2.
                section::show(&mut evidence, &text, topic, |article| !article.heading.starts_with('3'));
            }
        }
        None => evidence.not_read.push("specification section: the submittal names none".to_owned()),
    }
    let attached: Vec<&Attachment> = files(submittal).iter().collect();
    pages::attachments(&mut evidence, sources, project, &attached, topic).await?;
    look_alikes(&mut evidence);
    Ok(evidence)
}

/// Tells of letters that only look like Latin ones inside a word or value of submitted data: what a reader takes for a
/// value is none to code.
fn look_alikes(evidence: &mut Evidence) {
    let data = evidence.rows.iter().filter(|row| row.kind == RowKind::Attachment);
    let mut words = data.flat_map(|row| row.text.split(|c: char| !c.is_alphanumeric()));
    if words.any(|word| word.contains(looks_latin) && word.contains(|c: char| c.is_ascii_alphanumeric())) {
        evidence.flag("look_alike_letters");
    }
}

/// Cyrillic letters, and the Greek capitals that are drawn as Latin ones. Small Greek letters are signs of formulas.
fn looks_latin(c: char) -> bool {
    matches!(u32::from(c), 0x0400..=0x052F) || "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ".contains(c)
}

fn record(evidence: &mut Evidence, submittal: &Submittal) {
    let mut text = format!("Title: {}\n", submittal.title);
    let mut field = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            text.push_str(&format!("{name}: {value}\n"));
        }
    };
    field("Number", submittal.formatted_number.as_deref().or(submittal.number.as_deref()));
    field("Revision", submittal.revision.as_deref());
    field("Type", submittal.kind.as_ref().map(|kind| kind.name.as_str()));
    let section = submittal.specification_section.as_ref().map(|section| {
        let words = [section.number.as_deref(), section.description.as_deref()];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    field("Specification section", section.as_deref());
    field("Location", submittal.location.as_ref().map(|location| location.name.as_str()));
    field("Review due", submittal.due_date.map(|date| date.to_string()).as_deref());
    field("Required on site", submittal.required_on_site_date.map(|date| date.to_string()).as_deref());
    field("Description", Some(&html_text(&submittal.description)));
    let text = outside(evidence, "description", &text, RECORD_CHARS);
    evidence.push(RowKind::Record, &label(submittal), &text);
}

/// What somebody of the workflow answered. Who it was is nobody's evidence.
fn answer(evidence: &mut Evidence, submittal: &Submittal, approver: &Approver) {
    let comment = approver.comment.as_deref().map(html_text).unwrap_or_default();
    let reviews = approver.approver_type.as_deref() != Some("Submitter");
    let response = approver.response.as_ref().filter(|_| reviews && approver.returned_date.is_some());
    if response.is_none() && comment.trim().is_empty() {
        return;
    }
    let name = response.map_or("none yet", |response| response.name.as_str());
    let text = format!("Response: {name}\nComment: {comment}");
    let text = outside(evidence, "earlier response", &text, ROW_CHARS);
    evidence.push(RowKind::Answer, &format!("earlier response on {}", label(submittal)), &text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_another_alphabet_in_submitted_data_are_told() {
        let table = [
            (RowKind::Attachment, "Galvanizing: coating \u{410}60", true),
            (RowKind::Attachment, "Galvanizing: coating A60, 5 \u{B5}m", false),
            (RowKind::Specification, "Galvanizing: coating \u{410}60", false),
        ];
        for (kind, text, expected) in table {
            let mut evidence = Evidence::default();
            evidence.push(kind, "data.txt, page 1", text);
            look_alikes(&mut evidence);
            assert_eq!(evidence.flags == ["look_alike_letters"], expected, "{text}");
        }
    }
}
