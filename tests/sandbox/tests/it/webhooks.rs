//! Webhooks: bodies, who did it, order, backoff and the end of it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Json, Router, extract::State, http::HeaderMap, http::StatusCode, routing::post};
use sandbox::{DeliveryStatus, Event, Hook, NewRfi, Options, Sandbox};
use serde_json::Value;

use crate::world::{ITEMS, World, draft};

pub(crate) const LONG: Duration = Duration::from_secs(10);

/// Answers with the given statuses, then 204; keeps what it got.
#[derive(Clone, Default)]
pub(crate) struct Receiver {
    pub(crate) statuses: Arc<Mutex<Vec<u16>>>,
    pub(crate) got: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Receiver {
    pub(crate) async fn start(statuses: &[u16]) -> (Self, reqwest::Url) {
        let receiver = Self { statuses: Arc::new(Mutex::new(statuses.to_vec())), ..Self::default() };
        let routes = Router::new().route("/hook", post(Self::receive)).with_state(receiver.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap()).parse().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        (receiver, url)
    }

    async fn receive(State(own): State<Self>, headers: HeaderMap, Json(event): Json<Value>) -> StatusCode {
        let authorization = headers["authorization"].to_str().unwrap().to_owned();
        own.got.lock().unwrap().push((authorization, event));
        let mut statuses = own.statuses.lock().unwrap();
        if statuses.is_empty() {
            StatusCode::NO_CONTENT
        } else {
            StatusCode::from_u16(statuses.remove(0)).unwrap()
        }
    }

    pub(crate) fn events(&self) -> Vec<Value> {
        self.got.lock().unwrap().iter().map(|(_, event)| event.clone()).collect()
    }
}

fn hook(url: reqwest::Url, version: &str) -> Hook {
    Hook { url, authorization: "Bearer hook-secret".to_owned(), payload_version: version.to_owned() }
}

pub(crate) fn all_settled(sandbox: &Sandbox) -> bool {
    let deliveries = sandbox.deliveries();
    !deliveries.is_empty()
        && deliveries
            .iter()
            .all(|d| matches!(d.status, DeliveryStatus::Delivered | DeliveryStatus::Discarded))
}

#[tokio::test]
async fn our_own_write_comes_back_as_an_event_with_our_ids() {
    let world = World::demo().await;
    for version in ["v2.0", "v3.0", "v4.0"] {
        let (_, url) = Receiver::start(&[]).await;
        world.sandbox.subscribe(hook(url, version));
    }
    world.post(ITEMS, &draft("x")).await;
    assert!(world.sandbox.wait_for(LONG, all_settled).await);
    let events: Vec<Value> = world.sandbox.deliveries().into_iter().map(|delivery| delivery.event).collect();
    let item = world.sandbox.correspondence()[0].id;
    for event in &events[..2] {
        assert_eq!(event["resource_name"], "Generic Tool Items");
        assert_eq!(event["resource_id"], item);
        assert_eq!(event["event_type"], "create");
        assert_eq!(event["user_id"], 990_001);
        assert_eq!(event["metadata"]["source_application_id"], "sandbox-client-id");
    }
    assert_eq!(events[2]["user_id"], "990001");
    assert_eq!(events[2]["resource_id"], item.to_string());
}

#[tokio::test]
async fn a_persons_event_names_no_application_and_the_header_is_verbatim() {
    let world = World::demo().await;
    let (receiver, url) = Receiver::start(&[]).await;
    world.sandbox.subscribe(hook(url, "v2.0"));
    let id = world.sandbox.add_rfi(NewRfi { subject: "One".to_owned(), ..NewRfi::default() });
    assert!(world.sandbox.wait_for(LONG, all_settled).await);
    let (authorization, event) = receiver.got.lock().unwrap()[0].clone();
    assert_eq!(authorization, "Bearer hook-secret");
    assert_eq!((&event["resource_name"], &event["resource_id"]), (&Value::from("RFIs"), &Value::from(id)));
    assert!(event["metadata"]["source_application_id"].is_null());
    assert_eq!(event["user_id"], 5301);

    world.sandbox.set_metadata_hidden(true);
    world.post(ITEMS, &draft("x")).await;
    assert!(
        world.sandbox.wait_for(LONG, |sandbox| sandbox.deliveries().len() == 2 && all_settled(sandbox)).await
    );
    let hidden = receiver.events().pop().unwrap();
    assert!(
        hidden["metadata"]["source_application_id"].is_null()
            && hidden["metadata"]["source_user_id"].is_null()
    );
    assert_eq!(hidden["user_id"], 990_001);
}

#[tokio::test]
async fn a_failing_event_holds_up_the_later_ones_and_waits_longer_each_time() {
    let world = World::with(Options { webhook_retry_first_ms: 20, ..Options::demo() }).await;
    let (receiver, url) = Receiver::start(&[500, 401, 503]).await;
    world.sandbox.subscribe(hook(url, "v2.0"));
    world.sandbox.webhook_for_rfi(world.rfi_id(41), "create");
    world.sandbox.webhook_for_rfi(world.rfi_id(42), "update");
    assert!(world.sandbox.wait_for(LONG, all_settled).await);

    let order: Vec<i64> =
        receiver.events().iter().map(|event| event["resource_id"].as_i64().unwrap()).collect();
    let (first, second) = (world.rfi_id(41), world.rfi_id(42));
    assert_eq!(order, [first, first, first, first, second]);

    let attempts = world.sandbox.deliveries()[0].attempts.clone();
    let statuses: Vec<Option<u16>> = attempts.iter().map(|attempt| attempt.status).collect();
    assert_eq!(statuses, [Some(500), Some(401), Some(503), Some(204)]);
    let gaps_ms: Vec<i64> =
        attempts.windows(2).map(|pair| pair[1].at.as_millisecond() - pair[0].at.as_millisecond()).collect();
    for (gap_ms, least_ms) in gaps_ms.iter().zip([20, 40, 80]) {
        assert!(*gap_ms >= least_ms, "{gaps_ms:?}");
    }
    assert_eq!(world.sandbox.deliveries()[1].attempts.len(), 1);
}

#[tokio::test]
async fn a_hook_that_never_answers_is_flushed_and_works_again_later() {
    let options = Options {
        webhook_retry_first_ms: 5,
        webhook_give_up_after: Duration::from_millis(25),
        ..Options::demo()
    };
    let world = World::with(options).await;
    let (receiver, url) = Receiver::start(&[500; 20]).await;
    world.sandbox.subscribe(hook(url, "v4.0"));
    for number in [41, 42, 43] {
        world.sandbox.webhook_for_rfi(world.rfi_id(number), "create");
    }
    assert!(world.sandbox.wait_for(LONG, all_settled).await);
    let deliveries = world.sandbox.deliveries();
    assert!(deliveries.iter().all(|delivery| delivery.status == DeliveryStatus::Discarded));
    assert_eq!(deliveries[2].attempts.len(), 0);

    receiver.statuses.lock().unwrap().clear();
    let company = Event {
        resource_name: "Company Users".to_owned(),
        resource_id: 5301,
        reason: "update".to_owned(),
        user_id: None,
        application_id: None,
        project_id: None,
    };
    world.sandbox.emit(&company);
    assert!(world.sandbox.wait_for(LONG, all_settled).await);
    assert_eq!(world.sandbox.deliveries()[3].status, DeliveryStatus::Delivered);
    assert!(world.sandbox.deliveries()[3].event["project_id"].is_null());
}
