//! RFIs as the list and as show tell them.

use serde_json::{Value, json};
use url::Url;

use super::shapes;
use crate::{
    records::{Answer, RfiRecord, RfiStatus},
    state::State as Books,
};

/// What the list says of an RFI. Procore docs: more of its people than `show`, but only the text of its questions.
pub(super) fn row(state: &Books, base: &Url, rfi: &RfiRecord) -> Value {
    let assignees: Vec<Value> = rfi
        .assignees
        .iter()
        .filter_map(|id| state.person(*id))
        .map(|person| {
            json!({
                "id": person.id,
                "login": person.login,
                "name": person.name,
                "locale": "en",
                "response_required": true,
            })
        })
        .collect();
    let own = json!({
        "link": format!("{base}rfis/{}", rfi.id),
        "created_by": shapes::user(state, rfi.created_by),
        "assignees": assignees,
        "location_id": shapes::location(state, rfi.location.as_deref()).get("id"),
        "project_stage": null,
        "sub_job": null,
        "questions": [{ "id": rfi.id + 1, "body": rich(rfi), "errors": [] }],
    });
    merged(common(state, rfi), own)
}

/// The fields list and show have in common.
fn common(state: &Books, rfi: &RfiRecord) -> Value {
    let court = rfi.ball_in_court.map_or(Value::Null, |id| shapes::user(state, id));
    let number = rfi.number.map(|number| number.to_string());
    json!({
        "id": rfi.id,
        "number": number,
        "full_number": number,
        "prefix": null,
        "subject": rfi.subject,
        "status": rfi.status.as_str(),
        "translated_status": title_case(rfi.status.as_str()),
        "private": rfi.private,
        "deleted": rfi.deleted,
        "deleted_at": null,
        "reference": rfi.reference,
        "assignee": rfi.assignees.first().map(|id| shapes::user(state, *id)),
        "ball_in_court": court,
        "ball_in_courts": if court.is_null() { json!([]) } else { json!([court]) },
        "cost_code": null,
        "cost_impact": shapes::impact(),
        "schedule_impact": shapes::impact(),
        "created_at": shapes::time(rfi.created_at),
        "updated_at": shapes::time(rfi.updated_at),
        "initiated_at": rfi.number.map(|_| shapes::time(rfi.created_at)),
        "time_resolved": (rfi.status == RfiStatus::Closed).then(|| shapes::time(rfi.updated_at)),
        "due_date": rfi.due_date,
        "location": shapes::location(state, rfi.location.as_deref()),
        "received_from": shapes::user(state, rfi.created_by),
        "responsible_contractor": null,
        "rfi_manager": shapes::user(state, rfi.rfi_manager),
        "custom_fields": {},
    })
}

/// What show says beyond that. Procore docs: it names no `created_by`; the question carries the author's name.
pub(super) fn full(state: &Books, base: &Url, rfi: &RfiRecord) -> Value {
    let linked = state.drawings.iter().filter(|drawing| rfi.drawing_number.as_ref() == Some(&drawing.number));
    let drawings: Vec<i64> = linked.map(|drawing| drawing.id).collect();
    let own = json!({
        "accepted": rfi.status == RfiStatus::Closed,
        "draft": rfi.status == RfiStatus::Draft,
        "ball_in_court_role": rfi.ball_in_court.map(|_| "Assignee"),
        "assignees": shapes::users(state, &rfi.assignees),
        "distribution_list": shapes::users(state, &rfi.distribution),
        "drawing_ids": drawings,
        "drawing_number": rfi.drawing_number,
        "specification_section": shapes::section(state, rfi.section_id),
        "custom_textfield_1": null,
        "custom_textfield_2": null,
        "questions": [{
            "id": rfi.id + 1,
            "question_date": shapes::time(rfi.created_at),
            "plain_text_body": rfi.question,
            "rich_text_body": rich(rfi),
            "created_by": state.person_name(rfi.created_by),
            "attachments": shapes::attachments(base, &rfi.attachments),
            "answers": answers(state, rfi),
        }],
    });
    merged(common(state, rfi), own)
}

/// One record of both; see [`shapes::filled`] for what is left out.
fn merged(mut whole: Value, part: Value) -> Value {
    if let (Some(fields), Value::Object(own)) = (whole.as_object_mut(), part) {
        fields.extend(own);
    }
    shapes::filled(whole)
}

fn rich(rfi: &RfiRecord) -> String {
    rfi.question_html.clone().unwrap_or_else(|| shapes::paragraphs(&rfi.question))
}

pub(super) fn answers(state: &Books, rfi: &RfiRecord) -> Vec<Value> {
    rfi.answers.iter().map(|answer| answer_body(state, answer)).collect()
}

pub(super) fn answer_body(state: &Books, answer: &Answer) -> Value {
    json!({
        "id": answer.id,
        "official": answer.official,
        "answer_date": shapes::time(answer.answered_at),
        "plain_text_body": answer.body,
        "rich_text_body": shapes::paragraphs(&answer.body),
        "created_by": state.person_name(answer.created_by),
        "created_by_id": answer.created_by,
        "attachments": [],
    })
}

fn title_case(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}
