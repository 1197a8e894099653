//! Correspondence: what the server adds, what it refuses, and what it would have mailed.

use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{ITEMS, World, body, deliberate, draft};

#[tokio::test]
async fn a_draft_is_numbered_stamped_private_and_silent() {
    let world = World::demo().await;
    let first = world.post(ITEMS, &draft("Draft response: RFI 41")).await;
    assert_eq!(first.status(), 201);
    let first = body(first).await;
    let second = body(world.post(ITEMS, &draft("Draft response: RFI 42")).await).await;
    assert_eq!((&first["position"], &second["position"]), (&json!("1"), &json!("2")));
    assert_eq!(first["status_type"], "Draft");
    assert_eq!(first["private"], true);
    assert_eq!(first["created_by"]["id"], 990_001);
    assert_eq!(first["issued_at"], Value::Null);
    assert_eq!(first["assignees"], json!([]));
    assert!(first["id"].as_i64().unwrap() > 1 << 32);
    assert!(world.sandbox.mails().is_empty());

    let kept = &world.sandbox.correspondence()[0];
    assert_eq!((kept.status.as_str(), kept.private), ("Draft", true));
}

#[tokio::test]
async fn what_is_left_out_takes_the_vendors_defaults_and_is_mailed() {
    let world = World::demo().await;
    let item = body(world.post(ITEMS, &json!({ "generic_tool_item": { "title": "Notice" } })).await).await;
    assert_eq!((&item["status_type"], &item["private"]), (&json!("Open"), &json!(false)));
    assert!(item["issued_at"].is_string());
    assert_eq!(world.sandbox.mails().len(), 1);
}

#[tokio::test]
async fn the_servers_own_habits_can_be_switched_on() {
    let world = World::demo().await;
    world.sandbox.set_service_default_distribution(vec![5201]);
    world.sandbox.set_create_status_override(Some("Open"));
    world.sandbox.set_private_ignored(true);
    let item = body(world.post(ITEMS, &draft("x")).await).await;
    assert_eq!(item["distribution_members"][0]["id"], 5201);
    assert_eq!((&item["status_type"], &item["private"]), (&json!("Open"), &json!(false)));

    world.sandbox.set_service_default_distribution(Vec::new());
    world.sandbox.set_create_status_override(None);
    world.sandbox.set_private_ignored(false);
    let item = body(world.post(ITEMS, &draft("y")).await).await;
    assert_eq!((&item["status_type"], &item["private"]), (&json!("Draft"), &json!(true)));
}

#[tokio::test]
async fn bodies_that_are_wrong_are_refused_and_leave_nothing() {
    let world = World::demo().await;
    for (wrong, status) in [
        (json!({ "generic_tool_item": { "title": " " } }), 422),
        (json!({ "generic_tool_item": { "title": "x", "status": "Approved" } }), 422),
    ] {
        assert_eq!(world.post(ITEMS, &wrong).await.status(), status, "{wrong}");
    }
    for (wrong, status) in [
        (json!({ "title": "flat" }), 400),
        (json!({ "generic_tool_item": { "title": 7 } }), 422),
        (json!({ "generic_tool_item": { "title": "x", "send_emails": false } }), 406),
    ] {
        let request = world.request(Method::POST, ITEMS).json(&wrong);
        assert_eq!(deliberate(request, "a wrong body").send().await.unwrap().status(), status, "{wrong}");
    }
    let elsewhere = ITEMS.replace("/77/", "/78/");
    assert_eq!(world.post(&elsewhere, &draft("x")).await.status(), 404);
    assert!(world.sandbox.correspondence().is_empty());
}

#[tokio::test]
async fn an_item_is_changed_in_place_and_deleted() {
    let world = World::demo().await;
    let id = body(world.post(ITEMS, &draft("x")).await).await["id"].as_i64().unwrap();
    let path = format!("{ITEMS}/{id}");
    let change = json!({ "generic_tool_item": { "description": "Second text" } });
    let changed = world.request(Method::PATCH, &path).json(&change).send().await.unwrap();
    assert_eq!(changed.status(), 200);
    let changed = body(changed).await;
    assert_eq!((&changed["description"], &changed["title"]), (&json!("Second text"), &json!("x")));

    world.sandbox.edit_item_as_person(id, "Edited by hand");
    assert_eq!(body(world.get(&path).await).await["description"], "Edited by hand");

    let deleted = world.request(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(deleted.status(), 200);
    assert_eq!(deleted.text().await.unwrap(), "");
    assert_eq!(world.get(&path).await.status(), 404);
    let again = world.request(Method::PATCH, &path).json(&change).send().await.unwrap();
    assert_eq!(again.status(), 404);
}

#[tokio::test]
async fn items_are_listed_by_their_author_and_statuses_named() {
    let world = World::demo().await;
    world.post(ITEMS, &draft("x")).await;
    for (query, expected) in [
        ("?filters[created_by_id][]=990001", 1),
        ("?filters[created_by_id][]=5101", 0),
        ("?filters[status][]=Draft", 1),
        ("?filters[created_at]=2020-01-01...2020-01-02", 0),
    ] {
        let rows = body(world.get(&format!("{ITEMS}{query}")).await).await;
        assert_eq!(rows.as_array().unwrap().len(), expected, "{query}");
    }
    let statuses = body(world.get(&format!("{ITEMS}/available_statuses")).await).await;
    assert_eq!(statuses, json!([{ "name": "Draft" }, { "name": "Open" }, { "name": "Closed" }]));
    let types = body(world.get("rest/v1.0/companies/8001/generic_tools").await).await;
    assert_eq!(types[0]["id"], 77);
    let of_type = body(world.get("rest/v1.0/companies/8001/generic_tools/77/statuses").await).await;
    assert_eq!(of_type[0]["status_name"], "Draft");
}
