//! Administration of webhooks: both versions are asked rightly and read into the same.

use jiff::civil::date;
use procore::hooks::{
    DeliveryFilter, DeliveryStatus, HookChange, HookStatus, NewHook, NewTrigger, Scope, TriggerEvent,
};
use procore::{Class, HookId, Procore, ProjectId, TriggerId};
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::{MockServer, ResponseTemplate};

use crate::resources::{sent, willing};
use crate::stand_in::{answer, api_requests, client, ok, server};

const PROJECT: Scope = Scope::Project(ProjectId::new(4071));
const HOOK: HookId = HookId::new(3);
const COMPANY_HOOKS: &str = "/rest/v2.0/companies/8001/webhooks/hooks";
const PROJECT_HOOKS: &str = "/rest/v2.0/companies/8001/projects/4071/webhooks/hooks";
const OLD_HOOKS: &str = "/rest/v1.0/webhooks/hooks";
const SECRET: &str = "Bearer s3cret-of-the-hook";

fn new_hook() -> NewHook {
    NewHook {
        payload_version: "v2.0".into(),
        namespace: "acme-plumbline".into(),
        destination_url: "https://hooks.example/procore".parse().unwrap(),
        authorization: SecretString::from(SECRET),
    }
}

fn new_triggers() -> [NewTrigger; 2] {
    ["RFIs", "Submittals"].map(|name| NewTrigger { resource_name: name.into(), event: TriggerEvent::Update })
}

/// A tenant without v2.0.
async fn old_tenant() -> (MockServer, Procore) {
    let server = server().await;
    let procore = client(&server.uri());
    (server, procore)
}

#[tokio::test]
async fn hooks_read_the_same_in_both_versions() {
    let newer = json!({"data": [{"id": "3", "payload_version": "v2.0", "namespace": "acme-plumbline",
        "destination_headers": {"Authorization": "****ook"}, "destination_url": "https://hooks.example/p",
        "company_id": null, "project_id": "4071"}]});
    let older = json!([{"id": 3, "api_version": "v2.0", "namespace": "acme-plumbline",
        "destination_headers": {"Authorization": "****ook"}, "destination_url": "https://hooks.example/p",
        "owned_by_company_id": null, "owned_by_project_id": 4071, "owned_by_user_id": 1}]);
    let (new, procore) = willing().await;
    answer(&new, "GET", PROJECT_HOOKS, ok(newer)).await;
    let from_new = procore.hooks(PROJECT, "acme-plumbline").await.unwrap();
    let (old, procore) = old_tenant().await;
    answer(&old, "GET", OLD_HOOKS, ok(older)).await;
    let from_old = procore.hooks(PROJECT, "acme-plumbline").await.unwrap();
    assert_eq!(from_new, from_old);
    assert_eq!((from_new[0].id, from_new[0].status.clone()), (HOOK, None));
    assert!(from_new[0].authorization_is_set && from_new[0].project_id == Some(ProjectId::new(4071)));
    assert!(!format!("{from_new:?}").contains("ook\""), "{from_new:?}");
    let query = api_requests(&old).await.pop().unwrap().url.query().unwrap().to_owned();
    assert_eq!(query, "project_id=4071&namespace=acme-plumbline");
}

#[tokio::test]
async fn a_hook_says_whether_it_is_on() {
    let (server, procore) = willing().await;
    let row = |id: i64, more: Value| {
        let mut row = json!({"id": id, "namespace": "acme"});
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };
    let rows = json!({"data": [
        row(1, json!({"status": "active"})), row(2, json!({"status": "DISABLED"})),
        row(3, json!({"status": "paused"})), row(4, json!({"destination_headers": {"Authorization": ""}})),
        row(5, json!({"destination_headers": null, "status": null})),
    ]});
    answer(&server, "GET", COMPANY_HOOKS, ok(rows)).await;
    let hooks = procore.hooks(Scope::Company, "acme").await.unwrap();
    let statuses: Vec<_> = hooks.iter().map(|hook| hook.status.clone()).collect();
    let paused = HookStatus::Other("paused".into());
    assert_eq!(statuses, [Some(HookStatus::Active), Some(HookStatus::Disabled), Some(paused), None, None]);
    assert!(hooks.iter().all(|hook| !hook.authorization_is_set));
}

