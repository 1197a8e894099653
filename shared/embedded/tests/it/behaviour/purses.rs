//! What every ledger must do with sums.

use std::sync::Arc;

use agent::ledger::{Changed, Counter, Ledger};
use tokio::task::JoinSet;

use super::{WITHOUT_CLAIM, is_stored, pay, sum};

/// A purse adds up, takes back, and stops at its ceiling.
pub(crate) async fn a_purse_stops_at_its_ceiling<L: Ledger>(ledger: &L) {
    let usd = Counter("usd/4071/2026-11-20".into());
    let other = Counter("usd/4072/2026-11-20".into());
    // (delta, ceiling) -> paid, what it stands at then
    for (step, (delta, ceiling, paid, now)) in [
        (0, Some(-1), false, 0),
        (7, Some(6), false, 0),
        (7, Some(7), true, 7),
        (1, Some(7), false, 7),
        (0, Some(7), true, 7),
        (-3, Some(7), true, 4),
        (3, Some(7), true, 7),
        (1, Some(7), false, 7),
        (100, None, true, 107),
        (1, Some(107), false, 107),
        (1, Some(108), true, 108),
        (-1, Some(0), false, 108),
        (-208, None, true, -100),
    ]
    .into_iter()
    .enumerate()
    {
        let expected = if paid { WITHOUT_CLAIM } else { Changed::OverCeiling };
        assert_eq!(pay(ledger, &usd, delta, ceiling).await, expected, "step {step}");
        assert_eq!(sum(ledger, &usd).await, now, "step {step}");
    }
    assert_eq!(pay(ledger, &other, 5, Some(5)).await, WITHOUT_CLAIM, "another purse starts at 0");
}

/// What sums stand at is told without changing them.
pub(crate) async fn sums_are_told<L: Ledger>(ledger: &L) {
    let counters = ["usd/1/2026-11-20", "never", "usd/2/2026-11-20"].map(|name| Counter(name.into()));
    assert!(is_stored(pay(ledger, &counters[0], 7, None).await));
    assert!(is_stored(pay(ledger, &counters[2], -3, None).await));
    assert_eq!(ledger.sums(&counters).await.unwrap(), [7, 0, -3]);
    assert!(ledger.sums(&[]).await.unwrap().is_empty());
    assert_eq!(ledger.sums(&counters).await.unwrap(), [7, 0, -3]);
}

/// However many pay at once, the sum never passes the ceiling and all of it is used.
pub(crate) async fn a_ceiling_holds_against_a_crowd<L: Ledger + 'static>(ledger: Arc<L>) {
    let purse = Counter("crowd".into());
    let mut crowd = JoinSet::new();
    for _ in 0..50 {
        let (ledger, purse) = (Arc::clone(&ledger), purse.clone());
        crowd.spawn(async move { pay(&*ledger, &purse, 3, Some(100)).await });
    }
    let paid = crowd.join_all().await.into_iter().filter(|changed| is_stored(*changed)).count();
    assert_eq!(paid, 33, "33 times 3 is 99");
    assert!(is_stored(pay(&*ledger, &purse, 1, Some(100)).await));
    assert_eq!(pay(&*ledger, &purse, 1, Some(100)).await, Changed::OverCeiling);
}

/// A counter answers with its new sum, also to many at once: no two of them see the same.
pub(crate) async fn a_counter_tells_its_sum<L: Ledger + 'static>(ledger: Arc<L>) {
    let counter = Counter("calls".into());
    for (delta, now) in [(0, 0), (5, 5), (-7, -2), (2, 0), (i64::MAX, i64::MAX), (-i64::MAX, 0)] {
        assert_eq!(ledger.add(&counter, delta).await.unwrap(), now, "{delta}");
    }
    let mut crowd = JoinSet::new();
    for _ in 0..30 {
        let (ledger, counter) = (Arc::clone(&ledger), counter.clone());
        crowd.spawn(async move { ledger.add(&counter, 1).await.unwrap() });
    }
    let mut sums = crowd.join_all().await;
    sums.sort_unstable();
    assert_eq!(sums, Vec::from_iter(1..=30));
    assert_eq!(sum(&*ledger, &Counter("calls/2".into())).await, 0, "another counter is another");
}
