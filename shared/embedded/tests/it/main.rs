//! The store through its public face, alone and with other processes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy does not know for tests"
)]

mod behaviour;
mod inbox;
mod opening;
mod processes;
mod samples;
mod store;
