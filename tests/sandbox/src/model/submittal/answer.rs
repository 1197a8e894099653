//! The answer of the `submittal_review` workflow, in the shape its schema asks for.
//! Every list and string is cut to the schema's limits here, so that no behaviour is stopped by length alone.

use serde::Serialize;

use crate::model::answer::{Citation, NextStep};

#[derive(Clone, Debug, Serialize)]
pub(in crate::model) struct Answer {
    pub(super) outcome: &'static str,
    pub(super) rows: Vec<Row>,
    pub(super) missing_items: Vec<MissingItem>,
    pub(super) undeclared_deviations: Vec<Deviation>,
    pub(super) substitution: Substitution,
    pub(super) suggested_disposition: &'static str,
    pub(super) next_step: NextStep,
    pub(super) flags: Vec<String>,
    pub(super) confidence: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    pub(super) requirement: String,
    pub(super) required: String,
    pub(super) submitted: Option<String>,
    pub(super) status: &'static str,
    pub(super) note: Option<String>,
    pub(super) spec: Citation,
    pub(super) submittal: Option<Citation>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct MissingItem {
    pub(super) item: String,
    pub(super) spec: Citation,
    pub(super) who: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Deviation {
    pub(super) note: String,
    pub(super) spec: Citation,
    pub(super) submittal: Citation,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Substitution {
    pub(super) status: &'static str,
    pub(super) cite: Option<Citation>,
}

impl Answer {
    /// The answer cut to the schema's limits.
    pub(super) fn within_limits(mut self) -> Self {
        self.rows.truncate(24);
        for row in &mut self.rows {
            cut(&mut row.requirement, 200);
            cut(&mut row.required, 120);
            row.note.iter_mut().for_each(|words| cut(words, 200));
            row.submitted.iter_mut().for_each(|words| cut(words, 120));
            cut(&mut row.spec.quote, 300);
            row.submittal.iter_mut().for_each(|cite| cut(&mut cite.quote, 300));
        }
        self.missing_items.truncate(8);
        for missing in &mut self.missing_items {
            cut(&mut missing.item, 200);
            cut(&mut missing.spec.quote, 300);
        }
        self.undeclared_deviations.truncate(8);
        for deviation in &mut self.undeclared_deviations {
            cut(&mut deviation.note, 300);
            cut(&mut deviation.spec.quote, 300);
            cut(&mut deviation.submittal.quote, 300);
        }
        self.substitution.cite.iter_mut().for_each(|cite| cut(&mut cite.quote, 300));
        cut(&mut self.next_step.text, 300);
        self
    }
}

fn cut(text: &mut String, max_chars: usize) {
    if let Some((end, _)) = text.char_indices().nth(max_chars) {
        text.truncate(end);
    }
}
