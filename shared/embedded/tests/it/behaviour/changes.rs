//! What every ledger must do with changes of several parts: all of it or nothing.

use std::sync::Arc;

use agent::ledger::{Change, Changed, Counter, Ledger, Payment};
use tokio::task::JoinSet;

use super::{WITHOUT_CLAIM, is_stored, pay, stored, sum, write};
use crate::samples::{at, claim, key, run};

/// A part of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Absent,
    Good,
    Refused,
}

/// Every combination of parts, each of them good or refused.
pub(crate) async fn a_change_is_made_whole_or_not_at_all<L: Ledger>(ledger: &L) {
    use Part::{Absent, Good, Refused};
    let mut record = 500;
    for claim_part in [Absent, Good, Refused] {
        for payment_part in [Absent, Good, Refused] {
            for run_part in [Absent, Good] {
                record += 1;
                let case = format!("claim {claim_part:?}, payment {payment_part:?}, run {run_part:?}");
                let (key, purse) = (key(record), Counter(format!("usd/{record}/2026-11-20")));
                assert!(is_stored(write(ledger, &key, &claim(0, None)).await));
                assert_eq!(pay(ledger, &purse, 10, None).await, WITHOUT_CLAIM);
                let story = run(&record.to_string(), at(record));

                let read = if claim_part == Good { 1 } else { 7 };
                let next = claim(read, None);
                let ceiling = if payment_part == Good { 15 } else { 14 };
                let change = Change {
                    claim: (claim_part != Absent).then_some((&key, &next)),
                    payment: (payment_part != Absent).then(|| Payment {
                        purse: purse.clone(),
                        micro_usd: 5,
                        ceiling: Some(ceiling),
                    }),
                    run: (run_part != Absent).then_some(&story),
                };
                let expected = match (claim_part, payment_part) {
                    (Refused, _) => Changed::Overtaken,
                    (_, Refused) => Changed::OverCeiling,
                    (Good, _) => Changed::Stored { version: 2 },
                    (Absent, _) => WITHOUT_CLAIM,
                };
                assert_eq!(ledger.change(change).await.unwrap(), expected, "{case}");

                let made = is_stored(expected);
                let version = stored(ledger, &key).await.unwrap().version;
                assert_eq!(version, if made && claim_part == Good { 2 } else { 1 }, "{case}");
                let paid = sum(ledger, &purse).await;
                assert_eq!(paid, if made && payment_part == Good { 15 } else { 10 }, "{case}");
                let told = ledger.runs_named(&story.id).await.unwrap();
                assert_eq!(told, Vec::from_iter((made && run_part == Good).then_some(story)), "{case}");
            }
        }
    }
}

/// The first claim of a record, its first payment and its story, of which there was nothing before.
pub(crate) async fn a_change_may_be_the_first_of_everything<L: Ledger>(ledger: &L) {
    let (key, next, purse, story) =
        (key(600), claim(0, None), Counter("usd/600/2026-11-20".into()), run("600", at(600)));
    let change = |ceiling| Change {
        claim: Some((&key, &next)),
        payment: Some(Payment { purse: purse.clone(), micro_usd: 5, ceiling: Some(ceiling) }),
        run: Some(&story),
    };
    assert_eq!(
        ledger.change(change(4)).await.unwrap(),
        Changed::OverCeiling,
        "an empty purse has a ceiling too"
    );
    assert_eq!((stored(ledger, &key).await, sum(ledger, &purse).await), (None, 0));
    assert_eq!(ledger.change(change(5)).await.unwrap(), Changed::Stored { version: 1 });
    assert_eq!(ledger.change(change(5)).await.unwrap(), Changed::Overtaken, "told before the ceiling");
    assert_eq!((stored(ledger, &key).await.unwrap().version, sum(ledger, &purse).await), (1, 5));
    assert_eq!(ledger.runs_named("600").await.unwrap(), [run("600", at(600))]);
}

/// However many change different claims and pay from one purse, what was paid for is stored and nothing else.
pub(crate) async fn a_crowd_pays_for_what_it_stores<L: Ledger + 'static>(ledger: Arc<L>) {
    let purse = Counter("crowd of changes".into());
    let mut crowd = JoinSet::new();
    for record in 700..730 {
        let (ledger, purse) = (Arc::clone(&ledger), purse.clone());
        crowd.spawn(async move {
            let payment = Some(Payment { purse, micro_usd: 3, ceiling: Some(61) });
            let (key, next) = (key(record), claim(0, None));
            ledger.change(Change { claim: Some((&key, &next)), payment, run: None }).await.unwrap()
        });
    }
    let ends = crowd.join_all().await;
    let made = ends.iter().filter(|changed| is_stored(**changed)).count();
    assert_eq!(made, 20, "20 times 3 is 60");
    assert!(ends.iter().all(|changed| is_stored(*changed) || *changed == Changed::OverCeiling), "{ends:?}");
    assert_eq!(sum(&*ledger, &purse).await, 60);
    let keys: Vec<_> = (700..730).map(key).collect();
    let look = ledger.look(&keys, &[]).await.unwrap();
    assert_eq!(look.claims.iter().flatten().count(), 20);
}

/// Nothing to change is nothing to fail.
pub(crate) async fn an_empty_change_is_made<L: Ledger>(ledger: &L) {
    assert_eq!(ledger.change(Change::default()).await.unwrap(), WITHOUT_CLAIM);
}
