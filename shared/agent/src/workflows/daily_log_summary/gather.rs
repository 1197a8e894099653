//! What the model may know about a day: the day, its entries, and what code made of them. Never a text that was not
//! cleaned, cut to length and rid of personal data and of the names of people who were hurt.

use documents::clean_text;
use procore::daily_logs::Details;

use super::{
    computed,
    day::Day,
    discrepancies, label, risks,
    section::Section,
    sheet::{Line, Sheet},
    thresholds::Thresholds,
    withheld, words,
};
use crate::{
    evidence::{Evidence, Row, RowKind},
    instruction,
    workflows::outside::outside,
};

/// Longest text of one entry shown, in characters.
const ENTRY_CHARS: usize = 1_200;
/// Entries shown at most; the totals are over all.
const ENTRIES: usize = 160;
/// Discrepancies and risks told at most, of each.
const FINDINGS: usize = 30;

/// Label of a row of totals, before its section.
pub(super) const TOTALS: &str = "computed, ";
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
    for line in shown(&sheet) {
        let mut text = entry(&mut evidence, &sheet, line);
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

/// The entries the model sees, in the order of the day. Where there are too many, those of safety, delays and
/// inspections come before the rest.
fn shown<'s, 'd>(sheet: &'s Sheet<'d>) -> Vec<&'s Line<'d>> {
    let rank = |line: &Line<'_>| match Section::of(line.entry.family()) {
        Section::Safety => 0,
        Section::Delays | Section::Inspections => 1,
        _ => 2,
    };
    let mut lines: Vec<(usize, &Line<'_>)> = sheet.lines.iter().enumerate().collect();
    lines.sort_by_key(|(position, line)| (rank(line), *position));
    lines.truncate(ENTRIES);
    lines.sort_by_key(|(position, _)| *position);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// The text of an entry, fit to be shown.
fn entry(evidence: &mut Evidence, sheet: &Sheet<'_>, line: &Line<'_>) -> String {
    let details = &line.entry.details;
    let raw = words::text(details);
    let vendor = line.entry.vendor.as_ref().map(|vendor| vendor.name.as_str()).unwrap_or_default();
    let clean = clean_text(&raw);
    if !clean.removed.is_empty() || !clean_text(vendor).removed.is_empty() {
        evidence.flag("hidden_text_removed");
    }
    if matches!(details, Details::Accident(_)) {
        // Code's own words and a time of day.
        return outside(evidence, &line.name, &raw, ENTRY_CHARS);
    }
    let (text, removed) = sheet.without_names(&raw);
    if removed {
        evidence.flag("pii_removed");
    }
    let (text, imitated) = withheld::imitations(&text);
    if imitated || (!instruction::spans(&clean.text).is_empty() && instruction::spans(&text).is_empty()) {
        evidence.flag("possible_embedded_instruction");
        let mark = if imitated { withheld::IMITATED } else { withheld::OF_AN_ACCIDENT };
        evidence.orders.push(mark.to_owned());
    }
    evidence.cost_codes.extend(cost_code(details).and_then(section_number));
    outside(evidence, &line.name, &text, ENTRY_CHARS)
}

fn cost_code(details: &Details) -> Option<&str> {
    let code = match details {
        Details::Manpower(it) => it.cost_code.as_ref(),
        Details::Quantity(it) => it.cost_code.as_ref(),
        _ => None,
    };
    code.map(|code| code.name.trim())
}

/// The section number a cost code begins with, such as `03 30 00`.
fn section_number(code: &str) -> Option<String> {
    let groups: Vec<&str> = code.split(' ').take(3).collect();
    let is_group = |group: &&str| group.len() == 2 && group.bytes().all(|byte| byte.is_ascii_digit());
    (groups.len() == 3 && groups.iter().all(is_group)).then(|| groups.join(" "))
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

/// The section whose totals a row holds.
pub(super) fn section_of_totals(row: &Row) -> Option<Section> {
    let name = row.label.strip_prefix(TOTALS)?;
    Section::ALL.into_iter().find(|section| section.name() == name)
}

/// The row with the totals of a section.
pub(super) fn totals_of(section: Section, evidence: &Evidence) -> Option<&Row> {
    let label = format!("{TOTALS}{}", section.name());
    evidence.rows.iter().find(|row| row.kind == RowKind::Computed && row.label == label)
}
