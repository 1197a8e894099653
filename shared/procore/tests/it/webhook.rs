//! Deliveries of all three versions, the odd ones the vendor's documents warn of, and anything at all.

use procore::webhook::{Payload, Related, Source, Version, parse};
use procore::{CompanyId, ProjectId, UserId};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::stand_in::fixture;

fn one(body: &Value) -> Payload {
    let mut events = parse(body.to_string().as_bytes()).unwrap();
    assert_eq!(events.len(), 1);
    events.remove(0).unwrap()
}

fn recorded(name: &str) -> Value {
    serde_json::from_slice(&fixture(name)).unwrap()
}

#[test]
fn the_three_versions_say_the_same() {
    let at = |text: &str| Some(text.parse().unwrap());
    let v2 = Payload {
        version: Version::V2,
        delivery_id: "01K1Q8ZB7V3M5N9R2T4W6X8Y0A".into(),
        occurred_at: at("2026-06-03T16:20:31.482913Z"),
        reason: "update".into(),
        company_id: CompanyId::new(8001),
        project_id: Some(ProjectId::new(4071)),
        user_id: Some(UserId::new(5102)),
        resource_name: "RFIs".into(),
        resource_id: "562949953421771".into(),
        source: Some(Source { user_id: Some(UserId::new(5102)), application_id: None, operation_id: None }),
        related: vec![],
    };
    assert_eq!(one(&recorded("webhook_v2.json")), v2);
    assert_eq!(
        one(&recorded("webhook_v3.json")),
        Payload {
            version: Version::V3,
            delivery_id: "01K1Q8ZB7V3M5N9R2T4W6X8Y0B".into(),
            occurred_at: at("2026-06-03T16:20:32.000117Z"),
            reason: "create".into(),
            user_id: Some(UserId::new(990_001)),
            resource_name: "Change Event Line Items".into(),
            resource_id: "30118".into(),
            source: Some(Source {
                user_id: Some(UserId::new(990_001)),
                application_id: Some("6f1c0a5e9d".into()),
                operation_id: Some("draft-01K1Q8".into()),
            }),
            related: vec![Related { id: "20117".into(), name: "Change Events".into() }],
            ..v2.clone()
        }
    );
    assert_eq!(
        one(&recorded("webhook_v4.json")),
        Payload {
            version: Version::V4,
            delivery_id: "01K1Q8ZB7V3M5N9R2T4W6X8Y0C".into(),
            occurred_at: at("2026-06-03T16:20:33.250001Z"),
            reason: "create".into(),
            source: None,
            ..v2
        }
    );
}

/// The fixture with these members changed; a member changed to `"-"` is taken away.
fn changed(name: &str, members: &Value) -> Value {
    let mut event = recorded(name);
    for (key, value) in members.as_object().unwrap() {
        if value == "-" {
            event.as_object_mut().unwrap().remove(key);
        } else {
            event[key] = value.clone();
        }
    }
    event
}

#[test]
fn versions_are_told_by_their_members() {
    for (name, members, version) in [
        ("webhook_v2.json", json!({"api_version": "v2"}), Version::V2),
        ("webhook_v2.json", json!({"api_version": "-"}), Version::V2),
        ("webhook_v2.json", json!({"api_version": null, "metadata": "-"}), Version::V2),
        ("webhook_v2.json", json!({"related_resources": []}), Version::V3),
        ("webhook_v3.json", json!({"api_version": "-"}), Version::V3),
        ("webhook_v3.json", json!({"related_resources": "-"}), Version::V3),
        ("webhook_v4.json", json!({"data": {"a": 1}}), Version::V4),
        ("webhook_v4.json", json!({"api_version": "v4.0"}), Version::V4),
        ("webhook_v4.json", json!({"company_id": 8001, "resource_id": 562949953421771_i64}), Version::V4),
    ] {
        assert_eq!(one(&changed(name, &members)).version, version, "{name} {members}");
    }
}

#[test]
fn what_is_null_absent_or_empty_is_none() {
    for name in ["webhook_v2.json", "webhook_v3.json", "webhook_v4.json"] {
        for nothing in [json!(null), json!("-"), json!(""), json!("  ")] {
            let members = json!({"project_id": nothing, "user_id": nothing, "metadata": nothing, "timestamp": nothing, "related_resources": nothing});
            let event = one(&changed(name, &members));
            assert_eq!(
                (event.project_id, event.user_id, &event.source),
                (None, None, &None),
                "{name} {nothing}"
            );
            assert_eq!((event.occurred_at, event.related.len()), (None, 0), "{name} {nothing}");
        }
    }
    let silent = json!({"source_user_id": null, "source_application_id": "", "source_company_id": 8001});
    assert_eq!(one(&changed("webhook_v2.json", &json!({"metadata": silent}))).source, None);
    let partly = json!({"source_user_id": "990001", "source_application_id": 77});
    assert_eq!(
        one(&changed("webhook_v2.json", &json!({"metadata": partly}))).source,
        Some(Source {
            user_id: Some(UserId::new(990_001)),
            application_id: Some("77".into()),
            operation_id: None
        })
    );
}

#[test]
fn unknown_resources_reasons_and_members_are_values() {
    let event = one(&changed(
        "webhook_v4.json",
        &json!({"reason": "Ball_In_Court.Shifted", "resource_type": "Space Elevators", "resource_id": "a/b-7",
                "user_id": "svc:9", "timestamp": "yesterday", "extra": [[[]]], "related_resources": [{"id": 1}, {}, 4]}),
    ));
    assert_eq!(
        (&*event.reason, &*event.resource_name, &*event.resource_id),
        ("ball_in_court.shifted", "Space Elevators", "a/b-7")
    );
    assert_eq!((event.user_id, event.occurred_at), (None, None));
    assert_eq!(event.related, [Related { id: "1".into(), name: String::new() }]);
}

