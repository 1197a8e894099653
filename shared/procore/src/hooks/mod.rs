//! Webhooks from the administrator's side: which exist, what they listen for, what became of their deliveries.
//!
//! v2.0 is asked first, and v1.0, every endpoint of which is deprecated, where v2.0 is not there. The same types
//! read both. What arrives from a hook is the business of [`crate::webhook`].
//!
//! Procore docs: a hook has a scope; resources of a project (RFIs, submittals, daily logs) can be had by a hook
//! of that project alone, so there is one for each project. The `Authorization` value a hook sends is the only
//! thing that proves a delivery: it goes in as a secret, is read back masked, and is shown nowhere.

mod delivery;
mod hook;
mod masked;
mod resource;
mod scope;
mod trigger;

pub use delivery::{Attempt, Delivery, DeliveryFilter, DeliveryStatus};
pub use hook::{Hook, HookChange, HookStatus, NewHook};
pub use masked::MaskedSecret;
pub use resource::HookResource;
pub use scope::Scope;
pub use trigger::{NewTrigger, Trigger, TriggerEvent, TriggersCreated};