#[tokio::test]
async fn a_list_that_ignores_the_namespace_brings_no_strangers_hook() {
    let rows = json!([{"id": 1, "namespace": "another-app"}, {"id": 3, "namespace": "acme"}, {"id": 4}]);
    let (new, from_new) = willing().await;
    answer(&new, "GET", COMPANY_HOOKS, ok(json!({"data": rows.clone()}))).await;
    let (old, from_old) = old_tenant().await;
    answer(&old, "GET", OLD_HOOKS, ok(rows)).await;
    for procore in [from_new, from_old] {
        let hooks = procore.hooks(Scope::Company, "acme").await.unwrap();
        assert_eq!(hooks.iter().map(|hook| hook.id).collect::<Vec<_>>(), [HOOK]);
    }
}

#[tokio::test]
async fn the_newer_version_is_asked_at_either_scope() {
    let (server, procore) = willing().await;
    let off = HookChange { active: Some(false), ..HookChange::default() };
    let page = "page=1&per_page=100";
    let filter = DeliveryFilter {
        status: Some(DeliveryStatus::Delivered),
        resource_name: Some("RFIs".into()),
        event: Some(TriggerEvent::Update),
        start: Some(date(2026, 6, 1)),
        end: Some(date(2026, 6, 2)),
        most_rows: None,
    };
    let triggers = json!([{"resource_name": "RFIs", "event_type": "update"},
        {"resource_name": "Submittals", "event_type": "update"}]);
    let hook = json!({"payload_version": "v2.0", "namespace": "acme-plumbline",
        "destination_url": "https://hooks.example/procore", "destination_headers": {"Authorization": SECRET}});
    answer(
        &server,
        "DELETE",
        &format!("{PROJECT_HOOKS}/3/triggers/bulk"),
        ok(json!({"data": {"succeeded": ["7"]}})),
    )
    .await;
    for (scope, at, base) in [
        (Scope::Company, COMPANY_HOOKS, "/rest/v2.0/companies/8001/webhooks"),
        (PROJECT, PROJECT_HOOKS, "/rest/v2.0/companies/8001/projects/4071/webhooks"),
    ] {
        let reads = [
            sent(&server, procore.hooks(scope, "acme")).await,
            sent(&server, procore.triggers(scope, HOOK)).await,
            sent(&server, procore.hook_resources(scope, "v4.0")).await,
            sent(&server, procore.deliveries(scope, HOOK, &DeliveryFilter::default())).await,
            sent(&server, procore.deliveries(scope, HOOK, &filter)).await,
        ];
        let expected = [
            format!("GET {at}?namespace=acme&{page}"),
            format!("GET {at}/3/triggers?{page}"),
            format!("GET {base}/resources?payload_version=v4.0&{page}"),
            format!("GET {at}/3/deliveries?{page}"),
            format!(
                "GET {at}/3/deliveries?filter[status]=succeeded&filter[resource_name]=RFIs&\
                 filter[event_type]=update&filter[start]=2026-06-01&filter[end]=2026-06-02&{page}"
            ),
        ];
        assert_eq!(reads, expected.map(|line| vec![(line, Value::Null)]));
        let writes = [
            sent(&server, procore.create_hook(scope, &new_hook())).await,
            sent(&server, procore.update_hook(scope, HOOK, &off)).await,
            sent(&server, procore.delete_hook(scope, HOOK)).await,
            sent(&server, procore.create_triggers(scope, HOOK, "v2.0", &new_triggers())).await,
        ];
        let expected = [
            (format!("POST {at}"), hook.clone()),
            (format!("PATCH {at}/3"), json!({"status": "disabled"})),
            (format!("DELETE {at}/3"), Value::Null),
            (format!("POST {at}/3/triggers/bulk"), triggers.clone()),
        ];
        assert_eq!(writes, expected.map(|line| vec![line]));
    }
    let gone = sent(&server, procore.delete_triggers(PROJECT, HOOK, &[TriggerId::new(7)])).await;
    assert_eq!(gone, [(format!("DELETE {PROJECT_HOOKS}/3/triggers/bulk"), json!(["7"]))]);
}

