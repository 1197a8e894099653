//! What we caused ourselves: acknowledged, and nothing comes of it.

use agent::ledger::Ledger;
use serde_json::{Value, json};

use crate::world::{PERSON, SERVICE_ACCOUNT, World, event, question};

const CLIENT_ID: &str = "sandbox-client-id";

/// A v2.0 or v3.0 event about an RFI.
fn old(version: &str, rfi: i64, user: Value, source_user: Value, application: Value) -> Value {
    let mut event = json!({
        "id": 5_982_324_300_946_918_154_i64,
        "ulid": "01K1Q8ZB7V3M5N9R2T4W6X8Y0A",
        "timestamp": "2026-06-03T16:20:31.482913Z",
        "event_type": "update",
        "company_id": 8001,
        "project_id": 4071,
        "user_id": user,
        "resource_name": "RFIs",
        "resource_id": rfi,
        "api_version": version,
        "metadata": {
            "source_user_id": source_user,
            "source_company_id": null,
            "source_project_id": null,
            "source_application_id": application,
            "source_operation_id": null,
        },
    });
    if version == "v3.0" {
        event["related_resources"] = json!([]);
    }
    event
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_events_of_every_version_draft_nothing_and_call_nobody() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    let mut cases = Vec::new();
    for version in ["v2.0", "v3.0"] {
        let told = |by: &str| format!("{version} by {by}");
        cases.push((told("application"), old(version, rfi, json!(null), json!(null), json!(CLIENT_ID))));
        cases.push((
            told("application, on behalf of a person"),
            old(version, rfi, json!(PERSON), json!(PERSON), json!(CLIENT_ID)),
        ));
        cases.push((
            told("user, metadata all null"),
            old(version, rfi, json!(SERVICE_ACCOUNT), json!(null), json!(null)),
        ));
        cases.push((
            told("user of the metadata alone"),
            old(version, rfi, json!(null), json!(SERVICE_ACCOUNT), json!(null)),
        ));
        let mut without = old(version, rfi, json!(SERVICE_ACCOUNT), json!(null), json!(null));
        without.as_object_mut().unwrap().remove("metadata");
        cases.push((told("user, no metadata"), without));
    }
    let mut v4 = event(rfi, "update");
    v4["user_id"] = json!(SERVICE_ACCOUNT.to_string());
    cases.push(("v4.0 by user, a string".to_owned(), v4.clone()));
    v4["user_id"] = json!(SERVICE_ACCOUNT);
    cases.push(("v4.0 by user, a number".to_owned(), v4));

    for (what, body) in &cases {
        assert_eq!(world.post(body).await, 204, "{what}");
        world.assert_at_rest(0).await;
        assert_eq!(world.store().runs(10).await.unwrap(), [], "{what}");
    }
    assert_eq!(world.far.sandbox.requests(), []);
    assert_eq!(world.far.model.counters().requests, 0);

    // The same event by a person is drafted: it was the actor that decided.
    let person = old("v2.0", rfi, json!(PERSON), json!(PERSON), json!(null));
    assert_eq!(world.post(&person).await, 204);
    assert_eq!(world.end().await.outcome, "Drafted");
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_of_our_own_drafts_end_at_the_door() {
    for (version, metadata_hidden) in [("v2.0", false), ("v2.0", true), ("v3.0", false), ("v4.0", false)] {
        let mut world = World::start().await;
        world.far.sandbox.set_metadata_hidden(metadata_hidden);
        let rfi = world.far.sandbox.add_rfi(question());
        world.subscribe(version);
        world.far.sandbox.webhook_for_rfi(rfi, "create");
        assert_eq!(world.end().await.outcome, "Drafted", "{version}");
        world.far.sandbox.update_rfi(rfi, |rfi| rfi.question.push_str(" At both bars?"));
        world.far.sandbox.webhook_for_rfi(rfi, "update");
        assert_eq!(world.end().await.outcome, "Drafted", "{version}");

        world.all_delivered().await;

        let deliveries = world.far.sandbox.deliveries();
        assert_eq!(deliveries.len(), 4, "{version}: two of the RFI, two of our item");
        assert!(deliveries.iter().all(|delivery| delivery.attempts.len() == 1), "{version}");
        world.assert_at_rest(0).await;
        assert_eq!(world.store().runs(10).await.unwrap().len(), 2, "{version}");
        assert_eq!(world.far.first_calls(), 2, "{version}");
    }
}
