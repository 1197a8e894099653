//! What is made of hooks that no stand-in has: nothing offered, odd formats, ends that tell nothing.

use std::collections::BTreeMap;

use agent::{Config, config::EXAMPLE};
use procore::hooks::{Hook, HookResource, Trigger, TriggerEvent};
use serde_json::{Value, json};

use super::*;
use crate::hooks::need::needs;

const URL: &str = "https://hooks.example/webhooks/procore";

fn need() -> Need {
    needs(&Config::parse(EXAMPLE, "plumbline.toml").unwrap()).remove(0)
}

fn hook(more: &Value) -> Hook {
    let mut row = json!({
        "id": "3", "status": "active", "payload_version": "v3.0", "namespace": "acme-plumbline",
        "destination_url": URL, "destination_headers": { "Authorization": "****-new" },
    });
    row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(row).unwrap()
}

fn trigger(id: i64, event: &str) -> Trigger {
    serde_json::from_value(json!({ "id": id, "resource_name": "RFIs", "event_type": event })).unwrap()
}

/// A hook with the two triggers that are needed.
fn listening(more: &Value) -> Listening {
    Listening { hook: hook(more), triggers: vec![trigger(1, "create"), trigger(2, "UPDATE")] }
}

fn offered(format: &str) -> HookResource {
    let row = json!({ "name": "RFIs", "payload_version": format, "actions": ["create", "update", "delete"] });
    serde_json::from_value(row).unwrap()
}

fn planned(hooks: Vec<Listening>, offered: Vec<HookResource>) -> ProjectPlan {
    let accepted = ["Bearer the-new", "Bearer the-old"].map(|value| SecretString::from(value.to_owned()));
    let url = URL.parse().unwrap();
    ProjectPlan::new(&need(), &Site { hooks, offered }, Terms { url: &url, authorization: &accepted })
}

#[test]
fn a_hook_that_is_right_is_left_alone() {
    let plan = planned(vec![listening(&json!({}))], vec![offered("v3.0")]);
    assert_eq!((plan.changes, plan.notes, plan.trouble), (vec![], vec![], None));
}

#[test]
fn where_nothing_is_offered_nothing_is_made() {
    let plan = planned(vec![], vec![]);
    assert_eq!(plan.changes, []);
    assert!(plan.trouble.unwrap().contains("offers nothing"));
    // What a hook listens to already stays, whatever is offered.
    assert_eq!(planned(vec![listening(&json!({}))], vec![]).trouble, None);
    let deaf = Listening { hook: hook(&json!({})), triggers: vec![] };
    assert!(planned(vec![deaf], vec![]).trouble.is_some());
}

#[test]
fn a_new_hook_gets_the_first_format_that_is_offered_in_the_tenants_words() {
    for (formats, expected) in
        [(&["v4.0", "v3.0", "v2.0"][..], "v3.0"), (&["v4.0", "v2"], "v2"), (&["v4.0"], "v4.0")]
    {
        let plan = planned(vec![], formats.iter().map(|format| offered(format)).collect());
        let [Change::Create { payload_version, triggers }] = plan.changes.as_slice() else {
            panic!("{plan:?}")
        };
        assert_eq!((payload_version.as_str(), triggers.len()), (expected, 2));
    }
}

#[test]
fn a_hook_stays_with_its_format_and_its_triggers_with_it() {
    let deaf = Listening {
        hook: hook(&json!({ "payload_version": "v4" })),
        triggers: vec![trigger(1, "create"), trigger(2, "create"), trigger(3, "delete")],
    };
    let plan = planned(vec![deaf], vec![offered("v4.0")]);
    let wanted = |event| Wanted { resource_name: "RFIs".to_owned(), event };
    let id = |id| procore::TriggerId::new(id);
    assert_eq!(
        plan.changes,
        [
            Change::Listen {
                hook: HookId::new(3),
                payload_version: "v4".to_owned(),
                triggers: vec![wanted(TriggerEvent::Update)]
            },
            Change::Unlisten {
                hook: HookId::new(3),
                triggers: vec![(id(2), wanted(TriggerEvent::Create)), (id(3), wanted(TriggerEvent::Delete))]
            },
        ]
    );
    assert_eq!(plan.notes, [Note::NoMetadata(HookId::new(3), "v4".to_owned())]);
}

#[test]
fn what_a_hook_sends_is_told_by_its_end_as_far_as_it_can_be() {
    let three = HookId::new(3);
    for (headers, faults, notes) in [
        (json!({ "Authorization": "****-new" }), vec![], vec![]),
        (json!({ "Authorization": "****-old" }), vec![], vec![Note::OlderAuthorization(three)]),
        (json!({ "Authorization": "****" }), vec![], vec![Note::UnknownAuthorization(three)]),
        (json!({ "Authorization": "****else" }), vec![Fault::OtherAuthorization], vec![]),
        (json!({}), vec![Fault::NoAuthorization], vec![]),
        (Value::Null, vec![Fault::NoAuthorization], vec![]),
    ] {
        let plan = planned(vec![listening(&json!({ "destination_headers": headers }))], vec![]);
        let changes: Vec<Change> =
            (!faults.is_empty()).then_some(Change::Mend { hook: three, faults }).into_iter().collect();
        assert_eq!((plan.changes, plan.notes), (changes, notes), "{headers}");
    }
}

#[test]
fn the_oldest_with_our_address_is_kept() {
    let at = |id: &str, url: &str, made: Value| {
        listening(&json!({ "id": id, "destination_url": url, "created_at": made }))
    };
    let (early, late) = (json!("2026-01-01T00:00:00Z"), json!("2026-02-01T00:00:00Z"));
    for (hooks, kept) in [
        (vec![at("5", URL, late.clone()), at("9", URL, early.clone())], 9),
        (vec![at("5", "https://old.example/", early.clone()), at("9", URL, late.clone())], 9),
        (vec![at("9", "https://old.example/", late), at("5", "https://a.example/", early)], 5),
        (vec![at("9", URL, Value::Null), at("5", URL, Value::Null)], 5),
    ] {
        let plan = planned(hooks, vec![]);
        assert_eq!(plan.kept, Some(HookId::new(kept)));
        let surplus = plan.changes.iter().filter(|one| matches!(one, Change::RemoveSurplus { .. })).count();
        assert_eq!(surplus, 1);
    }
}

#[test]
fn a_place_nobody_looked_at_is_no_place_without_hooks() {
    let url = URL.parse().unwrap();
    let terms = Terms { url: &url, authorization: &[] };
    let sites = BTreeMap::from([(need().project, Err("403".to_owned()))]);
    for found in [Found { sites, ..Found::default() }, Found::default()] {
        let plan = Plan::new(&[need()], found, terms);
        assert!(!plan.is_done() && plan.is_in_trouble());
        assert_eq!(plan.projects[0].changes, []);
    }
}

#[test]
fn values_that_end_alike_are_not_told_apart() {
    let values = |ends: &[&str]| -> Vec<SecretString> {
        ends.iter().map(|end| SecretString::from(format!("Bearer {end}"))).collect()
    };
    let hook = hook(&json!({ "destination_headers": { "Authorization": "****cret" } }));
    for (accepted, expected) in [
        (&["new-secret"][..], Sent::Newest),
        (&["new-secret", "old-secret"], Sent::Untold),
        (&["new-secret", "old-value"], Sent::Newest),
        (&["new-value", "old-secret"], Sent::Older),
        (&["new-value", "old-value"], Sent::Other),
        (&[], Sent::Untold),
    ] {
        assert_eq!(Sent::by(&hook, &values(accepted)), expected, "{accepted:?}");
    }
}
