//! The endpoint was away for half a day while five hundred records changed. Alone in its process: it works to the limits of
//! calls, and nobody else's work should look like its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy does not know for tests"
)]

#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../it/world.rs"]
mod world;

mod drill;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_sweep_after_an_outage_brings_every_record_in_once() {
    let report = drill::run().await;
    println!("{report}");
    assert!(report.discarded > 0 && report.retrying > 0, "{report}");
    assert_eq!(report.sent + report.worked_on, report.records.len(), "one envelope for each: {report}");
    assert_eq!(report.told.len(), report.sent, "and each its own: {report}");
    assert!(report.told.is_subset(&report.records), "{report}");
    assert_eq!(report.drafts.len(), report.records.len(), "{report}");
    assert!(report.drafts.values().all(|drafts| *drafts == 1), "{report}");
    assert_eq!(report.refused, 0, "{report}");
    assert_eq!(report.again, 0, "nothing is left for a second sweep: {report}");
}
