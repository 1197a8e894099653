//! The draft of a submittal review as the reviewer reads it: plain text, sections in a fixed order, the disposition as a
//! suggestion. Never the words of a stamp.

use super::{
    answer::{Answer, Deviation, Requirement, Status, SubstitutionStatus},
    disposition::{self, Disposition},
    settle, values,
};
use crate::{
    evidence::{Evidence, Row, RowKind},
    gate, instruction,
    space::one_line,
    workflows::{
        Text,
        answer::{Cite, Confidence, Who},
        page::{Page, bare},
    },
};

/// Longest earlier response shown, in characters.
const EARLIER_CHARS: usize = 300;

/// Puts the words that passed the gate in their places. `label` is the record's, such as `Submittal 3.1`; `title` is
/// shown only if it is fit to be.
pub(super) fn text(
    answer: &Answer,
    label: &str,
    title: &str,
    evidence: &Evidence,
    forbidden: &[&str],
) -> Text {
    let mut page = Page::new(evidence, forbidden);
    let abstains = answer.abstains();
    let what = if abstains { "Note on" } else { "Draft review of" };
    let heading = if !title.is_empty() && gate::presentable_of_record(title, forbidden, evidence) {
        format!("{what} {label}: {title}")
    } else {
        format!("{what} {label}")
    };

    suggestion(&mut page, answer);
    if !answer.rows.is_empty() {
        page.section("REQUIREMENTS");
        for (number, row) in answer.rows.iter().enumerate() {
            requirement(&mut page, number.saturating_add(1), row);
        }
    }
    let uncompared = answer.uncompared(evidence);
    if !uncompared.is_empty() {
        page.section("NOT COMPARED (paragraphs of the same articles without a row)");
        for (label, letters) in uncompared {
            page.line(&format!("- {label}, par. {}", letters.join(", ")));
        }
    }
    if !answer.undeclared_deviations.is_empty() {
        page.section("DEPARTS FROM THE SECTION WITHOUT SAYING SO");
        for deviation in &answer.undeclared_deviations {
            let note = gate::without_handles(&deviation.note, evidence);
            page.line(&format!("- {note}"));
            page.observe(&format!("{note} {}", deviation.spec.quote), "DEVIATION");
            if let Some(number) = row_of(deviation, &answer.rows) {
                page.under(&format!("Both quotations stand under requirement {number}."));
            } else {
                page.cite(&deviation.spec);
                page.cite(&deviation.submittal);
            }
        }
    }
    if !abstains {
        page.section("SUBSTITUTION");
        page.line(match answer.substitution.status {
            SubstitutionStatus::Yes => {
                "Another product than the section names seems to be offered. Route it to the project's procedure for that."
            }
            SubstitutionStatus::No => "The language model saw no product other than the section allows.",
            SubstitutionStatus::Unclear => "The evidence does not tell whether another product is offered.",
        });
        if let Some(cite) = &answer.substitution.cite {
            page.cite(cite);
        }
    }
    page.section("LEAD TIME");
    for row in evidence.rows.iter().filter(|row| row.kind == RowKind::Computed) {
        row.text.lines().for_each(|line| page.line(line));
    }

    earlier(&mut page);
    missing(&mut page, answer);
    page.next_step(&answer.next_step);
    page.into_text(&heading, &answer.flags, abstains)
}

fn suggestion(page: &mut Page<'_>, answer: &Answer) {
    page.section("SUGGESTED DISPOSITION");
    if answer.abstains() {
        page.line("None: there is not enough in the record to hold the submittal against its section.");
        return;
    }
    let suggested = disposition::suggested(&answer.findings(page.evidence), answer.suggested_disposition);
    page.line(suggested.words());
    page.observe("disposition", suggested.name());
    if suggested == Disposition::NotRequiredBySpec
        && let Some(section) = section(page.evidence)
    {
        page.line(&format!("Read for it: {section}. It asks for no such submittal."));
    }
    page.line("A suggestion, derived by rule from what stands below. The reviewer decides.");
    if answer.incomplete {
        page.line("Parts of the comparison could not be traced to the documents. They are left out and counted as open.");
    }
    let confidence = match answer.confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    };
    page.line(&format!("Confidence stated by the language model: {confidence}."));
}

