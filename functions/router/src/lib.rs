//! Lambda on SQS: a batch of messages becomes drafts. `main.rs` only wires.
//!
//! [`Router`] works on a batch, [`Bench`] holds what the work needs and keeps it up to date. What a message is worth,
//! when it is tried again and when it is given up is decided in `agent::worker`, not here.

mod batch;
mod bench;

pub use batch::Router;
pub use bench::{Bench, Fittings};
