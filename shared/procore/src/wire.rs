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

use crate::ids::{self, UserId};
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

/// A list that decides whether a draft is unseen, and so must never look emptier than it is: what cannot be
/// read stays in it, blank.
pub(crate) fn every<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    if !matches!(value, Value::Array(_) | Value::Null) {
        return Ok(vec![T::default()]);
    }
    Ok(elements(value).into_iter().map(|row| serde_json::from_value(row).unwrap_or_default()).collect())
}

/// The same of people; somebody who cannot be read has id 0 and no name.
pub(crate) fn people<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<User>, D::Error> {
    let named: Vec<Somebody> = every(deserializer)?;
    Ok(named.into_iter().map(|somebody| somebody.0).collect())
}

/// One person in the same place: null and `{}` are nobody, anything else is somebody.
pub(crate) fn somebody<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<User>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => None,
        Value::Object(members) if members.is_empty() => None,
        value => Some(serde_json::from_value::<Somebody>(value).unwrap_or_default().0),
    })
}

#[derive(Deserialize)]
struct Somebody(User);

impl Default for Somebody {
    fn default() -> Somebody {
        Somebody(User { id: UserId::new(0), name: String::new(), login: None })
    }
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

/// A boolean; absent or unreadable is true.
pub(crate) fn unless_denied<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Bool(flag) => flag,
        Value::String(text) => text != "false",
        _ => true,
    })
}

/// The value of [`unless_denied`] for a member that is not there.
pub(crate) fn yes() -> bool {
    true
}

/// An id without a type of its own, where stated.
pub(crate) fn maybe_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(ids::bare(Value::deserialize(deserializer)?).ok())
}

/// An id that need not be a number, as text. A number too large to be held exactly is none: it would come out
/// as another one.
pub(crate) fn id_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        Value::Number(number) => number.as_u64().map(|number| number.to_string()),
        _ => None,
    })
}

/// A count: a whole number that is not negative, as a number or as text, `7.0` included.
pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let whole = |text: &str| text.strip_suffix(".0").unwrap_or(text).parse().ok();
    Ok(text(deserializer)?.and_then(|text| whole(text.trim())))
}

/// A day: YYYY-MM-DD alone. A moment is not one, because its day depends on the time zone.
pub(crate) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) if text.len() == "YYYY-MM-DD".len() => text.parse().ok(),
        _ => None,
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

    #[derive(Deserialize, Debug, PartialEq)]
    struct Odd {
        #[serde(default = "yes", deserialize_with = "unless_denied")]
        active: bool,
        #[serde(default, deserialize_with = "maybe_id")]
        id: Option<i64>,
        #[serde(default, deserialize_with = "count")]
        count: Option<u32>,
        #[serde(default, deserialize_with = "day")]
        day: Option<Date>,
        #[serde(default, deserialize_with = "somebody")]
        somebody: Option<User>,
    }

    #[test]
    fn numbers_days_and_people_are_read_or_absent() {
        let row = |json: &str| serde_json::from_str::<Odd>(json).unwrap();
        let none = Odd { active: true, id: None, count: None, day: None, somebody: None };
        for json in [
            "{}",
            r#"{"active": null, "id": null, "count": null, "day": null, "somebody": null}"#,
            r#"{"active": 4, "id": -1, "count": -1, "day": "2026-03-04T05:06:07Z", "somebody": {}}"#,
            r#"{"active": "yes", "id": "x", "count": 1.5, "day": "20260304", "somebody": {}}"#,
            r#"{"id": 9223372036854775808, "count": 4294967296, "day": "2026-02-30"}"#,
        ] {
            assert_eq!(row(json), none, "{json}");
        }
        let read = row(r#"{"active": "false", "id": "5982324300946918154", "count": " 12 ",
            "day": "2026-03-04", "somebody": 7}"#);
        assert_eq!((read.active, read.id, read.count), (false, Some(5_982_324_300_946_918_154), Some(12)));
        assert_eq!((read.day, read.somebody.unwrap().id), ("2026-03-04".parse().ok(), UserId::new(0)));
        assert!(!row(r#"{"active": false}"#).active);
        assert_eq!((row(r#"{"count": 7.0}"#).count, row(r#"{"count": 0}"#).count), (Some(7), Some(0)));
        assert_eq!(row(r#"{"somebody": {"id": "8"}}"#).somebody.unwrap().id, UserId::new(8));
    }

    #[test]
    fn a_range_has_whole_seconds() {
        let start: Timestamp = "2026-03-04T05:06:07.999Z".parse().unwrap();
        assert_eq!(range_from(start), "2026-03-04T05:06:07Z...2999-12-31T23:59:59Z");
    }
}
