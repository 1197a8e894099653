//! Webhook administration, v2.0: hooks, triggers, deliveries and resources at both scopes.

use std::time::Duration;

use reqwest::{Method, Url};
use sandbox::{DeliveryStatus, NewRfi, Options};
use serde_json::{Value, json};

use crate::{
    webhooks::{LONG, Receiver, all_settled},
    world::{World, body, deliberate},
};

const COMPANY: &str = "rest/v2.0/companies/8001/webhooks/hooks";
const PROJECT: &str = "rest/v2.0/companies/8001/projects/4071/webhooks/hooks";

fn hook(url: &Url) -> Value {
    json!({
        "payload_version": "v2",
        "namespace": "acme-plumbline",
        "destination_url": url.as_str(),
        "destination_headers": { "Authorization": "Bearer hook-secret" },
    })
}

fn trigger(resource_name: &str, event_type: &str) -> Value {
    json!({ "resource_name": resource_name, "event_type": event_type })
}

async fn made(world: &World, scope: &str, url: &Url) -> String {
    let answer = world.post(scope, &hook(url)).await;
    assert_eq!(answer.status(), 201);
    body(answer).await["data"]["id"].as_str().unwrap().to_owned()
}

fn nowhere() -> Url {
    "http://127.0.0.1:9/hook".parse().unwrap()
}

#[tokio::test]
async fn a_hook_is_made_read_with_its_secret_masked_changed_and_deleted() {
    let world = World::demo().await;
    for scope in [COMPANY, PROJECT] {
        let id = made(&world, scope, &nowhere()).await;
        let own = format!("{scope}/{id}");
        let listed =
            world.read(&format!("{scope}?namespace=acme-plumbline&include_trigger_count=true")).await;
        let shown = world.read(&own).await["data"].clone();
        assert_eq!(listed["data"][0], shown, "{scope}");
        assert_eq!(shown["destination_headers"]["Authorization"], "********cret");
        assert_eq!((&shown["status"], &shown["trigger_count"]), (&json!("active"), &json!(0)));
        assert_eq!(shown.get("project_id").is_some(), scope == PROJECT);
        let others = world.read(&format!("{scope}?namespace=other")).await;
        assert_eq!(others["data"], json!([]));

        let changed = world.patch(&own, &json!({ "payload_version": "v4.0", "status": "disabled" })).await;
        let changed = body(changed).await["data"].clone();
        assert_eq!((&changed["payload_version"], &changed["status"]), (&json!("v4.0"), &json!("disabled")));
        assert_eq!(changed["destination_headers"]["Authorization"], "********cret", "unchanged");

        assert_eq!(world.delete(&own).await.status(), 204);
        for answer in [world.delete(&own).await, world.get(&own).await, world.patch(&own, &json!({})).await] {
            assert_eq!(answer.status(), 404);
        }
    }
    let id = made(&world, COMPANY, &nowhere()).await;
    assert_eq!(world.get(&format!("{PROJECT}/{id}")).await.status(), 404, "another scope");
}

#[tokio::test]
async fn what_a_hook_needs_must_be_there() {
    let world = World::demo().await;
    for (field, value) in [("namespace", "Acme_1"), ("payload_version", "v9"), ("destination_url", "here")] {
        let mut asked = hook(&nowhere());
        asked[field] = json!(value);
        assert_eq!(world.post(PROJECT, &asked).await.status(), 422, "{field}");
    }
    for field in ["namespace", "payload_version", "destination_url"] {
        let mut asked = hook(&nowhere());
        asked.as_object_mut().unwrap().remove(field);
        let request = deliberate(world.request(Method::POST, COMPANY), "incomplete").json(&asked);
        assert_eq!(request.send().await.unwrap().status(), 400, "{field}");
    }
    let nameless = deliberate(world.request(Method::GET, COMPANY), "no namespace");
    assert_eq!(nameless.send().await.unwrap().status(), 400);
    assert_eq!(world.read(PROJECT).await["data"], json!([]), "a project needs none");
}

