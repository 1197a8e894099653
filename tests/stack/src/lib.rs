//! AWS on loopback, for tests: emulators of its services, and the runtime API that Lambda functions talk to, so that
//! the real binaries run.
//!
//! Nothing here may reach AWS: every address is checked to be loopback before anything is started.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests: a failure here is a failed test"
)]

mod between;
mod emulator;
mod function;
mod loopback;
mod runtime_api;
mod table;

pub use between::{Between, Interference, Passed, cancelled, refused};
pub use emulator::{Buried, Emulator, sdk_at, sqs_event_at};
pub use function::Function;
pub use loopback::loopback_endpoint;
pub use runtime_api::Reply;
