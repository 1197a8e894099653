//! Submittals as the list, show, the revisions and the workflow tell them.

use serde_json::{Value, json};
use url::Url;

use super::shapes;
use crate::{
    records::{Approver, Submittal, SubmittalStatus},
    state::State as Books,
};

/// Responses of the company: id, name, and what they count as.
pub(super) const RESPONSES: [(i64, &str, &str); 6] = [
    (651, "Submitted", "submitted"),
    (652, "Pending", "pending"),
    (653, "Reviewed", "approved"),
    (654, "Reviewed as Noted", "approved"),
    (655, "Revise and Resubmit", "revise and resubmit"),
    (656, "For Record Only", "for record only"),
];

/// Types of the company.
pub(super) const TYPES: [(i64, &str); 4] =
    [(621, "Product Data"), (622, "Shop Drawing"), (623, "Sample"), (624, "Test Report")];

/// A row of `submittal_statuses`.
pub(super) fn status(status: SubmittalStatus) -> Value {
    json!({ "id": status.id(), "name": status.name(), "status": status.kind() })
}

/// A row of `submittal_responses`; what is awaited counts as pending.
pub(super) fn response(name: Option<&str>) -> Option<Value> {
    let name = name.unwrap_or("Pending");
    let (id, name, considered) = RESPONSES.iter().find(|(_, listed, _)| *listed == name)?;
    Some(json!({ "id": id, "name": name, "considered": considered }))
}

/// A row of `submittal_types`.
pub(super) fn kind(name: &str) -> Value {
    let id = TYPES.iter().find(|(_, listed)| *listed == name).map(|(id, _)| *id);
    json!({ "id": id, "name": name, "translated_name": name })
}

/// What the list says. Procore docs: people without their addresses, a place's id alone.
pub(super) fn row(state: &Books, base: &Url, one: &Submittal) -> Value {
    let court: Vec<Value> = one.ball_in_court.iter().map(|id| named(state, *id)).collect();
    let members: Vec<Value> = one.distribution.iter().map(|id| named(state, *id)).collect();
    let files: Vec<Value> = one
        .attachments
        .iter()
        .zip(shapes::attachments(base, &one.attachments))
        .map(|(file, told)| {
            json!({
                "id": file.id,
                "attachment_id": file.id,
                "filename": file.name,
                "content_type": file.content_type,
                "url": told.get("url"),
            })
        })
        .collect();
    let own = json!({
        "approvers": approvers(one, |id| named(state, id)),
        "associated_attachments": files,
        "ball_in_court": court,
        "created_by": named(state, one.created_by),
        "description": one.description,
        "distribution_members": members,
        "drawing_ids": [],
        "linked_drawing_ids": [],
        "location_id": shapes::location(state, one.location.as_deref()).get("id"),
        "received_from": named(state, one.created_by),
        "submittal_manager": named(state, one.manager),
    });
    merged(common(state, one), own)
}

/// What show says.
pub(super) fn full(state: &Books, base: &Url, one: &Submittal) -> Value {
    let files: Vec<Value> = shapes::attachments(base, &one.attachments)
        .iter()
        .map(|told| json!({ "id": told.get("id"), "url": told.get("url"), "filename": told.get("filename") }))
        .collect();
    let own = json!({
        "attachments": files,
        "description": one.description,
        "distribution_members": shapes::users(state, &one.distribution),
        "distributed_submittals": [],
        "lead_time": one.lead_time,
        "required_on_site_date": one.required_on_site_date,
    });
    merged(revision(state, one), own)
}

/// What the list of revisions says.
pub(super) fn revision(state: &Books, one: &Submittal) -> Value {
    let own = json!({
        "approvers": approvers(one, |id| shapes::user(state, id)),
        "attachments_count": one.attachments.len(),
        "ball_in_court": shapes::users(state, &one.ball_in_court),
        "created_by": shapes::user(state, one.created_by),
        "for_record_only": false,
        "location": shapes::location(state, one.location.as_deref()),
        "received_from": shapes::user(state, one.created_by),
        "submittal_manager": shapes::user(state, one.manager),
    });
    merged(common(state, one), own)
}

/// `workflow_data`: one step for each person.
pub(super) fn workflow(state: &Books, one: &Submittal) -> Value {
    let numbered = one.approvers.iter().zip(1_i64..);
    let steps: Vec<Value> = numbered
        .map(|(approver, number)| {
            json!({ "id": approver.id + 1, "number": number, "approver_ids": [approver.id] })
        })
        .collect();
    let approvers: Vec<Value> = one
        .approvers
        .iter()
        .filter_map(|approver| {
            let person = state.person(approver.user_id)?;
            Some(json!({
                "id": approver.id,
                "name": person.name,
                "company_name": person.company,
                "attachment_ids": [],
                "response_required": true,
            }))
        })
        .collect();
    json!({ "steps": steps, "approvers": approvers, "attachments": [] })
}

fn common(state: &Books, one: &Submittal) -> Value {
    let section = one.section_id.and_then(|id| state.current_section(id)).map(|section| {
        json!({
            "id": section.section_id,
            "number": section.number,
            "description": section.title,
            "label": format!("{} - {}", section.number, section.title),
            "current_revision_id": section.revision_id,
        })
    });
    json!({
        "id": one.id,
        "number": one.number,
        "revision": one.revision,
        "formatted_number": one.formatted_number(),
        "title": one.title,
        "type": kind(&one.kind),
        "status": status(one.status),
        "private": one.private,
        "current_revision": one.current_revision,
        "specification_section": section,
        "due_date": one.due_date,
        "issue_date": null,
        "created_at": shapes::time(one.created_at),
        "updated_at": shapes::time(one.updated_at),
        "custom_fields": {},
    })
}

fn approvers(one: &Submittal, person: impl Fn(i64) -> Value) -> Vec<Value> {
    let told = |approver: &Approver| {
        json!({
            "id": approver.id,
            "approver_type": approver.kind,
            "user": person(approver.user_id),
            "response": response(approver.response.as_deref()),
            "comment": approver.comment,
            "due_date": approver.due_date,
            "returned_date": approver.returned_date,
            "response_required": true,
        })
    };
    one.approvers.iter().map(told).collect()
}

/// `{id, name}`.
fn named(state: &Books, id: i64) -> Value {
    json!({ "id": id, "name": state.person_name(id) })
}

fn merged(mut whole: Value, part: Value) -> Value {
    if let (Some(fields), Value::Object(own)) = (whole.as_object_mut(), part) {
        fields.extend(own);
    }
    shapes::filled(whole)
}
