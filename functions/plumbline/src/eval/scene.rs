//! Puts a case on a stage: its documents before the start, its records after, then the event that tells of it.

use std::collections::BTreeSet;

use agent::workflows::WorkflowId;
use sandbox::{
    Approver, NewAttachment, NewLogEntry, NewRfi, NewSubmittal, Options, RfiStatus, Sandbox, seed::NewSheet,
};

use super::case::{Case, Day, File, Rfi, Submittal};

/// Records are so old, in seconds, that nobody is still typing.
const AGE_S: i64 = 3600;

/// The seeded project with the case's own documents, and without any record.
pub(super) fn options(case: &Case) -> Options {
    let mut options = Options::empty();
    for section in &case.sections {
        let issued = section.issued.to_string();
        options.seed.add_section(&section.number, &section.title, &section.revision, &issued, &section.text);
    }
    for sheet in &case.sheets {
        options.seed.add_sheet(&NewSheet {
            number: &sheet.number,
            title: &sheet.title,
            discipline: &sheet.discipline,
            revision: &sheet.revision,
            issued_date: &sheet.issued.to_string(),
            text: &sheet.text,
        });
    }
    options
}

/// Adds the RFIs that were closed before. Nothing is told.
pub(super) fn closed_rfis(case: &Case, sandbox: &Sandbox) {
    for closed in &case.closed_rfis {
        let author = designer(sandbox);
        sandbox.add_rfi(NewRfi {
            subject: closed.subject.clone(),
            question: closed.question.clone(),
            status: RfiStatus::Closed,
            private: closed.private,
            section: closed.section.clone(),
            answers: vec![(closed.answer.clone(), author)],
            age_s: AGE_S,
            emit: false,
            ..NewRfi::default()
        });
    }
}

/// Adds the case's record and tells of it. Returns the record of the run that comes of it.
pub(super) fn enter(case: &Case, sandbox: &Sandbox) -> BTreeSet<String> {
    let record = if let Some(rfi) = &case.rfi {
        let id = add_rfi(rfi, case.workflow == WorkflowId::RfiResponse, sandbox);
        sandbox.webhook_for_rfi(id, "create");
        id.to_string()
    } else if let Some(submittal) = &case.submittal {
        sandbox.add_submittal(new_submittal(submittal)).to_string()
    } else {
        case.day.as_ref().map(|day| tell_day(day, sandbox)).unwrap_or_default()
    };
    BTreeSet::from([record])
}

fn designer(sandbox: &Sandbox) -> i64 {
    sandbox.people().into_iter().find(|person| person.role == "Architect").map_or(0, |person| person.id)
}

fn files(files: &[File]) -> Vec<NewAttachment> {
    files
        .iter()
        .map(|file| match file.name.to_ascii_lowercase().ends_with(".pdf") {
            true => NewAttachment::pdf(&file.name, &file.text),
            false => NewAttachment::text(&file.name, &file.text),
        })
        .collect()
}

fn add_rfi(rfi: &Rfi, open: bool, sandbox: &Sandbox) -> i64 {
    let id = sandbox.add_rfi(NewRfi {
        subject: rfi.subject.clone(),
        question: rfi.question.clone(),
        question_html: rfi.question_html.clone(),
        status: if open { RfiStatus::Open } else { RfiStatus::Draft },
        private: rfi.private,
        section: rfi.section.clone(),
        drawing_number: rfi.drawing_number.clone(),
        attachments: files(&rfi.attachments),
        answers: rfi.answers.iter().map(|answer| (answer.body.clone(), answer.author)).collect(),
        age_s: AGE_S,
        emit: false,
        ..NewRfi::default()
    });
    if rfi.location.is_some() {
        sandbox.update_rfi(id, |record| record.location.clone_from(&rfi.location));
    }
    id
}

fn new_submittal(submittal: &Submittal) -> NewSubmittal {
    let base = NewSubmittal::default();
    NewSubmittal {
        number: submittal.number.clone(),
        title: submittal.title.clone(),
        description: submittal.description.clone(),
        kind: submittal.kind.clone().unwrap_or(base.kind),
        section: submittal.section.clone(),
        private: submittal.private,
        due_date: submittal.due_date.map(|date| date.to_string()),
        required_on_site_date: submittal.required_on_site_date.map(|date| date.to_string()),
        lead_time: submittal.lead_time_days,
        attachments: files(&submittal.attachments),
        approvers: submittal
            .steps
            .iter()
            .map(|step| Approver {
                id: 0,
                user_id: step.user,
                kind: step.kind.clone(),
                response: step.response.clone(),
                comment: step.comment.clone(),
                due_date: None,
                returned_date: None,
            })
            .collect(),
        age_s: AGE_S,
        emit: true,
        ..NewSubmittal::default()
    }
}

/// Writes the day's entries and tells of the last one by a person that has a webhook. At least one has to have.
fn tell_day(day: &Day, sandbox: &Sandbox) -> String {
    let (mut told, service_account) = (None, sandbox.service_account());
    for entry in &day.entries {
        let id = sandbox.add_log_entry(NewLogEntry {
            family: entry.family,
            date: Some(day.date),
            status: entry.status,
            created_by: entry.author,
            fields: entry.fields.clone(),
            emit: false,
        });
        if entry.family.resource().is_some() && entry.author != Some(service_account) {
            told = Some(id);
        }
    }
    if let Some(id) = told {
        sandbox.webhook_for_log_entry(id, "update");
    }
    day.date.strftime("%Y%m%d").to_string()
}
