//! A log entry's own fields in words: the API's names and values as a person would write them down.

use minijinja::value::Serde;
use serde::Serialize;
use serde_json::{Map, Value};

use super::render::capitalised;
use crate::records::LogFamily;

/// A field and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Fact {
    pub(super) name: String,
    pub(super) value: String,
}

/// Fields whose name says less, or something else, than what they hold, in the order in which they come first.
const WORDS: [(&str, &str); 8] = [
    ("vendor", "Company"),
    ("resource_name", "Scheduled"),
    ("showed", "Came"),
    ("num_workers", "Workers"),
    ("num_hours", "Hours each"),
    ("man_hours", "Man-hours"),
    ("comment", "Note"),
    ("is_issue_day", "Marks an issue"),
];

/// A beginning comes before the rest, which has its end.
const BEGINS: [&str; 3] = ["begin", "start", "time"];

/// Free text comes last.
const LAST: [&str; 2] = ["notes", "comments"];

/// Name of a family: `Manpower`, `Daily construction report`.
pub(super) fn family(family: LogFamily) -> String {
    words(family.collection().trim_end_matches("_logs"))
}

/// The fields that say something. Hour and minute of a time are one field.
pub(super) fn shown(fields: &Map<String, Value>) -> Vec<minijinja::Value> {
    facts(fields).into_iter().map(|fact| minijinja::Value::from(Serde(fact))).collect()
}

fn facts(fields: &Map<String, Value>) -> Vec<Fact> {
    let number = |name: &str| fields.get(name).and_then(Value::as_i64);
    let mut ordered: Vec<(&String, &Value)> = fields.iter().collect();
    ordered.sort_by_key(|(name, _)| {
        let first = WORDS.iter().position(|(field, _)| field == name).unwrap_or(WORDS.len());
        (LAST.contains(&name.as_str()), first, !BEGINS.iter().any(|begin| name.starts_with(begin)))
    });
    ordered
        .into_iter()
        .filter_map(|(name, value)| {
            if let Some(stem) = name.strip_suffix("_hour")
                && let (Some(hour), Some(minute)) = (number(name), number(&format!("{stem}_minute")))
            {
                let stem = stem.trim_end_matches("_time");
                return Some(Fact { name: words(stem), value: format!("{hour:02}:{minute:02}") });
            }
            if let Some(stem) = name.strip_suffix("_minute")
                && number(&format!("{stem}_hour")).is_some()
            {
                return None;
            }
            let value = said(value)?;
            let known = WORDS.iter().find(|(field, _)| field == name);
            Some(Fact { name: known.map_or_else(|| words(name), |(_, said)| (*said).to_owned()), value })
        })
        .collect()
}

fn said(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null | Value::Array(_) => return None,
        Value::Bool(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Object(named) => named.get("name")?.as_str()?.to_owned(),
    };
    (!text.trim().is_empty()).then_some(text)
}

/// `some_name` as `Some name`.
fn words(name: &str) -> String {
    capitalised(&name.replace('_', " "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_and_values_are_said_in_words_and_what_is_empty_is_left_out() {
        let table = [
            (
                json!({"num_hours": "8.0", "notes": "x", "num_workers": 6}),
                "Workers: 6; Hours each: 8.0; Notes: x",
            ),
            (json!({"vendor": {"id": 7, "name": "Terra Tile"}, "notes": ""}), "Company: Terra Tile"),
            (
                json!({"end_hour": 8, "end_minute": 0, "start_time_hour": 7, "start_time_minute": 5}),
                "Start: 07:05; End: 08:00",
            ),
            (json!({"inspection_hour": 7, "inspected": true}), "Inspected: yes; Inspection hour: 7"),
            (json!({"vendor": null, "attachments": []}), ""),
        ];
        for (fields, expected) in table {
            let facts: Vec<String> = facts(fields.as_object().unwrap())
                .into_iter()
                .map(|fact| format!("{}: {}", fact.name, fact.value))
                .collect();
            assert_eq!(facts.join("; "), expected);
        }
        assert_eq!(family(LogFamily::DailyConstructionReport), "Daily construction report");
    }
}
