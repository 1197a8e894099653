//! The corpus of the fuzz target, replayed on stable, and the same judgement over generated and mutated bodies.

use std::collections::BTreeSet;

use procore::webhook::Version;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::stand_in::fixture;
use check::{Fate, nothing_is_lost};

#[path = "../../fuzz/check.rs"]
mod check;

/// Names of files begin with what becomes of them.
fn as_named(name: &str, fate: Option<Fate>) -> bool {
    let (kind, _) = name.split_once('-').unwrap();
    match (kind, fate) {
        ("refused", fate) => fate.is_none(),
        ("read", Some(fate)) => fate.kept == 0,
        ("kept", Some(fate)) => fate.read == 0 && fate.kept > 0,
        ("mixed", Some(fate)) => fate.read > 0 && fate.kept > 0,
        _ => false,
    }
}

#[test]
fn every_file_of_the_corpus_fares_as_its_name_says() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/payload");
    let mut kinds = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        let fate = nothing_is_lost(&std::fs::read(file.path()).unwrap());
        assert!(as_named(&name, fate), "{name}: {fate:?}");
        kinds.insert(name.split('-').next().unwrap().to_owned());
    }
    assert_eq!(Vec::from_iter(kinds), ["kept", "mixed", "read", "refused"], "the corpus is there");
}

/// Numbers and texts as ids come, near the edges of 2^53 and 64 bits.
fn any_id() -> impl Strategy<Value = Value> {
    let edges = prop::sample::select(vec![
        0,
        1,
        (1 << 31) + 1,
        (1 << 53) + 1,
        5_982_324_300_946_918_154,
        u64::try_from(i64::MAX).unwrap(),
        u64::try_from(i64::MAX).unwrap() + 1,
        u64::MAX,
    ]);
    prop_oneof![
        edges.clone().prop_map(Value::from),
        edges.prop_map(|id| Value::from(id.to_string())),
        (0..i64::MAX).prop_map(Value::from),
        (0..i64::MAX).prop_map(|id| Value::from(id.to_string())),
        "[0-9A-HJKMNP-TV-Z]{26}".prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(Value::Null),
        Just(json!({"id": 7})),
    ]
}

/// One event of a version, each of its ids replaced or left.
fn any_event() -> impl Strategy<Value = Value> {
    const IDS: [&str; 6] = ["id", "ulid", "company_id", "project_id", "user_id", "resource_id"];
    let name = prop::sample::select(vec!["webhook_v2.json", "webhook_v3.json", "webhook_v4.json"]);
    let ids = prop::collection::vec((prop::sample::select(IDS.to_vec()), any_id()), 0..4);
    let within = (any_id(), prop::collection::vec(any_id(), 0..3));
    (name, ids, prop::option::of(within)).prop_map(|(name, ids, within)| {
        let mut event: Value = serde_json::from_slice(&fixture(name)).unwrap();
        for (member, id) in ids {
            event[member] = id;
        }
        if let Some((id, related)) = within.filter(|_| name != "webhook_v4.json") {
            event["metadata"]["source_user_id"] = id;
            event["related_resources"] =
                related.into_iter().map(|id| json!({"id": id, "name": "RFIs"})).collect();
        }
        event
    })
}

/// An event that was only given ids the vendor documents: it may not even be kept aside.
fn proper_event() -> impl Strategy<Value = (Value, Version)> {
    let versions = [Version::V2, Version::V3, Version::V4];
    (prop::sample::select(versions.to_vec()), 1..i64::MAX, 1..i64::MAX, 1..i64::MAX).prop_map(
        |(version, company, project, resource)| {
            let (name, text) = match version {
                Version::V2 => ("webhook_v2.json", false),
                Version::V3 => ("webhook_v3.json", false),
                Version::V4 => ("webhook_v4.json", true),
            };
            let mut event: Value = serde_json::from_slice(&fixture(name)).unwrap();
            for (member, id) in [("company_id", company), ("project_id", project), ("resource_id", resource)]
            {
                event[member] = if text { id.to_string().into() } else { id.into() };
            }
            (event, version)
        },
    )
}

/// What a broken line or a hostile hand does to bytes.
#[derive(Clone, Debug)]
enum Damage {
    Cut(prop::sample::Index),
    Set(prop::sample::Index, u8),
    Insert(prop::sample::Index, Vec<u8>),
    Repeat(prop::sample::Index, prop::sample::Index),
}

impl Damage {
    fn any() -> impl Strategy<Value = Damage> {
        let at = any::<prop::sample::Index>;
        let piece = prop::sample::select(vec![
            "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "1e999", "\\ud800", "\u{feff}",
        ]);
        prop_oneof![
            1 => at().prop_map(Damage::Cut),
            3 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
            3 => (at(), piece).prop_map(|(at, piece)| Damage::Insert(at, piece.into())),
            1 => (at(), at()).prop_map(|(from, to)| Damage::Repeat(from, to)),
        ]
    }

    fn done(self, body: &mut Vec<u8>) {
        let place =
            |at: prop::sample::Index, body: &[u8]| if body.is_empty() { 0 } else { at.index(body.len()) };
        match self {
            Damage::Cut(at) => body.truncate(place(at, body)),
            Damage::Set(at, byte) => {
                let at = place(at, body);
                body.iter_mut().skip(at).take(1).for_each(|there| *there = byte);
            }
            Damage::Insert(at, piece) => {
                let at = place(at, body);
                body.splice(at..at, piece);
            }
            Damage::Repeat(from, to) => {
                let (from, to) = (place(from, body), place(to, body));
                let again = body[from.min(to)..from.max(to)].to_vec();
                body.extend(again);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_generated_event_loses_an_id(event in any_event()) {
        let fate = nothing_is_lost(event.to_string().as_bytes());
        prop_assert_eq!(fate.map(|fate| fate.read + fate.kept), Some(1));
    }

    #[test]
    fn no_generated_array_loses_an_event(events in prop::collection::vec(any_event(), 0..5)) {
        let fate = nothing_is_lost(Value::from(events.clone()).to_string().as_bytes());
        prop_assert_eq!(fate.map(|fate| fate.read + fate.kept), Some(events.len()));
    }

    #[test]
    fn documented_ids_of_any_size_are_read_in_each_version(
        events in prop::collection::vec(proper_event(), 1..5),
        alone in any::<bool>(),
    ) {
        let bodies: Vec<Value> = events.iter().map(|(event, _)| event.clone()).collect();
        let body = if alone { bodies[0].clone() } else { Value::from(bodies) };
        let count = if alone { 1 } else { events.len() };
        prop_assert_eq!(nothing_is_lost(body.to_string().as_bytes()), Some(Fate { read: count, kept: 0 }));
        let read = procore::webhook::parse(body.to_string().as_bytes()).unwrap();
        for (payload, (_, version)) in read.iter().zip(&events) {
            prop_assert_eq!(payload.as_ref().unwrap().version, *version);
        }
    }

    #[test]
    fn no_damage_to_the_bytes_does_harm(
        event in any_event(),
        array in any::<bool>(),
        damage in prop::collection::vec(Damage::any(), 1..6),
    ) {
        let body = if array { json!([event, event]) } else { event };
        let mut body = body.to_string().into_bytes();
        for damage in damage {
            damage.done(&mut body);
        }
        nothing_is_lost(&body);
    }
}