#[tokio::test]
async fn the_older_version_does_the_same_where_the_newer_is_not_there() {
    let (server, procore) = old_tenant().await;
    answer(&server, "POST", OLD_HOOKS, ok(json!({"id": 3, "api_version": "v2.0"}))).await;
    answer(&server, "DELETE", &format!("{OLD_HOOKS}/3"), ResponseTemplate::new(200)).await;
    let made = json!({"success": [
        {"id": 7, "webhook_hook_id": 3, "resource_name": "RFIs", "event_type": "UPDATE", "company_id": 8001},
    ], "failed": [{"code": "taken", "message": "x", "trigger": {"resource_name": "Submittals"}}]});
    let bulk = format!("{OLD_HOOKS}/3/triggers/bulk");
    answer(&server, "POST", &bulk, ResponseTemplate::new(207).set_body_json(made)).await;
    answer(&server, "DELETE", &bulk, ok(json!({"success": [7], "failed": [{"trigger": 8}]}))).await;

    assert_eq!(procore.create_hook(Scope::Company, &new_hook()).await.unwrap().id, HOOK);
    let created = procore.create_triggers(Scope::Company, HOOK, "v2.0", &new_triggers()).await.unwrap();
    assert_eq!((created.triggers.len(), created.refused), (1, 1));
    assert_eq!(
        (created.triggers[0].id, &created.triggers[0].event),
        (TriggerId::new(7), &TriggerEvent::Update)
    );
    let gone =
        procore.delete_triggers(Scope::Company, HOOK, &[TriggerId::new(7), TriggerId::new(8)]).await.unwrap();
    assert_eq!(gone, [TriggerId::new(7)]);
    procore.delete_hook(Scope::Company, HOOK).await.unwrap();
    let on = HookChange { active: Some(true), ..HookChange::default() };
    let error = procore.update_hook(Scope::Company, HOOK, &on).await.unwrap_err();
    assert!(error.to_string().contains(COMPANY_HOOKS), "{error}");

    let lines: Vec<_> = api_requests(&server)
        .await
        .iter()
        .map(|request| (request.url.path().to_owned(), request.url.query().map(str::to_owned)))
        .collect();
    let path = |tail: &str| (format!("{COMPANY_HOOKS}{tail}"), None);
    assert_eq!(
        lines,
        [
            path(""),
            (OLD_HOOKS.to_owned(), None),
            path("/3/triggers/bulk"),
            (bulk.clone(), None),
            path("/3/triggers/bulk"),
            (bulk.clone(), None),
            path("/3"),
            (format!("{OLD_HOOKS}/3"), Some("company_id=8001".to_owned())),
            path("/3"),
        ]
    );
}

#[tokio::test]
async fn a_refused_hook_is_not_made_again_the_old_way_and_its_secret_stays_hidden() {
    for (status, class) in [(403, Class::Forbidden), (422, Class::Permanent), (502, Class::Ambiguous)] {
        let (server, procore) = old_tenant().await;
        answer(&server, "POST", COMPANY_HOOKS, ResponseTemplate::new(status).set_body_string(SECRET)).await;
        let error = procore.create_hook(Scope::Company, &new_hook()).await.unwrap_err();
        assert_eq!((error.class(), api_requests(&server).await.len()), (class, 1), "{status}");
        assert!(!format!("{error} {error:?} {:?}", new_hook()).contains("s3cret"), "{error:?}");
    }
}

#[tokio::test]
async fn a_trigger_of_the_newer_version_that_is_refused_is_counted() {
    let (server, procore) = willing().await;
    let rows = json!({"data": [
        {"id": "7", "webhook_hook_id": "3", "resource_name": "RFIs", "event_type": "CREATED"},
        {"code": "taken", "resource_name": "Submittals"},
    ]});
    let partly = ResponseTemplate::new(207).set_body_json(rows);
    answer(&server, "POST", &format!("{PROJECT_HOOKS}/3/triggers/bulk"), partly).await;
    let created = procore.create_triggers(PROJECT, HOOK, "v2.0", &new_triggers()).await.unwrap();
    assert_eq!((created.triggers.len(), created.refused), (1, 1));
    assert_eq!(created.triggers[0].hook_id, Some(HOOK));
    assert_eq!(created.triggers[0].event, TriggerEvent::Create);
}

#[tokio::test]
async fn resources_read_the_same_in_both_versions() {
    let newer = json!({"data": [{"category": "Project Management", "tool": "RFI", "name": "RFIs",
        "payload_version": "v2.0", "actions": ["update", "create"]}]});
    let older = json!([{"api_version": "v2.0", "product_category": "Project Management", "tools": "RFIs",
        "except": [], "create": "yes", "update": "yes", "delete": ""}]);
    let (new, procore) = willing().await;
    answer(&new, "GET", "/rest/v2.0/companies/8001/projects/4071/webhooks/resources", ok(newer)).await;
    let from_new = procore.hook_resources(PROJECT, "v2.0").await.unwrap();
    let (old, procore) = old_tenant().await;
    answer(&old, "GET", "/rest/v1.0/webhooks/resources", ok(older)).await;
    let from_old = procore.hook_resources(PROJECT, "v2.0").await.unwrap();
    assert_eq!(from_new, from_old);
    assert_eq!(from_new[0].events, [TriggerEvent::Create, TriggerEvent::Update]);
    assert_eq!(api_requests(&old).await.pop().unwrap().url.query(), Some("project_id=4071"));
    procore.hook_resources(Scope::Company, "v2.0").await.unwrap();
    assert_eq!(api_requests(&old).await.pop().unwrap().url.query(), None);
}

