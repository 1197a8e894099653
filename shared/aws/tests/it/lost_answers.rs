//! A write that took effect and whose answer was lost on the way: the SDK sends it again.

use agent::ledger::{Change, Changed, Counter, Ledger, Payment};
use procore::{CompanyId, Written};

use crate::{
    World,
    behaviour::{WITHOUT_CLAIM, pay, record, stored, sum, write},
    between::Between,
    on_both, on_ministack,
    samples::{at, claim, key, run},
};

on_both!(
    our_own_write_in_the_way_is_taken_for_ours,
    our_own_text_in_the_way_is_taken_for_ours,
    what_is_taken_may_count_twice_and_what_is_given_back_never,
    a_story_told_twice_is_one,
    a_transaction_with_a_claim_is_stored_and_counted_once,
);

on_ministack!(crate::moto_cannot::REMEMBER_A_TRANSACTION: a_transaction_without_a_claim_is_counted_once);

const FIRST: Changed = Changed::Stored { version: 1 };

fn usd() -> Counter {
    Counter("usd/4071/2026-11-20".into())
}

async fn our_own_write_in_the_way_is_taken_for_ours(world: World) {
    let between = Between::start(&world).await;
    let ledger = between.ledger().await;
    between.lose();
    assert_eq!(write(&ledger, &key(1), &claim(0, None)).await, FIRST);
    assert!(between.is_done());
    assert_eq!(stored(&ledger, &key(1)).await.unwrap().version, 1);
    let again = write(&ledger, &key(1), &claim(0, None)).await;
    assert_eq!(again, Changed::Overtaken, "the same claim, but another write");
}

async fn our_own_text_in_the_way_is_taken_for_ours(world: World) {
    let between = Between::start(&world).await;
    let ledger = between.ledger().await;
    let company = CompanyId::new(8001);
    between.lose();
    assert!(procore::PaceBook::swap(&ledger, company, 0, "first".into()).await.unwrap());
    assert!(between.is_done());
    let written = procore::PaceBook::read(&ledger, company).await.unwrap();
    assert_eq!(written, Written { version: 1, text: "first".into() });
    let again = procore::PaceBook::swap(&ledger, company, 0, "first".into()).await.unwrap();
    assert!(!again, "the same text, but another write");

    let ledger = between.ledger().await;
    between.lose();
    assert!(ledger.swap("cursor", 0, "first").await.unwrap());
    assert!(between.is_done());
    assert!(!ledger.swap("cursor", 0, "first").await.unwrap(), "the same text, but another write");
}

async fn what_is_taken_may_count_twice_and_what_is_given_back_never(world: World) {
    let between = Between::start(&world).await;
    between.lose();
    assert_eq!(pay(&between.ledger().await, &usd(), 30, Some(100)).await, WITHOUT_CLAIM);
    assert!(between.is_done());
    assert_eq!(sum(&between.ledger().await, &usd()).await, 60, "met too early, never passed");

    between.lose();
    let back = Payment { purse: usd(), micro_usd: -10, ceiling: None };
    let change = Change { payment: Some(back), ..Change::default() };
    let end = between.ledger().await.change(change).await;
    end.expect_err("whether it was given back is not known");
    assert!(between.is_done());
    assert_eq!(sum(&between.ledger().await, &usd()).await, 50, "given back once");
}

async fn a_story_told_twice_is_one(world: World) {
    let between = Between::start(&world).await;
    between.lose();
    record(&between.ledger().await, &run("a", at(0))).await;
    assert!(between.is_done());
    assert_eq!(between.ledger().await.runs(5).await.unwrap(), [run("a", at(0))]);
}

async fn a_transaction_with_a_claim_is_stored_and_counted_once(world: World) {
    let between = Between::start(&world).await;
    let (key, next, story) = (key(1), claim(0, None), run("a", at(0)));
    let change = || Change {
        claim: Some((&key, &next)),
        payment: Some(Payment { purse: usd(), micro_usd: 30, ceiling: Some(100) }),
        run: Some(&story),
    };
    between.lose();
    assert_eq!(between.ledger().await.change(change()).await.unwrap(), FIRST);
    assert!(between.is_done());
    let ledger = between.ledger().await;
    assert_eq!((stored(&ledger, &key).await.unwrap().version, sum(&ledger, &usd()).await), (1, 30));
    assert_eq!(ledger.runs(5).await.unwrap(), [run("a", at(0))]);
    assert_eq!(ledger.change(change()).await.unwrap(), Changed::Overtaken, "the same, but another change");
    assert_eq!(sum(&ledger, &usd()).await, 30);
}

async fn a_transaction_without_a_claim_is_counted_once(world: World) {
    let between = Between::start(&world).await;
    for (delta, now) in [(30, 30), (-10, 20)] {
        let story = run("a", at(0));
        let payment = Some(Payment { purse: usd(), micro_usd: delta, ceiling: Some(100) });
        between.lose();
        let change = Change { payment, run: Some(&story), claim: None };
        assert_eq!(between.ledger().await.change(change).await.unwrap(), WITHOUT_CLAIM);
        assert!(between.is_done());
        assert_eq!(sum(&between.ledger().await, &usd()).await, now);
    }
}
