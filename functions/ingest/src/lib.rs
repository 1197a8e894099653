//! Lambda behind an HTTP API: Procore's POST is authenticated, put on SQS and answered. `main.rs` only wires.
//!
//! [`gateway`] is the wire, [`FrontDoor`] what happens. Calls neither Procore nor the model nor the ledger.

mod front_door;
pub mod gateway;

pub use front_door::FrontDoor;
