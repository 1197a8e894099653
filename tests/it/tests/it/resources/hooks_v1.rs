//! Administration of webhooks, v1.0: for a company that has no v2.0, until it is removed.

use procore::hooks::{HookChange, NewHook, NewTrigger, Scope, TriggerEvent};

use super::{
    Class, Desk, class,
    hooks::{SCOPES, Version, administer, hasty},
};

pub(super) async fn walk(desk: &Desk) {
    desk.sandbox.set_webhooks_v2_missing(true);
    administer(desk, &Version { newer: false, resources: "v2.0" }).await;
    desk.sandbox.set_webhooks_v2_missing(false);
}

fn hook() -> NewHook {
    NewHook {
        payload_version: "v2".to_owned(),
        namespace: "plumbline-it".to_owned(),
        destination_url: "http://127.0.0.1:9/".parse().unwrap(),
        authorization: "Bearer it-hook-secret".to_owned().into(),
    }
}

#[tokio::test]
async fn where_the_newer_version_is_missing_the_older_does_the_same() {
    walk(&Desk::with(hasty()).await).await;
}

#[tokio::test]
async fn the_older_version_refuses_some_triggers_and_cannot_switch() {
    let Desk { sandbox, procore } = Desk::start().await;
    sandbox.set_webhooks_v2_missing(true);
    let scope = Scope::Company;
    let made = procore.create_hook(scope, &hook()).await.unwrap();
    let new = |name: &str| NewTrigger { resource_name: name.to_owned(), event: TriggerEvent::Create };
    let both = [new("Projects"), new("RFIs"), new("Projects")];

    let created = procore.create_triggers(scope, made.id, "v2", &both).await.unwrap();

    let names: Vec<_> = created.triggers.iter().map(|trigger| trigger.resource_name.as_str()).collect();
    assert_eq!((names, created.refused), (vec!["Projects"], 2), "RFIs are a project's");
    let own = created.triggers[0].id;
    let ids = [own, procore::TriggerId::new(1)];
    assert_eq!(procore.delete_triggers(scope, made.id, &ids).await.unwrap(), [own], "one was not there");
    let off = HookChange { active: Some(false), ..HookChange::default() };
    assert_eq!(class(procore.update_hook(scope, made.id, &off).await), Class::NotFound);
}

#[tokio::test]
async fn after_the_sunset_the_newer_version_is_all_there_is() {
    let Desk { sandbox, procore } = Desk::start().await;
    sandbox.set_webhooks_v1_removed(true);
    for scope in SCOPES {
        let made = procore.create_hook(scope, &hook()).await.unwrap();
        assert_eq!(procore.hooks(scope, "plumbline-it").await.unwrap()[0].id, made.id);
        procore.delete_hook(scope, made.id).await.unwrap();
    }
    let older = |asked: &&sandbox::Recorded| asked.path.starts_with("/rest/v1.0/webhooks");
    assert_eq!(sandbox.requests().iter().filter(older).count(), 0, "nothing asks what is deprecated first");

    sandbox.set_webhooks_v2_missing(true);
    for scope in SCOPES {
        let neither = procore.hooks(scope, "plumbline-it").await.unwrap_err();
        assert_eq!(neither.class(), Class::NotFound);
        assert!(
            neither.to_string().contains("/rest/v2.0/"),
            "the newer one is to be looked after: {neither}"
        );
    }
}
