//! The answer the model must give about an RFI.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    evidence::{Evidence, RowKind},
    gate::Statement,
    workflows::answer::{
        Cite, Claim, ClaimKind, Confidence, Conflict, Flag, Missing, ModelOutcome, NextStep, Who, kept,
    },
};

/// What the RFI is, seen from the documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnswerStatus {
    /// The documents answer it.
    AnswerableFromDocuments,
    /// The documents disagree; the designer has to say.
    ConflictInDocuments,
    /// Only the designer can say.
    NeedsDesignerDecision,
    /// Not a question about the documents.
    NotAnRfi,
    /// The governing text is not in the evidence.
    InsufficientContext,
}

impl AnswerStatus {
    /// As in the answer.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::AnswerableFromDocuments => "answerable_from_documents",
            Self::ConflictInDocuments => "conflict_in_documents",
            Self::NeedsDesignerDecision => "needs_designer_decision",
            Self::NotAnRfi => "not_an_rfi",
            Self::InsufficientContext => "insufficient_context",
        }
    }

    /// For the reader.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::AnswerableFromDocuments => "Answerable from the documents.",
            Self::ConflictInDocuments => {
                "The documents disagree. The designer of record has to say which governs."
            }
            Self::NeedsDesignerDecision => "Needs a decision of the designer of record.",
            Self::NotAnRfi => "Not a request for information about the contract documents.",
            Self::InsufficientContext => "Not enough in the record to draft a response.",
        }
    }
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// A draft or an abstention.
    pub outcome: ModelOutcome,
    /// Subject in the reader's words.
    #[schemars(length(max = 80))]
    pub title: String,
    /// What the RFI is.
    pub answer_status: AnswerStatus,
    /// The proposed response.
    #[schemars(length(max = 1200))]
    pub response: String,
    /// What it rests on.
    #[schemars(length(max = 12))]
    pub claims: Vec<Claim>,
    /// What is missing.
    #[schemars(length(max = 8))]
    pub missing: Vec<Missing>,
    /// Sources that disagree.
    #[schemars(length(max = 4))]
    pub conflicts: Vec<Conflict>,
    /// What to do next.
    pub next_step: NextStep,
    /// Advisory marks.
    #[schemars(length(max = 5))]
    pub flags: Vec<Flag>,
    /// How sure the model says it is.
    pub confidence: Confidence,
}

impl Answer {
    pub(super) fn abstains(&self) -> bool {
        self.outcome == ModelOutcome::InsufficientContext
            || self.answer_status == AnswerStatus::InsufficientContext
    }

    /// Every word that could be shown, with the words it has to rest on.
    pub(super) fn statements<'a>(&'a self, evidence: &'a Evidence) -> Vec<Statement<'a>> {
        let labels: Vec<&str> = evidence.rows.iter().map(|row| row.label.as_str()).collect();
        let record = evidence.row("R1");
        let label: Vec<&str> = record.iter().map(|row| row.label.as_str()).collect();
        let asked: Vec<&str> =
            labels.iter().copied().chain(record.iter().map(|row| row.text.as_str())).collect();
        let mut statements = Vec::new();
        let plain = |field: &str, text: &'a str, grounds: &[&'a str]| Statement {
            field: field.to_owned(),
            text,
            citations: Vec::new(),
            must_cite: false,
            grounds: grounds.to_vec(),
        };
        statements.push(plain("title", &self.title, &asked));
        for (position, claim) in self.claims.iter().enumerate() {
            statements.push(Statement {
                field: format!("claims/{position}"),
                text: &claim.text,
                citations: claim.evidence.iter().map(Cite::citation).collect(),
                must_cite: matches!(claim.kind, ClaimKind::Fact | ClaimKind::Risk),
                grounds: label.clone(),
            });
        }
        for (position, conflict) in self.conflicts.iter().enumerate() {
            statements.push(Statement {
                field: format!("conflicts/{position}"),
                text: &conflict.note,
                citations: vec![conflict.a.citation(), conflict.b.citation()],
                must_cite: true,
                grounds: label.clone(),
            });
        }
        // The response is what people copy: its numbers come from what the project issued, or from both sides of a
        // conflict, never from what the requester says alone.
        let mut grounds = label.clone();
        for cite in self.governing_cites(evidence).chain(self.conflicts.iter().flat_map(|c| [&c.a, &c.b])) {
            grounds.push(&cite.quote);
            grounds.extend(evidence.row(&cite.h).map(|row| row.label.as_str()));
        }
        statements.push(plain("response", &self.response, &grounds));
        for (position, missing) in self.missing.iter().enumerate() {
            statements.push(plain(&format!("missing/{position}"), &missing.item, &asked));
            statements.push(plain(&format!("missing/{position}"), &missing.why, &asked));
        }
        // A file's name is its sender's: it brings up no revision and no section to be used.
        let files = [RowKind::Attachment, RowKind::Superseded];
        let issued = evidence.rows.iter().filter(|row| !files.contains(&row.kind));
        let issued: Vec<&str> = issued.map(|row| row.label.as_str()).collect();
        statements.push(plain("next_step", &self.next_step.text, &issued));
        statements
    }

    pub(super) fn governing_cites<'a>(&'a self, evidence: &'a Evidence) -> impl Iterator<Item = &'a Cite> {
        self.claims
            .iter()
            .flat_map(|claim| &claim.evidence)
            .filter(|cite| evidence.row(&cite.h).is_some_and(|row| row.kind.is_governing()))
    }

    /// The answer without what the gate refused.
    pub(super) fn keep(mut self, refused: &[String], evidence: &Evidence) -> Self {
        let lost = |field: &str| refused.iter().any(|name| name == field);
        let claims_before = self.claims.len();
        kept(&mut self.claims, "claims", refused);
        kept(&mut self.conflicts, "conflicts", refused);
        kept(&mut self.missing, "missing", refused);
        if lost("title") {
            self.title.clear();
        }
        if lost("next_step") {
            self.next_step = NextStep {
                text: "Review the sources named below and decide who answers.".to_owned(),
                who: Who::Pe,
            };
        }
        if lost("answer_status") && self.answer_status == AnswerStatus::AnswerableFromDocuments {
            self.answer_status = AnswerStatus::NeedsDesignerDecision;
        }
        if self.claims.len() < claims_before {
            self.confidence = self.confidence.min(Confidence::Medium);
        }
        let stands = match self.answer_status {
            AnswerStatus::AnswerableFromDocuments => self.claims.iter().any(|claim| {
                claim.kind == ClaimKind::Fact
                    && claim
                        .evidence
                        .iter()
                        .any(|cite| evidence.row(&cite.h).is_some_and(|row| row.kind.is_governing()))
            }),
            AnswerStatus::ConflictInDocuments => !self.conflicts.is_empty(),
            AnswerStatus::NeedsDesignerDecision | AnswerStatus::NotAnRfi => true,
            AnswerStatus::InsufficientContext => false,
        };
        if self.outcome == ModelOutcome::InsufficientContext
            || lost("response")
            || self.response.trim().is_empty()
            || !stands
        {
            self.outcome = ModelOutcome::InsufficientContext;
            self.answer_status = AnswerStatus::InsufficientContext;
            self.response.clear();
            self.claims.clear();
            self.conflicts.clear();
            self.confidence = Confidence::Low;
        }
        self
    }
}
