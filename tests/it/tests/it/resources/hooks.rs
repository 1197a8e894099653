//! Administration of webhooks, v2.0, at both scopes, with deliveries to a receiver of our own.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use procore::hooks::{
    DeliveryFilter, DeliveryStatus, HookChange, HookStatus, NewHook, NewTrigger, Scope, Trigger, TriggerEvent,
};
use sandbox::{DeliveryStatus as Kept, Event, Options};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{COMPANY, Class, Desk, PROJECT, class};
use crate::world::{PATIENCE, PERSON};

const NAMESPACE: &str = "plumbline-it";
pub(super) const SCOPES: [Scope; 2] = [Scope::Company, Scope::Project(PROJECT)];

/// A receiver of webhooks that answers what it is told to.
struct Receiver {
    status: Arc<AtomicU16>,
    address: String,
}

impl Receiver {
    async fn start() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let status = Arc::new(AtomicU16::new(204));
        let answered = status.clone();
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let mut request = Vec::new();
                // A webhook is one object, so its end is the end of the request.
                while !request.ends_with(b"}") && connection.read_buf(&mut request).await.unwrap_or(0) > 0 {}
                let status = answered.load(Ordering::SeqCst);
                let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                let _ = connection.write_all(answer.as_bytes()).await;
            }
        });
        Receiver { status, address }
    }
}

/// Options of a server that gives up a webhook at its first failure.
pub(super) fn hasty() -> Options {
    Options { webhook_give_up_after: Duration::ZERO, ..Options::demo() }
}

/// What the two versions differ in.
pub(super) struct Version {
    pub(super) newer: bool,
    pub(super) resources: &'static str,
}

pub(super) async fn walk(desk: &Desk) {
    administer(desk, &Version { newer: true, resources: "v4.0" }).await;
}

/// The life of a hook at each scope.
pub(super) async fn administer(desk: &Desk, version: &Version) {
    let receiver = Receiver::start().await;
    for scope in SCOPES {
        let (names, event) = match scope {
            Scope::Company => (["Projects", "Company Users"], None),
            Scope::Project(project) => (["RFIs", "Submittals"], Some(project.get())),
        };
        resources(desk, scope, version, names[0]).await;
        one(desk, scope, version, &receiver, names).await;
        let event = Event {
            resource_name: names[0].to_owned(),
            resource_id: 4711,
            reason: "update".to_owned(),
            user_id: Some(PERSON),
            application_id: None,
            project_id: event,
        };
        delivered(desk, scope, version, &receiver, &event).await;
        gone(desk, scope).await;
    }
}

async fn resources(desk: &Desk, scope: Scope, version: &Version, name: &str) {
    let resources = desk.procore.hook_resources(scope, version.resources).await.unwrap();
    let told = resources.iter().find(|resource| resource.name == name).unwrap();
    let expected = if version.newer { version.resources } else { "v2" };
    assert_eq!(told.payload_version.as_deref(), Some(expected));
    assert!(told.category.is_some(), "{told:?}");
    let (create, update) = (TriggerEvent::Create, TriggerEvent::Update);
    let events = match scope {
        Scope::Company => vec![create, update],
        Scope::Project(_) => vec![create, update, TriggerEvent::Delete],
    };
    assert_eq!(told.events, events);
    assert!(resources.iter().all(|resource| !resource.name.is_empty() && !resource.events.is_empty()));
}

