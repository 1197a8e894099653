//! Webhook administration, v1.0: deprecated, in its own shapes, until its sunset.

use reqwest::Method;
use sandbox::NewRfi;
use serde_json::{Value, json};

use crate::{
    webhooks::{LONG, Receiver, all_settled},
    world::{World, body, deliberate},
};

const HOOKS: &str = "rest/v1.0/webhooks/hooks";

async fn made(world: &World, scope: (&str, i64), url: &str) -> Value {
    let mut asked = json!({ "hook": {
        "api_version": "v2",
        "namespace": "acme-plumbline",
        "destination_url": url,
        "destination_headers": { "Authorization": "Bearer hook-secret" },
    }});
    asked[scope.0] = json!(scope.1);
    let answer = world.post(HOOKS, &asked).await;
    assert_eq!(answer.status(), 201);
    body(answer).await
}

#[tokio::test]
async fn hooks_have_integer_ids_an_owner_and_a_masked_secret() {
    let world = World::demo().await;
    let own = made(&world, ("project_id", 4071), "http://127.0.0.1:9/").await;
    assert_eq!((&own["owned_by_project_id"], &own["api_version"]), (&json!(4071), &json!("v2")));
    assert!(own["id"].is_i64() && own.get("owned_by_company_id").is_none());
    assert_eq!(own["destination_headers"]["Authorization"], "********cret");
    let company = made(&world, ("company_id", 8001), "http://127.0.0.1:9/").await;
    assert_eq!(company["owned_by_company_id"], 8001);

    let listed = world.read(&format!("{HOOKS}?project_id=4071&namespace=acme-plumbline")).await;
    assert_eq!(listed, json!([own]), "bare, and of one scope");
    assert_eq!(world.read(&format!("{HOOKS}?company_id=8001")).await, json!([]), "the default namespace");
    let newer = world.read("rest/v2.0/companies/8001/projects/4071/webhooks/hooks").await;
    assert_eq!(newer["data"][0]["id"], own["id"].to_string(), "the same hook");

    let path = format!("{HOOKS}/{}", own["id"]);
    let change = json!({ "project_id": 4071, "hook": { "destination_url": "http://127.0.0.1:9/other" } });
    let changed = body(world.patch(&path, &change).await).await;
    assert_eq!(changed["destination_url"], "http://127.0.0.1:9/other");
    assert_eq!(world.delete(&format!("{path}?company_id=8001")).await.status(), 404, "another scope");
    let gone = world.delete(&format!("{path}?project_id=4071")).await;
    assert_eq!((gone.status().as_u16(), gone.text().await.unwrap().as_str()), (200, ""));
    assert_eq!(world.get(HOOKS).await.status(), 400, "neither company nor project");
}

#[tokio::test]
async fn triggers_are_told_in_upper_case_and_in_bulk_partly() {
    let world = World::demo().await;
    let (receiver, url) = Receiver::start(&[]).await;
    let own = made(&world, ("project_id", 4071), url.as_str()).await;
    let triggers = format!("{HOOKS}/{}/triggers", own["id"]);
    let row = |name: &str, event: &str| json!({ "resource_name": name, "event_type": event });
    let one = json!({ "project_id": 4071, "api_version": "v2", "trigger": row("RFIs", "create") });
    let answer = world.post(&triggers, &one).await;
    assert_eq!(answer.status(), 201);
    assert_eq!(body(answer).await["event_type"], "CREATE");
    assert_eq!(world.post(&triggers, &one).await.status(), 422);

    let bulk = |rows: Vec<Value>| json!({ "project_id": 4071, "api_version": "v2", "triggers": rows });
    let path = format!("{triggers}/bulk");
    let whole = world.post(&path, &bulk(vec![row("RFIs", "update"), row("RFI Replies", "create")])).await;
    assert_eq!(whole.status(), 200);
    let partly = world.post(&path, &bulk(vec![row("RFIs", "delete"), row("RFIs", "create")])).await;
    assert_eq!(partly.status(), 207);
    let partly = body(partly).await;
    assert_eq!(
        (partly["success"].as_array().unwrap().len(), partly["failed"].as_array().unwrap().len()),
        (1, 1)
    );
    let many = world.post(&path, &bulk(vec![row("RFIs", "update"); 501])).await;
    assert_eq!(many.status(), 413);

    let listed = world.read(&format!("{triggers}?project_id=4071")).await;
    let ids: Vec<&Value> = listed.as_array().unwrap().iter().map(|row| &row["id"]).collect();
    assert_eq!(ids.len(), 4);
    let remove = json!({ "project_id": 4071, "triggers": [ids[1], ids[2]] });
    let answer = world.request(Method::DELETE, &path).json(&remove).send().await.unwrap();
    assert_eq!(body(answer).await["success"], json!([ids[1], ids[2]]));
    assert_eq!(world.delete(&format!("{triggers}/{}?project_id=4071", ids[3])).await.status(), 200);

    world.sandbox.add_rfi(NewRfi::default());
    assert!(world.sandbox.wait_for(LONG, all_settled).await);
    assert_eq!(receiver.events().len(), 1);
    let deliveries = format!("{HOOKS}/{}/deliveries?project_id=4071", own["id"]);
    let rows = world.read(&deliveries).await;
    assert_eq!((&rows[0]["outcome"], &rows[0]["response_status"]), (&json!("ok"), &json!(204)));
    assert_eq!(rows[0]["event"]["id"], rows[0]["event_id"]);
    assert_eq!(world.read(&format!("{deliveries}&filters[status]=failed")).await, json!([]));
    assert_eq!(world.read(&format!("{deliveries}&page_start=2&page_size=1")).await, json!([]));
}

#[tokio::test]
async fn resources_are_listed_until_the_sunset_takes_everything() {
    let world = World::demo().await;
    let resources = "rest/v1.0/webhooks/resources";
    let of = async |path: &str| world.read(path).await.as_array().unwrap().len();
    assert!(of(&format!("{resources}?project_id=4071")).await > of(resources).await);
    assert_eq!(of(&format!("{resources}/api_versions")).await, 3);
    let answer = world.get(resources).await;
    assert!(answer.headers().keys().all(|name| name != "deprecation" && name != "sunset"));

    world.sandbox.set_webhooks_v1_removed(true);
    for path in [resources, HOOKS] {
        assert_eq!(world.get(&format!("{path}?project_id=4071")).await.status(), 404, "{path}");
    }
    assert_eq!(world.get("rest/v2.0/companies/8001/projects/4071/webhooks/hooks").await.status(), 200);
    world.sandbox.set_webhooks_v1_removed(false);
    let misplaced =
        deliberate(world.request(Method::GET, &format!("{HOOKS}?colour=red")), "no such parameter");
    assert_eq!(misplaced.send().await.unwrap().status(), 400, "still needs a scope");
}
