//! Totals in sentences: what the model may repeat and the draft always shows. No sum is made here, and no word of the
//! log stands here but names that a draft may hold.

use std::cmp::Reverse;

use procore::daily_logs::{Details, Inspection, LogFamily};
use rust_decimal::Decimal;

use super::{
    clock,
    delays::{self, Standstill},
    labour::{self, Labour},
    material,
    number::shown,
    section::Section,
    sheet::{Line, Sheet},
    tally::{Sums, Tally},
    thresholds::Thresholds,
    verdict,
};

/// How a line begins that counts the entries of a family.
pub(super) const ENTRIES_OF_KIND: &str = "Entries of kind ";
/// Names told of one total; what is beyond stands in the sum of all.
const NAMES: usize = 40;

/// The totals of a section, a sentence a line; empty where nothing was entered.
pub(super) fn totals(section: Section, sheet: &Sheet<'_>, thresholds: &Thresholds) -> String {
    let mut out = String::new();
    match section {
        Section::Manpower => {
            let regular = shown(thresholds.regular_hours);
            let manpower = labour::manpower(sheet, thresholds.regular_hours);
            let words = |labour: &Labour| {
                let overtime = if labour.overtime.is_zero() {
                    String::new()
                } else {
                    format!(", of which {} beyond {regular} hours a worker", hours(labour.overtime))
                };
                format!("{}{overtime}", worked(labour))
            };
            tell(&mut out, "Manpower", &manpower, |labour| labour.entries, |labour| labour.hours, words);
            tell(
                &mut out,
                "Construction reports",
                &labour::reports(sheet),
                |labour| labour.entries,
                |labour| labour.hours,
                worked,
            );
        }
        Section::Delays => {
            let words = |delay: &Standstill| {
                let untimed = match delay.untimed {
                    0 => String::new(),
                    untimed => format!("; no time stated in {untimed} of them"),
                };
                let minutes = counted(delay.minutes, "minute");
                format!("{} ({minutes}){untimed}", hours(delays::hours(delay.minutes)))
            };
            tell(
                &mut out,
                "Delays",
                &delays::totals(sheet),
                |delay| delay.entries,
                |delay| delay.minutes,
                words,
            );
            counts(&mut out, section, sheet);
        }
        Section::Quantities => {
            for (name, sums) in material::quantities(sheet).by_name() {
                let amounts = |amount: &material::Amount| format!("{} {name}", shown(amount.sum));
                sides(&mut out, "Quantity put in place", sums, |amount| amount.entries, amounts);
            }
            for (name, sums) in material::waste(sheet).by_name() {
                let amounts = |amount: &material::Amount| format!("{name}, about {}", shown(amount.sum));
                sides(&mut out, "Waste, unit not stated", sums, |amount| amount.entries, amounts);
            }
            counts(&mut out, section, sheet);
        }
        Section::Equipment => {
            for (name, sums) in material::machines(sheet).by_name() {
                let words = |machine: &material::MachineHours| {
                    format!("{name}, {} operating, {} idle", hours(machine.operating), hours(machine.idle))
                };
                sides(&mut out, "Equipment", sums, |machine| machine.entries, words);
            }
        }
        Section::Inspections => {
            for line in sheet.section(section) {
                if let Details::Inspection(inspection) = &line.entry.details {
                    let (words, _) = sheet.without_names(&inspection.comments);
                    let of = of_inspection(inspection, sheet);
                    out.push_str(&format!("{}{of}: result {}.\n", line.name, verdict::result(&words)));
                }
            }
            counts(&mut out, section, sheet);
        }
        Section::Safety => {
            for line in sheet.section(section) {
                if let Details::Accident(accident) = &line.entry.details {
                    let at = clock::time(accident.hour, accident.minute);
                    let at = at.map(|at| format!(" at {at}")).unwrap_or_default();
                    out.push_str(&format!("{}: recorded{at}; see the log.\n", line.name));
                }
            }
            counts(&mut out, section, sheet);
        }
        Section::Weather | Section::Work | Section::Deliveries | Section::Visitors => {
            counts(&mut out, section, sheet);
        }
    }
    out
}

/// `1 hour`, `8.5 hours`.
pub(super) fn counted(amount: Decimal, one: &str) -> String {
    format!("{} {one}{}", shown(amount), if amount == Decimal::ONE { "" } else { "s" })
}

fn hours(amount: Decimal) -> String {
    counted(amount, "hour")
}

fn worked(labour: &Labour) -> String {
    let workers = if labour.unmanned == labour.entries {
        "workers not stated".to_owned()
    } else {
        counted(labour.workers, "worker")
    };
    format!("{workers}, {} worked", hours(labour.hours))
}

/// What was inspected and when, as far as it may be shown.
fn of_inspection(inspection: &Inspection, sheet: &Sheet<'_>) -> String {
    let kind = sheet.named(inspection.kind.as_deref(), "");
    let kind = if kind.is_withheld() { String::new() } else { kind.name };
    let at = clock::time(inspection.start_hour, inspection.start_minute);
    let parts: Vec<String> = [Some(kind), at].into_iter().flatten().filter(|it| !it.is_empty()).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

/// Sums over all, then by name: the largest first where not all are told.
fn tell<T: Default>(
    out: &mut String,
    what: &str,
    tally: &Tally<T>,
    entries: impl Fn(&T) -> u32 + Copy,
    size: impl Fn(&T) -> Decimal,
    words: impl Fn(&T) -> String + Copy,
) {
    let size = |sums: &Sums<T>| (size(&sums.counted), size(&sums.pending));
    sides(out, &format!("{what} in all"), &tally.all, entries, words);
    let mut names: Vec<_> = tally.by_name().collect();
    let more = names.len().saturating_sub(NAMES);
    if more > 0 {
        names.sort_by_key(|(_, sums)| Reverse(size(sums)));
    }
    for (name, sums) in names.into_iter().take(NAMES) {
        sides(out, &format!("{what}, {name}"), sums, entries, words);
    }
    if more > 0 {
        out.push_str(&format!("{what}: {more} more names are in the sum only.\n"));
    }
}

fn sides<T>(
    out: &mut String,
    what: &str,
    sums: &Sums<T>,
    entries: impl Fn(&T) -> u32,
    words: impl Fn(&T) -> String,
) {
    for (side, mark) in [(&sums.counted, "counted"), (&sums.pending, "pending, not counted")] {
        match entries(side) {
            0 => {}
            1 => out.push_str(&format!("{what} ({mark}, 1 entry): {}.\n", words(side))),
            entries => out.push_str(&format!("{what} ({mark}, {entries} entries): {}.\n", words(side))),
        }
    }
}

/// How many entries each family of a section has, where nothing of them is summed.
fn counts(out: &mut String, section: Section, sheet: &Sheet<'_>) {
    let summed = |family: &LogFamily| matches!(family, LogFamily::Quantity | LogFamily::Waste);
    let families = LogFamily::ALL.into_iter().filter(|family| Section::of(*family) == section);
    for family in families.filter(|family| !summed(family)) {
        let of = |pending: bool| {
            let of = |line: &&Line<'_>| line.entry.family() == family && line.pending == pending;
            sheet.lines.iter().filter(of).count()
        };
        let name = super::words::family(family);
        match (of(false), of(true)) {
            (0, 0) => {}
            (counted, 0) => out.push_str(&format!("{ENTRIES_OF_KIND}{name}: {counted}.\n")),
            (counted, pending) => {
                out.push_str(&format!("{ENTRIES_OF_KIND}{name}: {counted}, and {pending} pending.\n"));
            }
        }
    }
}
