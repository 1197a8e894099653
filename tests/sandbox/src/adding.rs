//! New records: what the server fills in by itself. Nothing here sends a webhook or a mail.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::{
    records::{
        Answer, Approver, Attachment, LogEntry, NewAttachment, NewLogEntry, NewRfi, NewSubmittal, RfiRecord,
        RfiStatus, Submittal, SubmittalStatus,
    },
    state::State,
};

impl State {
    /// Creates the record, numbers it unless it is a draft, and returns its id.
    pub(crate) fn add_rfi(&mut self, new: &NewRfi) -> i64 {
        let id = self.next_id();
        let at = self.aged(new.age_s);
        let attachments = self.stored(&new.attachments);
        let answers = new
            .answers
            .iter()
            .map(|(body, author)| Answer {
                id: self.next_id(),
                body: body.clone(),
                // Whoever closed it found its answer; of an open one nobody has said which it is.
                official: new.status == RfiStatus::Closed,
                created_by: *author,
                answered_at: at,
            })
            .collect();
        let number = (new.status != RfiStatus::Draft).then(|| self.next_rfi_number());
        let manager = self.first_with("Project Engineer").unwrap_or(self.service_account_id);
        let designer = self.first_with("Architect");
        let open = new.status == RfiStatus::Open;
        self.rfis.push(RfiRecord {
            id,
            number,
            subject: new.subject.clone(),
            question: new.question.clone(),
            question_html: new.question_html.clone(),
            status: new.status,
            private: new.private,
            created_by: new.created_by.or_else(|| self.first_with("Subcontractor")).unwrap_or(manager),
            rfi_manager: manager,
            assignees: designer.filter(|_| open).into_iter().collect(),
            ball_in_court: designer.filter(|_| open),
            distribution: Vec::new(),
            due_date: None,
            reference: None,
            section_id: new
                .section
                .as_deref()
                .and_then(|number| self.section_numbered(number))
                .map(|s| s.section_id),
            drawing_number: new.drawing_number.clone(),
            location: None,
            attachments,
            answers,
            created_at: at,
            updated_at: at,
            deleted: false,
            expected: None,
        });
        id
    }

    /// The number an RFI gets when it becomes one.
    pub(crate) fn next_rfi_number(&self) -> i64 {
        self.rfis.iter().filter_map(|rfi| rfi.number).max().unwrap_or_default() + 1
    }

    /// Creates the record; a number that is taken makes the next revision of it.
    pub(crate) fn add_submittal(&mut self, new: &NewSubmittal) -> i64 {
        let id = self.next_id();
        let at = self.aged(new.age_s);
        let attachments = self.stored(&new.attachments);
        let number = new.number.clone().unwrap_or_else(|| self.next_submittal_number(None));
        let earlier = self.submittals.iter_mut().filter(|one| one.number == number);
        let revision = earlier.map(|one| one.current_revision = false).count();
        let manager = self.first_with("Project Engineer").unwrap_or(self.service_account_id);
        let author = new.created_by.or_else(|| self.first_with("Subcontractor")).unwrap_or(manager);
        let mut approvers = new.approvers.clone();
        if approvers.is_empty() && new.status != SubmittalStatus::Draft {
            let designer = self.first_with("Architect").unwrap_or(manager);
            let step = |user_id, kind: &str, response: Option<&str>| Approver {
                id: 0,
                user_id,
                kind: kind.to_owned(),
                response: response.map(ToOwned::to_owned),
                comment: None,
                due_date: new.due_date.clone(),
                returned_date: response.map(|_| at.strftime("%Y-%m-%d").to_string()),
            };
            approvers = vec![
                step(author, "Submitter", Some("Submitted")),
                step(manager, "Approver", None),
                step(designer, "Approver", None),
            ];
        }
        for approver in approvers.iter_mut().filter(|approver| approver.id == 0) {
            approver.id = self.next_id();
        }
        let under_way = matches!(new.status, SubmittalStatus::Open | SubmittalStatus::InReview);
        let awaited = approvers.iter().find(|approver| approver.response.is_none());
        let ball_in_court = awaited.filter(|_| under_way).map(|one| one.user_id).into_iter().collect();
        let section = new.section.as_deref().and_then(|number| self.section_numbered(number));
        self.submittals.push(Submittal {
            id,
            number,
            revision: revision.to_string(),
            title: new.title.clone(),
            description: new.description.clone(),
            kind: new.kind.clone(),
            status: new.status,
            current_revision: true,
            private: new.private,
            section_id: section.map(|section| section.section_id),
            created_by: author,
            manager,
            ball_in_court,
            distribution: Vec::new(),
            approvers,
            due_date: new.due_date.clone(),
            required_on_site_date: new.required_on_site_date.clone(),
            lead_time: new.lead_time,
            location: new.location.clone(),
            attachments,
            created_at: at,
            updated_at: at,
            deleted: false,
            expected: new.expected.clone(),
        });
        id
    }

    /// The lowest number above all taken ones, of the project or of one section.
    pub(crate) fn next_submittal_number(&self, section_id: Option<i64>) -> String {
        let taken = self.submittals.iter().filter(|one| section_id.is_none() || one.section_id == section_id);
        let highest = taken.filter_map(|one| one.number.parse::<u32>().ok()).max();
        (highest.unwrap_or_default() + 1).to_string()
    }

    /// Creates the entry.
    pub(crate) fn add_log_entry(&mut self, new: &NewLogEntry) -> i64 {
        let id = self.next_id();
        let now = self.now();
        let author = new.created_by.or_else(|| self.first_with("Superintendent"));
        self.log_entries.push(LogEntry {
            id,
            family: new.family,
            date: new.date.unwrap_or_else(|| self.today()),
            status: new.status,
            created_by: author.unwrap_or(self.service_account_id),
            fields: new.fields.clone(),
            created_at: now,
            updated_at: now,
            deleted: false,
        });
        id
    }

    fn aged(&self, age_s: i64) -> Timestamp {
        let now = self.now();
        now.checked_sub(SignedDuration::from_secs(age_s)).unwrap_or(now)
    }

    fn stored(&mut self, files: &[NewAttachment]) -> Vec<Attachment> {
        files
            .iter()
            .map(|file| Attachment {
                id: self.next_id(),
                name: file.name.clone(),
                content_type: file.content_type.clone(),
                bytes: Arc::new(file.bytes.clone()),
                in_storage: file.in_storage,
            })
            .collect()
    }
}
