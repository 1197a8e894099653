//! How much of Procore's call limits eight processes use while work is waiting. Prints; the test of the same name
//! asserts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy does not know for tests"
)]

#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../tests/it/child.rs"]
mod child;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../tests/it/world.rs"]
mod world;

#[path = "../tests/backlog/scenario.rs"]
mod scenario;

#[tokio::main]
async fn main() {
    println!("{}", scenario::run().await);
}
