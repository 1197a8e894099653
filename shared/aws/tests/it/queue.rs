//! SQS does what every queue must do, carries what it would refuse, and hides for as long as asked.

use std::{collections::BTreeMap, time::Duration};

use agent::queue::{DeadLetter, Queue};

use crate::{
    World,
    behaviour::{letter, what_is_sent_arrives_once},
    samples::{at, envelope, name},
};

#[tokio::test]
async fn sqs_is_a_queue() {
    let Some(world) = World::new().await else { return };
    let queue = world.environment().await.queue().unwrap();
    what_is_sent_arrives_once(&queue, async || world.emulator.bodies(&world.queue_url).await).await;
    let buried = world.emulator.buried(&world.dead_letter_url).await;
    assert_eq!(buried.len(), 1);
    assert_eq!(buried[0].body, letter().body);
    assert_eq!(
        buried[0].attributes,
        BTreeMap::from([("reason".to_owned(), letter().reason), ("at".to_owned(), letter().at.to_string()),])
    );
}

#[tokio::test]
async fn more_than_a_batch_arrives_whole() {
    let Some(world) = World::new().await else { return };
    let queue = world.environment().await.queue().unwrap();
    let names: Vec<String> = (0..137).map(|number| format!("e{number:03}")).collect();
    let envelopes: Vec<_> = names.iter().map(|name| envelope(name)).collect();
    queue.send(&envelopes).await.unwrap();
    let mut arrived: Vec<String> =
        world.emulator.bodies(&world.queue_url).await.iter().map(|body| name(body)).collect();
    arrived.sort();
    assert_eq!(arrived, names);
}

#[tokio::test]
async fn any_body_can_be_buried() {
    let Some(world) = World::new().await else { return };
    let queue = world.environment().await.queue().unwrap();
    for body in ["\u{0}\u{b}\u{ffff}", "", "plain"] {
        let letter = DeadLetter { body: body.into(), reason: "control \u{1} characters".into(), at: at(0) };
        queue.bury(&letter).await.unwrap();
    }
    let mut buried: Vec<(String, Option<String>)> = world
        .emulator
        .buried(&world.dead_letter_url)
        .await
        .into_iter()
        .map(|letter| (letter.body, letter.attributes.get("encoding").cloned()))
        .collect();
    buried.sort();
    assert_eq!(
        buried,
        [
            ("(empty)".to_owned(), Some("empty".to_owned())),
            ("AAvvv78=".to_owned(), Some("base64".to_owned())),
            ("plain".to_owned(), None),
        ]
    );
}

#[tokio::test]
async fn a_message_is_hidden_for_as_long_as_asked() {
    let Some(world) = World::new().await else { return };
    let queue = world.environment().await.queue().unwrap();
    queue.send(&[envelope("a")]).await.unwrap();
    let event = world.emulator.sqs_event(&world.queue_url).await;
    let receipt = event["Records"][0]["receiptHandle"].as_str().unwrap();
    assert_eq!(world.emulator.counts(&world.queue_url).await, (0, 1));
    queue.hide(receipt, Duration::from_secs(100 * 3600)).await.unwrap();
    assert_eq!(world.emulator.counts(&world.queue_url).await, (0, 1));
    queue.hide(receipt, Duration::ZERO).await.unwrap();
    assert_eq!(world.emulator.counts(&world.queue_url).await, (1, 0));
    let again = world.emulator.sqs_event(&world.queue_url).await;
    assert_eq!(again["Records"][0]["attributes"]["ApproximateReceiveCount"], "2");
}

#[tokio::test]
async fn a_queue_that_is_not_there_refuses() {
    let Some(world) = World::new().await else { return };
    let sdk = world.emulator.sdk().await;
    let queue =
        aws::SqsQueue::new(&sdk, &format!("{}-gone", world.queue_url), &format!("{}-gone", world.queue_url));
    let refused = queue.send(&[envelope("a")]).await.unwrap_err().to_string();
    assert!(
        refused.contains("SQS SendMessageBatch: refused with") && refused.contains("NonExistentQueue"),
        "{refused}"
    );
    assert!(queue.bury(&letter()).await.is_err());
}
