//! Every type a record is read into, with a sample of what Procore sends and the ids that must survive.

use procore::daily_logs::{LogEntry, LogFamily};
use procore::hooks::{Hook, Trigger};
use procore::{
    Answer, CorrespondenceItem, CorrespondenceType, Drawing, DrawingArea, DrawingRevision, Location, Project,
    ProjectUser, Rfi, RfiRow, SpecificationDivision, SpecificationRevision, SpecificationSection, Submittal,
    SubmittalResponse, User,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

type Ids = (Vec<i64>, Vec<Option<i64>>);
type Read = Box<dyn Fn(&str) -> Option<Ids>>;
type Same = Box<dyn Fn(&str, &str) -> bool>;

/// One type.
pub(crate) struct Kind {
    pub(crate) name: String,
    pub(crate) sample: Value,
    /// Pointers of the ids without which there is no record.
    pub(crate) ids: &'static [&'static str],
    /// Pointers of others that are kept where they can be read.
    pub(crate) more: &'static [&'static str],
    /// Both, as they were read; nothing if the text is no record.
    pub(crate) read: Read,
    /// Whether two texts read as the same record.
    pub(crate) same: Same,
}

fn kind<T: DeserializeOwned + PartialEq + 'static>(
    name: &str,
    sample: Value,
    ids: &'static [&'static str],
    more: &'static [&'static str],
    of: fn(&T) -> Ids,
) -> Kind {
    let read = |text: &str| serde_json::from_str::<T>(text).ok();
    Kind {
        name: name.to_owned(),
        sample,
        ids,
        more,
        read: Box::new(move |text| read(text).as_ref().map(of)),
        same: Box::new(move |one, other| {
            let (one, other) = (read(one), read(other));
            one.is_some() && one == other
        }),
    }
}

fn entry(family: LogFamily) -> Kind {
    let read = move |text: &str| LogEntry::read(family, &serde_json::from_str(text).ok()?);
    Kind {
        name: family.as_str().to_owned(),
        sample: log_entry(),
        ids: &["/id"],
        more: &["/created_by/id", "/vendor/id", "/location/id"],
        read: Box::new(move |text| {
            let entry = read(text)?;
            let more = vec![
                entry.created_by.map(|user| user.id.get()),
                entry.vendor.map(|vendor| vendor.id.get()),
                entry.location.map(|location| location.id.get()),
            ];
            Some((vec![entry.id.get()], more))
        }),
        same: Box::new(move |one, other| {
            let (one, other) = (read(one), read(other));
            one.is_some() && one == other
        }),
    }
}

const ID: &[&str] = &["/id"];

