//! The functions in their real binaries, against an emulator of AWS, a stand-in for Procore and a scripted model.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy does not know for tests"
)]

mod disposition;
mod neighbours;
mod path;
mod start;
mod world;
