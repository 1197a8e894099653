//! What the model may know about a day: the day, its entries, and what code made of them. Never a text that was not
//! cleaned, cut to length and rid of personal data and of the names of people who were hurt.

use super::{
    computed, day::Day, discrepancies, label, risks, section::Section, sheet::Sheet, thresholds::Thresholds,
    words,
};
use crate::{
    evidence::{Evidence, RowKind},
    workflows::outside::outside,
};

/// Longest text of one entry shown, in characters.
const ENTRY_CHARS: usize = 1_200;
/// Entries shown at most; the totals are over all.
const ENTRIES: usize = 160;
/// Discrepancies and risks told at most, of each.
const FINDINGS: usize = 30;

/// Label of a row of totals, before its section.
const TOTALS: &str = "computed, ";
/// Label of a row with a discrepancy, before its number.
pub(super) const DISCREPANCY: &str = "discrepancy ";
/// Label of a row with a risk, before its number.
pub(super) const RISK: &str = "risk ";

/// Gathers in a fixed order, so that the same day gives the same evidence.
pub(super) fn gather(day: &Day, thresholds: &Thresholds) -> Evidence {
    let mut evidence = Evidence::default();
    let sheet = Sheet::of(day);
    let pending = sheet.lines.iter().filter(|line| line.pending).count();
    let counted = sheet.lines.len().saturating_sub(pending);
    let mut record =
        format!("Day: {}\nEntries that count: {counted}\nEntries pending: {pending}\n", day.date);
    for section in Section::ALL {
        let recorded = if sheet.section(section).next().is_some() { "recorded" } else { "not recorded" };
        record.push_str(&format!("Section {}: {recorded}\n", section.name()));
    }
    evidence.push(RowKind::Record, &label(day.date), &record);
    for line in sheet.lines.iter().take(ENTRIES) {
        let (text, removed) = sheet.without_names(&words::text(&line.entry.details));
        if removed {
            evidence.flag("pii_removed");
        }
        let mut text = outside(&mut evidence, &line.name, &text, ENTRY_CHARS);
        if line.pending {
            text.push_str("\nStatus: pending, not counted");
        }
        evidence.push(RowKind::LogEntry, &line.name, &text);
    }
    let more = sheet.lines.len().saturating_sub(ENTRIES);
    if more > 0 {
        evidence.flag("truncated_input");
        evidence.not_read.push(format!("{more} entries: not shown to the model; they are in the totals"));
    }
    for section in Section::ALL {
        let totals = computed::totals(section, &sheet, thresholds);
        if !totals.is_empty() {
            evidence.push(RowKind::Computed, &format!("{TOTALS}{}", section.name()), &totals);
        }
    }
    findings(&mut evidence, DISCREPANCY, &discrepancies::all(&sheet));
    findings(&mut evidence, RISK, &risks::all(&sheet, thresholds));
    evidence.not_read.extend(day.unread.iter().cloned());
    evidence
}

fn findings(evidence: &mut Evidence, label: &str, found: &[String]) {
    for (position, finding) in found.iter().take(FINDINGS).enumerate() {
        evidence.push(RowKind::Computed, &format!("{label}{}", position.saturating_add(1)), finding);
    }
    let more = found.len().saturating_sub(FINDINGS);
    if more > 0 {
        evidence.not_read.push(format!("{more} more of kind {}: not listed", label.trim_end()));
    }
}

/// The row with the totals of a section.
pub(super) fn totals_of(section: Section, evidence: &Evidence) -> Option<&crate::evidence::Row> {
    let label = format!("{TOTALS}{}", section.name());
    evidence.rows.iter().find(|row| row.kind == RowKind::Computed && row.label == label)
}
