//! What holds for every body a webhook may bring, asserted in one place for the fuzz target, the replay of its
//! corpus and the property tests.
//!
//! The body is read a second time, by other means than the parser's, and the two readings are compared: no event
//! and no id may be lost or changed. Never asks whether an event should have been accepted.

use std::collections::BTreeMap;

use procore::UserId;
use procore::webhook::{Payload, Source, Unreadable, parse};
use serde_json::Value;
use serde_json::value::RawValue;

/// How a body that is JSON of the right kind fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fate {
    /// Elements that were read as events.
    pub(crate) read: usize,
    /// Elements that were kept for a person.
    pub(crate) kept: usize,
}

/// Parses a body; `None` if it was refused as a whole.
///
/// # Panics
/// When something of it is lost or changed.
pub(crate) fn nothing_is_lost(body: &[u8]) -> Option<Fate> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}');
    let events = match parse(body) {
        Ok(events) => events,
        Err(refused) => {
            let came = if std::str::from_utf8(body).is_ok() { text } else { &String::from_utf8_lossy(body) };
            kept(&refused, came);
            assert!(std::str::from_utf8(body).is_err() || elements(text).is_none(), "refused for no reason");
            return None;
        }
    };
    let elements = elements(text).expect("what was not refused is an object or an array");
    assert_eq!(events.len(), elements.len(), "events of the body");
    let mut fate = Fate { read: 0, kept: 0 };
    for (event, element) in events.iter().zip(elements) {
        match event {
            Ok(event) => {
                every_id_is_exact(event, element);
                fate.read += 1;
            }
            Err(unreadable) => {
                kept(unreadable, element);
                fate.kept += 1;
            }
        }
    }
    Some(fate)
}

/// The elements of an array, or the one object; `None` for anything else.
fn elements(text: &str) -> Option<Vec<&str>> {
    if let Ok(array) = serde_json::from_str::<Vec<&RawValue>>(text) {
        return Some(array.into_iter().map(RawValue::get).collect());
    }
    members(text).map(|_| vec![text])
}

fn members(json: &str) -> Option<BTreeMap<String, &RawValue>> {
    serde_json::from_str(json).ok()
}

/// All of it is there, and the reason names a member and quotes nothing.
fn kept(unreadable: &Unreadable, came: &str) {
    const FAULTS: [&str; 8] = [
        "body",
        "event",
        "ulid, id",
        "event_type, reason",
        "company_id",
        "project_id",
        "resource_name, resource_type",
        "resource_id",
    ];
    assert_eq!(unreadable.raw, came, "the raw text");
    let fault = unreadable.reason.split(':').next().unwrap_or_default();
    assert!(FAULTS.contains(&fault), "{}", unreadable.reason);
    assert!(unreadable.reason.len() < 100, "{}", unreadable.reason);
}

fn every_id_is_exact(event: &Payload, json: &str) {
    let members = members(json).expect("an event that was read is an object");
    let raw = |name: &str| members.get(name).map(|raw| raw.get());
    let stated = |name: &str| raw(name).and_then(stated);
    let number = |name: &str| stated(name).as_deref().and_then(number);

    assert_eq!(Some(&event.delivery_id), stated("ulid").or_else(|| stated("id")).as_ref(), "ulid, id");
    assert_eq!(Some(&event.resource_id), stated("resource_id").as_ref(), "resource_id");
    assert_eq!(Some(event.company_id.get()), number("company_id"), "company_id");
    assert_eq!(event.project_id.map(|id| id.get()), number("project_id"), "project_id");
    assert!(
        event.project_id.is_some() || raw("project_id").is_none_or(says_nothing),
        "a project was dropped"
    );
    assert_eq!(event.user_id.map(|id| id.get()), number("user_id"), "user_id");
    assert_eq!(event.source, raw("metadata").and_then(source), "metadata");
    let related: Vec<&str> = event.related.iter().map(|related| related.id.as_str()).collect();
    assert_eq!(related, raw("related_resources").map(ids).unwrap_or_default(), "related_resources");
}

/// A text or a number as text: a number by its value where 64 bits hold it, else by its own characters.
fn stated(raw: &str) -> Option<String> {
    match serde_json::from_str::<Value>(raw) {
        Ok(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Ok(Value::Number(number)) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        // Beyond 64 bits, a fraction, or an exponent no float can hold.
        Ok(Value::Number(_)) => Some(raw.to_owned()),
        Err(_) if raw.starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) => {
            Some(raw.to_owned())
        }
        _ => None,
    }
}

/// Digits alone, as far as an id may go.
fn number(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn says_nothing(raw: &str) -> bool {
    raw == "null" || serde_json::from_str::<String>(raw).is_ok_and(|text| text.trim().is_empty())
}

fn source(raw: &str) -> Option<Source> {
    let members = members(raw)?;
    let stated = |name: &str| members.get(name).and_then(|raw| stated(raw.get()));
    let source = Source {
        user_id: stated("source_user_id").as_deref().and_then(number).map(UserId::new),
        application_id: stated("source_application_id"),
        operation_id: stated("source_operation_id"),
    };
    let nothing = Source { user_id: None, application_id: None, operation_id: None };
    (source != nothing).then_some(source)
}

/// The ids of an array's objects; what is no object, or has none, names no record.
fn ids(raw: &str) -> Vec<String> {
    let array: Vec<&RawValue> = serde_json::from_str(raw).unwrap_or_default();
    array.into_iter().filter_map(|raw| stated(members(raw.get())?.get("id")?.get())).collect()
}
