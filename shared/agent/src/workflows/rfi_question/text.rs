//! The draft of an RFI question as its writer reads it: plain text, sections in a fixed order, and one line that can stand
//! as a reference.

use super::answer::{Answer, Impact, ImpactStatus};
use crate::{
    draft::MARK,
    evidence::Evidence,
    gate,
    workflows::{
        Text,
        answer::{Cite, Who},
        page::{Page, bare},
        rfi_question::keep::gives_a_subject,
    },
};

/// Longest reference line, in characters: the field is a short one.
const LINE_CHARS: usize = 200;

/// Puts the words that passed the gate in their places. `label` is the record's.
pub(super) fn text(answer: &Answer, label: &str, evidence: &Evidence, forbidden: &[&str]) -> Text {
    let mut page = Page::new(evidence, forbidden);
    let shown = |text: &str| gate::without_handles(text, evidence);
    if answer.abstains() {
        page.section("STATUS");
        page.line("Not enough in the record to draft a question.");
    } else {
        page.section("QUESTION");
        page.line(&shown(&answer.question));
        // The subject line is its writer's: this is a suggestion beside it.
        if !answer.title.trim().is_empty() {
            page.section("SUGGESTED SUBJECT");
            page.line(&shown(&answer.title));
        }
        if !answer.background.trim().is_empty() {
            page.section("BACKGROUND");
            page.line(&shown(&answer.background));
        }
    }

    if !answer.references.is_empty() {
        page.section("REFERENCES");
        for (number, reference) in answer.references.iter().enumerate() {
            let detail = reference.detail.as_deref().map(shown).filter(|detail| !detail.trim().is_empty());
            page.line(&format!("{}. {}", number.saturating_add(1), detail.as_deref().unwrap_or("Quoted:")));
            page.cite(&Cite { h: reference.h.clone(), quote: reference.quote.clone() });
        }
    }
    if !answer.conflicts.is_empty() {
        page.section("THE DOCUMENTS DISAGREE");
        for conflict in &answer.conflicts {
            let note = shown(&conflict.note);
            page.line(&note);
            page.observe(&format!("{note} {} {}", conflict.a.quote, conflict.b.quote), "CONFLICT");
            page.cite(&conflict.a);
            page.cite(&conflict.b);
        }
    }
    if let Some(solution) = &answer.proposed_solution {
        page.section("SUGGESTION OF THE CONTRACTOR, for the designer to decide");
        page.line(&shown(solution));
    }

    if !answer.abstains() {
        page.section("IMPACT");
        impact(&mut page, "Cost", &answer.cost_impact);
        impact(&mut page, "Schedule", &answer.schedule_impact);
        page.section("ANSWER NEEDED BY");
        match &answer.need_by {
            Some(need) => {
                page.line(&shown(&need.text));
                page.cite(&need.evidence);
            }
            None => page.line("Not stated in the record."),
        }
        page.section("WHO COULD ANSWER");
        let discipline = answer.routing.discipline.words();
        match bare(&shown(&answer.routing.reason)) {
            "" => page.line(&format!("The {discipline}.")),
            reason => page.line(&format!("The {discipline}: {reason}.")),
        }
    }

    page.section("MISSING");
    if answer.missing.is_empty() && !answer.abstains() {
        page.line("Nothing named.");
    }
    for missing in &answer.missing {
        let (item, why) = (shown(&missing.item), shown(&missing.why));
        page.line(&format!("- {}. {}. Ask: {}.", bare(&item), bare(&why), missing.who.words()));
    }
    if answer.abstains() && !gives_a_subject(evidence) {
        page.line(&format!(
            "- A specification section, a drawing, a place or a file. Nothing in {label} says what it is about. Ask: {}.",
            Who::Pe.words()
        ));
    }

    let title = line(page.sources.iter().filter(|source| *source != label));
    page.into_text(&title, &answer.flags, answer.abstains())
}

fn impact(page: &mut Page<'_>, what: &str, impact: &Impact) {
    let words = match impact.status {
        ImpactStatus::YesKnown | ImpactStatus::YesUnknown => "possible, see:",
        ImpactStatus::NoImpact | ImpactStatus::Tbd | ImpactStatus::NA => "to be determined.",
    };
    page.line(&format!("{what}: {words}"));
    impact.evidence.iter().for_each(|cite| page.cite(cite));
}

/// The sources on one line, as many as fit.
fn line<'s>(sources: impl Iterator<Item = &'s String>) -> String {
    let mut line = MARK.to_owned();
    for (position, source) in sources.enumerate() {
        let next = format!("{}{source}", if position == 0 { " See: " } else { "; " });
        if line.chars().count().saturating_add(next.chars().count()) <= LINE_CHARS {
            line.push_str(&next);
        }
    }
    line
}