/// Makes a hook, changes it, and gives it triggers.
async fn one(desk: &Desk, scope: Scope, version: &Version, receiver: &Receiver, names: [&str; 2]) {
    let procore = &desk.procore;
    let new = NewHook {
        payload_version: "v4.0".to_owned(),
        namespace: NAMESPACE.to_owned(),
        destination_url: "http://127.0.0.1:9/elsewhere".parse().unwrap(),
        authorization: "Bearer it-hook-secret".to_owned().into(),
    };
    let made = procore.create_hook(scope, &new).await.unwrap();
    assert_eq!(made.status, version.newer.then_some(HookStatus::Active));
    assert_eq!((made.payload_version.as_deref(), made.namespace.as_deref()), (Some("v4.0"), Some(NAMESPACE)));
    assert_eq!(made.destination_url.as_deref(), Some("http://127.0.0.1:9/elsewhere"));
    assert!(made.authorization_is_set);
    let owner = match scope {
        Scope::Company => (Some(COMPANY), None),
        Scope::Project(project) => (version.newer.then_some(COMPANY), Some(project)),
    };
    assert_eq!((made.company_id, made.project_id), owner);

    let change = HookChange {
        destination_url: Some(receiver.address.parse().unwrap()),
        authorization: Some("Bearer it-other-secret".to_owned().into()),
        active: None,
    };
    let changed = procore.update_hook(scope, made.id, &change).await.unwrap();
    assert_eq!((changed.id, changed.destination_url), (made.id, Some(receiver.address.clone())));
    let listed = procore.hooks(scope, NAMESPACE).await.unwrap();
    assert_eq!(listed.iter().map(|hook| hook.id).collect::<Vec<_>>(), [made.id]);
    assert_eq!(procore.hooks(scope, "another-app").await.unwrap(), []);

    let new = |name: &str, event| NewTrigger { resource_name: name.to_owned(), event };
    let wanted = [
        new(names[0], TriggerEvent::Create),
        new(names[0], TriggerEvent::Update),
        new(names[1], TriggerEvent::Create),
    ];
    let created = procore.create_triggers(scope, made.id, "v4.0", &wanted).await.unwrap();
    let told = |triggers: &[Trigger]| {
        let row =
            |one: &Trigger| NewTrigger { resource_name: one.resource_name.clone(), event: one.event.clone() };
        triggers.iter().map(row).collect::<Vec<_>>()
    };
    assert_eq!((told(&created.triggers), created.refused), (wanted.to_vec(), 0));
    assert!(created.triggers.iter().all(|trigger| trigger.hook_id == Some(made.id)));
    let third = created.triggers[2].id;
    assert_eq!(procore.delete_triggers(scope, made.id, &[third]).await.unwrap(), [third]);
    assert_eq!(procore.triggers(scope, made.id).await.unwrap(), created.triggers[..2]);
}

