//! Lenient reading of the vendor's JSON: null for a missing member, a number for a text, a text for a number.
//!
//! Procore's schemas and its answers differ in such details, by version and by tenant. A detail that cannot
//! be read is absent; it never fails the record it stands in.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::ids::UserId;
use crate::people::User;

/// A member that may be null, empty (`{}`) or of another type.
pub(crate) fn maybe<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

/// A member that has a value for "not stated".
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    maybe(deserializer).map(Option::unwrap_or_default)
}

/// A list that may be null; elements that cannot be read are left out.
pub(crate) fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Ok(elements(Value::deserialize(deserializer)?)
        .into_iter()
        .filter_map(|row| serde_json::from_value(row).ok())
        .collect())
}

/// A list of people. Somebody who cannot be read stays in it, with id 0 and no name: a list that decides
/// whether a draft is unseen must never look emptier than it is.
pub(crate) fn people<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<User>, D::Error> {
    let unreadable = || User { id: UserId::new(0), name: String::new(), login: None };
    let value = Value::deserialize(deserializer)?;
    if !matches!(value, Value::Array(_) | Value::Null) {
        return Ok(vec![unreadable()]);
    }
    Ok(elements(value)
        .into_iter()
        .map(|person| serde_json::from_value(person).unwrap_or_else(|_| unreadable()))
        .collect())
}

fn elements(value: Value) -> Vec<Value> {
    match value {
        Value::Array(elements) => elements,
        _ => Vec::new(),
    }
}

/// A text or a number; nothing when empty.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// The same where an empty text will do.
pub(crate) fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text(deserializer).map(Option::unwrap_or_default)
}

/// A boolean; absent is false.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Bool(flag) => flag,
        Value::String(text) => text == "true",
        _ => false,
    })
}

/// A moment: RFC 3339, or a date alone, which is its midnight in UTC.
pub(crate) fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let Value::String(text) = Value::deserialize(deserializer)? else {
        return Ok(None);
    };
    let midnight = || Some(text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp());
    Ok(text.parse().ok().or_else(midnight))
}

/// An end no record will reach: a range must have one, and the answer must not depend on our clock.
const FAR_END: &str = "2999-12-31T23:59:59Z";

/// Procore docs: a range of dates is `start...end`, in UTC, to the second.
pub(crate) fn range_from(start: Timestamp) -> String {
    format!("{}...{FAR_END}", start.strftime("%Y-%m-%dT%H:%M:%SZ"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, Debug, PartialEq)]
    struct Row {
        #[serde(default, deserialize_with = "text")]
        text: Option<String>,
        #[serde(default, deserialize_with = "flag")]
        flag: bool,
        #[serde(default, deserialize_with = "moment")]
        moment: Option<Timestamp>,
        #[serde(default, deserialize_with = "maybe")]
        person: Option<User>,
        #[serde(default, deserialize_with = "people")]
        people: Vec<User>,
        #[serde(default, deserialize_with = "list")]
        list: Vec<i64>,
    }

    #[test]
    fn every_odd_form_is_read_or_absent() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let user = |id| User { id: UserId::new(id), name: "A".into(), login: None };
        let row = |json: &str| serde_json::from_str::<Row>(json).unwrap();
        let none = Row { text: None, flag: false, moment: None, person: None, people: vec![], list: vec![] };
        assert_eq!(row("{}"), none);
        assert_eq!(
            row(
                r#"{"text": null, "flag": null, "moment": null, "person": null, "people": null, "list": null}"#
            ),
            none
        );
        assert_eq!(
            row(r#"{"text": " ", "flag": 1, "moment": "soon", "person": {}, "list": {"a": 1}}"#),
            none
        );
        assert_eq!(
            row(r#"{"text": 12, "flag": "true", "moment": "2026-03-04", "person": {"id": "7", "name": "A"},
                    "people": [{"id": 8, "name": "A"}, {"name": "no id"}, 4], "list": [1, "x", 2]}"#),
            Row {
                text: Some("12".into()),
                flag: true,
                moment: at("2026-03-04T00:00:00Z"),
                person: Some(user(7)),
                people: vec![
                    user(8),
                    User { id: UserId::new(0), name: String::new(), login: None },
                    User { id: UserId::new(0), name: String::new(), login: None },
                ],
                list: vec![1, 2],
            }
        );
        assert_eq!(row(r#"{"moment": "2026-03-04T05:06:07Z"}"#).moment, at("2026-03-04T05:06:07Z"));
        assert_eq!(row(r#"{"moment": "2026-03-04T05:06:07.5-08:00"}"#).moment, at("2026-03-04T13:06:07.5Z"));
        assert_eq!(row(r#"{"people": {"id": 8}}"#).people.len(), 1);
    }

    #[test]
    fn a_range_has_whole_seconds() {
        let start: Timestamp = "2026-03-04T05:06:07.999Z".parse().unwrap();
        assert_eq!(range_from(start), "2026-03-04T05:06:07Z...2999-12-31T23:59:59Z");
    }
}
