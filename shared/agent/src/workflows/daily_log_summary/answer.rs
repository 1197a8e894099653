//! The answer the model must give about a day. It sums nothing and finds nothing: totals, discrepancies and risks are
//! code's own, and stand in the draft whatever it says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    computed::ENTRIES_OF_KIND,
    gather::{DISCREPANCY, RISK, TOTALS},
    section::Section,
    support,
};
use crate::{
    evidence::{Evidence, RowKind},
    gate::Statement,
    workflows::answer::{Cite, Confidence, Flag, ModelOutcome},
};

/// One thing said about the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// The words.
    #[schemars(length(max = 400))]
    pub text: String,
    /// Entries and totals they rest on.
    #[schemars(length(max = 4))]
    pub evidence: Vec<Cite>,
}

/// What is said, by section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the log's own words")]
pub struct Sections {
    #[schemars(length(max = 6))]
    pub weather: Vec<Said>,
    #[schemars(length(max = 6))]
    pub manpower: Vec<Said>,
    #[schemars(length(max = 6))]
    pub work: Vec<Said>,
    #[schemars(length(max = 6))]
    pub delays: Vec<Said>,
    #[schemars(length(max = 6))]
    pub deliveries: Vec<Said>,
    #[schemars(length(max = 6))]
    pub quantities: Vec<Said>,
    #[schemars(length(max = 6))]
    pub inspections: Vec<Said>,
    #[schemars(length(max = 6))]
    pub equipment: Vec<Said>,
    #[schemars(length(max = 6))]
    pub safety: Vec<Said>,
    #[schemars(length(max = 6))]
    pub visitors: Vec<Said>,
}

impl Sections {
    pub(super) fn get(&self, section: Section) -> &Vec<Said> {
        match section {
            Section::Weather => &self.weather,
            Section::Manpower => &self.manpower,
            Section::Work => &self.work,
            Section::Delays => &self.delays,
            Section::Deliveries => &self.deliveries,
            Section::Quantities => &self.quantities,
            Section::Inspections => &self.inspections,
            Section::Equipment => &self.equipment,
            Section::Safety => &self.safety,
            Section::Visitors => &self.visitors,
        }
    }

    fn get_mut(&mut self, section: Section) -> &mut Vec<Said> {
        match section {
            Section::Weather => &mut self.weather,
            Section::Manpower => &mut self.manpower,
            Section::Work => &mut self.work,
            Section::Delays => &mut self.delays,
            Section::Deliveries => &mut self.deliveries,
            Section::Quantities => &mut self.quantities,
            Section::Inspections => &mut self.inspections,
            Section::Equipment => &mut self.equipment,
            Section::Safety => &mut self.safety,
            Section::Visitors => &mut self.visitors,
        }
    }
}

/// Words beside a discrepancy or a risk that code found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// The words.
    #[schemars(length(max = 300))]
    pub text: String,
    /// The row of the discrepancy or the risk.
    pub about: Cite,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// A draft or an abstention.
    pub outcome: ModelOutcome,
    /// The day in a sentence.
    #[schemars(length(max = 200))]
    pub headline: String,
    /// What happened, by section.
    pub sections: Sections,
    /// Beside discrepancies and risks.
    #[schemars(length(max = 8))]
    pub notes: Vec<Note>,
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
        let day: Vec<&str> = evidence.row("R1").iter().map(|row| row.label.as_str()).collect();
        // The headline is what people read and copy: its numbers are computed ones, and counted unless it says so.
        let pending = self.headline.to_lowercase().contains("pending");
        let totals =
            evidence.rows.iter().filter(|row| row.kind == RowKind::Computed && row.label.starts_with(TOTALS));
        let lines = totals.flat_map(|row| row.text.lines());
        let values = lines.filter_map(move |line| values(line, pending));
        let mut statements = vec![Statement {
            field: "headline".to_owned(),
            text: &self.headline,
            citations: Vec::new(),
            must_cite: false,
            grounds: day.iter().copied().chain(values).collect(),
        }];
        for section in Section::ALL {
            for (position, said) in self.sections.get(section).iter().enumerate() {
                statements.push(Statement {
                    field: field(section, position),
                    text: &said.text,
                    citations: said.evidence.iter().map(Cite::citation).collect(),
                    must_cite: true,
                    grounds: day.clone(),
                });
            }
        }
        for (position, note) in self.notes.iter().enumerate() {
            statements.push(Statement {
                field: format!("notes/{position}"),
                text: &note.text,
                citations: vec![note.about.citation()],
                must_cite: true,
                grounds: day.clone(),
            });
        }
        statements
    }

    /// The answer without what the gate refused, and without what is not the model's to say: a statement that rests on
    /// no entry and no total of its section, of an accident, or against its sources; a note beside nothing, a risk worded
    /// as if it were certain.
    pub(super) fn keep(mut self, refused: &[String], evidence: &Evidence) -> Self {
        let lost = |name: &str| refused.iter().any(|field| field == name);
        let mut before = 0_usize;
        for section in Section::ALL {
            let list = self.sections.get_mut(section);
            before = before.saturating_add(list.len());
            let mut position = 0_usize;
            list.retain(|said| {
                let keep = !lost(&field(section, position)) && support::holds(said, section, evidence);
                position = position.saturating_add(1);
                keep
            });
        }
        let mut position = 0_usize;
        self.notes.retain(|note| {
            let keep = !lost(&format!("notes/{position}")) && is_beside_a_finding(note, evidence);
            position = position.saturating_add(1);
            keep
        });
        if lost("headline") || !support::holds_of_the_day(&self.headline, evidence) {
            self.headline.clear();
        }
        let left: usize = Section::ALL.iter().map(|section| self.sections.get(*section).len()).sum();
        if left < before {
            self.confidence = self.confidence.min(Confidence::Medium);
        }
        if self.abstains() || left == 0 {
            self.outcome = ModelOutcome::InsufficientContext;
            self.headline.clear();
            self.sections = Sections::default();
            self.notes.clear();
            self.confidence = Confidence::Low;
        }
        self
    }
}

fn field(section: Section, position: usize) -> String {
    format!("sections/{}/{position}", section.name())
}

/// What a line of totals sums, without the name it is of and the number of entries behind it; of what is pending only if
/// that may be told.
fn values(line: &str, pending: bool) -> Option<&str> {
    if line.starts_with(ENTRIES_OF_KIND) {
        return if pending { Some(line) } else { line.split(", and ").next() };
    }
    let (_, values) = line.rsplit_once("): ")?;
    (pending || !line.contains("pending")).then_some(values)
}

fn is_beside_a_finding(note: &Note, evidence: &Evidence) -> bool {
    let Some(row) = evidence.row(&note.about.h).filter(|row| row.kind == RowKind::Computed) else {
        return false;
    };
    let may = note.text.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case("may"));
    let beside = row.label.starts_with(DISCREPANCY) || (row.label.starts_with(RISK) && may);
    beside && support::holds_beside(&note.text, &note.about, evidence)
}
