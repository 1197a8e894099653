//! Totals in sentences: what the model may repeat and the draft always shows. No sum is made here, and no word of the
//! log stands here but names that a draft may hold.

use procore::daily_logs::{Details, LogFamily};

use super::{
    delays::{self, Standstill},
    labour::{self, Labour},
    material,
    number::shown,
    section::Section,
    sheet::{Line, Sheet},
    tally::{Sums, Tally},
    thresholds::Thresholds,
};

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
                format!(
                    "{} workers, {} hours worked, of which {} hours beyond {regular} hours a worker",
                    shown(labour.workers),
                    shown(labour.hours),
                    shown(labour.overtime)
                )
            };
            tell(&mut out, "Manpower", &manpower, |labour| labour.entries, words);
            let reported = |labour: &Labour| {
                format!("{} workers, {} hours worked", shown(labour.workers), shown(labour.hours))
            };
            tell(
                &mut out,
                "Construction reports",
                &labour::reports(sheet),
                |labour| labour.entries,
                reported,
            );
        }
        Section::Delays => {
            let words = |delay: &Standstill| {
                let untimed = match delay.untimed {
                    0 => String::new(),
                    untimed => format!("; no time stated in {untimed} of them"),
                };
                let hours = shown(delays::hours(delay.minutes));
                format!("{hours} hours ({} minutes){untimed}", shown(delay.minutes))
            };
            tell(&mut out, "Delays", &delays::totals(sheet), |delay| delay.entries, words);
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
                let hours = |machine: &material::MachineHours| {
                    let (operating, idle) = (shown(machine.operating), shown(machine.idle));
                    format!("{name}, {operating} hours operating, {idle} hours idle")
                };
                sides(&mut out, "Equipment", sums, |machine| machine.entries, hours);
            }
        }
        Section::Inspections => {
            for line in sheet.section(section) {
                if let Details::Inspection(inspection) = &line.entry.details {
                    let (words, _) = sheet.without_names(&inspection.comments);
                    out.push_str(&format!("{}: result {}.\n", line.name, result(&words)));
                }
            }
        }
        Section::Weather | Section::Work | Section::Deliveries | Section::Safety | Section::Visitors => {
            counts(&mut out, section, sheet);
        }
    }
    out
}

/// Sums over all, then by name.
fn tell<T: Default>(
    out: &mut String,
    what: &str,
    tally: &Tally<T>,
    entries: impl Fn(&T) -> u32 + Copy,
    words: impl Fn(&T) -> String + Copy,
) {
    sides(out, &format!("{what} in all"), &tally.all, entries, words);
    for (name, sums) in tally.by_name().take(NAMES) {
        sides(out, &format!("{what}, {name}"), sums, entries, words);
    }
    let more = tally.by_name().skip(NAMES).count();
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
            (counted, 0) => out.push_str(&format!("Entries of kind {name}: {counted}.\n")),
            (counted, pending) => {
                out.push_str(&format!("Entries of kind {name}: {counted}, and {pending} pending.\n"));
            }
        }
    }
}

/// The result an inspection's comments state, in fixed words; never more than they say.
fn result(comments: &str) -> &'static str {
    let lower = comments.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let says = |stem: &str| words.iter().any(|word| word.starts_with(stem));
    let passed = words.iter().any(|word| matches!(*word, "pass" | "passed" | "passes"));
    let failed = says("fail") || says("reject");
    let doubt = says("not") || says("partial") || says("except") || says("pending") || says("no");
    match (passed, failed, doubt) {
        (true, false, false) => "stated as passed",
        (false, true, false) => "stated as failed",
        (false, false, _) => "not stated",
        _ => "not clear from the comments",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_what_the_comments_say_and_no_more() {
        let table = [
            ("Passed.", "stated as passed"),
            ("FAILED, see list", "stated as failed"),
            ("Not passed", "not clear from the comments"),
            ("Passed with exceptions", "not clear from the comments"),
            ("Passed in A, failed in B", "not clear from the comments"),
            ("Inspector left early", "not stated"),
            ("Passage blocked", "not stated"),
            ("", "not stated"),
        ];
        for (comments, expected) in table {
            assert_eq!(result(comments), expected, "{comments}");
        }
    }
}
