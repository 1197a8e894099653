//! Lambda on SQS: a batch of messages becomes drafts. `main.rs` only wires.
//!
//! [`Router`] works on a batch, with what an [`aws::Bench`] holds. What a message is worth, when it is tried again and
//! when it is given up is decided in `agent::worker`, not here.

mod batch;

pub use batch::Router;
