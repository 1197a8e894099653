//! Webhook subscriptions: those a test makes directly and those made through the API, which have triggers.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::{
    delivery,
    events::{Event, Stamp},
    journal::{Delivery, DeliveryStatus},
    options::Hook,
    state::{Shared, State},
};

/// A hook and the queue of its worker.
pub(crate) struct Subscription {
    pub(crate) hook: Hook,
    pub(crate) queue: mpsc::UnboundedSender<u64>,
    /// What the administration knows of it; `None` for a hook of a test, which gets every event.
    pub(crate) registration: Option<Registration>,
}

/// A hook made through the API.
#[derive(Debug, Clone)]
pub(crate) struct Registration {
    pub(crate) id: i64,
    /// Project it belongs to; `None` for a hook of the company.
    pub(crate) project_id: Option<i64>,
    pub(crate) namespace: String,
    /// As it was asked for, which need not be the form the payload's version takes.
    pub(crate) version: String,
    pub(crate) active: bool,
    pub(crate) deleted: bool,
    pub(crate) triggers: Vec<Trigger>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// What a hook is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trigger {
    pub(crate) id: i64,
    pub(crate) resource_name: String,
    /// `create`, `update` or `delete`.
    pub(crate) event_type: String,
}

impl Subscription {
    /// Whether anything at all is posted to it.
    pub(crate) fn is_live(&self) -> bool {
        self.registration.as_ref().is_none_or(|own| own.active && !own.deleted)
    }

    fn wants(&self, event: &Event) -> bool {
        let Some(own) = &self.registration else { return true };
        self.is_live()
            && own.project_id.is_none_or(|id| event.project_id == Some(id))
            && own.has(&event.resource_name, &event.reason)
    }
}

impl Registration {
    pub(crate) fn has(&self, resource_name: &str, event_type: &str) -> bool {
        self.triggers.iter().any(|one| one.resource_name == resource_name && one.event_type == event_type)
    }
}

/// The name our payloads go by for a version as hooks give it. Procore docs: the guide writes `v2`, the list of
/// resources `v2.0`; the exact string a v4 hook wants is not confirmed, so the short forms are taken for all.
pub(crate) fn payload_version(asked: &str) -> Option<&'static str> {
    match asked {
        "v2" | "v2.0" => Some("v2.0"),
        "v3" | "v3.0" => Some("v3.0"),
        "v4" | "v4.0" => Some("v4.0"),
        _ => None,
    }
}

/// Adds a hook and starts its worker.
pub(crate) fn subscribe(shared: &Arc<Shared>, hook: Hook, registration: Option<Registration>) {
    let (queue, waiting) = mpsc::unbounded_channel();
    let index = shared.change(|state| {
        state.hooks.push(Subscription { hook, queue, registration });
        state.hooks.len() - 1
    });
    tokio::spawn(delivery::work(shared.clone(), index, waiting));
}

impl State {
    /// Puts an event on the queue of every hook that wants it.
    pub(crate) fn emit(&mut self, event: &Event) {
        let sequence = self.next_event();
        let stamp = Stamp {
            sequence,
            at: self.now(),
            company_id: self.company_id,
            hide_metadata: self.switches.hide_metadata,
        };
        for (index, subscription) in self.hooks.iter().enumerate().filter(|(_, one)| one.wants(event)) {
            let id = u64::try_from(self.deliveries.len()).unwrap_or(u64::MAX).saturating_add(1);
            self.deliveries.push(Delivery {
                id,
                hook: index,
                event: event.payload(&subscription.hook.payload_version, &stamp),
                attempts: Vec::new(),
                status: DeliveryStatus::Enqueued,
                listed: event.payload("v2.0", &stamp),
            });
            // A closed queue means the runtime is going down; the delivery then stays enqueued.
            let _ = subscription.queue.send(id);
        }
    }

    /// The registered hook with this id in this scope.
    pub(crate) fn hook(
        &self,
        id: i64,
        project_id: Option<i64>,
    ) -> Option<(usize, &Subscription, &Registration)> {
        self.hooks.iter().enumerate().find_map(|(index, one)| {
            let own = one.registration.as_ref()?;
            (own.id == id && own.project_id == project_id && !own.deleted).then_some((index, one, own))
        })
    }

    /// The same to change.
    pub(crate) fn hook_mut(&mut self, id: i64, project_id: Option<i64>) -> Option<&mut Subscription> {
        self.hooks.iter_mut().find(|one| {
            one.registration
                .as_ref()
                .is_some_and(|own| own.id == id && own.project_id == project_id && !own.deleted)
        })
    }
}
