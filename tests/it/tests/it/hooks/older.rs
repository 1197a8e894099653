//! A tenant that has only the older administration, v1.0.

use super::{DOOR, NAMESPACE, Office, PROJECT};

#[tokio::test(flavor = "multi_thread")]
async fn the_older_administration_is_used_where_it_is_all_there_is() {
    let office = Office::start().await;
    office.sandbox().set_webhooks_v2_missing(true);
    let (code, words) = office.plan().await;
    assert!(code == 3 && words.contains("make a hook (v2) that delivers to"), "its own word: {words}");

    let hook = office.applied().await;
    assert_eq!((hook.payload_version.as_deref(), hook.status.as_ref()), (Some("v2"), None));
    assert_eq!(office.listens(PROJECT, hook.id).await.len(), 54);
    let writes = office.writes();
    let (code, words) = office.apply().await;
    assert_eq!((code, office.writes()), (0, writes), "{words}");
    assert!(words.contains("whether hook") && words.contains("is switched on is not said"), "{words}");

    let (code, words) = office.told(&format!("rotate finish --url {DOOR} --without-knocking")).await;
    assert!(code == 0 && words.contains("all of them with the newest value"), "{words}");
    let (code, words) = office.told_at("rotate retire", super::in_minutes(10)).await;
    assert!(code == 1 && words.contains("does not say what is on its way; a day after `finish`"), "{words}");
    let (code, words) = office.told("rotate retire --waited").await;
    assert!(code == 0 && words.contains("Nothing sends the 1 older value any more"), "{words}");

    assert_eq!(office.told("remove --yes").await.0, 0);
    assert_eq!(office.hooks(PROJECT, NAMESPACE).await, []);
}
