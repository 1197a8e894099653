//! RFIs, specification sections, pagination.

use reqwest::{Method, Response};
use sandbox::{NewRfi, RfiStatus};
use serde_json::{Value, json};

use crate::world::{SECTIONS, World, body, deliberate};

fn next_link(answer: &Response) -> Option<String> {
    let links = answer.headers()["link"].to_str().unwrap();
    let next = links.split(", ").find(|link| link.ends_with("rel=\"next\""))?;
    Some(next.split_once('>').unwrap().0.trim_start_matches('<').to_owned())
}

#[tokio::test]
async fn sections_are_revisions_under_data_with_string_ids_over_several_pages() {
    let world = World::demo().await;
    let mut rows: Vec<Value> = Vec::new();
    let mut path = Some(format!("{SECTIONS}?per_page=4"));
    let mut pages = 0;
    while let Some(here) = path {
        let answer = world.get(&here).await;
        assert_eq!(answer.headers()["total"], "9");
        path = next_link(&answer);
        rows.extend(body(answer).await["data"].as_array().unwrap().clone());
        pages += 1;
    }
    assert_eq!((pages, rows.len()), (3, 9));
    assert!(rows.iter().all(|row| row["id"].is_string() && row["specification_section_id"].is_string()));

    let signage: Vec<&Value> = rows.iter().filter(|row| row["number"] == "10 14 00").collect();
    assert_eq!(signage.len(), 2, "a superseded revision is listed too");
    assert_eq!(signage[0]["specification_section_id"], signage[1]["specification_section_id"]);
    assert_ne!(signage[0]["id"], signage[1]["id"]);
}

#[tokio::test]
async fn v1_lists_are_bare_and_filtered() {
    let world = World::demo().await;
    let list = "rest/v1.0/projects/4071/rfis";
    for (query, expected) in [
        ("", 21),
        ("?filters[status][]=draft", 4),
        ("?filters%5Bstatus%5D%5B%5D=open", 12),
        ("?filters[status][]=closed", 5),
        ("?filters[status][]=closed&filters[status][]=open", 17),
        ("?filters[updated_at]=2026-01-01T00:00:00Z...2026-01-02", 0),
        ("?filters[status][]=open&per_page=5&page=3", 2),
    ] {
        let rows = body(world.get(&format!("{list}{query}")).await).await;
        assert_eq!(rows.as_array().unwrap().len(), expected, "{query}");
    }
    assert_eq!(world.get(&format!("{list}?filters[status]=open")).await.status(), 400);
    let vague = world.request(Method::GET, &format!("{list}?filters[updated_at]=yesterday"));
    assert_eq!(deliberate(vague, "no range").send().await.unwrap().status(), 422);
}

#[tokio::test]
async fn an_rfi_is_shown_with_its_question_answers_section_and_files() {
    let world = World::demo().await;
    let rfi = body(world.get(&format!("rest/v1.0/projects/4071/rfis/{}", world.rfi_id(41))).await).await;
    assert_eq!(rfi["number"], "41");
    assert!(rfi["id"].as_i64().unwrap() > 1 << 32);
    assert_eq!(rfi["status"], "open");
    assert!(rfi.get("created_by").is_none(), "the vendor's reference lists no author here");
    assert_eq!(rfi["specification_section"]["number"], "10 14 00");
    assert!(rfi["questions"][0]["plain_text_body"].as_str().unwrap().starts_with("Sheet A-811"));
    assert!(rfi["questions"][0]["rich_text_body"].as_str().unwrap().starts_with("<p>Sheet A-811"));
    assert!(rfi["questions"][0]["created_by"].is_string(), "a name, not a user");
    assert_eq!(rfi["questions"][0]["attachments"][0]["name"], "A-811 rev 1 excerpt.txt");

    let replies = format!("rest/v1.0/projects/4071/rfis/{}/replies", world.rfi_id(12));
    let replies = body(world.get(&replies).await).await;
    assert_eq!(replies[0]["created_by_id"], 5201);
    assert_eq!(replies[0]["official"], true);
}

#[tokio::test]
async fn a_posted_reply_is_seen_mailed_and_recorded() {
    let world = World::demo().await;
    let id = world.rfi_id(41);
    let path = format!("rest/v1.0/projects/4071/rfis/{id}/replies");
    let answer = world.post(&path, &json!({ "reply": { "body": "48 inches", "official": false } })).await;
    assert_eq!(answer.status(), 201);
    let rfi = world.sandbox.rfis().into_iter().find(|rfi| rfi.id == id).unwrap();
    assert_eq!(rfi.answers.len(), 1);
    assert_eq!(world.sandbox.mails().len(), 1);
    assert_eq!(world.sandbox.requests().pop().unwrap().body["reply"]["body"], "48 inches");
}

#[tokio::test]
async fn the_server_numbers_what_is_added_and_a_draft_has_no_number() {
    let world = World::demo().await;
    let id = world.sandbox.add_rfi(NewRfi {
        subject: "One more".to_owned(),
        question: "Which?".to_owned(),
        section: Some("07 92 00".to_owned()),
        ..NewRfi::default()
    });
    let draft = world.sandbox.add_rfi(NewRfi { status: RfiStatus::Draft, ..NewRfi::default() });
    let added: Vec<_> =
        world.sandbox.rfis().into_iter().filter(|rfi| rfi.id == id || rfi.id == draft).collect();
    assert_eq!((added[0].number, added[1].number), (Some(53), None));
    assert!(added[0].section_id.is_some());

    let before = added[0].updated_at;
    world.sandbox.update_rfi(id, |rfi| rfi.question = "Which one?".to_owned());
    let after = world.sandbox.rfis().into_iter().find(|rfi| rfi.id == id).unwrap();
    assert!(after.updated_at > before);
    assert_eq!(after.question, "Which one?");
}
