//! A draft's body while it is written: headings, lines, and quotations with their sources. Puts no word there that did not
//! pass the gate, but for code's own.

use std::fmt::Write as _;

use super::{
    Text,
    answer::{Cite, Flag, NextStep},
};
use crate::{
    evidence::{Evidence, Row},
    gate, paragraphs,
    record::{Observation, Quoted},
    space::one_line,
};

/// Longest title, in characters.
const TITLE_CHARS: usize = 200;

/// The body so far.
pub(super) struct Page<'e> {
    pub(super) evidence: &'e Evidence,
    forbidden: &'e [&'e str],
    pub(super) body: String,
    pub(super) sources: Vec<String>,
    pub(super) quotes: Vec<Quoted>,
    pub(super) observations: Vec<Observation>,
}

impl<'e> Page<'e> {
    pub(super) fn new(evidence: &'e Evidence, forbidden: &'e [&'e str]) -> Self {
        Self {
            evidence,
            forbidden,
            body: String::new(),
            sources: Vec::new(),
            quotes: Vec::new(),
            observations: Vec::new(),
        }
    }

    pub(super) fn observe(&mut self, what: &str, status: &str) {
        self.observations.push(Observation::new(what, status));
    }

    pub(super) fn section(&mut self, heading: &str) {
        if !self.body.is_empty() {
            self.body.push('\n');
        }
        self.line(heading);
    }

    pub(super) fn line(&mut self, text: &str) {
        self.body.push_str(text.trim());
        self.body.push('\n');
    }

    /// Words that belong to the line above.
    pub(super) fn under(&mut self, text: &str) {
        self.body.push_str("   ");
        self.line(text);
    }

    /// True if words of somebody else may stand in the draft.
    pub(super) fn may_show(&self, words: &str) -> bool {
        gate::presentable_of_record(words, self.forbidden, self.evidence)
    }

    /// A quotation with its place: the row's label, and the paragraph where it stands in a section.
    pub(super) fn cite(&mut self, cite: &Cite) {
        let Some(row) = self.evidence.row(&cite.h) else {
            return;
        };
        let quote = one_line(&cite.quote);
        // What the project issued may name any section; what others write may not bring one up.
        let shown = if row.kind.is_governing() {
            gate::quotable(&quote, self.forbidden)
        } else {
            gate::presentable_of_record(&quote, self.forbidden, self.evidence)
        };
        self.quotation(row, cite, shown);
    }

    /// The words themselves where they may be shown, else the place alone.
    pub(super) fn quotation(&mut self, row: &Row, cite: &Cite, shown: bool) {
        let place = paragraphs::cited(row, &cite.quote);
        if shown {
            let quote = one_line(&cite.quote);
            let _ = writeln!(self.body, "   {place}: \"{quote}\"");
            self.quotes.push(Quoted {
                handle: cite.h.clone(),
                quote: cite.quote.clone(),
                source: self.evidence.places(&cite.h, &cite.quote),
            });
        } else {
            let _ = writeln!(
                self.body,
                "   {place}: see there (its words hold a phrase that drafts do not repeat)"
            );
        }
        self.source(row);
    }

    /// The draft rests on it.
    pub(super) fn source(&mut self, row: &Row) {
        if !self.sources.contains(&row.label) {
            self.sources.push(row.label.clone());
        }
    }

    pub(super) fn next_step(&mut self, step: &NextStep) {
        self.section("NEXT STEP");
        let words = gate::without_handles(&step.text, self.evidence);
        self.line(&format!("For the {}: {words}", step.who.words()));
    }

    /// The page is written.
    pub(super) fn into_text(self, title: &str, flags: &[Flag], abstains: bool) -> Text {
        Text {
            title: title.chars().take(TITLE_CHARS).collect(),
            body: self.body,
            sources: self.sources,
            quotes: self.quotes,
            observations: self.observations,
            flags: flags.iter().map(|flag| flag.name().to_owned()).collect(),
            abstains,
        }
    }
}

/// A sentence without its full stop, to stand in a line of code's making.
pub(super) fn bare(sentence: &str) -> &str {
    sentence.trim().trim_end_matches('.')
}
