//! Webhook deliveries: who may send them, and what they say.
//!
//! [`authorized`] comes first, on the bytes of the header; then [`parse`] turns the body into values once,
//! so that nothing further in knows the vendor's JSON. No call is made here, and no event is judged.

mod authorization;
mod fields;
mod payload;

pub use authorization::authorized;
pub use payload::{Payload, Related, Source, Unreadable, Version, parse};
