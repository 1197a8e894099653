//! The summary of a day as the reviewer reads it: plain text, sections in a fixed order. Totals, discrepancies, risks
//! and gaps are code's, and stand there whatever the model said.

use std::fmt::Write as _;

use procore::daily_logs::LogFamily;

use super::{
    FORBIDDEN,
    answer::Answer,
    day::Day,
    gather::{DISCREPANCY, RISK, totals_of},
    label,
    section::Section,
    support::{self, Pending},
};
use crate::{
    evidence::{Evidence, Row, RowKind},
    gate,
    record::{Observation, Quoted},
    workflows::{
        Text,
        answer::{Cite, Confidence},
    },
};

/// Puts the words that passed the gate in their places.
pub(super) fn text(answer: &Answer, day: &Day, evidence: &Evidence) -> Text {
    let mut page = Page {
        evidence,
        body: String::new(),
        sources: Vec::new(),
        quotes: Vec::new(),
        observations: Vec::new(),
    };
    let abstains = answer.abstains();
    page.section("HEADLINE");
    if abstains || answer.headline.trim().is_empty() {
        page.line("See the totals of each section.");
    } else {
        page.line(&gate::without_handles(&answer.headline, evidence));
        let confidence = match answer.confidence {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        };
        page.line(&format!("Confidence stated by the model: {confidence}."));
    }
    let accidents = day.entries.iter().filter(|entry| entry.family() == LogFamily::Accident).count();
    if accidents > 0 {
        page.line(&format!("Accidents recorded: {accidents}; see SAFETY."));
    }
    for section in Section::ALL {
        page.section(&section.name().to_uppercase());
        let recorded = day.entries.iter().any(|entry| Section::of(entry.family()) == section);
        if !recorded {
            page.line("Not recorded.");
            page.observations.push(Observation::new(section.name(), "GAP"));
        }
        if let Some(totals) = totals_of(section, evidence) {
            page.computed(totals);
        }
        for (number, said) in answer.sections.get(section).iter().enumerate() {
            let mut words = gate::without_handles(&said.text, evidence);
            // What waits for somebody's decision is never told as if it counted.
            if !words.to_lowercase().contains("pending") {
                words.push_str(match support::pending(said, evidence) {
                    Pending::Nothing => "",
                    Pending::Part => " (in part pending)",
                    Pending::All => " (pending)",
                });
            }
            page.line(&format!("{}. {words}", number.saturating_add(1)));
            said.evidence.iter().for_each(|cite| page.cite(cite));
        }
    }
    page.findings("DISCREPANCIES (listed, not resolved)", DISCREPANCY, "DISCREPANCY", answer);
    page.findings("TO WATCH (by the thresholds configured)", RISK, "RISK", answer);

    let Page { body, sources, quotes, observations, .. } = page;
    let what = if abstains { "Totals of" } else { "Draft summary of" };
    Text {
        title: format!("{what} {}", label(day.date)),
        body,
        sources,
        quotes,
        observations,
        flags: answer.flags.iter().map(|flag| flag.name().to_owned()).collect(),
        abstains,
    }
}

struct Page<'e> {
    evidence: &'e Evidence,
    body: String,
    sources: Vec<String>,
    quotes: Vec<Quoted>,
    observations: Vec<Observation>,
}

impl Page<'_> {
    fn section(&mut self, heading: &str) {
        if !self.body.is_empty() {
            self.body.push('\n');
        }
        self.line(heading);
    }

    fn line(&mut self, text: &str) {
        self.body.push_str(text.trim());
        self.body.push('\n');
    }

    fn computed(&mut self, row: &Row) {
        for line in row.text.lines() {
            self.line(&format!("- {line}"));
        }
        self.source(row);
    }

    fn source(&mut self, row: &Row) {
        if !self.sources.contains(&row.label) {
            self.sources.push(row.label.clone());
        }
    }

    fn findings(&mut self, heading: &str, label: &str, status: &str, answer: &Answer) {
        self.section(heading);
        let evidence = self.evidence;
        let of_kind = |row: &&Row| row.kind == RowKind::Computed && row.label.starts_with(label);
        let rows: Vec<&Row> = evidence.rows.iter().filter(of_kind).collect();
        if rows.is_empty() {
            self.line("None found.");
        }
        for row in rows {
            self.line(&format!("- {}", row.text));
            self.observations.push(Observation::new(&row.text, status));
            for note in answer.notes.iter().filter(|note| note.about.h == row.handle) {
                let _ = writeln!(self.body, "  Note: {}", gate::without_handles(note.text.trim(), evidence));
            }
            self.source(row);
        }
    }

    fn cite(&mut self, cite: &Cite) {
        let Some(row) = self.evidence.row(&cite.h) else {
            return;
        };
        let quote = cite.quote.split_whitespace().collect::<Vec<_>>().join(" ");
        if gate::quotable(&quote, FORBIDDEN) {
            let _ = writeln!(self.body, "   {}: \"{quote}\"", row.label);
            self.quotes.push(Quoted {
                handle: cite.h.clone(),
                quote: cite.quote.clone(),
                source: Vec::new(),
            });
        } else {
            let _ = writeln!(
                self.body,
                "   {}: see there (its words hold a phrase that drafts do not repeat)",
                row.label
            );
        }
        self.source(row);
    }
}
