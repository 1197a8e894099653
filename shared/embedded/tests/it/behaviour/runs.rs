//! What every ledger must do with stories of runs.

use agent::{ledger::Ledger, record::RunRecord};
use jiff::Timestamp;

use super::record;
use crate::samples::{at, run};

/// Runs come newest first; the same id again replaces the story.
pub(crate) async fn runs_are_told_newest_first<L: Ledger>(ledger: &L) {
    for (id, second) in [("b", 20), ("c", 30), ("a", 10)] {
        record(ledger, &run(id, at(second))).await;
    }
    let mut again = run("a", at(10));
    again.outcome = "Failed".into();
    record(ledger, &again).await;
    let expected = [run("c", at(30)), run("b", at(20)), again];
    assert_eq!(ledger.runs(10).await.unwrap(), expected);
    assert_eq!(ledger.runs(2).await.unwrap(), expected[..2]);
    assert_eq!(ledger.runs(0).await.unwrap(), []);
}

/// Runs since a moment come newest first, the moment's own included, over midnights, and without their texts.
pub(crate) async fn runs_since_a_moment_come_without_texts<L: Ledger>(ledger: &L) {
    const DAY_S: i64 = 24 * 60 * 60;
    let mut told = Vec::new();
    for (id, second) in [("d", -10), ("c", -DAY_S), ("b", -3 * DAY_S), ("a", -3 * DAY_S - 1)] {
        let mut run = run(id, at(second));
        run.draft_text = Some("Mount at 34 inches.".into());
        run.tally.procore_429 = 1;
        record(ledger, &run).await;
        told.push(run.without_texts());
    }
    assert!(told[0].answer.is_none() && told[0].draft_text.is_none() && told[0].observations.is_empty());
    assert_eq!(ledger.runs_since(at(-3 * DAY_S), 100).await.unwrap(), told[..3]);
    assert_eq!(ledger.runs_since(at(-3 * DAY_S), 2).await.unwrap(), told[..2]);
    assert_eq!(ledger.runs_since(at(0), 100).await.unwrap(), []);
}

/// A run of an event, named as the runner names them.
fn run_of(event: &str, began: Timestamp, random: &str) -> RunRecord {
    let id = format!("{event}-{:x}-{random}", began.as_millisecond());
    RunRecord { event_id: event.to_owned(), ..run(&id, began) }
}

/// A run is found by its own id, and all runs of an event by the event's.
pub(crate) async fn runs_are_found_by_name<L: Ledger>(ledger: &L) {
    const DAY_S: i64 = 24 * 60 * 60;
    let micros = |at: Timestamp, micros| at.checked_add(jiff::SignedDuration::from_micros(micros)).unwrap();
    let first = run_of("01J0-\"É\"", at(-3 * DAY_S), "0badc0de");
    let second = run_of("01J0-\"É\"", micros(at(-5), 999), "00000001");
    let third = run_of("01J0-\"É\"", micros(at(-5), 1000), "00000002");
    let other = run_of("01J0", micros(at(-5), 998), "00000003");
    let odd = RunRecord { event_id: "of another form".to_owned(), ..run("by hand", at(-7)) };
    for run in [&second, &first, &other, &odd, &third] {
        record(ledger, run).await;
    }
    for run in [&first, &second, &third, &other, &odd] {
        assert_eq!(ledger.runs_named(&run.id).await.unwrap(), std::slice::from_ref(run), "{}", run.id);
    }
    assert_eq!(ledger.runs_named("01J0-\"É\"").await.unwrap(), [third, second, first]);
    assert_eq!(ledger.runs_named("01J0").await.unwrap(), [other]);
    assert_eq!(ledger.runs_named("of another form").await.unwrap(), [odd]);
    for unknown in ["", "01J", "RFI 7", "01J0-1a0e4a3c1a8-0badc0de"] {
        assert_eq!(ledger.runs_named(unknown).await.unwrap(), [], "{unknown}");
    }
}