#[test]
fn ids_of_any_size_are_exact() {
    for digits in ["9007199254740993", "5982324300946918154", "9223372036854775807"] {
        let body = format!(
            r#"{{"id": {digits}, "event_type": "create", "company_id": {digits}, "project_id": "{digits}",
                "user_id": {digits}, "resource_name": "RFIs", "resource_id": {digits}}}"#
        );
        let event = parse(body.as_bytes()).unwrap().remove(0).unwrap();
        assert_eq!((&*event.delivery_id, &*event.resource_id), (digits, digits));
        assert_eq!(
            (event.company_id.to_string(), event.project_id.unwrap().to_string()),
            (digits.into(), digits.into())
        );
        assert_eq!(event.user_id.unwrap().to_string(), digits);
    }
    let beyond = "340282366920938463463374607431768211457";
    let body = changed("webhook_v4.json", &json!({"id": "X"})).to_string().replace("\"X\"", beyond);
    assert_eq!(parse(body.as_bytes()).unwrap().remove(0).unwrap().delivery_id, beyond);
}

#[test]
fn what_cannot_be_routed_is_kept_with_the_name_of_its_fault() {
    for (members, fault) in [
        (json!({"company_id": "-"}), "company_id"),
        (json!({"company_id": "secret-7"}), "company_id"),
        (json!({"company_id": 1.5}), "company_id"),
        (json!({"project_id": "secret-7"}), "project_id"),
        (json!({"project_id": {"id": 1}}), "project_id"),
        (json!({"project_id": -4}), "project_id"),
        (json!({"resource_id": null}), "resource_id"),
        (json!({"resource_id": ["secret-7"]}), "resource_id"),
        (json!({"resource_name": "-"}), "resource_name"),
        (json!({"event_type": ""}), "event_type"),
        (json!({"ulid": "-", "id": "-"}), "ulid, id"),
    ] {
        let body = changed("webhook_v2.json", &members).to_string();
        let error = parse(body.as_bytes()).unwrap().remove(0).unwrap_err();
        assert!(error.reason.starts_with(fault), "{members}: {}", error.reason);
        assert_eq!(error.raw, body);
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("secret-7") && !shown.contains("RFIs"), "{shown}");
    }
}

#[test]
fn a_body_is_one_event_or_an_array() {
    let (first, second) = (recorded("webhook_v2.json"), recorded("webhook_v4.json"));
    let events = parse(json!([first, {"odd": "element"}, 4, second]).to_string().as_bytes()).unwrap();
    let read: Vec<_> = events
        .iter()
        .map(|event| event.as_ref().map(|event| event.version).map_err(|error| error.raw.as_str()))
        .collect();
    assert_eq!(read, [Ok(Version::V2), Err(r#"{"odd":"element"}"#), Err("4"), Ok(Version::V4)]);
    assert_eq!(parse(b" [ ] ").unwrap(), []);
    let marked = [b"\xef\xbb\xbf".to_vec(), fixture("webhook_v2.json")].concat();
    assert!(parse(&marked).unwrap().remove(0).is_ok(), "a byte order mark does no harm");
    for body in [&b""[..], b"null", b"\"text\"", b"7", b"{", b"[1", b"{} {}", b"\xff\xfe{}", b"<html>"] {
        let error = parse(body).unwrap_err();
        assert!(error.reason.starts_with("body: "), "{body:?}");
        assert_eq!(error.raw, String::from_utf8_lossy(body));
    }
    let deep = "[".repeat(100_000);
    assert!(parse(deep.as_bytes()).is_err());
    let nested = format!("[{}{}]", "[".repeat(50_000), "]".repeat(50_000));
    assert!(parse(nested.as_bytes()).unwrap().remove(0).is_err());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

const MEMBERS: [&str; 14] = [
    "id",
    "ulid",
    "timestamp",
    "event_type",
    "reason",
    "company_id",
    "project_id",
    "user_id",
    "resource_name",
    "resource_type",
    "resource_id",
    "api_version",
    "metadata",
    "related_resources",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_do_harm(body in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Err(error) = parse(&body) {
            let came = String::from_utf8_lossy(&body);
            prop_assert_eq!(error.raw, came.trim_start_matches('\u{feff}'));
        }
    }

    #[test]
    fn no_mutation_loses_an_event(
        name in prop::sample::select(vec!["webhook_v2.json", "webhook_v3.json", "webhook_v4.json"]),
        mutations in prop::collection::vec((prop::sample::select(MEMBERS.to_vec()), any_json()), 0..4),
    ) {
        let mut event = recorded(name);
        for (member, value) in mutations {
            event[member] = value;
        }
        let body = json!([event]).to_string();
        let events = parse(body.as_bytes()).unwrap();
        prop_assert_eq!(events.len(), 1);
        match &events[0] {
            Err(unreadable) => prop_assert_eq!(&unreadable.raw, &event.to_string()),
            Ok(read) => {
                // Whatever came as an id is there, digit for digit.
                let came = |member: &str| match &event[member] {
                    Value::String(text) => text.trim().to_owned(),
                    other => other.to_string(),
                };
                prop_assert_eq!(&read.resource_id, &came("resource_id"));
                prop_assert_eq!(read.company_id.to_string().parse::<i128>().unwrap(), came("company_id").parse::<i128>().unwrap());
                if let Some(project) = read.project_id {
                    prop_assert_eq!(project.to_string().parse::<i128>().unwrap(), came("project_id").parse::<i128>().unwrap());
                }
                prop_assert!([came("ulid"), came("id")].contains(&read.delivery_id));
            }
        }
    }
}
