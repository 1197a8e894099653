//! RFIs written through the API: what is a draft, what opens, who would be mailed.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    webhooks::{LONG, Receiver, all_settled},
    world::{World, body, deliberate},
};

const RFIS: &str = "rest/v1.0/projects/4071/rfis";

fn draft() -> Value {
    json!({ "rfi": {
        "subject": "Sign height at sidelights",
        "rfi_manager_id": 5101,
        "draft": true,
        "private": true,
        "drawing_number": "A-811",
        "question": { "body": "<p>Which height?</p><p>A &lt; B</p>" },
    }})
}

#[tokio::test]
async fn a_draft_has_no_number_and_nobody_is_told() {
    let world = World::demo().await;
    let answer = world.post(RFIS, &draft()).await;
    assert_eq!(answer.status(), 201);
    let made = body(answer).await;
    assert_eq!(
        (&made["draft"], &made["status"], &made["private"]),
        (&json!(true), &json!("draft"), &json!(true))
    );
    assert!(made.get("number").is_none(), "{made}");
    assert_eq!(made["ball_in_court"]["id"], 5101);
    assert_eq!(made["questions"][0]["plain_text_body"], "Which height?\nA < B");
    assert_eq!((&made["assignees"], &made["distribution_list"]), (&json!([]), &json!([])));
    assert_eq!(made["drawing_ids"], json!([41003]));
    assert_eq!(world.sandbox.mails(), [] as [String; 0]);

    let path = format!("{RFIS}/{}", made["id"]);
    let changed = world.patch(&path, &json!({ "rfi": { "reference": "RFI desk" } })).await;
    assert_eq!(body(changed).await["reference"], "RFI desk");
    assert_eq!(world.read(&path).await["subject"], "Sign height at sidelights");
    assert_eq!(world.sandbox.mails(), [] as [String; 0]);
}

#[tokio::test]
async fn without_the_flag_an_rfi_opens_and_its_people_are_told() {
    let world = World::demo().await;
    let mut asked = draft();
    asked["rfi"].as_object_mut().unwrap().remove("draft");
    let made = body(world.post(RFIS, &asked).await).await;
    assert_eq!((&made["status"], &made["number"]), (&json!("open"), &json!("53")));
    assert_eq!(world.sandbox.mails().len(), 1);
    let path = format!("{RFIS}/{}", made["id"]);
    let back = world.patch(&path, &json!({ "rfi": { "draft": true } })).await;
    assert_eq!(back.status(), 422, "what is open is never a draft again");

    let drafted = body(world.post(RFIS, &draft()).await).await;
    let path = format!("{RFIS}/{}", drafted["id"]);
    let opened = body(world.patch(&path, &json!({ "rfi": { "draft": false } })).await).await;
    assert_eq!((&opened["status"], &opened["number"]), (&json!("open"), &json!("54")));
    assert_eq!(world.sandbox.mails().len(), 2);
    let closed = body(world.patch(&path, &json!({ "rfi": { "accepted": true } })).await).await;
    assert_eq!((&closed["status"], &closed["accepted"]), (&json!("closed"), &json!(true)));
}

#[tokio::test]
async fn the_servers_habits_show_in_what_was_made() {
    let world = World::demo().await;
    assert_eq!(world.read(&format!("{RFIS}/default_distribution")).await, json!([]));
    world.sandbox.set_service_default_distribution(vec![5103]);
    assert_eq!(world.read(&format!("{RFIS}/default_distribution")).await[0]["id"], 5103);
    let made = body(world.post(RFIS, &draft()).await).await;
    assert_eq!(made["distribution_list"][0]["id"], 5103);

    let mut open_to_all = draft();
    open_to_all["rfi"].as_object_mut().unwrap().remove("private");
    assert_eq!(body(world.post(RFIS, &open_to_all).await).await["private"], false);
    world.sandbox.set_private_by_default(true);
    assert_eq!(body(world.post(RFIS, &open_to_all).await).await["private"], true);
    world.sandbox.set_private_ignored(true);
    assert_eq!(body(world.post(RFIS, &draft()).await).await["private"], false);
    world.sandbox.set_create_status_override(Some("Open"));
    assert_eq!(body(world.post(RFIS, &draft()).await).await["status"], "open");
}

