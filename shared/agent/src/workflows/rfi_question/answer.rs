//! The answer the model must give about a draft RFI, and every word of it as a statement for the gate.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    evidence::{Evidence, RowKind},
    gate::{Citation, Statement},
    workflows::answer::{Cite, Confidence, Conflict, Flag, Missing, ModelOutcome},
};

/// What a reference points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceType {
    /// An article of the specification.
    Spec,
    /// A drawing, or a page of one.
    Drawing,
    /// The RFI itself or a closed one.
    Rfi,
    /// A submittal or another file on the record.
    Submittal,
}

impl ReferenceType {
    /// True if a row of this kind can be it. A file of the record may be an excerpt of a drawing or of a submittal:
    /// which, only its page can say.
    pub(super) fn fits(self, kind: RowKind) -> bool {
        match self {
            Self::Spec => kind == RowKind::Specification,
            Self::Rfi => is_of_people(kind),
            Self::Drawing | Self::Submittal => kind != RowKind::Specification && !is_of_people(kind),
        }
    }
}

/// True for what people wrote in RFIs, this one or others.
pub(super) fn is_of_people(kind: RowKind) -> bool {
    matches!(kind, RowKind::Record | RowKind::Answer | RowKind::RelatedRfi)
}

/// Words of the evidence that the question rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// What it points to.
    #[serde(rename = "type")]
    pub kind: ReferenceType,
    /// Handle of the row.
    #[schemars(length(max = 6))]
    pub h: String,
    /// The words, verbatim.
    #[schemars(length(max = 300))]
    pub quote: String,
    /// Detail, note or room it stands at, if the row says one.
    #[schemars(length(max = 80))]
    pub detail: Option<String>,
}

/// What Procore knows as the impact of an RFI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImpactStatus {
    /// There is one, and it is known.
    YesKnown,
    /// There is one, not known how large.
    YesUnknown,
    /// There is none.
    NoImpact,
    /// To be determined.
    Tbd,
    /// Does not apply.
    NA,
}

/// An impact, and the words that say so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Impact {
    /// Which.
    pub status: ImpactStatus,
    /// Its ground.
    pub evidence: Option<Cite>,
}

impl Impact {
    /// What a draft says unless the evidence says more.
    pub(super) const TBD: Self = Self { status: ImpactStatus::Tbd, evidence: None };
}

/// When the answer is needed: a date or a milestone that the evidence names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NeedBy {
    /// The date or milestone.
    #[schemars(length(max = 80))]
    pub text: String,
    /// The words that name it.
    pub evidence: Cite,
}

/// Whose question it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "disciplines of the trade")]
pub enum Discipline {
    Architect,
    StructuralEngineer,
    MechanicalEngineer,
    ElectricalEngineer,
    CivilEngineer,
    Owner,
    Other,
}

impl Discipline {
    /// For the reader.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Architect => "architect",
            Self::StructuralEngineer => "structural engineer",
            Self::MechanicalEngineer => "mechanical engineer",
            Self::ElectricalEngineer => "electrical engineer",
            Self::CivilEngineer => "civil engineer",
            Self::Owner => "owner",
            Self::Other => "designer of record",
        }
    }
}

/// Who should be asked. A discipline, never a person: whom the RFI is assigned to is its writer's choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Routing {
    /// Which.
    pub discipline: Discipline,
    /// Why.
    #[schemars(length(max = 200))]
    pub reason: String,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// A draft or an abstention.
    pub outcome: ModelOutcome,
    /// Element, location, issue.
    #[schemars(length(max = 80))]
    pub title: String,
    /// The one question.
    #[schemars(length(max = 400))]
    pub question: String,
    /// What the documents show, and what is missing or in conflict.
    #[schemars(length(max = 800))]
    pub background: String,
    /// What it rests on.
    #[schemars(length(max = 8))]
    pub references: Vec<Reference>,
    /// A suggestion of the contractor's.
    #[schemars(length(max = 400))]
    pub proposed_solution: Option<String>,
    /// Effect on cost.
    pub cost_impact: Impact,
    /// Effect on the schedule.
    pub schedule_impact: Impact,
    /// When the answer is needed.
    pub need_by: Option<NeedBy>,
    /// Who should be asked.
    pub routing: Routing,
    /// What is missing.
    #[schemars(length(max = 8))]
    pub missing: Vec<Missing>,
    /// Sources that disagree.
    #[schemars(length(max = 4))]
    pub conflicts: Vec<Conflict>,
    /// Advisory marks.
    #[schemars(length(max = 5))]
    pub flags: Vec<Flag>,
    /// How sure the model says it is.
    pub confidence: Confidence,
}

impl Answer {
    pub(super) fn abstains(&self) -> bool {
        self.outcome == ModelOutcome::InsufficientContext
    }

    /// Every word that could be shown, with the words it has to rest on.
    pub(super) fn statements<'a>(&'a self, evidence: &'a Evidence) -> Vec<Statement<'a>> {
        // It is the writer's own question: what they filled in is ground for it, as are the sources it quotes.
        let record = evidence.row("R1");
        let mut asked: Vec<&str> =
            record.iter().flat_map(|row| [row.label.as_str(), row.text.as_str()]).collect();
        let quoted = self.references.iter().map(|reference| (reference.h.as_str(), reference.quote.as_str()));
        let sides = self.conflicts.iter().flat_map(|conflict| [&conflict.a, &conflict.b]);
        for (handle, quote) in quoted.chain(sides.map(|cite| (cite.h.as_str(), cite.quote.as_str()))) {
            asked.push(quote);
            asked.extend(evidence.row(handle).map(|row| row.label.as_str()));
        }
        let stated = |field: String, text: &'a str, citations: Vec<Citation<'a>>, must_cite: bool| {
            Statement { field, text, citations, must_cite, grounds: Vec::new() }
        };
        let plain = |field: &str, text: &'a str| Statement {
            grounds: asked.clone(),
            ..stated(field.to_owned(), text, Vec::new(), false)
        };
        let mut statements = Vec::new();
        if !self.abstains() {
            statements.push(plain("question", &self.question));
        }
        statements.push(plain("title", &self.title));
        statements.push(plain("background", &self.background));
        for (position, reference) in self.references.iter().enumerate() {
            let citation = Citation { handle: &reference.h, quote: &reference.quote };
            let detail = reference.detail.as_deref().unwrap_or_default();
            statements.push(stated(format!("references/{position}"), detail, vec![citation], true));
        }
        statements.extend(self.proposed_solution.iter().map(|text| plain("proposed_solution", text)));
        for (field, impact) in
            [("cost_impact", &self.cost_impact), ("schedule_impact", &self.schedule_impact)]
        {
            let citations = impact.evidence.iter().map(Cite::citation).collect();
            statements.push(stated(field.to_owned(), "", citations, false));
        }
        if let Some(need) = &self.need_by {
            let citations = vec![need.evidence.citation()];
            statements.push(stated("need_by".to_owned(), &need.text, citations, true));
        }
        statements.push(plain("routing", &self.routing.reason));
        for (position, missing) in self.missing.iter().enumerate() {
            statements.push(plain(&format!("missing/{position}"), &missing.item));
            statements.push(plain(&format!("missing/{position}"), &missing.why));
        }
        for (position, conflict) in self.conflicts.iter().enumerate() {
            let citations = vec![conflict.a.citation(), conflict.b.citation()];
            statements.push(stated(format!("conflicts/{position}"), &conflict.note, citations, true));
        }
        statements
    }
}
