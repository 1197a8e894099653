//! Specification sections: a text file each, made into a PDF file at start.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use super::{files, pdf};
use crate::records::SectionRevision;

const FIRST_SECTION_ID: i64 = 562_949_953_500_100;
const FIRST_REVISION_ID: i64 = 562_949_953_700_000;

/// Every revision, the current one of each section marked.
pub(super) fn all() -> Vec<SectionRevision> {
    let mut sections: Vec<SectionRevision> = Vec::new();
    for (text, revision_id) in files::SECTIONS.iter().zip((FIRST_REVISION_ID..).step_by(7)) {
        let (header, body) = split(text);
        let value = |key: &str| *header.get(key).unwrap_or(&"");
        let printed = Printed {
            number: value("section"),
            title: value("title"),
            revision: value("revision"),
            issued_date: value("issued"),
            text: body,
        };
        let section_id = id_of(&sections, printed.number);
        sections.push(printed.revision(revision_id, section_id));
    }
    mark_current(&mut sections);
    sections
}

/// Issues a revision of a section, or of one that is not there yet. The newest by date is current; of one date the later
/// to be issued.
pub(super) fn publish(sections: &mut Vec<SectionRevision>, printed: &Printed<'_>) {
    let last = sections.iter().map(|section| section.revision_id).max();
    let revision_id = last.map_or(FIRST_REVISION_ID, |last| last + 8);
    let section_id = id_of(sections, printed.number);
    sections.push(printed.revision(revision_id, section_id));
    mark_current(sections);
}

/// Issues a new revision of a section on a day: what was current before is so no more.
pub(crate) fn issue(
    sections: &mut Vec<SectionRevision>,
    number: &str,
    revision: &str,
    issued_date: &str,
    text: &str,
) {
    let Some(last) = sections.iter().rfind(|section| section.number == number).cloned() else {
        return;
    };
    let printed = Printed { number, title: &last.title, revision, issued_date, text };
    publish(sections, &printed);
}

/// What is printed on a revision.
pub(super) struct Printed<'a> {
    pub(super) number: &'a str,
    pub(super) title: &'a str,
    pub(super) revision: &'a str,
    pub(super) issued_date: &'a str,
    pub(super) text: &'a str,
}

impl Printed<'_> {
    fn revision(&self, revision_id: i64, section_id: i64) -> SectionRevision {
        let heading = pdf::Heading {
            left: format!("SECTION {} - {}", self.number, self.title.to_uppercase()),
            project: project_line(),
            note: format!("Revision {}, issued {}", self.revision, self.issued_date),
        };
        SectionRevision {
            revision_id,
            section_id,
            number: self.number.to_owned(),
            title: self.title.to_owned(),
            revision: self.revision.to_owned(),
            issued_date: self.issued_date.to_owned(),
            current: false,
            text: self.text.into(),
            pdf: Arc::new(pdf::document(&heading, self.text)),
            // Every second file sits in cloud storage, so both ways of downloading are walked.
            in_storage: revision_id % 2 == 1,
            direct: false,
        }
    }
}

/// The id of a section with this number, known or new.
fn id_of(sections: &[SectionRevision], number: &str) -> i64 {
    let known = sections.iter().find(|section| section.number == number).map(|section| section.section_id);
    known.unwrap_or(FIRST_SECTION_ID + i64::try_from(sections.len()).unwrap_or_default() * 11)
}

fn project_line() -> String {
    let book = super::project::book();
    format!("{} {}", book.project.number, book.project.name)
}

fn mark_current(sections: &mut [SectionRevision]) {
    let mut newest: BTreeMap<i64, (Reverse<String>, i64)> = BTreeMap::new();
    for section in sections.iter() {
        let candidate = (Reverse(section.issued_date.clone()), section.revision_id);
        let kept = newest.entry(section.section_id).or_insert_with(|| candidate.clone());
        if candidate.0 <= kept.0 {
            *kept = candidate;
        }
    }
    for section in sections {
        section.current = newest.get(&section.section_id).is_some_and(|(_, id)| *id == section.revision_id);
        // The third way: the list itself names the storage host.
        section.direct = !section.current;
        section.in_storage |= section.direct;
    }
}

/// Header lines `key: value`, an empty line, the text.
fn split(file: &'static str) -> (BTreeMap<&'static str, &'static str>, &'static str) {
    let (head, body) = file.split_once("\n\n").unwrap_or((file, ""));
    let header = head.lines().filter_map(|line| line.split_once(": ")).collect();
    (header, body)
}

impl SectionRevision {
    /// `10_14_00_rev_1.pdf`.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}_rev_{}.pdf", self.number.replace(' ', "_"), self.revision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_section_has_one_current_revision_and_it_is_the_newest() {
        let sections = all();
        assert_eq!(sections.len(), files::SECTIONS.len());
        for section in &sections {
            let same: Vec<_> =
                sections.iter().filter(|other| other.section_id == section.section_id).collect();
            assert_eq!(same.iter().filter(|other| other.current).count(), 1, "{}", section.number);
            let newest = same.iter().max_by_key(|other| other.issued_date.clone()).unwrap();
            assert!(newest.current, "{}", section.number);
        }
        assert!(sections.iter().any(|section| !section.current));
    }

    #[test]
    fn the_texts_are_in_three_parts_and_avoid_the_words_a_draft_must_not_hold() {
        const FORBIDDEN: [&str; 12] = [
            "approv",
            "acceptable",
            "accepted",
            "proceed",
            "guarantee",
            "authoriz",
            "no cost",
            "violation",
            "fault",
            "entitle",
            "negligen",
            "hereby",
        ];
        for section in all() {
            for part in ["PART 1 GENERAL", "PART 2 PRODUCTS", "PART 3 EXECUTION", "END OF SECTION"] {
                assert!(section.text.contains(part), "{} lacks {part}", section.file_name());
            }
            let lower = section.text.to_lowercase();
            for word in FORBIDDEN {
                assert!(!lower.contains(word), "{} holds {word}", section.file_name());
            }
            assert!(!lower.contains("order of precedence"), "{}", section.file_name());
        }
    }

    #[test]
    fn every_section_is_a_real_pdf_of_several_pages() {
        for section in all() {
            let pdf = &section.pdf;
            assert!(pdf.starts_with(b"%PDF-1."), "{}", section.file_name());
            assert!(pdf.ends_with(b"%%EOF"), "{}", section.file_name());
            let text = String::from_utf8_lossy(pdf);
            let pages = text.matches("/Type /Page\n").count();
            assert!((2..=8).contains(&pages), "{} has {pages} pages", section.file_name());
            assert!(text.contains(&format!("(SECTION {}", section.number)), "{}", section.file_name());
        }
    }
}
