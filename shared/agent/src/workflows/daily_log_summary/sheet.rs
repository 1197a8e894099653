//! The entries of a day as lines with names that a draft may hold. Pure.

use std::collections::BTreeMap;

use procore::daily_logs::{Details, LogEntry, LogFamily};

use super::{FORBIDDEN, day::Day, names::Involved, section::Section, words};
use crate::workflows::outside;

/// One entry.
pub(super) struct Line<'d> {
    /// As read.
    pub(super) entry: &'d LogEntry,
    /// What it is called, such as `manpower entry 2 (Terra Tile), pending`.
    pub(super) name: String,
    /// What its company is known by.
    pub(super) company: Named,
    /// Whether it waits for somebody's decision: it is shown, and not counted.
    pub(super) pending: bool,
}

/// Something known by a key and called by a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    pub(super) key: String,
    pub(super) name: String,
}

impl Named {
    /// True if its name may not stand in a draft.
    pub(super) fn is_withheld(&self) -> bool {
        self.key.starts_with(WITHHELD)
    }
}

/// What the key of a name begins with that may not stand in a draft.
const WITHHELD: char = '\u{1}';

/// A day's entries, in the day's order.
pub(super) struct Sheet<'d> {
    pub(super) lines: Vec<Line<'d>>,
    involved: Involved,
}

impl<'d> Sheet<'d> {
    pub(super) fn of(day: &'d Day) -> Self {
        let involved = Involved::of(&day.entries);
        let mut withheld = Withheld::default();
        let mut positions: BTreeMap<LogFamily, usize> = BTreeMap::new();
        let mut lines = Vec::with_capacity(day.entries.len());
        for entry in &day.entries {
            let family = entry.family();
            let position = positions.entry(family).or_default();
            *position = position.saturating_add(1);
            let company = company(entry, &involved, &mut withheld);
            let pending = !entry.is_approved();
            let of = if company.key.is_empty() { String::new() } else { format!(" ({})", company.name) };
            let mark = if pending { ", pending" } else { "" };
            let name = format!("{} entry {position}{of}{mark}", words::family(family));
            lines.push(Line { entry, name, company, pending });
        }
        Self { lines, involved }
    }

    /// The lines of a section.
    pub(super) fn section(&self, section: Section) -> impl Iterator<Item = &Line<'d>> {
        self.lines.iter().filter(move |line| Section::of(line.entry.family()) == section)
    }

    /// Text of an entry without the names and injuries of people who were hurt, and whether one stood in it.
    pub(super) fn without_names(&self, text: &str) -> (String, bool) {
        self.involved.out_of(text)
    }

    /// A name inside an entry (a material, a unit, a machine): itself if it may stand in a draft.
    pub(super) fn named(&self, raw: Option<&str>, absent: &str) -> Named {
        let raw = raw.map(str::trim).unwrap_or_default();
        if raw.is_empty() {
            return Named { key: String::new(), name: absent.to_owned() };
        }
        let (clean, removed) = self.involved.out_of(raw);
        let fit = (!removed).then(|| outside::name(&clean, FORBIDDEN)).flatten();
        let fit = fit.filter(|name| name.chars().count() <= NAME_CHARS);
        match fit {
            Some(name) => Named { key: name.to_lowercase(), name },
            None => {
                Named { key: format!("{WITHHELD}{}", raw.to_lowercase()), name: "(name withheld)".to_owned() }
            }
        }
    }
}

/// Longest name on a line of totals, in characters.
const NAME_CHARS: usize = 80;

/// Companies whose names do not belong in a draft, numbered as they come.
#[derive(Default)]
struct Withheld(Vec<String>);

impl Withheld {
    fn name(&mut self, key: &str) -> String {
        let known = self.0.iter().position(|known| known == key);
        let position = known.unwrap_or_else(|| {
            self.0.push(key.to_owned());
            self.0.len().saturating_sub(1)
        });
        format!("company {}, name withheld", position.saturating_add(1))
    }
}

fn company(entry: &LogEntry, involved: &Involved, withheld: &mut Withheld) -> Named {
    // Whose people were hurt is not told either.
    let vendor = entry.vendor.as_ref().filter(|_| !matches!(entry.details, Details::Accident(_)));
    let Some(vendor) = vendor else {
        return Named { key: String::new(), name: "no company stated".to_owned() };
    };
    let key = vendor.id.to_string();
    let (clean, removed) = involved.out_of(&vendor.name);
    let fit = (!removed).then(|| outside::name(&clean, FORBIDDEN)).flatten();
    let name = fit.filter(|name| name.chars().count() <= NAME_CHARS).unwrap_or_else(|| withheld.name(&key));
    Named { key, name }
}
