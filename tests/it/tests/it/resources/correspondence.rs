//! Correspondence: types, statuses, and the whole life of a draft item.

use jiff::{SignedDuration, Timestamp};
use procore::{CorrespondenceItemId, CorrespondenceTypeId, DraftItem, ItemFilter, UserId};

use super::{Class, Desk, ENGINEER, PROJECT, class};
use crate::world::SERVICE_ACCOUNT;

/// The one type of the seed.
pub(super) const KIND: CorrespondenceTypeId = CorrespondenceTypeId::new(77);

pub(super) fn draft(description: &str) -> DraftItem {
    DraftItem { title: "Draft response".to_owned(), description: description.to_owned() }
}

pub(super) async fn walk(desk: &Desk) {
    let procore = &desk.procore;
    let types = procore.correspondence_types(PROJECT).await.unwrap();
    assert_eq!((types.len(), types[0].id, types[0].title.as_str()), (1, KIND, "AI Drafts"));
    assert_eq!((types[0].abbreviation.as_deref(), types[0].private_by_default), (Some("AID"), false));
    let statuses = procore.correspondence_type_statuses(KIND).await.unwrap();
    let told: Vec<_> =
        statuses.iter().map(|row| (row.name.as_str(), row.status.as_deref().unwrap())).collect();
    assert_eq!(told, [("Draft", "Draft"), ("Open", "Open"), ("Closed", "Closed")]);
    assert_eq!(procore.correspondence_statuses(PROJECT, KIND).await.unwrap(), ["Draft", "Open", "Closed"]);

    let made = procore.create_correspondence_draft(PROJECT, KIND, &draft("First.")).await.unwrap();
    assert_eq!(made.is_private_draft(), Ok(()));
    assert_eq!((made.title.as_str(), made.description.as_str()), ("Draft response", "First."));
    assert_eq!(made.created_by.as_ref().unwrap().id.get(), SERVICE_ACCOUNT);
    let updated =
        procore.update_correspondence_draft(PROJECT, KIND, made.id, &draft("Second.")).await.unwrap();
    assert_eq!((updated.is_private_draft(), updated.id), (Ok(()), made.id));
    assert_eq!(updated.description, "Second.");
    let read = procore.correspondence_item(PROJECT, KIND, made.id).await.unwrap();
    assert_eq!(read, updated);

    let hours = |hours| Some(Timestamp::now() + SignedDuration::from_hours(hours));
    for (created_by, created_since, expected) in [
        (None, None, vec![read.clone()]),
        (Some(UserId::new(SERVICE_ACCOUNT)), hours(-1), vec![read]),
        (Some(ENGINEER), None, vec![]),
        (None, hours(1), vec![]),
    ] {
        let filter = ItemFilter { created_by, created_since };
        let items = procore.correspondence_items(PROJECT, KIND, &filter).await.unwrap();
        assert_eq!(items, expected, "{filter:?}");
    }

    procore.delete_correspondence_item(PROJECT, KIND, made.id).await.unwrap();
    assert_eq!(desk.sandbox.correspondence(), []);
    assert_eq!(class(procore.correspondence_item(PROJECT, KIND, made.id).await), Class::NotFound);
    assert_eq!(class(procore.delete_correspondence_item(PROJECT, KIND, made.id).await), Class::NotFound);
    assert_eq!(desk.sandbox.mails(), <[String; 0]>::default());
}

#[tokio::test]
async fn an_item_is_made_changed_found_and_taken_back() {
    walk(&Desk::start().await).await;
}

#[tokio::test]
async fn another_type_is_not_found() {
    let Desk { procore, .. } = Desk::start().await;
    let other = CorrespondenceTypeId::new(78);
    assert_eq!(class(procore.correspondence_type_statuses(other).await), Class::NotFound);
    assert_eq!(class(procore.correspondence_statuses(PROJECT, other).await), Class::NotFound);
    assert_eq!(
        class(procore.correspondence_items(PROJECT, other, &ItemFilter::default()).await),
        Class::NotFound
    );
    assert_eq!(
        class(procore.create_correspondence_draft(PROJECT, other, &draft("x")).await),
        Class::NotFound
    );
    let item = CorrespondenceItemId::new(1);
    assert_eq!(class(procore.correspondence_item(PROJECT, other, item).await), Class::NotFound);
}
