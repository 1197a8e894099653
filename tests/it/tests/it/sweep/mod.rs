//! The sweep against the stand-in: what it finds, what it leaves out, what it notes, and what it never touches.
//!
//! Nobody works on the queue here: what the sweep put on it is looked at message by message.

mod command;
mod found;
mod hooks;
mod kept;

use std::time::Duration;

use agent::{Ctx, Envelope, sweep::Swept};
use embedded::Store;
use jiff::Timestamp;
use plumbline::{service::context, sweep::once};
use procore::{
    HookId, ProjectId,
    hooks::{NewHook, NewTrigger, Scope, TriggerEvent},
};
use sandbox::{DeliveryStatus, Options, Sandbox};

use crate::world::{AUTHORIZATION, FarSide, PATIENCE, Terms};

const PROJECT: ProjectId = ProjectId::new(4071);
const NAMESPACE: &str = "plumbline-it";
/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9/webhooks/procore";

/// The far sides, and what a sweep works with.
struct Broom {
    far: FarSide,
    store: Store,
    ctx: Ctx<Store>,
}

impl Broom {
    async fn with(terms: Terms) -> Self {
        // A webhook is given up at its first failure.
        let options = Options { webhook_give_up_after: Duration::ZERO, ..Options::empty() };
        Self::over(FarSide::start(options).await, terms)
    }

    async fn start() -> Self {
        Self::with(Terms::default()).await
    }

    fn over(far: FarSide, terms: Terms) -> Self {
        let setup = far.setup(terms);
        let store = Store::open(&setup.data, Timestamp::now).unwrap();
        let ctx = context(&setup, store.clone(), false).unwrap();
        Self { far, store, ctx }
    }

    fn sandbox(&self) -> &Sandbox {
        &self.far.sandbox
    }

    async fn sweep(&self) -> Swept {
        once(&self.ctx, &self.store).await.unwrap()
    }

    /// Takes everything off the queue.
    async fn queued(&self) -> Vec<Envelope> {
        let now = Timestamp::now();
        let messages = self.store.receive(1000, Duration::from_secs(600), now).await.unwrap();
        for message in &messages {
            self.store.delete(&message.receipt).await.unwrap();
        }
        messages.iter().map(|message| Envelope::from_body(&message.body).unwrap()).collect()
    }

    /// The records that are on the queue, in the order of their names.
    async fn told(&self) -> Vec<String> {
        let mut told: Vec<String> = self.queued().await.iter().map(name).collect();
        told.sort();
        told
    }

    /// What one sweep puts on the queue.
    async fn found(&self) -> Vec<String> {
        let swept = self.sweep().await;
        let told = self.told().await;
        assert_eq!(
            (swept.sent, &swept.problems, &swept.ended_early),
            (told.len(), &vec![], &None),
            "{swept}"
        );
        told
    }

    /// A hook that listens to these, and delivers to nobody.
    async fn hook(&self, scope: Scope, namespace: &str, names: &[&str]) -> HookId {
        let new = NewHook {
            payload_version: "v4.0".to_owned(),
            namespace: namespace.to_owned(),
            destination_url: NOWHERE.parse().unwrap(),
            authorization: AUTHORIZATION.to_owned().into(),
        };
        let hook = self.ctx.procore.create_hook(scope, &new).await.unwrap().id;
        // Of the company's resources some know no deletion.
        let mut events = vec![TriggerEvent::Create, TriggerEvent::Update];
        events.extend((scope != Scope::Company).then_some(TriggerEvent::Delete));
        let triggers: Vec<NewTrigger> = names
            .iter()
            .flat_map(|name| {
                let new = |event| NewTrigger { resource_name: (*name).to_owned(), event };
                events.clone().into_iter().map(new)
            })
            .collect();
        let made = self.ctx.procore.create_triggers(scope, hook, "v4.0", &triggers).await.unwrap();
        assert_eq!(made.refused, 0);
        hook
    }

    /// Waits until so many deliveries are given up.
    async fn discarded(&self, count: usize) {
        let given_up = |sandbox: &Sandbox| {
            let deliveries = sandbox.deliveries();
            deliveries.iter().filter(|one| one.status == DeliveryStatus::Discarded).count() == count
        };
        assert!(self.sandbox().wait_for(PATIENCE, given_up).await, "{:?}", self.sandbox().deliveries());
    }

    /// The text of a note.
    async fn note(&self, name: &str) -> String {
        use agent::ledger::Ledger;
        self.store.look(&[], &[name]).await.unwrap().notes.remove(0).text
    }
}

/// A record on the queue, such as `Rfi 17`.
fn name(envelope: &Envelope) -> String {
    format!("{:?} {}", envelope.event.resource, envelope.event.record)
}

/// Seconds ago.
fn ago(seconds: i64) -> Timestamp {
    Timestamp::now().checked_sub(jiff::SignedDuration::from_secs(seconds)).unwrap()
}
