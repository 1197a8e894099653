//! What of the answer stands once the gate has refused parts of it. An RFI question stands on a subject that the record
//! gives, and on at least one source that is quoted.

use super::answer::{Answer, Impact, ImpactStatus, is_of_people};
use crate::{
    evidence::Evidence,
    workflows::answer::{Confidence, ModelOutcome, kept},
};

impl Answer {
    /// The answer without what the gate refused.
    pub(super) fn keep(mut self, refused: &[String], evidence: &Evidence) -> Self {
        let lost = |field: &str| refused.iter().any(|name| name == field);
        let sources_before = self.references.len().saturating_add(self.conflicts.len());
        kept(&mut self.references, "references", refused);
        kept(&mut self.conflicts, "conflicts", refused);
        kept(&mut self.missing, "missing", refused);
        self.references.retain(|one| evidence.row(&one.h).is_some_and(|row| one.kind.fits(row.kind)));
        for (field, text) in [("title", &mut self.title), ("background", &mut self.background)] {
            if lost(field) {
                text.clear();
            }
        }
        if lost("routing") {
            self.routing.reason.clear();
        }
        self.proposed_solution = self.proposed_solution.filter(|_| !lost("proposed_solution"));
        self.need_by = self.need_by.filter(|_| !lost("need_by"));
        self.cost_impact = settled(self.cost_impact, lost("cost_impact"), evidence);
        self.schedule_impact = settled(self.schedule_impact, lost("schedule_impact"), evidence);
        if self.references.len().saturating_add(self.conflicts.len()) < sources_before {
            self.confidence = self.confidence.min(Confidence::Medium);
        }
        let stands = gives_a_subject(evidence)
            && !(lost("question") || self.question.trim().is_empty())
            && !(self.references.is_empty() && self.conflicts.is_empty());
        if self.abstains() || !stands {
            self.outcome = ModelOutcome::InsufficientContext;
            self.question.clear();
            self.background.clear();
            self.references.clear();
            self.conflicts.clear();
            self.proposed_solution = None;
            self.need_by = None;
            (self.cost_impact, self.schedule_impact) = (Impact::TBD, Impact::TBD);
            self.confidence = Confidence::Low;
        }
        self
    }
}

/// To be determined, unless what the project issued says that there is one. That there is none is nothing a draft says: it
/// would be a promise.
fn settled(impact: Impact, lost: bool, evidence: &Evidence) -> Impact {
    let says_so = matches!(impact.status, ImpactStatus::YesKnown | ImpactStatus::YesUnknown);
    let issued = impact
        .evidence
        .as_ref()
        .and_then(|cite| evidence.row(&cite.h))
        .is_some_and(|row| row.kind.is_governing());
    if says_so && issued && !lost { impact } else { Impact::TBD }
}

/// True if a specification, a drawing, a file or a place says what the RFI can be about. Closed RFIs and a subject line
/// alone do not.
pub(super) fn gives_a_subject(evidence: &Evidence) -> bool {
    let places = ["Location: ", "Drawing number: "];
    evidence.rows.iter().any(|row| !is_of_people(row.kind))
        || evidence.row("R1").is_some_and(|row| {
            row.text.lines().any(|line| places.iter().any(|place| line.starts_with(place)))
        })
}
