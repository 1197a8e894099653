//! What of a draft RFI the service account filled in: what it sent, where that still stands.

use serde_json::Value;

use crate::{api::shapes, records::RfiRecord, state::State};

/// The fields, as the page names them. What a person has rewritten since is the person's.
pub(super) fn of(state: &State, rfi_id: i64) -> Vec<&'static str> {
    let Some(rfi) = state.rfi(rfi_id) else {
        return Vec::new();
    };
    let path = format!("/rfis/{rfi_id}");
    let writes = state.journal.iter().map(|(_, request)| request).filter(|request| {
        request.method == "PATCH" && request.status == 200 && request.path.ends_with(&path)
    });
    let mut filled = Vec::new();
    for sent in writes.filter_map(|request| request.body.get("rfi")) {
        filled.extend(
            standing(state, rfi, sent).into_iter().filter_map(|(name, stands)| stands.then_some(name)),
        );
    }
    filled.sort_unstable();
    filled.dedup();
    filled
}

/// Each field with whether what was sent for it is what the record says.
fn standing(state: &State, rfi: &RfiRecord, sent: &Value) -> [(&'static str, bool); 7] {
    let text = |name: &str| sent.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let same = |name: &str, held: Option<&str>| text(name).is_some() && text(name) == held;
    let id = |name: &str| sent.get(name).and_then(Value::as_i64);
    let question = sent.pointer("/question/body").and_then(Value::as_str).map(shapes::plain);
    let location = rfi.location.as_deref().and_then(|name| state.location(name)).map(|place| place.id);
    [
        ("Question", question.is_some_and(|body| !body.is_empty() && body == rfi.question)),
        ("Subject", same("subject", Some(&rfi.subject))),
        ("Drawing number", same("drawing_number", rfi.drawing_number.as_deref())),
        ("Reference", same("reference", rfi.reference.as_deref())),
        ("Due date", same("due_date", rfi.due_date.as_deref())),
        ("Location", id("location_id").is_some() && id("location_id") == location),
        (
            "Specification section",
            id("specification_section_id").is_some() && id("specification_section_id") == rfi.section_id,
        ),
    ]
}
