//! What leaves the crate when a draft is written: exactly that, nothing else.

use std::time::Duration;

use procore::{
    Class, CorrespondenceItem, CorrespondenceItemId, CorrespondenceTypeId, DraftItem, Error, ItemFilter,
    Procore, ProjectId, UserId,
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::stand_in::{answer, api_requests, client, fixture, ok, server};

const PROJECT: ProjectId = ProjectId::new(4071);
const KIND: CorrespondenceTypeId = CorrespondenceTypeId::new(77);
const ITEM: CorrespondenceItemId = CorrespondenceItemId::new(562_949_953_425_501);
const ITEMS: &str = "/rest/v1.0/projects/4071/generic_tools/77/generic_tool_items";

fn draft() -> DraftItem {
    DraftItem { title: "Draft answer to RFI-017".into(), description: "<p>text</p>".into() }
}

pub(crate) async fn create(procore: &Procore) -> Result<CorrespondenceItem, Error> {
    procore.create_correspondence_draft(PROJECT, KIND, &draft()).await
}

fn item() -> Value {
    serde_json::from_slice(&fixture("correspondence_item.json")).unwrap()
}

#[tokio::test]
async fn a_draft_is_created_updated_and_taken_back() {
    let server = server().await;
    let one = format!("{ITEMS}/{ITEM}");
    answer(&server, "POST", ITEMS, ResponseTemplate::new(201).set_body_json(item())).await;
    answer(&server, "PATCH", &one, ok(item())).await;
    answer(&server, "DELETE", &one, ResponseTemplate::new(200)).await;
    let procore = client(&server.uri());
    let created = create(&procore).await.unwrap();
    assert_eq!((created.id, created.is_private_draft()), (ITEM, Ok(())));
    assert_eq!(created.created_by.as_ref().map(|user| user.id), Some(UserId::new(990_001)));
    procore.update_correspondence_draft(PROJECT, KIND, ITEM, &draft()).await.unwrap();
    procore.delete_correspondence_item(PROJECT, KIND, ITEM).await.unwrap();

    let sent: Vec<_> = api_requests(&server)
        .await
        .iter()
        .map(|request| {
            let body = serde_json::from_slice::<Value>(&request.body).unwrap_or(Value::Null);
            (
                request.method.to_string(),
                request.url.path().to_owned(),
                request.url.query().map(str::to_owned),
                body,
            )
        })
        .collect();
    let body = json!({"generic_tool_item": {
        "title": "Draft answer to RFI-017", "description": "<p>text</p>",
        "status": "Draft", "private": true, "skip_emails": true,
    }});
    assert_eq!(
        sent,
        [
            ("POST".into(), ITEMS.into(), None, body.clone()),
            ("PATCH".into(), one.clone(), None, body),
            ("DELETE".into(), one, None, Value::Null),
        ]
    );
}

#[tokio::test]
async fn a_write_with_an_unknown_end_is_ambiguous_and_not_repeated() {
    for (status, class) in [
        (502, Class::Ambiguous),
        (504, Class::Ambiguous),
        (500, Class::Ambiguous),
        (503, Class::Retry { after: None }),
        (429, Class::Paced { after: Duration::from_secs(10) }),
        (409, Class::Permanent),
        (403, Class::Forbidden),
        (404, Class::NotFound),
    ] {
        let server = server().await;
        answer(&server, "POST", ITEMS, ResponseTemplate::new(status)).await;
        assert_eq!(create(&client(&server.uri())).await.unwrap_err().class(), class, "{status}");
        assert_eq!(api_requests(&server).await.len(), 1, "{status}");
    }
}

#[tokio::test]
async fn items_and_statuses_are_read() {
    let server = server().await;
    answer(&server, "GET", ITEMS, ok(json!([item(), {"title": "no id"}]))).await;
    answer(&server, "GET", &format!("{ITEMS}/{ITEM}"), ok(item())).await;
    let statuses = ok(json!([{"name": "Open"}, {"name": "Draft"}]));
    answer(&server, "GET", &format!("{ITEMS}/available_statuses"), statuses).await;
    let procore = client(&server.uri());
    let filter = ItemFilter {
        created_by: Some(UserId::new(990_001)),
        created_since: Some("2026-06-01T00:00:00.123Z".parse().unwrap()),
    };
    let items = procore.correspondence_items(PROJECT, KIND, &filter).await.unwrap();
    assert_eq!(items.iter().map(|item| item.id).collect::<Vec<_>>(), [ITEM]);
    assert_eq!(procore.correspondence_item(PROJECT, KIND, ITEM).await.unwrap(), items[0]);
    assert_eq!(procore.correspondence_statuses(PROJECT, KIND).await.unwrap(), ["Open", "Draft"]);
    let query: Vec<_> = api_requests(&server).await[0].url.query_pairs().into_owned().collect();
    let expected = [
        ("filters[created_by_id][]", "990001"),
        ("filters[created_at]", "2026-06-01T00:00:00Z...2999-12-31T23:59:59Z"),
        ("page", "1"),
        ("per_page", "100"),
    ];
    assert_eq!(query, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
}