pub(crate) fn kinds() -> Vec<Kind> {
    let mut all = vec![
        kind(
            "rfi",
            rfi(),
            ID,
            &["/created_by/id", "/specification_section/id", "/location/id"],
            |rfi: &Rfi| {
                let more = vec![
                    rfi.created_by.as_ref().map(|user| user.id.get()),
                    rfi.specification_section.as_ref().map(|section| section.id.get()),
                    rfi.location.as_ref().map(|location| location.id.get()),
                ];
                (vec![rfi.id.get()], more)
            },
        ),
        kind("rfi row", rfi(), ID, &[], |row: &RfiRow| (vec![row.id.get()], vec![])),
        kind("answer", answer(), ID, &["/created_by_id"], |answer: &Answer| {
            (vec![answer.id.get()], vec![answer.created_by_id.map(|id| id.get())])
        }),
        kind(
            "submittal",
            submittal(),
            ID,
            &["/status/id", "/specification_section/id", "/responsible_contractor/id", "/type/id"],
            |submittal: &Submittal| {
                let more = vec![
                    submittal.status.id.map(|id| id.get()),
                    submittal.specification_section.as_ref().map(|section| section.id.get()),
                    submittal.responsible_contractor.as_ref().map(|vendor| vendor.id.get()),
                    submittal.kind.as_ref().and_then(|kind| kind.id),
                ];
                (vec![submittal.id.get()], more)
            },
        ),
        kind("submittal response", named(), ID, &[], |row: &SubmittalResponse| (vec![row.id.get()], vec![])),
        kind("project", project(), ID, &[], |row: &Project| (vec![row.id.get()], vec![])),
        kind("user", named(), ID, &[], |row: &User| (vec![row.id.get()], vec![])),
        kind("project user", project_user(), ID, &["/vendor/id"], |row: &ProjectUser| {
            (vec![row.id.get()], vec![row.vendor.as_ref().map(|vendor| vendor.id.get())])
        }),
        kind("location", location(), ID, &["/parent_id"], |row: &Location| {
            (vec![row.id.get()], vec![row.parent_id.map(|id| id.get())])
        }),
        kind("section", section(), ID, &["/current_revision_id"], |row: &SpecificationSection| {
            (vec![row.id.get()], vec![row.current_revision_id.map(|id| id.get())])
        }),
        kind("division", section(), ID, &[], |row: &SpecificationDivision| (vec![row.id.get()], vec![])),
        kind(
            "specification revision",
            section(),
            &["/id", "/specification_section_id"],
            &[],
            |row: &SpecificationRevision| (vec![row.revision_id.get(), row.section_id.get()], vec![]),
        ),
        kind(
            "drawing revision",
            drawing_revision(),
            ID,
            &["/drawing_id", "/drawing_set_id"],
            |row: &DrawingRevision| {
                let more = vec![row.drawing_id.map(|id| id.get()), row.drawing_set_id.map(|id| id.get())];
                (vec![row.id.get()], more)
            },
        ),
        kind("drawing", drawing(), ID, &["/current_revision/id"], |row: &Drawing| {
            (vec![row.id.get()], vec![row.current_revision.as_ref().map(|revision| revision.id.get())])
        }),
        kind("drawing area", drawing_area(), ID, &[], |row: &DrawingArea| (vec![row.id.get()], vec![])),
        kind("correspondence", item(), ID, &["/created_by/id"], |item: &CorrespondenceItem| {
            (vec![item.id.get()], vec![item.created_by.as_ref().map(|user| user.id.get())])
        }),
        kind("correspondence type", named(), ID, &[], |row: &CorrespondenceType| {
            (vec![row.id.get()], vec![])
        }),
        kind("hook", hook(), ID, &["/company_id", "/project_id"], |hook: &Hook| {
            let more = vec![hook.company_id.map(|id| id.get()), hook.project_id.map(|id| id.get())];
            (vec![hook.id.get()], more)
        }),
        kind("trigger", trigger(), ID, &["/webhook_hook_id"], |row: &Trigger| {
            (vec![row.id.get()], vec![row.hook_id.map(|id| id.get())])
        }),
    ];
    all.extend(LogFamily::ALL.map(entry));
    all
}

fn named() -> Value {
    json!({"id": 5, "name": "Approved", "login": "a@example.com", "considered": "approved", "title": "Letter",
        "abbreviation": "L", "private_by_default": true})
}

fn location() -> Value {
    json!({"id": 61, "name": "Level 2>Corridor", "node_name": "Corridor", "parent_id": 60,
        "created_at": "2026-01-01T00:00:00Z"})
}

fn attachment() -> Value {
    json!({"id": 441, "name": "photo.pdf", "filename": "photo.pdf", "url": "https://files.example/1"})
}

fn answer() -> Value {
    json!({"id": 31, "official": true, "plain_text_body": "Yes.", "rich_text_body": "<p>Yes.</p>",
        "answer_date": "2026-06-03T10:00:00Z", "created_by": "A", "created_by_id": 5104,
        "attachments": [attachment()]})
}

fn rfi() -> Value {
    json!({"id": 12, "number": "17", "full_number": "RFI-017", "subject": "Signs", "status": "open",
        "draft": false, "private": true, "deleted": false, "created_at": "2026-06-01T10:00:00Z",
        "updated_at": "2026-06-01T10:00:00Z", "due_date": "2026-06-10", "created_by": named(),
        "rfi_manager": named(), "assignee": named(), "assignees": [named()], "ball_in_courts": [named()],
        "distribution_list": [named()], "location": location(), "drawing_number": "A-501",
        "drawing_ids": [70001, 70002], "specification_section": section(), "reference": null,
        "questions": [{"id": 1, "body": "<p>?</p>", "plain_text_body": "?", "rich_text_body": "<p>?</p>",
            "created_by": "A", "question_date": "2026-06-01T10:00:00Z", "attachments": [attachment()],
            "answers": [answer()]}]})
}

fn section() -> Value {
    json!({"id": 3105, "specification_section_id": 3100, "number": "10 14 00", "description": "Signage",
        "current_revision_id": 88101, "label": "x", "revision": "1", "issued_date": "2026-01-15",
        "received_date": null, "created_at": "2026-01-16T10:00:00Z", "updated_at": "2026-01-16T10:00:00Z",
        "url": "https://files.example/s.pdf"})
}

