//! What a sweep notes, and when.

use std::time::Duration;

use agent::{
    Ctx, Envelope,
    queue::{DeadLetter, Queue, QueueError},
};
use plumbline::sweep::once;
use procore::hooks::Scope;
use sandbox::{Fault, GivenHeaders};

use super::{Broom, NAMESPACE, PROJECT};
use crate::world::{Terms, question};

/// A queue that takes nothing.
struct Full;

impl Queue for Full {
    async fn send_after(&self, _: &[Envelope], _: Duration) -> Result<(), QueueError> {
        Err(QueueError("full".into()))
    }

    async fn bury(&self, _: &DeadLetter) -> Result<(), QueueError> {
        Err(QueueError("full".into()))
    }
}

const NOTES: [&str; 5] =
    ["cursor/4071/rfi", "cursor/4071/submittal", "cursor/4071/daily_log", "cursor/4071/day", "sweep/next"];

async fn notes(broom: &Broom) -> Vec<String> {
    let mut notes = Vec::new();
    for name in NOTES {
        notes.push(broom.note(name).await);
    }
    notes
}

#[tokio::test]
async fn nothing_is_noted_before_the_queue_has_it() {
    let broom = Broom::start().await;
    let hook = broom.hook(Scope::Project(PROJECT), NAMESPACE, &["RFIs"]).await;
    let rfi = broom.sandbox().add_rfi(question());
    broom.sandbox().webhook_for_rfi(rfi, "update");
    broom.discarded(1).await;
    let error = once(&broom.ctx, &Full).await.unwrap_err();
    assert!(format!("{error:#}").contains("the queue refused"), "{error:#}");
    assert_eq!(notes(&broom).await, [""; 5]);
    let deliveries = format!("deliveries/{hook}");
    assert_eq!(broom.note(&deliveries).await, "");
    assert!(broom.found().await.contains(&format!("Rfi {rfi}")), "the next sweep brings it");
    assert!(broom.note(&deliveries).await.contains("looked_on"));
    assert!(notes(&broom).await[..4].iter().all(|note| !note.is_empty()));
}

#[tokio::test]
async fn a_dry_run_tells_and_changes_nothing() {
    let broom = Broom::with(Terms { more: "[sweep]\nreactivate_hooks = true\n", ..Terms::default() }).await;
    let hook = broom.hook(Scope::Project(PROJECT), NAMESPACE, &["RFIs"]).await;
    assert!(broom.sandbox().disable_hook(hook.get()));
    let rfi = broom.sandbox().add_rfi(question());
    let writes = broom.far.writes();
    let dry = Ctx { dry_run: true, ..broom.ctx.clone() };
    let swept = once(&dry, &broom.store).await.unwrap();
    assert!(swept.dry_run && swept.sent > 0 && swept.to_string().contains("dry run"), "{swept}");
    assert!(!swept.hooks_off[0].reactivated);
    assert_eq!((broom.far.writes(), broom.told().await), (writes, vec![]));
    assert_eq!(notes(&broom).await, [""; 5]);
    assert!(broom.found().await.contains(&format!("Rfi {rfi}")));
}

#[tokio::test]
async fn a_sweep_that_runs_out_of_calls_sends_what_it_has_and_the_next_goes_on() {
    const TWO: &str = "[[project]]\nid = 4072\nreviewer_id = 5101\nworkflows = [\"rfi_response\"]\n";
    let broom = Broom::with(Terms {
        more: TWO,
        workflows: &["rfi_response", "submittal_review"],
        ..Terms::default()
    })
    .await;
    let rfi = broom.sandbox().add_rfi(question());
    // The list of submittals is refused for want of calls, for longer than this sweep has.
    let refused =
        GivenHeaders { retry_after: Some(sandbox::RetryAfter::Seconds(3600)), ..GivenHeaders::none(429) };
    broom.sandbox().fail_next("GET submittals", Fault::Headers(refused), 1);
    let swept = broom.sweep().await;
    assert_eq!((swept.completed, swept.sent), (0, 1), "{swept}");
    assert!(swept.ended_early.is_some(), "{swept}");
    assert_eq!(broom.told().await, [format!("Rfi {rfi}")]);
    let noted = notes(&broom).await;
    assert!(!noted[0].is_empty() && noted[1].is_empty(), "as far as it came: {noted:?}");
    assert_eq!(noted[4], "4071");
}

#[tokio::test]
async fn a_sweep_begins_where_the_last_one_stopped() {
    const TWO: &str = "[[project]]\nid = 4072\nreviewer_id = 5101\nworkflows = [\"rfi_response\"]\n";
    use agent::ledger::Ledger;
    let broom = Broom::with(Terms { more: TWO, ..Terms::default() }).await;
    assert!(broom.store.swap("sweep/next", 0, "4072").await.unwrap());
    broom.sweep().await;
    let asked = broom.sandbox().requests();
    let of = |project: &str| {
        asked.iter().position(|asked| asked.path.contains(&format!("projects/{project}/"))).unwrap()
    };
    assert!(of("4072") < of("4071"));
    assert_eq!(broom.note("sweep/next").await, "", "it came to the end");
}

#[tokio::test]
async fn a_sweep_without_time_begins_with_no_project() {
    let broom = Broom::start().await;
    let rfi = broom.sandbox().add_rfi(question());
    let swept = agent::sweep::sweep(&broom.ctx, &broom.store, (broom.ctx.clock)()).await.unwrap();
    assert_eq!((swept.completed, swept.sent, swept.ended_early.is_some()), (0, 0, true), "{swept}");
    assert_eq!(broom.note("sweep/next").await, "4071");
    assert!(broom.found().await.contains(&format!("Rfi {rfi}")));
}

#[tokio::test]
async fn two_sweeps_at_once_do_no_harm() {
    let broom = Broom::start().await;
    let rfi = broom.sandbox().add_rfi(question());
    let (one, other) = tokio::join!(broom.sweep(), broom.sweep());
    let told = broom.told().await;
    assert!(told.contains(&format!("Rfi {rfi}")));
    assert_eq!(told.len(), one.sent + other.sent);
    assert_eq!(broom.found().await, Vec::<String>::new());
    assert!(one.calls > 0 && other.calls > 0, "each counts its own");
}
