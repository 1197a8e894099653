//! An AWS that does not answer is an error in time, and nothing is taken for accepted.

use std::{net::TcpListener, time::Duration};

use agent::{
    ledger::{Change, Counter, Ledger, Look, Payment},
    queue::{DeadLetters, Kept, Queue},
};
use aws::{DynamoLedger, SqsQueue};
use aws_config::retry::RetryConfig;
use stack::sdk_at;

use crate::{
    behaviour::dead_letters::letter,
    samples::{at, claim, clock, envelope, key, run},
};

#[tokio::test]
async fn a_closed_port_is_an_error_of_every_call() {
    // Nobody listens there: it was free a moment ago, and what is closed refuses at once.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let endpoint = format!("http://127.0.0.1:{port}/");
    let sdk = sdk_at(&endpoint).await.into_builder().retry_config(RetryConfig::disabled()).build();
    let queue_url = format!("{endpoint}000000000000/queue");
    let queue = SqsQueue::new(&sdk, &queue_url, &queue_url);
    let error = queue.send(&[envelope("a")]).await.unwrap_err().to_string();
    assert_eq!(error, "the queue refused the message: SQS SendMessageBatch: the connection failed");
    assert!(queue.bury(&letter()).await.is_err());
    let error = queue.letters(1).await.unwrap_err().to_string();
    assert_eq!(error, "the queue refused the message: SQS ReceiveMessage: the connection failed");
    let kept = Kept { id: "m".into(), receipt: "r".into(), letter: letter() };
    assert!(queue.discard(&kept).await.is_err() && queue.put_back(&kept).await.is_err());
    let error = queue.resend("r", "body", Duration::ZERO).await.unwrap_err().to_string();
    assert_eq!(error, "SQS SendMessage: the connection failed");
    queue.send(&[]).await.expect("nothing to send is nothing to fail");

    let ledger = DynamoLedger::new(&sdk, "table", clock);
    assert_eq!(ledger.look(&[], &[]).await.unwrap(), Look::default(), "nothing asked is nothing to fail");
    let payment = || Some(Payment { purse: Counter("a".into()), micro_usd: 1, ceiling: Some(5) });
    let (key, claim, run) = (key(1), claim(0, None), run("a", at(0)));
    let parts = [
        ("PutItem", Change { claim: Some((&key, &claim)), ..Change::default() }),
        ("PutItem", Change { run: Some(&run), ..Change::default() }),
        ("UpdateItem", Change { payment: payment(), ..Change::default() }),
        ("TransactWriteItems", Change { payment: payment(), run: Some(&run), claim: Some((&key, &claim)) }),
    ];
    for (operation, change) in parts {
        let error = ledger.change(change).await.unwrap_err().to_string();
        assert_eq!(error, format!("the ledger failed: DynamoDB {operation}: the connection failed"));
    }
    for (operation, error) in [
        ("GetItem", ledger.look(std::slice::from_ref(&key), &[]).await.unwrap_err()),
        ("BatchGetItem", ledger.look(std::slice::from_ref(&key), &["a"]).await.unwrap_err()),
        ("PutItem", ledger.swap("a", 0, "text").await.unwrap_err()),
        ("UpdateItem", ledger.add(&Counter("a".into()), 1).await.unwrap_err()),
        ("Query", ledger.abandoned(key.project, at(0), 1).await.unwrap_err()),
        ("Query", ledger.runs(1).await.unwrap_err()),
        ("Query", ledger.runs_named("a").await.unwrap_err()),
    ] {
        assert_eq!(
            error.to_string(),
            format!("the ledger failed: DynamoDB {operation}: the connection failed")
        );
    }
}
