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
    space::one_line,
    workflows::{
        Text,
        answer::{Cite, Confidence},
        page::Page,
    },
};

/// Puts the words that passed the gate in their places.
pub(super) fn text(answer: &Answer, day: &Day, evidence: &Evidence) -> Text {
    let mut page = Page::new(evidence, FORBIDDEN);
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
            page.observe(section.name(), "GAP");
        }
        if let Some(totals) = totals_of(section, evidence) {
            computed(&mut page, totals);
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
            said.evidence.iter().for_each(|said| cite(&mut page, said));
        }
    }
    findings(&mut page, "DISCREPANCIES (listed, not resolved)", DISCREPANCY, "DISCREPANCY", answer);
    findings(&mut page, "TO WATCH (by the thresholds configured)", RISK, "RISK", answer);

    let what = if abstains { "Totals of" } else { "Draft summary of" };
    page.into_text(&format!("{what} {}", label(day.date)), &answer.flags, abstains)
}

fn computed(page: &mut Page<'_>, row: &Row) {
    for line in row.text.lines() {
        page.line(&format!("- {line}"));
    }
    page.source(row);
}

fn findings(page: &mut Page<'_>, heading: &str, label: &str, status: &str, answer: &Answer) {
    page.section(heading);
    let evidence = page.evidence;
    let of_kind = |row: &&Row| row.kind == RowKind::Computed && row.label.starts_with(label);
    let rows: Vec<&Row> = evidence.rows.iter().filter(of_kind).collect();
    if rows.is_empty() {
        page.line("None found.");
    }
    for row in rows {
        page.line(&format!("- {}", row.text));
        page.observe(&row.text, status);
        for note in answer.notes.iter().filter(|note| note.about.h == row.handle) {
            let _ = writeln!(page.body, "  Note: {}", gate::without_handles(note.text.trim(), evidence));
        }
        page.source(row);
    }
}

/// What people wrote on the day may name any section: the log is theirs.
fn cite(page: &mut Page<'_>, cite: &Cite) {
    if let Some(row) = page.evidence.row(&cite.h) {
        page.quotation(row, cite, gate::quotable(&one_line(&cite.quote), FORBIDDEN));
    }
}
