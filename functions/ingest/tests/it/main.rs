//! The ingest function: its real binary against an emulator of AWS, and its front door with a clock of the test's.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy does not know for tests"
)]

mod binary;
mod rotation;
mod start;
mod world;
