//! Downloads: with a token here, without one at the storage host.

use sandbox::{NewAttachment, NewRfi};

use crate::world::{SECTIONS, World, body};

#[tokio::test]
async fn a_file_needs_the_token_and_some_lie_at_another_host_that_refuses_it() {
    let world = World::demo().await;
    let rows = body(world.get(&format!("{SECTIONS}?per_page=100")).await).await;
    let (mut direct, mut redirected) = (0, 0);
    for row in rows["data"].as_array().unwrap() {
        let url = row["url"].as_str().unwrap();
        assert_eq!(world.http.get(url).send().await.unwrap().status(), 401, "{url}");
        let answer = world.get(url).await;
        if answer.status() == 200 {
            direct += 1;
            assert_eq!(answer.headers()["content-type"], "application/pdf");
            assert!(answer.bytes().await.unwrap().starts_with(b"%PDF-"));
            continue;
        }
        assert_eq!(answer.status(), 302);
        redirected += 1;
        let stored = answer.headers()["location"].to_str().unwrap();
        assert_ne!(reqwest::Url::parse(stored).unwrap().port(), world.sandbox.url().port());
        assert_eq!(world.http.get(stored).bearer_auth("anything").send().await.unwrap().status(), 400);
        let bytes = world.http.get(stored).send().await.unwrap().bytes().await.unwrap();
        assert!(bytes.starts_with(b"%PDF-"));
    }
    assert!(direct > 0 && redirected > 0, "{direct} direct, {redirected} redirected");
    let stored = world.sandbox.requests().into_iter().filter(|request| request.path.starts_with("/storage/"));
    assert_eq!(
        stored.filter(|request| request.headers["authorization"] == "bearer wrong").count(),
        redirected
    );
}

#[tokio::test]
async fn attachments_keep_their_type_and_name() {
    let world = World::demo().await;
    let rfi = body(world.get(&format!("rest/v1.0/projects/4071/rfis/{}", world.rfi_id(44))).await).await;
    let file = &rfi["questions"][0]["attachments"][0];
    let answer = world.get(file["url"].as_str().unwrap()).await;
    assert_eq!(answer.headers()["content-type"], "text/plain");
    assert_eq!(answer.headers()["content-disposition"], "inline; filename=\"A-501 rev 2 excerpt.txt\"");
    assert!(answer.text().await.unwrap().contains("3/16 inch"));
}

#[tokio::test]
async fn every_hostile_rfi_is_served_as_it_is_with_its_file() {
    let world = World::demo().await;
    for hostile in sandbox::seed::hostile() {
        let id = world.sandbox.add_rfi(NewRfi {
            subject: hostile.subject.clone(),
            question: hostile.question.clone(),
            attachments: hostile
                .attachment
                .iter()
                .map(|(name, text)| NewAttachment::text(name, text))
                .collect(),
            emit: false,
            ..NewRfi::default()
        });
        let rfi = body(world.get(&format!("rest/v1.0/projects/4071/rfis/{id}")).await).await;
        assert_eq!(rfi["subject"], hostile.subject, "{}", hostile.name);
        let question = &rfi["questions"][0];
        assert_eq!(question["plain_text_body"], hostile.question, "{}", hostile.name);
        assert_eq!(world.page(&format!("rfis/{id}")).await.0, 200, "{}", hostile.name);
        if let Some((name, text)) = hostile.attachment {
            assert_eq!(question["attachments"][0]["name"], name, "{}", hostile.name);
            let answer = world.get(question["attachments"][0]["url"].as_str().unwrap()).await;
            assert_eq!(answer.text().await.unwrap(), text, "{}", hostile.name);
        }
    }
}
