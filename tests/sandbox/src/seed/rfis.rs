//! The seeded RFIs, from `seed/rfis.toml`.

use jiff::Timestamp;
use serde::Deserialize;

use super::{files, in_days};
use crate::records::{Expected, NewAttachment, NewRfi, RfiStatus};

/// An RFI of the seed.
#[derive(Debug, Clone)]
pub struct SeedRfi {
    /// Number; a draft has none.
    pub number: Option<i64>,
    /// The record.
    pub rfi: NewRfi,
    /// User ids of the assignees; the first has the ball.
    pub assignees: Vec<i64>,
    /// `YYYY-MM-DD`.
    pub due_date: Option<String>,
    /// Location path.
    pub location: Option<String>,
    /// What the demo expects of it.
    pub expected: Expected,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rfi: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    number: Option<i64>,
    subject: String,
    question: String,
    status: RfiStatus,
    #[serde(default)]
    private: bool,
    author: i64,
    #[serde(default)]
    assignees: Vec<i64>,
    section: Option<String>,
    drawing_number: Option<String>,
    location: Option<String>,
    due_in_days: Option<i64>,
    age_hours: i64,
    #[serde(default)]
    attachment: Vec<AttachmentRow>,
    #[serde(default)]
    answer: Vec<AnswerRow>,
    expected: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttachmentRow {
    name: String,
    file: String,
    #[serde(default)]
    in_storage: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerRow {
    author: i64,
    body: String,
}

pub(super) fn all(now: Timestamp) -> Vec<SeedRfi> {
    let mut rows = files::parsed::<File>(files::RFIS).rfi;
    rows.sort_by_key(|row| (row.number.is_none(), row.number));
    rows.into_iter().map(|row| row.seeded(now)).collect()
}

impl Row {
    fn seeded(self, now: Timestamp) -> SeedRfi {
        let due_date = self.due_in_days.and_then(|days| in_days(now, days));
        let rfi = NewRfi {
            subject: self.subject,
            question: self.question.trim().to_owned(),
            question_html: None,
            status: self.status,
            private: self.private,
            created_by: Some(self.author),
            section: self.section,
            drawing_number: self.drawing_number,
            attachments: self.attachment.into_iter().map(AttachmentRow::attachment).collect(),
            answers: self.answer.into_iter().map(|row| (row.body.trim().to_owned(), row.author)).collect(),
            age_s: self.age_hours * 3600,
            emit: false,
        };
        SeedRfi {
            number: self.number,
            rfi,
            assignees: self.assignees,
            due_date,
            location: self.location,
            expected: self.expected,
        }
    }
}

impl AttachmentRow {
    fn attachment(self) -> NewAttachment {
        let text = files::drawing(&self.file);
        if self.name.to_ascii_lowercase().ends_with(".pdf") {
            return NewAttachment { in_storage: self.in_storage, ..NewAttachment::pdf(self.name, text) };
        }
        NewAttachment { in_storage: self.in_storage, ..NewAttachment::text(self.name, text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_holds_the_cases_it_is_there_for() {
        let rfis = all(Timestamp::now());
        let open: Vec<_> = rfis.iter().filter(|seeded| seeded.rfi.status == RfiStatus::Open).collect();
        assert_eq!(open.len(), 12);
        let statuses: Vec<_> =
            open.iter().filter_map(|seeded| seeded.expected.answer_status.as_deref()).collect();
        for wanted in [
            "answerable_from_documents",
            "conflict_in_documents",
            "needs_designer_decision",
            "not_an_rfi",
            "insufficient_context",
        ] {
            assert!(statuses.contains(&wanted), "{wanted}");
        }
        let closed: Vec<_> = rfis.iter().filter(|seeded| seeded.rfi.status == RfiStatus::Closed).collect();
        assert!(closed.iter().filter(|seeded| !seeded.rfi.private).count() >= 3);
        assert_eq!(closed.iter().filter(|seeded| seeded.rfi.private).count(), 1);
        assert!(closed.iter().all(|seeded| !seeded.rfi.answers.is_empty()));
        let drafts: Vec<_> = rfis.iter().filter(|seeded| seeded.rfi.status == RfiStatus::Draft).collect();
        assert!(drafts.iter().all(|seeded| seeded.number.is_none()));
        let blank = drafts.iter().filter(|seeded| seeded.rfi.question.is_empty());
        assert_eq!((drafts.len(), blank.count()), (4, 3));
    }

    #[test]
    fn every_attachment_has_its_text_and_every_person_is_in_the_directory() {
        let people: Vec<i64> = super::super::project::book().people.iter().map(|person| person.id).collect();
        for seeded in all(Timestamp::now()) {
            for file in &seeded.rfi.attachments {
                assert!(file.bytes.len() > 100, "RFI {:?}: {}", seeded.number, file.name);
                assert_eq!(
                    file.content_type == "application/pdf",
                    file.bytes.starts_with(b"%PDF-"),
                    "{}",
                    file.name
                );
            }
            let named = seeded.rfi.created_by.into_iter().chain(seeded.assignees.iter().copied());
            assert!(
                named
                    .chain(seeded.rfi.answers.iter().map(|(_, author)| *author))
                    .all(|id| people.contains(&id))
            );
        }
    }

    #[test]
    fn every_section_an_rfi_names_exists() {
        let numbers: Vec<String> =
            super::super::sections::all().into_iter().map(|section| section.number).collect();
        for section in all(Timestamp::now()).into_iter().filter_map(|seeded| seeded.rfi.section) {
            assert!(numbers.contains(&section), "{section}");
        }
    }
}
