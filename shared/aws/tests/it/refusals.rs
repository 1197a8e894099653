//! DynamoDB refuses for a moment, or for good.

use agent::ledger::{Change, Changed, Counter, Ledger, Payment};

use crate::{
    World,
    behaviour::{WITHOUT_CLAIM, pay, record, stored, sum, write},
    between::Between,
    on_both,
    samples::{at, claim, key, run},
};

on_both!(
    a_plain_write_waits_for_a_transaction_to_end,
    what_is_given_back_is_tried_again_after_a_refusal,
    a_transaction_that_met_another_is_tried_again,
    the_part_that_was_refused_says_why,
    patience_ends,
    what_a_batch_left_unread_is_asked_for_again,
);

fn usd() -> Counter {
    Counter("usd/4071/2026-11-20".into())
}

fn payment(micro_usd: i64) -> Option<Payment> {
    Some(Payment { purse: usd(), micro_usd, ceiling: Some(100) })
}

async fn a_plain_write_waits_for_a_transaction_to_end(world: World) {
    let between = Between::start(&world).await;
    let conflict = || between.refuse("TransactionConflictException");
    conflict();
    conflict();
    let first = Changed::Stored { version: 1 };
    assert_eq!(write(&between.ledger().await, &key(1), &claim(0, None)).await, first);
    conflict();
    assert_eq!(pay(&between.ledger().await, &usd(), -5, None).await, WITHOUT_CLAIM);
    conflict();
    assert_eq!(between.ledger().await.add(&usd(), 7).await.unwrap(), 2);
    conflict();
    record(&between.ledger().await, &run("a", at(0))).await;
    conflict();
    assert!(between.ledger().await.swap("cursor", 0, "text").await.unwrap());
    assert!(between.is_done());
}

async fn what_is_given_back_is_tried_again_after_a_refusal(world: World) {
    let between = Between::start(&world).await;
    between.refuse("ThrottlingException");
    between.refuse("ProvisionedThroughputExceededException");
    assert_eq!(pay(&between.ledger().await, &usd(), -5, None).await, WITHOUT_CLAIM);
    assert!(between.is_done());
    assert_eq!(sum(&between.ledger().await, &usd()).await, -5);
}

async fn a_transaction_that_met_another_is_tried_again(world: World) {
    let between = Between::start(&world).await;
    // What the claim's own reason leaves open is not decided by the purse.
    between.cancel(&["TransactionConflict", "ConditionalCheckFailed", "None"]);
    between.cancel(&["None", "ThrottlingError", "None"]);
    between.cancel(&["None", "None", "ProvisionedThroughputExceeded"]);
    let (key, next, story) = (key(1), claim(0, None), run("a", at(0)));
    let change = Change { claim: Some((&key, &next)), payment: payment(30), run: Some(&story) };
    let ledger = between.ledger().await;
    assert_eq!(ledger.change(change).await.unwrap(), Changed::Stored { version: 1 });
    assert!(between.is_done());
    assert_eq!((stored(&ledger, &key).await.unwrap().version, sum(&ledger, &usd()).await), (1, 30));
}

async fn the_part_that_was_refused_says_why(world: World) {
    let between = Between::start(&world).await;
    let (key, next, story) = (key(1), claim(0, None), run("a", at(0)));
    let failed = "ConditionalCheckFailed";
    for (reasons, with_claim, expected) in [
        ([failed, failed, "None"], true, Changed::Overtaken),
        ([failed, "TransactionConflict", "None"], true, Changed::Overtaken),
        (["None", failed, "TransactionConflict"], true, Changed::OverCeiling),
        ([failed, "None", "None"], false, Changed::OverCeiling),
    ] {
        between.cancel(&reasons);
        let claim = with_claim.then_some((&key, &next));
        let change = Change { claim, payment: payment(30), run: Some(&story) };
        assert_eq!(between.ledger().await.change(change).await.unwrap(), expected, "{reasons:?}");
    }
    between.cancel(&["None", "ValidationError", "None"]);
    let change = Change { claim: Some((&key, &next)), payment: payment(30), run: Some(&story) };
    let error = between.ledger().await.change(change).await.unwrap_err().to_string();
    assert!(
        error.starts_with(
            "the ledger failed: DynamoDB TransactWriteItems: refused with ValidationError (HTTP 400"
        ),
        "{error}"
    );
    assert!(between.is_done());
    assert_eq!(sum(&between.ledger().await, &usd()).await, 0, "none of them arrived");
}

async fn patience_ends(world: World) {
    let between = Between::start(&world).await;
    for _ in 0..7 {
        between.cancel(&["TransactionConflict", "None"]);
    }
    let (key, next) = (key(1), claim(0, None));
    let change = Change { claim: Some((&key, &next)), payment: payment(30), run: None };
    let error = between.ledger().await.change(change).await.unwrap_err().to_string();
    assert!(error.contains("refused with TransactionConflict (HTTP 400"), "{error}");
    assert!(between.is_done());
    assert_eq!(stored(&between.ledger().await, &key).await, None);
}

async fn what_a_batch_left_unread_is_asked_for_again(world: World) {
    let between = Between::start(&world).await;
    let ledger = between.ledger().await;
    assert_eq!(write(&ledger, &key(1), &claim(0, None)).await, Changed::Stored { version: 1 });
    let table = &world.name;
    let left = format!("{{\"pk\":{{\"S\":\"claim#{}\"}},\"sk\":{{\"S\":\"claim\"}}}}", key(1));
    let note = "{\"pk\":{\"S\":\"note#a\"},\"sk\":{\"S\":\"note\"},\"version\":{\"N\":\"3\"},\"text\":{\"S\":\"x\"}}";
    let unread = format!(
        "{{\"Responses\":{{\"{table}\":[{note}]}},\"UnprocessedKeys\":{{\"{table}\":{{\"Keys\":[{left}]}}}}}}"
    );
    between.answer(200, &unread);
    let look = between.ledger().await.look(&[key(1)], &["a"]).await.unwrap();
    assert_eq!((look.claims, look.notes[0].version), (vec![Some(claim(1, None))], 3));
    for _ in 0..7 {
        between.answer(200, &unread);
    }
    let error = between.ledger().await.look(&[key(1)], &["a"]).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "the ledger failed: DynamoDB BatchGetItem: 1 of 2 items were not read, the table is too busy"
    );
    assert!(between.is_done());
}