#[tokio::test]
async fn a_manager_must_be_one_and_what_is_needed_must_be_there() {
    let world = World::demo().await;
    let before = world.sandbox.rfis();
    let managers = world.read(&format!("{RFIS}/potential_rfi_managers")).await;
    let ids: Vec<i64> = managers.as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [5101, 5102, 5103]);
    let mut foreign = draft();
    foreign["rfi"]["rfi_manager_id"] = json!(5201);
    assert_eq!(world.post(RFIS, &foreign).await.status(), 422);
    let mut blank = draft();
    blank["rfi"]["subject"] = json!(" ");
    assert_eq!(world.post(RFIS, &blank).await.status(), 422);
    for (field, status) in [("question", 422), ("rfi_manager_id", 422)] {
        let mut asked = draft();
        asked["rfi"].as_object_mut().unwrap().remove(field);
        let request = deliberate(world.request(Method::POST, RFIS), "incomplete").json(&asked);
        assert_eq!(request.send().await.unwrap().status(), status, "{field}");
    }
    let mut unknown = draft();
    unknown["rfi"]["colour"] = json!("red");
    let request = deliberate(world.request(Method::POST, RFIS), "unknown field").json(&unknown);
    assert_eq!(request.send().await.unwrap().status(), 406);
    assert_eq!(world.sandbox.rfis(), before, "nothing was made");
}

#[tokio::test]
async fn our_own_writes_come_back_as_events() {
    let world = World::demo().await;
    let (receiver, url) = Receiver::start(&[]).await;
    let hook =
        sandbox::Hook { url, authorization: "Bearer x".to_owned(), payload_version: "v2.0".to_owned() };
    world.sandbox.subscribe(hook);
    let made = body(world.post(RFIS, &draft()).await).await;
    world.patch(&format!("{RFIS}/{}", made["id"]), &json!({ "rfi": { "subject": "x" } })).await;
    assert!(world.sandbox.wait_for(LONG, |one| one.deliveries().len() == 2 && all_settled(one)).await);
    let events: Vec<(Value, Value)> = receiver
        .events()
        .iter()
        .map(|event| (event["event_type"].clone(), event["metadata"]["source_application_id"].clone()))
        .collect();
    let ours = json!("sandbox-client-id");
    assert_eq!(events, [(json!("create"), ours.clone()), (json!("update"), ours)]);
    assert_eq!(receiver.events()[0]["resource_id"], made["id"]);
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_paged() {
    let world = World::demo().await;
    let of = async |query: &str| -> Vec<String> {
        let rows = world.read(&format!("{RFIS}?{query}")).await;
        rows.as_array()
            .unwrap()
            .iter()
            .map(|row| row["number"].as_str().unwrap_or("draft").to_owned())
            .collect()
    };
    let numbered = "filters[status][]=open&filters[status][]=closed";
    let latest = format!("{numbered}&sort[attribute]=number&sort[direction]=desc&per_page=3");
    assert_eq!(of(&latest).await, ["52", "51", "50"]);
    assert_eq!(of("sort[attribute]=number&per_page=4&page=5").await, ["52", "draft", "draft", "draft"]);
    assert_eq!(of("sort[attribute]=number&per_page=2&page=2").await, ["27", "30"]);
    assert_eq!(of("filters[number]=41").await, ["41"]);
    assert_eq!(of("filters[ball_in_court_id]=990001").await, [] as [&str; 0]);
    assert_eq!(of("filters[received_from_login_information_id]=5305").await, ["47"]);
    assert_eq!(of("search=no%20subject%20has%20this").await, [] as [&str; 0]);
    let whole = of("").await.len();
    let managed = of("filters[rfi_manager_id]=5101").await.len();
    assert_eq!(managed, whole);

    world.sandbox.update_rfi(world.rfi_id(41), |rfi| rfi.reference = Some("x".to_owned()));
    let recent = jiff::Timestamp::now().checked_sub(jiff::SignedDuration::from_mins(5)).unwrap();
    let range = format!("filters[updated_at]={recent:.0}...2100-01-01T00:00:00Z");
    assert_eq!(of(&range).await, ["41"]);
}
