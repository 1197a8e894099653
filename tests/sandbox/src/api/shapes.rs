//! Pieces of JSON several resources share.

use jiff::Timestamp;
use serde_json::{Value, json};
use url::Url;

use crate::{
    records::{Attachment, Location},
    state::State,
};

/// Procore docs: `YYYY-MM-DDTHH:MM:SSZ`.
pub(super) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `{id, login, name}`, or null for somebody who is not in the directory.
pub(super) fn user(state: &State, id: i64) -> Value {
    state
        .person(id)
        .map_or(Value::Null, |person| json!({ "id": person.id, "login": person.login, "name": person.name }))
}

pub(super) fn users(state: &State, ids: &[i64]) -> Vec<Value> {
    ids.iter().map(|id| user(state, *id)).filter(|user| !user.is_null()).collect()
}

/// The section an RFI or item is linked to: the section's id, not its revision's.
pub(super) fn section(state: &State, section_id: Option<i64>) -> Value {
    section_id.and_then(|id| state.current_section(id)).map_or(
        Value::Null,
        |section| json!({ "id": section.section_id, "number": section.number, "description": section.title }),
    )
}

/// A place by its path, null for one that is not among the project's.
pub(super) fn location(state: &State, name: Option<&str>) -> Value {
    name.and_then(|name| state.location(name)).map_or(Value::Null, place)
}

/// A row of the project's places.
pub(super) fn place(location: &Location) -> Value {
    json!({
        "id": location.id,
        "name": location.name,
        "node_name": location.node_name(),
        "parent_id": location.parent_id,
        "created_at": "2025-08-04T15:00:00Z",
        "updated_at": "2025-08-04T15:00:00Z",
    })
}

pub(super) fn attachments(base: &Url, files: &[Attachment]) -> Vec<Value> {
    files
        .iter()
        .map(|file| {
            json!({
                "id": file.id,
                "name": file.name,
                "filename": file.name,
                "url": file_url(base, "attachments", file.id, &file.name),
            })
        })
        .collect()
}

/// `{base}/files/{kind}/{id}/{name}` with the name percent-encoded.
pub(super) fn file_url(base: &Url, kind: &str, id: i64, name: &str) -> String {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.clear().extend(["files", kind, &id.to_string(), name]);
    }
    url.into()
}

/// Plain text as the HTML the vendor's editor would have made of it.
pub(super) fn paragraphs(text: &str) -> String {
    text.split("\n\n").map(|part| format!("<p>{}</p>", escaped(part).replace('\n', "<br>"))).collect()
}

/// What is left of HTML when its tags are taken out, one line for each paragraph.
pub(crate) fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tagged)) = rest.split_once('<') {
        text.push_str(before);
        let Some((tag, after)) = tagged.split_once('>') else {
            rest = "";
            break;
        };
        if tag == "/p" || tag.starts_with("br") {
            text.push('\n');
        }
        rest = after;
    }
    text.push_str(rest);
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").trim().to_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

pub(super) fn impact() -> Value {
    json!({ "status": "tbd" })
}

/// Without the fields that have nothing to say. Procore docs: the reference marks few of them as nullable.
pub(super) fn filled(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, one)| !one.is_null())
            .map(|(name, one)| (name, filled(one)))
            .collect(),
        Value::Array(parts) => parts.into_iter().map(filled).collect(),
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_encoded_and_text_is_escaped() {
        let base = Url::parse("http://127.0.0.1:9/").unwrap();
        assert_eq!(
            file_url(&base, "attachments", 7, "A-501 rev 2/../x?.txt"),
            "http://127.0.0.1:9/files/attachments/7/A-501%20rev%202%2F..%2Fx%3F.txt"
        );
        assert_eq!(paragraphs("a < b\nc\n\nd"), "<p>a &lt; b<br>c</p><p>d</p>");
        assert_eq!(plain("<p>a &lt; b<br>c</p><p>d</p>"), "a < b\nc\nd");
        assert_eq!(plain("no tags"), "no tags");
    }
}
