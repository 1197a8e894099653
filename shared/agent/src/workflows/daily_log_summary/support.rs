//! What a statement about a day has to rest on beyond its numbers: a row of its own section, the names and results that
//! stand there, and whether they wait. Of accidents code alone speaks. Pure.

use procore::daily_logs::LogFamily;

use super::{
    answer::Said, computed::ENTRIES_OF_KIND, gather::section_of_totals, names::REMOVED, section::Section,
    verdict, withheld, words,
};
use crate::{
    evidence::{Evidence, Row, RowKind},
    gate::letters,
    space::one_line,
    workflows::answer::Cite,
};

/// Words with a capital that are no names.
const CALENDAR: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
/// Words with a capital shorter than this begin a clause more often than they name somebody.
const NAME_CHARS: usize = 4;

/// How much of what a statement rests on waits for somebody's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pending {
    Nothing,
    Part,
    All,
}

/// True if a statement may stand in its section.
pub(super) fn holds(said: &Said, section: Section, evidence: &Evidence) -> bool {
    let rows: Vec<&Row> = said.evidence.iter().filter_map(|cite| evidence.row(&cite.h)).collect();
    let quotes: Vec<&str> = said.evidence.iter().map(|cite| cite.quote.as_str()).collect();
    rows.iter().any(|row| section_of(row) == Some(section))
        && !is_of_an_accident(&said.text, &rows, &quotes, evidence)
        && verdict::agrees(&said.text, &quotes.join("\n"))
        && names_stand(&said.text, &rows, evidence)
}

/// True if the sentence about the whole day may stand.
pub(super) fn holds_of_the_day(headline: &str, evidence: &Evidence) -> bool {
    let results = totals(evidence, Section::Inspections).map(|row| row.text.as_str()).collect::<Vec<_>>();
    let rows: Vec<&Row> = evidence.rows.iter().collect();
    !is_of_an_accident(headline, &[], &[], evidence)
        && verdict::agrees(headline, &results.join("\n"))
        && names_stand(headline, &rows, evidence)
}

/// True if a note stands beside what it may stand beside, and speaks of no accident.
pub(super) fn holds_beside(text: &str, about: &Cite, evidence: &Evidence) -> bool {
    let rows: Vec<&Row> = evidence.row(&about.h).into_iter().collect();
    let whole: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    let any: Vec<&Row> = evidence.rows.iter().collect();
    !is_of_an_accident(text, &rows, &whole, evidence) && names_stand(text, &any, evidence)
}

/// How much of what a statement cites is pending.
pub(super) fn pending(said: &Said, evidence: &Evidence) -> Pending {
    let cited: Vec<bool> = said
        .evidence
        .iter()
        .filter_map(|cite| evidence.row(&cite.h).map(|row| (cite, row)))
        .map(|(cite, row)| row.label.ends_with(", pending") || is_pending_total(cite, row))
        .collect();
    match (cited.contains(&true), cited.contains(&false)) {
        (false, _) => Pending::Nothing,
        (true, true) => Pending::Part,
        (true, false) => Pending::All,
    }
}

fn is_pending_total(cite: &Cite, row: &Row) -> bool {
    let quote = one_line(&cite.quote);
    let is_sum = |line: &&str| !line.starts_with(ENTRIES_OF_KIND) && line.contains(&quote);
    let mut lines = row.text.lines().filter(is_sum).peekable();
    row.kind == RowKind::Computed
        && (quote.contains("pending")
            || (lines.peek().is_some() && lines.all(|line| line.contains("pending"))))
}

/// The rows of totals of a section.
fn totals(evidence: &Evidence, section: Section) -> impl Iterator<Item = &Row> {
    let of_section = move |row: &&Row| row.kind == RowKind::Computed && section_of(row) == Some(section);
    evidence.rows.iter().filter(of_section)
}

/// The section a row tells of.
fn section_of(row: &Row) -> Option<Section> {
    match row.kind {
        RowKind::LogEntry => {
            let of = |family: &LogFamily| {
                row.label.strip_prefix(words::family(*family)).is_some_and(|rest| rest.starts_with(" entry "))
            };
            LogFamily::ALL.into_iter().find(of).map(Section::of)
        }
        RowKind::Computed => section_of_totals(row),
        _ => None,
    }
}

/// True if something is said of an accident or of who was hurt: in words, by its rows, or by what was taken out.
fn is_of_an_accident(text: &str, rows: &[&Row], quotes: &[&str], evidence: &Evidence) -> bool {
    let is_entry = |row: &Row| row.label.starts_with(words::family(LogFamily::Accident));
    let marked = |text: &str| text.contains(REMOVED) || text.contains(withheld::OF_AN_ACCIDENT);
    let mut said = quotes.iter().copied().chain([text]);
    evidence.rows.iter().any(|row| row.kind == RowKind::LogEntry && is_entry(row))
        && (rows.iter().any(|row| is_entry(row))
            || said.any(|text| marked(text) || withheld::speaks_of_injury(text)))
}

/// True if every name in a text stands in the rows. A word with a capital is a name unless it begins the sentence; it
/// is one there too if a company of the day is called so.
fn names_stand(text: &str, rows: &[&Row], evidence: &Evidence) -> bool {
    let known: Vec<String> = rows
        .iter()
        .flat_map(|row| parts(&row.label).chain(parts(&row.text)))
        .map(|(_, word)| letters(word))
        .collect();
    let companies: Vec<String> = evidence.rows.iter().filter_map(company).map(letters).collect();
    parts(text).all(|(at, word)| {
        let name = letters(word);
        let shouted = word.chars().count() > 1 && word.chars().all(char::is_uppercase);
        let named = word.starts_with(char::is_uppercase)
            && !word.contains(|c: char| c.is_ascii_digit())
            && (shouted || word.chars().count() >= NAME_CHARS)
            && !CALENDAR.contains(&name.as_str());
        let before = text.get(..at).unwrap_or_default().trim_end();
        let begins = before.is_empty() || before.ends_with(['.', '!', '?']);
        !named || (begins && !companies.contains(&name)) || known.contains(&name)
    })
}

/// The first word of the company in the label of an entry.
fn company(row: &Row) -> Option<&str> {
    let inside = row.label.split_once(" (").filter(|_| row.kind == RowKind::LogEntry)?.1;
    parts(inside).next().map(|(_, word)| word)
}

fn parts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0_usize;
    text.split(|c: char| !c.is_alphanumeric()).filter_map(move |word| {
        let at = text.get(from..).and_then(|rest| rest.find(word)).map_or(from, |at| from.saturating_add(at));
        from = at.saturating_add(word.len());
        (!word.is_empty()).then_some((at, word))
    })
}
