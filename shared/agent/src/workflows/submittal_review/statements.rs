//! What the gate is told of an answer, and what is left of it after the gate. Leaving something out never makes the
//! disposition more lenient: that it was left out is remembered.

use super::{
    FORBIDDEN,
    answer::{Answer, Status, SubstitutionStatus},
    disposition::{Disposition, Findings, Subject, may_be_not_required},
    settle, wording,
};
use crate::{
    evidence::{Evidence, Row, RowKind},
    gate::{self, Statement},
    instruction,
    paragraphs::{Paragraphs, article_of},
    workflows::answer::{Cite, Confidence, ModelOutcome, NextStep, Who},
};

impl Answer {
    /// Every word that could be shown, with the words it has to rest on.
    pub(super) fn statements<'a>(&'a self, evidence: &'a Evidence) -> Vec<Statement<'a>> {
        let labels: Vec<&str> = evidence.rows.iter().map(|row| row.label.as_str()).collect();
        let label: Vec<&str> = evidence.row("R1").map(|row| row.label.as_str()).into_iter().collect();
        let cited = |field: String, text: &'a str, cites: &[&'a Cite]| Statement {
            field,
            text,
            citations: cites.iter().map(|cite| cite.citation()).collect(),
            must_cite: true,
            grounds: label.clone(),
        };
        let mut statements = Vec::new();
        for (position, row) in self.rows.iter().enumerate() {
            let field = format!("rows/{position}");
            let own = |text: &'a str| if repeats(text, &row.spec) { "" } else { text };
            statements.push(cited(field.clone(), own(&row.requirement), &[&row.spec]));
            statements.push(cited(field.clone(), own(&row.required), &[&row.spec]));
            if row.submitted.is_some() || row.submittal.is_some() {
                let cites: Vec<&Cite> = row.submittal.iter().collect();
                let text = row.submitted.as_deref().unwrap_or_default();
                let repeats = row.submittal.as_ref().is_some_and(|cite| repeats(text, cite));
                let text = if repeats { "" } else { text };
                statements.push(cited(format!("{field}/submitted"), text, &cites));
            }
            if let Some(note) = &row.note {
                let cites: Vec<&Cite> = std::iter::once(&row.spec).chain(&row.submittal).collect();
                statements.push(cited(format!("{field}/note"), note, &cites));
            }
        }
        for (position, missing) in self.missing_items.iter().enumerate() {
            statements.push(cited(format!("missing_items/{position}"), &missing.item, &[&missing.spec]));
        }
        for (position, deviation) in self.undeclared_deviations.iter().enumerate() {
            let cites = [&deviation.spec, &deviation.submittal];
            statements.push(cited(format!("undeclared_deviations/{position}"), &deviation.note, &cites));
        }
        if let Some(cite) = &self.substitution.cite {
            statements.push(cited("substitution".to_owned(), "", &[cite]));
        }
        statements.push(Statement {
            field: "next_step".to_owned(),
            text: &self.next_step.text,
            citations: Vec::new(),
            must_cite: false,
            grounds: labels,
        });
        statements
    }

    /// The answer without what the gate refused, every status settled.
    pub(super) fn keep(mut self, refused: &[String], evidence: &Evidence) -> Self {
        let lost = |field: &str| refused.iter().any(|name| name == field);
        let is = |cite: &Cite, kind: RowKind| evidence.row(&cite.h).is_some_and(|row| row.kind == kind);
        let is_required = |cite: &Cite| is_article(cite, evidence);
        let mut incomplete = self.incomplete;
        for (position, row) in self.rows.iter_mut().enumerate() {
            if lost(&format!("rows/{position}/submitted")) {
                row.submitted = None;
                row.submittal = None;
            }
            if row.submittal.is_none() {
                row.submitted = None;
            }
            let said = row.status;
            row.status = settle::settled(row, evidence);
            let is_order = row.note.as_deref().is_some_and(|note| !instruction::spans(note).is_empty());
            if lost(&format!("rows/{position}/note"))
                || is_order
                || said != Status::MetWithNote
                || row.status != Status::MetWithNote
            {
                row.note = None;
            }
            // The words of a source that drafts do not repeat are left to the source.
            if repeats(&row.requirement, &row.spec) {
                row.requirement = "Requirement of the section".to_owned();
            }
            if repeats(&row.required, &row.spec) {
                row.required = AS_QUOTED.to_owned();
            }
            if let (Some(text), Some(cite)) = (&row.submitted, &row.submittal)
                && repeats(text, cite)
            {
                row.submitted = Some(AS_QUOTED.to_owned());
            }
        }
        keep_some(&mut self.rows, &mut incomplete, |position, row| {
            !lost(&format!("rows/{position}")) && is_required(&row.spec)
        });
        keep_some(&mut self.missing_items, &mut incomplete, |position, missing| {
            !lost(&format!("missing_items/{position}")) && is_required(&missing.spec)
        });
        keep_some(&mut self.undeclared_deviations, &mut incomplete, |position, deviation| {
            !lost(&format!("undeclared_deviations/{position}"))
                && is_required(&deviation.spec)
                && is(&deviation.submittal, RowKind::Attachment)
        });
        let cited = |cite: &Cite| is(cite, RowKind::Specification);
        if lost("substitution") || self.substitution.cite.as_ref().is_some_and(|cite| !cited(cite)) {
            self.substitution.cite = None;
            // That another product is offered is not unsaid by a wrong quotation.
            if self.substitution.status == SubstitutionStatus::No {
                self.substitution.status = SubstitutionStatus::Unclear;
            }
        }
        if lost("next_step") || !instruction::spans(&self.next_step.text).is_empty() {
            self.next_step = NextStep {
                text: "Go through the rows and the sources named below, and decide on the response."
                    .to_owned(),
                who: Who::Pe,
            };
        }
        if incomplete {
            self.confidence = self.confidence.min(Confidence::Medium);
        }
        self.incomplete = incomplete;
        let excused = self.suggested_disposition == Disposition::NotRequiredBySpec
            && may_be_not_required(&self.findings(evidence))
            && evidence.rows.iter().any(|row| row.kind == RowKind::Specification);
        if self.outcome == ModelOutcome::InsufficientContext
            || self.rows.is_empty() && self.missing_items.is_empty() && !excused
        {
            self.outcome = ModelOutcome::InsufficientContext;
            self.rows.clear();
            self.undeclared_deviations.clear();
            self.substitution.cite = None;
            self.confidence = Confidence::Low;
        }
        self
    }

    /// What the disposition hangs on.
    pub(super) fn findings(&self, evidence: &Evidence) -> Findings {
        Findings {
            rows: self.rows.iter().map(|row| (subject(&row.spec, evidence), row.status)).collect(),
            item_missing: !self.missing_items.is_empty(),
            deviates: !self.undeclared_deviations.is_empty(),
            substitution: self.substitution.status,
            incomplete: self.incomplete,
            uncompared: !self.uncompared(evidence).is_empty()
                || !self.rows.iter().any(|row| subject(&row.spec, evidence) == Subject::Product),
            asks_for_submittals: evidence.rows.iter().any(|row| {
                row.kind == RowKind::Specification
                    && row.label.contains("SUBMITTAL")
                    && !asks_for_none(&row.text)
            }),
        }
    }

    /// The paragraphs without a row in articles about the product that have one: label and letters. What a model leaves
    /// out is told too.
    pub(super) fn uncompared<'e>(&self, evidence: &'e Evidence) -> Vec<(&'e str, Vec<String>)> {
        let mut left = Vec::new();
        for source in evidence.rows.iter().filter(|row| row.kind == RowKind::Specification) {
            let rows: Vec<&Cite> =
                self.rows.iter().map(|row| &row.spec).filter(|cite| cite.h == source.handle).collect();
            if !rows.iter().any(|cite| subject(cite, evidence) == Subject::Product) {
                continue;
            }
            let paragraphs = Paragraphs::of(article_of(source).unwrap_or_default(), &source.text);
            let compared: Vec<Vec<String>> =
                rows.iter().filter_map(|cite| paragraphs.path(&cite.quote)).collect();
            let mut letters: Vec<String> = paragraphs.first_level().into_iter().map(str::to_owned).collect();
            letters.retain(|letter| !compared.iter().any(|path| path.first() == Some(letter)));
            if !letters.is_empty() {
                left.push((source.label.as_str(), letters));
            }
        }
        left
    }

    /// True if a row waits for data.
    pub(super) fn has_open_rows(&self) -> bool {
        self.rows.iter().any(|row| row.status == Status::CannotVerify)
    }
}