fn requirement(page: &mut Page<'_>, number: usize, row: &Requirement) {
    let (status, name) = match row.status {
        Status::Met => ("MET", "MET"),
        Status::NotMet => ("NOT MET", "NOT_MET"),
        Status::CannotVerify => ("CANNOT VERIFY", "CANNOT_VERIFY"),
        Status::MetWithNote => ("MET, WITH A NOTE", "MET_WITH_NOTE"),
    };
    page.observe(&format!("{} {}", row.requirement, row.spec.quote), name);
    page.line(&format!("{number}. {status}: {}", gate::without_handles(&row.requirement, page.evidence)));
    let submitted = row.submitted.as_deref().map(|words| gate::without_handles(words, page.evidence));
    page.under(&format!(
        "Required: {}. Submitted: {}.",
        bare(&gate::without_handles(&row.required, page.evidence)),
        bare(submitted.as_deref().unwrap_or("no value shown"))
    ));
    page.cite(&row.spec);
    if let Some(cite) = &row.submittal {
        page.cite(cite);
    }
    if let Some(cite) = &row.submittal {
        for line in values::equivalents(&row.spec.quote, &cite.quote) {
            page.under(&format!("Computed: {line}."));
        }
    }
    if let Some(note) = &row.note {
        page.under(&format!("Note: {}.", bare(&gate::without_handles(note, page.evidence))));
    }
    if let Some(remark) = settle::remark(row, page.evidence) {
        page.under(&remark);
    }
}

/// The section that was read and its revision: what the labels of its articles have in common.
fn section(evidence: &Evidence) -> Option<&str> {
    let row = evidence.rows.iter().find(|row| row.kind == RowKind::Specification)?;
    let end = row.label.find(", art. ").or_else(|| row.label.rfind(", page"));
    row.label.get(..end?)
}

/// The number of the requirement that holds both quotations of a deviation.
fn row_of(deviation: &Deviation, rows: &[Requirement]) -> Option<usize> {
    let holds = |outer: &Cite, inner: &Cite| outer.h == inner.h && outer.quote.contains(&inner.quote);
    let position = rows.iter().position(|row| {
        holds(&row.spec, &deviation.spec)
            && row.submittal.as_ref().is_some_and(|cite| holds(cite, &deviation.submittal))
    })?;
    Some(position.saturating_add(1))
}

/// What reviewers of the workflow answered before.
fn earlier(page: &mut Page<'_>) {
    let evidence = page.evidence;
    let answers: Vec<&Row> = evidence.rows.iter().filter(|row| row.kind == RowKind::Answer).collect();
    if answers.is_empty() {
        return;
    }
    page.section("EARLIER RESPONSES (statements of others, not decided here)");
    for row in answers {
        let words = one_line(&row.text);
        let shown = words.chars().count() <= EARLIER_CHARS
            && page.may_show(&words)
            && instruction::spans(&words).is_empty();
        if shown {
            page.line(&format!("- {words}"));
        } else {
            page.line("- Not repeated here: see the workflow of the submittal.");
        }
    }
}

fn missing(page: &mut Page<'_>, answer: &Answer) {
    page.section("MISSING");
    let evidence = page.evidence;
    let mut named = false;
    for missing in &answer.missing_items {
        let item = gate::without_handles(&missing.item, evidence);
        page.line(&format!("- {}. Ask: {}.", bare(&item), missing.who.words()));
        page.observe(&format!("{item} {}", missing.spec.quote), "MISSING");
        page.cite(&missing.spec);
        named = true;
    }
    if answer.has_open_rows() {
        page.line(&format!(
            "- Data for each requirement marked CANNOT VERIFY. Ask: {}.",
            Who::Subcontractor.words()
        ));
        named = true;
    }
    let has = |kind: RowKind| evidence.rows.iter().any(|row| row.kind == kind);
    if !has(RowKind::Specification) {
        page.line(&format!("- The text of the governing section. Ask: {}.", Who::Pe.words()));
        named = true;
    }
    if !has(RowKind::Attachment) {
        page.line(&format!("- Submitted data that can be read. Ask: {}.", Who::Subcontractor.words()));
        named = true;
    }
    if !named && answer.abstains() {
        page.line(&format!(
            "- Requirements of the section on what is submitted, or data on them. Ask: {}.",
            Who::Pe.words()
        ));
    } else if !named {
        page.line("Nothing named.");
    }
}
