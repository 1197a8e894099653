//! An AWS that does not answer is an error in time, and nothing is taken for accepted.

use std::net::TcpListener;

use agent::{
    ledger::{Counter, Ledger},
    queue::Queue,
};
use aws::{DynamoLedger, SqsQueue};
use aws_config::retry::RetryConfig;
use stack::sdk_at;

use crate::{
    behaviour::letter,
    samples::{clock, envelope, key},
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
    queue.send(&[]).await.expect("nothing to send is nothing to fail");

    let ledger = DynamoLedger::new(&sdk, "table", clock);
    let error = ledger.read(&key(1)).await.unwrap_err().to_string();
    assert_eq!(error, "the ledger failed: DynamoDB GetItem: the connection failed");
    assert!(ledger.add(&Counter("a".into()), 1, Some(5)).await.is_err());
}