fn event(ulid: &str, resource: &str, day: &str) -> Value {
    json!({"id": 5_982_324_300_946_918_154_i64, "ulid": ulid, "timestamp": format!("{day}T10:00:00.000001Z"),
        "event_type": "update", "resource_name": resource, "resource_id": 12, "company_id": 8001,
        "project_id": 4071, "user_id": 5101, "api_version": "v2.0", "metadata": {}})
}

#[tokio::test]
async fn deliveries_read_the_same_in_both_versions_and_are_filtered_the_same() {
    let ulid = "01JXAAAAAAAAAAAAAAAAAAAAAA";
    let attempt = json!({"response_status": 500, "response_body": "Smith leak",
        "started_at": "2026-06-02T10:00:00Z", "completed_at": "2026-06-02T10:00:05Z"});
    let newer = json!({"data": [
        {"id": "9001", "status": "discarded", "payload": event(ulid, "RFIs", "2026-06-02"),
         "delivery_attempts": [{"id": "1", "success": false, "response_status": 500,
            "response_body": "Smith leak", "started_at": "2026-06-02T10:00:00Z",
            "completed_at": "2026-06-02T10:00:05Z"}]},
        {"status": "discarded"},
    ]});
    let mut old_row =
        json!({"event_id": 9001, "outcome": "discarded", "event": event(ulid, "RFIs", "2026-06-02")});
    old_row.as_object_mut().unwrap().extend(attempt.as_object().unwrap().clone());
    let other = |outcome: &str, resource: &str, day: &str| json!({"event_id": 1, "outcome": outcome, "event": event("X", resource, day)});
    let older = json!([
        other("ok", "RFIs", "2026-06-02"),
        old_row,
        other("discarded", "Submittals", "2026-06-02"),
        other("discarded", "RFIs", "2026-05-31"),
        other("discarded", "RFIs", "2026-06-03"),
        {"event_id": 2, "outcome": "discarded", "event": null},
    ]);
    let filter = DeliveryFilter {
        status: Some(DeliveryStatus::Discarded),
        resource_name: Some("RFIs".into()),
        event: Some(TriggerEvent::Update),
        start: Some(date(2026, 6, 1)),
        end: Some(date(2026, 6, 2)),
        most_rows: Some(5),
    };
    let (new, procore) = willing().await;
    answer(&new, "GET", &format!("{PROJECT_HOOKS}/3/deliveries"), ok(newer)).await;
    let from_new = procore.deliveries(PROJECT, HOOK, &filter).await.unwrap();
    let (old, procore) = old_tenant().await;
    answer(&old, "GET", &format!("{OLD_HOOKS}/3/deliveries"), ok(older)).await;
    let from_old = procore.deliveries(PROJECT, HOOK, &filter).await.unwrap();
    assert_eq!(from_new, from_old);
    let payload = from_new[0].payload.as_ref().unwrap();
    assert_eq!((from_new.len(), &*payload.delivery_id, &*payload.resource_id), (1, ulid, "12"));
    assert_eq!(from_new[0].attempts[0].response_status, Some(500));
    assert!(!format!("{from_new:?}").contains("Smith"));
    let query = api_requests(&old).await.pop().unwrap().url.query().unwrap().to_owned();
    assert_eq!(query, "project_id=4071&page_size=100");
    assert_eq!(procore.deliveries(PROJECT, HOOK, &DeliveryFilter::default()).await.unwrap().len(), 6);
}

#[test]
fn every_name_of_a_delivery_status_is_known() {
    for (name, expected) in [
        ("delivered", DeliveryStatus::Delivered),
        ("succeeded", DeliveryStatus::Delivered),
        ("ok", DeliveryStatus::Delivered),
        ("Failed", DeliveryStatus::Failed),
        ("discarded", DeliveryStatus::Discarded),
        ("enqueued", DeliveryStatus::Enqueued),
        ("retrying", DeliveryStatus::Retrying),
        ("retried", DeliveryStatus::Retrying),
        ("lost", DeliveryStatus::Other("lost".into())),
    ] {
        assert_eq!(DeliveryStatus::from(name.to_owned()), expected, "{name}");
    }
}
