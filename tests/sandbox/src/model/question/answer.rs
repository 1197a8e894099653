//! The answer of the `rfi_question` workflow, in the shape its schema asks for.
//! Every list and string is cut to the schema's limits here, so that no behaviour is stopped by length alone.

use serde::Serialize;

use crate::model::answer::{Citation, Conflict, Missing, cut};

#[derive(Clone, Debug, Serialize)]
pub(in crate::model) struct Answer {
    pub(super) outcome: &'static str,
    pub(super) title: String,
    pub(super) question: String,
    pub(super) background: String,
    pub(super) references: Vec<Reference>,
    pub(super) proposed_solution: Option<String>,
    pub(super) cost_impact: Impact,
    pub(super) schedule_impact: Impact,
    pub(super) need_by: Option<NeedBy>,
    pub(super) routing: Routing,
    pub(super) missing: Vec<Missing>,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) flags: Vec<String>,
    pub(super) confidence: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Reference {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) h: String,
    pub(super) quote: String,
    pub(super) detail: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Impact {
    pub(super) status: &'static str,
    pub(super) evidence: Option<Citation>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct NeedBy {
    pub(super) text: String,
    pub(super) evidence: Citation,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Routing {
    pub(super) discipline: &'static str,
    pub(super) reason: String,
}

impl Answer {
    /// The answer cut to the schema's limits.
    pub(super) fn within_limits(mut self) -> Self {
        cut(&mut self.title, 80);
        cut(&mut self.question, 400);
        cut(&mut self.background, 800);
        self.references.truncate(8);
        for reference in &mut self.references {
            cut(&mut reference.quote, 300);
            reference.detail.iter_mut().for_each(|detail| cut(detail, 80));
        }
        self.proposed_solution.iter_mut().for_each(|text| cut(text, 400));
        for impact in [&mut self.cost_impact, &mut self.schedule_impact] {
            impact.evidence.iter_mut().for_each(Citation::cut);
        }
        if let Some(need) = &mut self.need_by {
            cut(&mut need.text, 80);
            need.evidence.cut();
        }
        cut(&mut self.routing.reason, 200);
        self.missing.truncate(8);
        for missing in &mut self.missing {
            cut(&mut missing.item, 200);
            cut(&mut missing.why, 200);
        }
        self.conflicts.truncate(4);
        for conflict in &mut self.conflicts {
            conflict.a.cut();
            conflict.b.cut();
            cut(&mut conflict.note, 300);
        }
        self
    }
}