/// One event that arrives and one that is given up.
async fn delivered(desk: &Desk, scope: Scope, version: &Version, receiver: &Receiver, event: &Event) {
    let (procore, sandbox) = (&desk.procore, &desk.sandbox);
    let hook = procore.hooks(scope, NAMESPACE).await.unwrap()[0].id;
    for (status, reason, end) in [(204, "create", Kept::Delivered), (500, "update", Kept::Discarded)] {
        let before = sandbox.deliveries().len();
        receiver.status.store(status, Ordering::SeqCst);
        sandbox.emit(&Event { reason: reason.to_owned(), ..event.clone() });
        let ended = |sandbox: &sandbox::Sandbox| {
            let made = sandbox.deliveries().split_off(before);
            made.len() == 1 && made[0].status == end
        };
        assert!(sandbox.wait_for(PATIENCE, ended).await, "{:?}", sandbox.deliveries());
    }

    let of = DeliveryFilter::default();
    let all = procore.deliveries(scope, hook, &of).await.unwrap();
    let told: Vec<_> = all.iter().map(|one| (one.status.clone(), one.attempts[0].response_status)).collect();
    assert_eq!(told, [(DeliveryStatus::Delivered, Some(204)), (DeliveryStatus::Discarded, Some(500))]);
    let payload = all[1].payload.as_ref().unwrap();
    assert_eq!(
        (payload.resource_name.as_str(), payload.resource_id.as_str()),
        (event.resource_name.as_str(), "4711")
    );
    assert_eq!((payload.reason.as_str(), payload.company_id), ("update", COMPANY));
    assert_eq!(payload.user_id.unwrap().get(), PERSON);
    assert_eq!(all[1].attempts.len(), 1);
    assert!(all[1].attempts[0].started_at.is_some() && all[1].attempts[0].completed_at.is_some());
    if !version.newer {
        assert_eq!(all[1].id.len(), 19, "the event's id, above 2^53, digit for digit: {}", all[1].id);
    }

    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let day = |days: i64| Some(today.checked_add(SignedDuration::from_hours(24 * days)).unwrap());
    let status = |status| DeliveryFilter { status: Some(status), ..of.clone() };
    for (why, filter, expected) in [
        ("discarded", status(DeliveryStatus::Discarded), &all[1..]),
        ("delivered", status(DeliveryStatus::Delivered), &all[..1]),
        ("failed", status(DeliveryStatus::Failed), &[]),
        ("retrying", status(DeliveryStatus::Retrying), &[]),
        ("enqueued", status(DeliveryStatus::Enqueued), &[]),
        ("event", DeliveryFilter { event: Some(TriggerEvent::Create), ..of.clone() }, &all[..1]),
        (
            "resource",
            DeliveryFilter { resource_name: Some(event.resource_name.clone()), ..of.clone() },
            &all[..],
        ),
        ("no resource", DeliveryFilter { resource_name: Some("Trades".to_owned()), ..of.clone() }, &[]),
        ("days", DeliveryFilter { start: day(-1), end: day(1), ..of.clone() }, &all[..]),
        ("too late", DeliveryFilter { start: day(2), ..of.clone() }, &[]),
        ("too early", DeliveryFilter { end: day(-2), ..of.clone() }, &[]),
        ("rows", DeliveryFilter { most_rows: Some(1), ..of }, &all[..1]),
    ] {
        assert_eq!(procore.deliveries(scope, hook, &filter).await.unwrap(), expected, "{why}");
    }
}

/// Removes what is there.
async fn gone(desk: &Desk, scope: Scope) {
    let procore = &desk.procore;
    let hook = procore.hooks(scope, NAMESPACE).await.unwrap()[0].id;
    procore.delete_hook(scope, hook).await.unwrap();
    assert_eq!(procore.hooks(scope, NAMESPACE).await.unwrap(), []);
    assert_eq!(class(procore.delete_hook(scope, hook).await), Class::NotFound);
    assert_eq!(class(procore.triggers(scope, hook).await), Class::NotFound);
}

#[tokio::test]
async fn hooks_live_and_end_at_both_scopes() {
    walk(&Desk::with(hasty()).await).await;
}

#[tokio::test]
async fn a_hook_that_was_switched_off_is_seen_and_switched_on() {
    let Desk { sandbox, procore } = Desk::start().await;
    let [scope, _] = SCOPES;
    let new = NewHook {
        payload_version: "v4.0".to_owned(),
        namespace: NAMESPACE.to_owned(),
        destination_url: sandbox.url(),
        authorization: "Bearer it-hook-secret".to_owned().into(),
    };
    let hook = procore.create_hook(scope, &new).await.unwrap();
    assert!(sandbox.disable_hook(hook.id.get()));
    assert_eq!(procore.hooks(scope, NAMESPACE).await.unwrap()[0].status, Some(HookStatus::Disabled));
    let on = HookChange { active: Some(true), ..HookChange::default() };
    assert_eq!(procore.update_hook(scope, hook.id, &on).await.unwrap().status, Some(HookStatus::Active));

    let twice = [NewTrigger { resource_name: "Projects".to_owned(), event: TriggerEvent::Create }];
    assert_eq!(procore.create_triggers(scope, hook.id, "v4.0", &twice).await.unwrap().triggers.len(), 1);
    let again = procore.create_triggers(scope, hook.id, "v4.0", &twice).await.unwrap_err();
    assert_eq!((again.class(), again.status()), (Class::Permanent, Some(409)));
}