/// In place of words that a draft does not repeat.
const AS_QUOTED: &str = "as quoted";

/// True if words hold a phrase that drafts do not use, and only such as stand in the quotation they rest on: then the
/// section or the data says it, not the model.
fn repeats(text: &str, cite: &Cite) -> bool {
    let said = gate::forbidden_phrases(text, FORBIDDEN);
    let quoted = gate::forbidden_phrases(&cite.quote, FORBIDDEN);
    !said.is_empty() && said.iter().all(|phrase| quoted.contains(phrase))
}

/// True for a numbered article of the section. What stands outside of any (titles, the heads of pages) requires
/// nothing, unless the section has no articles at all; neither does an article's heading alone.
fn is_article(cite: &Cite, evidence: &Evidence) -> bool {
    let has_place = |row: &Row| row.label.contains(", art. ");
    let mut articles = evidence.rows.iter().filter(|row| row.kind == RowKind::Specification);
    let Some(row) = evidence.row(&cite.h).filter(|row| row.kind == RowKind::Specification) else {
        return false;
    };
    let is_heading = row.label.contains(cite.quote.trim());
    !is_heading && (has_place(row) || !articles.any(has_place))
}

/// Part 1 is about what is handed in; everything else, and what cannot be told, is taken for the product.
fn subject(cite: &Cite, evidence: &Evidence) -> Subject {
    let first_part = evidence.row(&cite.h).is_some_and(|row| row.label.contains(", art. 1."));
    if first_part { Subject::Procedure } else { Subject::Product }
}

/// True for an article on submittals that says `None required.` below its heading, and nothing else.
fn asks_for_none(text: &str) -> bool {
    let body: Vec<&str> = text.lines().skip(1).filter(|line| !line.trim().is_empty()).collect();
    let [line] = body.as_slice() else { return false };
    let words: Vec<String> = wording::words(line).into_iter().filter(|word| word.len() > 1).collect();
    let words = words.join(" ");
    ["none", "none required", "not required", "no submittals required", "no submittals are required"]
        .contains(&words.as_str())
}

fn keep_some<T>(items: &mut Vec<T>, incomplete: &mut bool, keep: impl Fn(usize, &T) -> bool) {
    let before = items.len();
    let mut position = 0_usize;
    items.retain(|item| {
        let keep = keep(position, item);
        position = position.saturating_add(1);
        keep
    });
    *incomplete |= items.len() < before;
}