fn submittal() -> Value {
    json!({"id": 31, "number": "7", "formatted_number": "10 14 00-7", "revision": "0",
        "current_revision": true, "title": "Signs", "description": "<p>x</p>",
        "status": {"id": 2, "name": "Draft", "status": "Draft"},
        "type": {"id": 4, "name": "Shop Drawing", "translated_name": "x"}, "private": true,
        "specification_section": section(), "ball_in_court": [named()],
        "approvers": [{"id": 9, "user": named(), "approver_type": "Approver", "workflow_group_number": 1,
            "response_required": true, "response": named(), "comment": "<p>Fine.</p>",
            "sent_date": "2026-06-01", "returned_date": null, "due_date": "2026-06-08",
            "attachments": [attachment()]}],
        "distribution_members": [named()], "created_by": named(), "submittal_manager": named(),
        "received_from": named(), "responsible_contractor": named(), "location": location(),
        "attachments": [attachment()], "associated_attachments": [attachment()], "due_date": "2026-06-08",
        "required_on_site_date": "2026-07-01", "source_submittal_log_id": 30,
        "created_at": "2026-06-01T10:00:00Z", "updated_at": "2026-06-01T10:00:00Z", "distributed_at": null})
}

fn project() -> Value {
    json!({"id": 4071, "name": "Clinic", "display_name": "12 - Clinic", "project_number": 12,
        "tz_name": "America/Los_Angeles", "active": true})
}

fn project_user() -> Value {
    json!({"id": 5101, "name": "A", "email_address": "a@example.com", "job_title": "Engineer",
        "vendor": {"id": 21, "name": "B"}, "is_active": true, "is_employee": false})
}

fn drawing_revision() -> Value {
    json!({"id": 900, "drawing_id": 70001, "number": "A-501", "title": "Details", "revision_number": "2",
        "current": true, "obsolete": false, "drawing_date": "2026-03-01", "received_date": "2026-03-02",
        "updated_at": "2026-03-02T10:00:00Z", "drawing_set_id": 8, "pdf_url": "https://files.example/d.pdf"})
}

fn drawing() -> Value {
    json!({"id": 70001, "number": "A-501", "title": null, "discipline": "Architectural", "obsolete": false,
        "current_revision": drawing_revision()})
}

fn drawing_area() -> Value {
    json!({"id": 5, "name": "Main", "drawing_sets": [{"id": 8, "name": "Bid", "date": "2026-01-01"}]})
}

fn item() -> Value {
    json!({"id": 9, "title": "T", "description": "<p>x</p>", "status": "Draft", "status_type": "Draft",
        "private": true, "created_by": named(), "assignees": [named()], "distribution_members": [named()],
        "received_from": named(), "created_at": "2026-06-01T10:00:00Z", "issued_at": null})
}

fn hook() -> Value {
    json!({"id": 3, "status": "active", "payload_version": "v2.0", "namespace": "acme",
        "destination_headers": {"Authorization": "****ook"}, "destination_url": "https://hooks.example/p",
        "company_id": 8001, "project_id": 4071, "updated_at": "2026-06-01T10:00:00Z"})
}

fn trigger() -> Value {
    json!({"id": 7, "webhook_hook_id": 3, "resource_name": "RFIs", "event_type": "UPDATE"})
}

/// One with the members of every family.
fn log_entry() -> Value {
    let mut entry = json!({"id": 501, "date": "2026-06-03", "status": "approved", "created_by": named(),
        "vendor": named(), "location": location(), "attachments": [attachment()],
        "created_at": "2026-06-03T10:00:00Z", "updated_at": "2026-06-03T10:00:00Z", "deleted_at": null,
        "trade": named(), "cost_code": named(), "equipment": named()});
    let labour = json!({"num_workers": 4, "num_hours": "8.0", "man_hours": "32.0", "notes": "x",
        "number_of_foreman_workers": 1, "foreman_hours": "8", "workers": 3, "hours": 8.5, "showed": true,
        "hours_operating": "4"});
    let site = json!({"sky": "Rain", "is_weather_delay": "1", "duration": 30, "delay_type": "Rain",
        "start_time_hour": 7.0, "comments": "x", "comment": "x", "subject": "x", "details": "x",
        "begin_hour": 8, "plan_number": "A-501"});
    let rest = json!({"quantity": 12, "unit": "m", "quantity_delivered": "2", "quantity_removed": 1,
        "approximate_quantity": 3, "time_hour": 9, "time_minute": 30, "involved_name": "A",
        "compliance_due": "2026-06-05", "inspection_type": "Fire"});
    for more in [labour, site, rest] {
        entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    }
    entry
}
