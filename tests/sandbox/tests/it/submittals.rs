//! Submittals: read, and created so that a test can see which ones tell anybody.

use reqwest::Method;
use sandbox::{DeliveryStatus, Hook, NewSubmittal, SubmittalStatus};
use serde_json::{Value, json};

use crate::{
    webhooks::{LONG, Receiver, all_settled},
    world::{World, body, deliberate},
};

const SUBMITTALS: &str = "rest/v1.1/projects/4071/submittals";

async fn titles(world: &World, query: &str) -> Vec<String> {
    let rows = world.read(&format!("{SUBMITTALS}?{query}")).await;
    rows.as_array().unwrap().iter().map(|row| row["formatted_number"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn lists_are_filtered_and_sorted() {
    let world = World::demo().await;
    let signage = world.sandbox.sections().into_iter().find(|one| one.number == "10 14 00").unwrap();
    let of_signage = format!("filters[specification_section_id][]={}", signage.section_id);
    for (query, expected) in [
        ("", vec!["1.0", "1.1", "2.0", "3.0", "4.0", "5.0", "6.0", "7.0", "8.0"]),
        ("filters[current_revision]=true", vec!["1.1", "2.0", "3.0", "4.0", "5.0", "6.0", "7.0", "8.0"]),
        (of_signage.as_str(), vec!["1.0", "1.1"]),
        ("filters[status_id][]=601&filters[status_id][]=603", vec!["2.0", "3.0"]),
        ("filters[ball_in_court_id]=5101", vec!["1.1", "5.0", "6.0", "7.0", "8.0"]),
        ("filters[approver_id][]=5202", vec!["4.0"]),
        ("filters[number][]=2", vec!["2.0"]),
        ("filters[type][]=Shop%20Drawing", vec!["3.0"]),
        ("filters[query]=sealant", vec!["2.0"]),
        ("filters[updated_at]=2026-01-01...2026-01-02", vec![]),
        ("sort=-created_at&per_page=2", vec!["3.0", "1.1"]),
    ] {
        assert_eq!(titles(&world, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn one_is_shown_with_its_people_section_revisions_and_files() {
    let world = World::demo().await;
    let own = world.sandbox.submittals();
    let id = own.iter().find(|one| one.number == "1" && one.current_revision).unwrap().id;
    let shown = world.read(&format!("{SUBMITTALS}/{id}")).await;
    assert_eq!(shown["status"], json!({ "id": 602, "name": "Open", "status": "Open" }));
    assert_eq!(shown["specification_section"]["number"], "10 14 00");
    assert_eq!(shown["ball_in_court"][0]["id"], 5101);
    let responses: Vec<&Value> =
        shown["approvers"].as_array().unwrap().iter().map(|one| &one["response"]["considered"]).collect();
    assert_eq!(responses, ["submitted", "pending", "pending"]);
    let file = world.get(shown["attachments"][0]["url"].as_str().unwrap()).await;
    assert!(file.text().await.unwrap().contains("Grade 2"));

    let revisions = world.read(&format!("{SUBMITTALS}/{id}/revisions")).await;
    let told: Vec<(&Value, &Value)> = revisions
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (&row["revision"], &row["current_revision"]))
        .collect();
    assert_eq!(told, [(&json!("0"), &json!(false)), (&json!("1"), &json!(true))]);
    let workflow = world.read(&format!("{SUBMITTALS}/{id}/workflow_data")).await;
    assert_eq!(workflow["steps"].as_array().unwrap().len(), 3);
    assert_eq!(workflow["approvers"][0]["name"], "Grace Okafor");
    assert_eq!(world.get(&format!("{SUBMITTALS}/1")).await.status(), 404);
}

#[tokio::test]
async fn numbers_statuses_responses_and_types_can_be_asked_for() {
    let world = World::demo().await;
    let signage = world.sandbox.sections().into_iter().find(|one| one.number == "10 14 00").unwrap();
    let next = format!("{SUBMITTALS}/next_available_number");
    assert_eq!(world.read(&next).await["next_number"], "9");
    assert_eq!(world.read(&format!("{next}/{}", signage.section_id)).await["next_number"], "2");
    assert_eq!(world.get(&format!("{next}/7")).await.status(), 404);

    let statuses = world.read("rest/v1.0/companies/8001/submittal_statuses").await;
    assert_eq!(statuses[2], json!({ "id": 603, "name": "In Review", "status": "Open" }));
    let by_path = world.read("rest/v1.0/projects/4071/submittal_responses").await;
    assert_eq!(by_path, world.read("rest/v1.0/submittal_responses?project_id=4071").await);
    assert_eq!(world.get("rest/v1.0/submittal_responses?project_id=4072").await.status(), 403);
    assert_eq!(world.read("rest/v1.0/companies/8001/submittal_types").await[0]["name"], "Product Data");
}

#[tokio::test]
async fn without_a_status_one_is_open_and_told_of_unless_the_query_says_not_to() {
    let world = World::demo().await;
    let asked = |number: &str, status: Option<i64>| {
        let mut fields = json!({ "number": number, "title": "Door silencers", "private": true });
        if let Some(status) = status {
            fields["status_id"] = json!(status);
        }
        json!({ "submittal": fields })
    };
    for (number, query, status, expected, mails) in [
        ("9", "", None, "Open", 1),
        ("10", "?send_emails=false", None, "Open", 1),
        ("11", "?send_emails=true", Some(604), "Closed", 2),
        ("12", "", Some(601), "Draft", 2),
    ] {
        let answer = world.post(&format!("{SUBMITTALS}{query}"), &asked(number, status)).await;
        assert_eq!(answer.status(), 201);
        let made = body(answer).await;
        assert_eq!((&made["status"]["name"], &made["private"]), (&json!(expected), &json!(true)), "{number}");
        assert_eq!(world.sandbox.mails().len(), mails, "{number}");
        assert_eq!((&made["approvers"], &made["distribution_members"]), (&json!([]), &json!([])));
    }
    for (number, status) in [("12", Some(601)), ("13", Some(1)), (" ", None)] {
        assert_eq!(world.post(SUBMITTALS, &asked(number, status)).await.status(), 422, "{number}");
    }
    let nameless = deliberate(world.request(Method::POST, SUBMITTALS), "no number");
    let answer = nameless.json(&json!({ "submittal": { "title": "x" } })).send().await.unwrap();
    assert_eq!(answer.status(), 422);

    world.sandbox.set_service_default_distribution(vec![5103]);
    let made = body(world.post(SUBMITTALS, &asked("13", Some(601))).await).await;
    assert_eq!(made["distribution_members"][0]["id"], 5103);
}

#[tokio::test]
async fn one_added_by_a_test_awaits_its_people_and_sends_its_webhook() {
    let world = World::demo().await;
    let (receiver, url) = Receiver::start(&[]).await;
    world.sandbox.subscribe(Hook { url, authorization: "x".to_owned(), payload_version: "v4.0".to_owned() });
    let id = world.sandbox.add_submittal(NewSubmittal {
        title: "Door silencers".to_owned(),
        section: Some("08 71 00".to_owned()),
        ..NewSubmittal::default()
    });
    assert!(world.sandbox.wait_for(LONG, all_settled).await);
    assert_eq!(world.sandbox.deliveries()[0].status, DeliveryStatus::Delivered);
    let event = receiver.events().remove(0);
    assert_eq!(
        (&event["resource_type"], &event["resource_id"]),
        (&json!("Submittals"), &json!(id.to_string()))
    );
    let shown = world.read(&format!("{SUBMITTALS}/{id}")).await;
    assert_eq!((&shown["number"], &shown["ball_in_court"][0]["id"]), (&json!("9"), &json!(5101)));

    world.sandbox.update_submittal(id, |one| one.status = SubmittalStatus::Closed);
    assert_eq!(world.read(&format!("{SUBMITTALS}/{id}")).await["status"]["name"], "Closed");
}