#[tokio::test]
async fn triggers_are_made_once_and_only_for_their_scope() {
    let world = World::demo().await;
    let triggers = format!("{PROJECT}/{}/triggers", made(&world, PROJECT, &nowhere()).await);
    let bulk = format!("{triggers}/bulk");
    let first = world.post(&triggers, &trigger("RFIs", "create")).await;
    assert_eq!(first.status(), 201);
    assert_eq!(world.post(&triggers, &trigger("RFIs", "create")).await.status(), 409);
    let some = json!([trigger("Submittals", "create"), trigger("Submittals", "update")]);
    assert_eq!(world.post(&bulk, &some).await.status(), 201);
    let mixed = json!([trigger("Notes Logs", "create"), trigger("RFIs", "create")]);
    assert_eq!(world.post(&bulk, &mixed).await.status(), 409, "all or none");
    for (name, event) in [("Company Users", "update"), ("RFIs", "answered"), ("Delay Logs", "create")] {
        assert_eq!(world.post(&triggers, &trigger(name, event)).await.status(), 422, "{name} {event}");
    }
    let rows = world.read(&triggers).await["data"].clone();
    let ids: Vec<&str> = rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 3);

    assert_eq!(world.delete(&format!("{triggers}/{}", ids[0])).await.status(), 204);
    assert_eq!(world.delete(&format!("{triggers}/{}", ids[0])).await.status(), 404);
    let request = world.request(Method::DELETE, &bulk).json(&json!([ids[1], ids[0]]));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 207);
    assert_eq!(body(answer).await["data"], json!({ "succeeded": [ids[1]], "failed": [ids[0]] }));
    let request = world.request(Method::DELETE, &bulk).json(&json!([ids[2]]));
    assert_eq!(body(request.send().await.unwrap()).await["data"], json!({ "succeeded": [ids[2]] }));

    let company = format!("{COMPANY}/{}/triggers", made(&world, COMPANY, &nowhere()).await);
    assert_eq!(world.post(&company, &trigger("RFIs", "create")).await.status(), 422);
    assert_eq!(world.post(&company, &trigger("Projects", "create")).await.status(), 201);
}

