//! The seeded submittals, from `seed/submittals.toml`.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{files, in_days, pdf};
use crate::records::{Approver, Expected, NewAttachment, NewSubmittal, SubmittalStatus};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    submittal: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    number: String,
    title: String,
    description: String,
    kind: String,
    status: SubmittalStatus,
    #[serde(default)]
    private: bool,
    section: Option<String>,
    author: i64,
    location: Option<String>,
    due_in_days: Option<i64>,
    on_site_in_days: Option<i64>,
    lead_time: Option<u32>,
    age_hours: i64,
    #[serde(default)]
    approver: Vec<ApproverRow>,
    #[serde(default)]
    attachment: Vec<AttachmentRow>,
    expected: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApproverRow {
    user: i64,
    kind: String,
    response: Option<String>,
    comment: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttachmentRow {
    name: String,
    text: Option<String>,
    file: Option<String>,
}

pub(super) fn all(now: Timestamp) -> Vec<NewSubmittal> {
    files::parsed::<File>(files::SUBMITTALS).submittal.into_iter().map(|row| row.seeded(now)).collect()
}

impl Row {
    fn seeded(self, now: Timestamp) -> NewSubmittal {
        let due_date = self.due_in_days.and_then(|days| in_days(now, days));
        let returned = now
            .checked_sub(SignedDuration::from_hours(self.age_hours / 2))
            .unwrap_or_default()
            .strftime("%Y-%m-%d")
            .to_string();
        let approvers = self.approver.into_iter().map(|row| Approver {
            id: 0,
            user_id: row.user,
            kind: row.kind,
            returned_date: row.response.as_ref().map(|_| returned.clone()),
            response: row.response,
            comment: row.comment,
            due_date: due_date.clone(),
        });
        NewSubmittal {
            number: Some(self.number),
            title: self.title,
            description: self.description,
            kind: self.kind,
            status: self.status,
            private: self.private,
            section: self.section,
            created_by: Some(self.author),
            approvers: approvers.collect(),
            due_date: due_date.clone(),
            required_on_site_date: self.on_site_in_days.and_then(|days| in_days(now, days)),
            lead_time: self.lead_time,
            location: self.location,
            attachments: self.attachment.into_iter().map(AttachmentRow::attachment).collect(),
            age_s: self.age_hours * 3600,
            emit: false,
            expected: Some(self.expected),
        }
    }
}

impl AttachmentRow {
    fn attachment(self) -> NewAttachment {
        match self.file {
            Some(file) => NewAttachment {
                name: self.name,
                content_type: "application/pdf".to_owned(),
                bytes: pdf::excerpt(files::drawing(&file)),
                in_storage: false,
            },
            None => NewAttachment::text(self.name, self.text.unwrap_or_default().trim()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_holds_the_cases_it_is_there_for() {
        let submittals = all(Timestamp::now());
        for status in SubmittalStatus::ALL {
            assert!(submittals.iter().any(|one| one.status == status), "{}", status.name());
        }
        let numbers: Vec<_> = submittals.iter().filter(|one| one.number.as_deref() == Some("1")).collect();
        assert_eq!(numbers.len(), 2, "one was sent again");
        let sections: Vec<String> =
            super::super::sections::all().into_iter().map(|section| section.number).collect();
        let people: Vec<i64> = super::super::project::book().people.iter().map(|person| person.id).collect();
        for one in &submittals {
            assert!(sections.contains(one.section.as_ref().unwrap()), "{}", one.title);
            let named = one.approvers.iter().map(|approver| approver.user_id).chain(one.created_by);
            assert!(named.into_iter().all(|id| people.contains(&id)), "{}", one.title);
            assert!(one.attachments.iter().all(|file| file.bytes.len() > 100), "{}", one.title);
            assert!(one.expected.is_some(), "{}", one.title);
        }
    }
}
