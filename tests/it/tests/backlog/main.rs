//! More changed RFIs than Procore's call limits allow at once, and many processes: nothing refused, little unused,
//! nothing drafted twice. Alone in its process, so that nobody else's work looks like a pause of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy does not know for tests"
)]

#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../it/child.rs"]
mod child;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../it/world.rs"]
mod world;

mod scenario;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backlog_uses_what_is_allowed_and_no_more() {
    let report = scenario::run().await;
    println!("{report}");
    assert_eq!(report.refused, 0, "{report}");
    assert_eq!(report.drafts.len(), scenario::RFIS, "{report}");
    assert!(report.drafts.values().all(|drafts| *drafts == 1), "{report}");
    assert!(report.share() >= 0.9, "{report}");
}