#[tokio::test]
async fn each_scope_lists_its_own_resources_in_every_version() {
    let world = World::demo().await;
    let names = async |path: &str| -> Vec<String> {
        let rows = world.read(&format!("{path}&per_page=100")).await["data"].clone();
        rows.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    for version in ["v2.0", "v3.0", "v4.0"] {
        let company = COMPANY.replace("/hooks", &format!("/resources?payload_version={version}"));
        let project = PROJECT.replace("/hooks", &format!("/resources?payload_version={version}"));
        let (company, project) = (names(&company).await, names(&project).await);
        assert!(company.contains(&"Projects".to_owned()) && !company.contains(&"RFIs".to_owned()));
        for name in ["RFIs", "Submittals", "Notes Logs", "Generic Tool Items"] {
            assert!(project.contains(&name.to_owned()), "{name}");
        }
        assert!(!project.contains(&"Projects".to_owned()));
    }
    let first = world.read(&PROJECT.replace("/hooks", "/resources?payload_version=v4.0")).await;
    assert_eq!(first["data"].as_array().unwrap().len(), 10, "ten rows unless asked for more");
}

#[tokio::test]
async fn a_hook_gets_what_its_triggers_name_while_it_is_active() {
    let world = World::demo().await;
    let (receiver, url) = Receiver::start(&[]).await;
    let id = made(&world, PROJECT, &url).await;
    let own = format!("{PROJECT}/{id}");
    world.post(&format!("{own}/triggers"), &trigger("RFIs", "create")).await;
    world.sandbox.webhook_for_rfi(world.rfi_id(41), "update");
    world.sandbox.add_rfi(NewRfi::default());
    assert!(world.sandbox.wait_for(LONG, all_settled).await);
    assert_eq!(receiver.events().len(), 1);
    let (authorization, event) = receiver.got.lock().unwrap()[0].clone();
    assert_eq!(authorization, "Bearer hook-secret");
    assert_eq!(event["event_type"], "create");

    assert!(world.sandbox.disable_hook(id.parse().unwrap()));
    assert_eq!(world.read(&own).await["data"]["status"], "disabled");
    world.sandbox.add_rfi(NewRfi::default());
    assert_eq!(world.sandbox.deliveries().len(), 1, "nothing is even queued");
    world.patch(&own, &json!({ "status": "active" })).await;
    world.sandbox.add_rfi(NewRfi::default());
    assert!(world.sandbox.wait_for(LONG, |one| one.deliveries().len() == 2 && all_settled(one)).await);
    assert_eq!(receiver.events().len(), 2);
}

#[tokio::test]
async fn deliveries_are_listed_by_other_words_than_they_are_filtered() {
    let options = Options {
        webhook_retry_first_ms: 5,
        webhook_give_up_after: Duration::from_millis(20),
        ..Options::demo()
    };
    let world = World::with(options).await;
    let (receiver, url) = Receiver::start(&[]).await;
    // A v4.0 payload is listed in the one form that the reference describes.
    let mut asked = hook(&url);
    asked["payload_version"] = json!("v4.0");
    let made = body(world.post(PROJECT, &asked).await).await;
    let own = format!("{PROJECT}/{}", made["data"]["id"].as_str().unwrap());
    let some = json!([trigger("RFIs", "create"), trigger("RFIs", "update")]);
    world.post(&format!("{own}/triggers/bulk"), &some).await;
    world.sandbox.webhook_for_rfi(world.rfi_id(41), "create");
    assert!(world.sandbox.wait_for(LONG, all_settled).await);
    receiver.statuses.lock().unwrap().extend([500; 40]);
    world.sandbox.webhook_for_rfi(world.rfi_id(42), "update");
    world.sandbox.webhook_for_rfi(world.rfi_id(43), "update");
    assert!(world.sandbox.wait_for(LONG, |one| one.deliveries().len() == 3 && all_settled(one)).await);

    let list = async |query: &str| world.read(&format!("{own}/deliveries?{query}")).await["data"].clone();
    let all = list("").await;
    let words: Vec<&str> =
        all.as_array().unwrap().iter().map(|row| row["status"].as_str().unwrap()).collect();
    assert_eq!(words, ["delivered", "discarded", "discarded"]);
    assert_eq!(all[0]["payload"]["resource_id"], world.rfi_id(41));
    assert_eq!(all[0]["delivery_attempts"][0]["success"], true);
    assert_eq!(all[1]["delivery_attempts"][0]["response_status"], 500);
    assert_eq!(all[2]["delivery_attempts"], json!([]));
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    for (query, expected) in [
        ("filter[status]=succeeded".to_owned(), 1),
        ("filter[status]=discarded".to_owned(), 2),
        ("filter[status]=retrying".to_owned(), 0),
        ("filter[event_type]=create".to_owned(), 1),
        ("filter[resource_name]=Submittals".to_owned(), 0),
        ("filter[resource_name]=RFIs&filter[status]=discarded".to_owned(), 2),
        (format!("filter[end]={today}"), 3),
        ("filter[start]=2100-01-01".to_owned(), 0),
        ("per_page=2&page=2".to_owned(), 1),
    ] {
        assert_eq!(list(&query).await.as_array().unwrap().len(), expected, "{query}");
    }
    assert_eq!(list("sort=-timestamp").await[2], all[0]);
    let path = format!("{own}/deliveries?filter[status]=delivered");
    let wrong = deliberate(world.request(Method::GET, &path), "a word of the rows");
    assert_eq!(wrong.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn what_waits_for_a_hook_that_is_gone_is_discarded() {
    // Left alone, the stand-in would try for twelve hours.
    let world = World::with(Options { webhook_retry_first_ms: 20, ..Options::demo() }).await;
    let (_receiver, url) = Receiver::start(&[500; 500]).await;
    let id = made(&world, PROJECT, &url).await;
    world.post(&format!("{PROJECT}/{id}/triggers"), &trigger("RFIs", "create")).await;
    world.sandbox.webhook_for_rfi(world.rfi_id(41), "create");
    assert!(world.sandbox.wait_for(LONG, |one| !one.deliveries()[0].attempts.is_empty()).await);
    assert_eq!(world.delete(&format!("{PROJECT}/{id}")).await.status(), 204);
    assert!(world.sandbox.wait_for(LONG, all_settled).await);
    assert_eq!(world.sandbox.deliveries()[0].status, DeliveryStatus::Discarded);
    world.sandbox.webhook_for_rfi(world.rfi_id(42), "create");
    assert_eq!(world.sandbox.deliveries().len(), 1);
}

#[tokio::test]
async fn the_whole_of_it_can_be_missing() {
    let world = World::demo().await;
    world.sandbox.set_webhooks_v2_missing(true);
    assert_eq!(world.get(PROJECT).await.status(), 404);
    let older = world.get("rest/v1.0/webhooks/hooks?project_id=4071").await;
    assert_eq!(older.status(), 200);
    world.sandbox.set_webhooks_v2_missing(false);
    assert_eq!(world.get(PROJECT).await.status(), 200);
}
