//! Every record type over generated and mutated JSON: it never panics, never fails for a detail, and never
//! loses or changes an id, however large and in whichever of the two forms it comes.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::kinds::{Kind, kinds};

/// What a mutation does to the value it meets.
#[derive(Clone, Debug)]
enum Change {
    Remove,
    Replace(Value),
    Wrap,
    Nest(usize),
    OtherForm,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        2 => Just(Change::Remove),
        1 => Just(Change::Replace(Value::Null)),
        4 => odd().prop_map(Change::Replace),
        4 => id().prop_map(Change::Replace),
        1 => Just(Change::Wrap),
        1 => (1_usize..60).prop_map(Change::Nest),
        2 => Just(Change::OtherForm),
    ]
}

/// Values of every type, some of them large.
fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,40}".prop_map(Value::String),
        (1_usize..20_000).prop_map(|length| Value::String("é".repeat(length))),
        Just(json!([])),
        Just(json!({})),
        Just(json!([null, 1, "x", {"id": "2"}, [[]]])),
        Just(json!({"id": {"id": 1}, "name": null})),
        Just(json!("2026-02-30")),
        Just(json!("-262144-01-01T00:00:00Z")),
    ]
}

/// Ids in both forms, and what only looks like one.
fn id() -> impl Strategy<Value = Value> {
    let number = prop_oneof![0..=i64::MAX, Just(i64::MAX), ((1_i64 << 53) - 2)..((1_i64 << 53) + 3)];
    prop_oneof![
        4 => number.clone().prop_map(|number| json!(number)),
        4 => number.prop_map(|number| json!(number.to_string())),
        1 => any::<u64>().prop_map(|number| json!(number)),
        1 => any::<u64>().prop_map(|number| json!(number.to_string())),
        1 => (i64::MIN..0).prop_map(|number| json!(number)),
        1 => "[0-9]{1,30}".prop_map(Value::String),
        1 => "[+ -]?[0-9]{1,5}(\\.0|e3| )?".prop_map(Value::String),
    ]
}

/// Every member of every object in it, as a pointer.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                found.push(format!("{at}/{name}"));
                places(member, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                found.push(format!("{at}/{index}"));
                places(element, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Levels of a record. `serde_json` reads 127 of them; what is deeper is no text it takes.
const DEEPEST: usize = 110;

fn levels(value: &Value) -> usize {
    let deepest = match value {
        Value::Object(members) => members.values().map(levels).max(),
        Value::Array(elements) => elements.iter().map(levels).max(),
        _ => return 0,
    };
    1 + deepest.unwrap_or(0)
}

fn mutate(record: &mut Value, place: &Index, change: &Change) {
    let left = DEEPEST.saturating_sub(levels(record));
    let mut found = Vec::new();
    places(record, "", &mut found);
    if found.is_empty() {
        return;
    }
    let at = place.get(&found);
    if let (Change::Remove, Some((parent, name))) = (change, at.rsplit_once('/')) {
        if let Some(members) = record.pointer_mut(parent).and_then(Value::as_object_mut) {
            members.remove(name);
        }
        return;
    }
    let Some(value) = record.pointer_mut(at) else { return };
    let met = value.take();
    *value = match change {
        Change::Replace(other) => other.clone(),
        Change::Wrap => json!([met]),
        Change::Nest(depth) => (0..left.min(*depth))
            .fold(met, |inner, level| if level % 2 == 0 { json!({ "id": inner }) } else { json!([inner]) }),
        Change::OtherForm | Change::Remove => other_form(met),
    };
}

/// A number as its text, and the other way round.
fn other_form(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::String(text) => text.parse::<i64>().map_or(Value::String(text), |number| json!(number)),
        other => other,
    }
}

/// The id that stands at this place of the JSON, read by other means than the crate's.
fn stated(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Number(number) => number.to_string().parse::<i64>().ok().filter(|id| *id >= 0),
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

/// Whether everything on the way to the place is an object, so that the place means what it seems to.
fn is_plain(record: &Value, pointer: &str) -> bool {
    let mut parents = pointer.match_indices('/').map(|(end, _)| &pointer[..end]);
    parents.all(|parent| record.pointer(parent).is_none_or(Value::is_object))
}

fn check(kind: &Kind, record: &Value) -> Result<(), TestCaseError> {
    let read = (kind.read)(&record.to_string());
    let ids: Option<Vec<i64>> = kind.ids.iter().map(|pointer| stated(record.pointer(pointer))).collect();
    prop_assert_eq!(
        read.as_ref().map(|(ids, _)| ids),
        ids.as_ref(),
        "{}: it reads, with that id, if and only if it has one",
        kind.name
    );
    let Some((_, more)) = read else { return Ok(()) };
    for (pointer, read) in kind.more.iter().zip(more) {
        if is_plain(record, pointer) {
            prop_assert_eq!(read, stated(record.pointer(pointer)), "{} {}", kind.name, pointer);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_record_is_lost_for_a_detail_and_no_id_is_changed(
        changes in prop::collection::vec((any::<Index>(), change()), 0..8),
        first in id(),
    ) {
        for kind in kinds() {
            let mut record = kind.sample.clone();
            for pointer in kind.ids {
                *record.pointer_mut(pointer).unwrap() = first.clone();
            }
            check(&kind, &record)?;
            for (place, change) in &changes {
                mutate(&mut record, place, change);
            }
            check(&kind, &record)?;
        }
    }

    /// Text that is no record at all.
    #[test]
    fn nothing_else_makes_it_panic(text in ".{0,200}", record in odd(), cut in any::<Index>()) {
        for kind in kinds() {
            let whole = kind.sample.to_string();
            let cut: String = whole.chars().take(cut.index(whole.len())).collect();
            for text in [text.clone(), record.to_string(), format!("[{record}]"), cut] {
                let _ = (kind.read)(&text);
            }
        }
    }

    /// v1 sends ids as numbers, v2 as texts.
    #[test]
    fn both_forms_of_a_record_read_the_same(number in 0..=i64::MAX) {
        for kind in kinds() {
            let (mut v1, mut v2) = (kind.sample.clone(), kind.sample.clone());
            set_ids(&mut v1, "", &json!(number));
            set_ids(&mut v2, "", &json!(number.to_string()));
            prop_assert!((kind.same)(&v1.to_string(), &v2.to_string()), "{}", kind.name);
            prop_assert!(!(kind.same)(&v1.to_string(), &kind.sample.to_string()), "{}", kind.name);
        }
    }
}

/// Gives every id of a record this value, in the lists of ids as well.
fn set_ids(value: &mut Value, name: &str, id: &Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                set_ids(member, name, id);
            }
        }
        Value::Array(elements) => {
            for element in elements {
                set_ids(element, name.trim_end_matches('s'), id);
            }
        }
        other if name == "id" || name.ends_with("_id") => *other = id.clone(),
        _ => {}
    }
}

#[test]
fn every_sample_reads() {
    for kind in kinds() {
        let read = (kind.read)(&kind.sample.to_string());
        assert!(
            read.is_some_and(|(ids, more)| {
                ids.len() == kind.ids.len()
                    && more.len() == kind.more.len()
                    && more.iter().all(Option::is_some)
            }),
            "{}",
            kind.name
        );
    }
}
