//! Downloads: with a token here, without one at the storage host.

use sandbox::{NewAttachment, NewRfi, OddFile};

use crate::world::{SECTIONS, World, body};

#[tokio::test]
async fn a_file_needs_the_token_and_some_lie_at_another_host_that_refuses_it() {
    let world = World::demo().await;
    let rows = body(world.get(&format!("{SECTIONS}?per_page=100")).await).await;
    let (mut direct, mut redirected) = (0, 0);
    let own_port = world.sandbox.url().port();
    let at_the_api = |url: &str| reqwest::Url::parse(url).unwrap().port() == own_port;
    let urls = rows["data"].as_array().unwrap().iter().map(|row| row["url"].as_str().unwrap());
    for url in urls.filter(|url| at_the_api(url)) {
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
async fn some_addresses_are_signed_ones_at_the_storage_host_where_a_token_is_refused_and_seen() {
    let world = World::demo().await;
    let rows = body(world.get(&format!("{SECTIONS}?per_page=100")).await).await;
    let urls = rows["data"].as_array().unwrap().iter().map(|row| row["url"].as_str().unwrap());
    let signed: Vec<&str> = urls.filter(|url| url.contains("/storage/")).collect();
    assert_eq!(signed.len(), 2, "the superseded revisions");
    world.sandbox.clear_requests();
    assert_eq!(world.get(signed[0]).await.status(), 400);
    let answer = world.http.get(signed[0]).send().await.unwrap();
    assert!(answer.bytes().await.unwrap().starts_with(b"%PDF-"));
    let seen: Vec<String> = world
        .sandbox
        .requests()
        .into_iter()
        .map(|request| format!("{} {}", request.headers["authorization"], request.status))
        .collect();
    assert_eq!(seen, ["bearer wrong 400", "bearer none 200"]);
}

#[tokio::test]
async fn odd_files_are_as_odd_as_they_say() {
    let world = World::demo().await;
    let get = async |odd| world.get(&world.sandbox.odd_file(odd)).await;
    assert!(get(OddFile::HtmlForPdf).await.text().await.unwrap().starts_with("<html>"));
    assert!(get(OddFile::Short).await.bytes().await.is_err());

    let looping = get(OddFile::Loop).await;
    assert_eq!(looping.headers()["location"], world.sandbox.odd_file(OddFile::Loop));
    let elsewhere = get(OddFile::Elsewhere).await;
    let stored = elsewhere.headers()["location"].to_str().unwrap();
    assert!(world.http.get(stored).send().await.unwrap().bytes().await.unwrap().starts_with(b"%PDF-"));

    let mut endless = get(OddFile::Endless).await;
    let mut length = 0;
    while length < 4 * 1024 * 1024 {
        length += endless.chunk().await.unwrap().unwrap().len();
    }
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
