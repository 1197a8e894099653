//! SQS does what every queue must do, carries what it would refuse, and hides for as long as asked.

use std::{collections::BTreeMap, time::Duration};

use agent::{
    event::Resource,
    queue::{DeadLetter, DeadLetters, Queue},
};
use aws::Environment;

use crate::{
    World,
    behaviour::{
        dead_letters::{self, letter},
        queue,
    },
    on_both,
    samples::{at, envelope, name},
};

on_both!(
    sqs_is_a_queue,
    sqs_keeps_a_delay,
    sqs_keeps_dead_letters,
    what_sqs_moved_to_the_dead_letters_says_so,
    a_message_sent_afresh_is_counted_from_the_start,
    more_than_a_batch_arrives_whole,
    any_body_can_be_buried,
    a_message_is_hidden_for_as_long_as_asked,
    a_queue_that_is_not_there_refuses,
    each_family_has_its_queue,
    what_waits_is_counted,
);

async fn sqs_is_a_queue(world: World) {
    let queue = world.environment().await.queue().unwrap();
    queue::what_is_sent_arrives_once(&queue, async || world.emulator.bodies(&world.queue_url).await).await;
    let buried = world.emulator.buried(&world.dead_letter_url).await;
    assert_eq!(buried.len(), 1);
    assert_eq!(buried[0].body, letter().body);
    assert_eq!(
        buried[0].attributes,
        BTreeMap::from([("reason".to_owned(), letter().reason), ("at".to_owned(), letter().at.to_string()),])
    );
}

async fn sqs_keeps_a_delay(world: World) {
    let sqs = world.environment().await.queue().unwrap();
    let fetch = async || world.emulator.bodies(&world.queue_url).await;
    let fetch_later = async || {
        let event = world.emulator.next_sqs_event(&world.queue_url).await;
        let records = event["Records"].as_array().unwrap();
        records.iter().map(|record| record["body"].as_str().unwrap().to_owned()).collect()
    };
    queue::a_delay_is_kept(&sqs, fetch, fetch_later).await;
}

async fn sqs_keeps_dead_letters(world: World) {
    dead_letters::dead_letters_are_kept_until_discarded(&world.environment().await.queue().unwrap()).await;
}

async fn what_sqs_moved_to_the_dead_letters_says_so(world: World) {
    let queue = world.environment().await.queue().unwrap();
    world.emulator.redrive(&world.queue_url, &world.dead_letter_url, 1).await;
    let sent = envelope("a");
    queue.send(std::slice::from_ref(&sent)).await.unwrap();
    let event = world.emulator.sqs_event(&world.queue_url).await;
    queue.hide(event["Records"][0]["receiptHandle"].as_str().unwrap(), "", Duration::ZERO).await.unwrap();
    assert!(
        world.emulator.bodies(&world.queue_url).await.is_empty(),
        "received once, and moved at the next look"
    );
    let letters = queue.letters(10).await.unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].letter.reason, "moved by SQS: received too often");
    assert_eq!(letters[0].letter.body, sent.to_body().unwrap());
    let age_s = jiff::Timestamp::now().duration_since(letters[0].letter.at).as_secs();
    assert!((0..600).contains(&age_s), "as old as the message: {age_s} s");
}

async fn a_message_sent_afresh_is_counted_from_the_start(world: World) {
    let queue = world.environment().await.queue().unwrap();
    queue.send(&[envelope("a")]).await.unwrap();
    let next = async || {
        let event = world.emulator.next_sqs_event(&world.queue_url).await;
        assert_eq!(event["Records"].as_array().unwrap().len(), 1);
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let record = &event["Records"][0];
        let count = text(&record["attributes"]["ApproximateReceiveCount"]);
        (text(&record["receiptHandle"]), text(&record["body"]), count)
    };
    let (receipt, _, _) = next().await;
    queue.hide(&receipt, "", Duration::ZERO).await.unwrap();
    let (receipt, body, count) = next().await;
    assert_eq!(count, "2");
    queue.resend(&receipt, &body, Duration::from_millis(1)).await.unwrap();
    assert_eq!(world.emulator.counts(&world.queue_url).await.1, 0, "the one in hand is gone");
    let (receipt, fresh, count) = next().await;
    assert_eq!((&fresh, count.as_str()), (&body, "1"));
    queue.resend(&receipt, &fresh, Duration::from_secs(100 * 3600)).await.unwrap();
    assert_eq!(world.emulator.counts(&world.queue_url).await, (0, 0), "the copy is delayed");
}

async fn more_than_a_batch_arrives_whole(world: World) {
    let queue = world.environment().await.queue().unwrap();
    let names: Vec<String> = (0..137).map(|number| format!("e{number:03}")).collect();
    let envelopes: Vec<_> = names.iter().map(|name| envelope(name)).collect();
    queue.send(&envelopes).await.unwrap();
    let mut arrived: Vec<String> =
        world.emulator.bodies(&world.queue_url).await.iter().map(|body| name(body)).collect();
    arrived.sort();
    assert_eq!(arrived, names);
}

async fn any_body_can_be_buried(world: World) {
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

async fn a_message_is_hidden_for_as_long_as_asked(world: World) {
    let queue = world.environment().await.queue().unwrap();
    queue.send(&[envelope("a")]).await.unwrap();
    let event = world.emulator.sqs_event(&world.queue_url).await;
    let receipt = event["Records"][0]["receiptHandle"].as_str().unwrap();
    assert_eq!(world.emulator.counts(&world.queue_url).await, (0, 1));
    queue.hide(receipt, "", Duration::from_secs(100 * 3600)).await.unwrap();
    assert_eq!(world.emulator.counts(&world.queue_url).await, (0, 1));
    queue.hide(receipt, "", Duration::ZERO).await.unwrap();
    assert_eq!(world.emulator.counts(&world.queue_url).await, (1, 0));
    let again = world.emulator.sqs_event(&world.queue_url).await;
    assert_eq!(again["Records"][0]["attributes"]["ApproximateReceiveCount"], "2");
}

async fn each_family_has_its_queue(world: World) {
    let lane =
        async |name: &str| (name.to_owned(), world.emulator.queue(&format!("{}-{name}", world.name)).await);
    let work = [lane("rfi").await, lane("submittal").await, lane("daily_log").await];
    let dead = [
        lane("dead-door").await,
        lane("dead-rfi").await,
        lane("dead-submittal").await,
        lane("dead-daily_log").await,
    ];
    let list = |lanes: &[(String, String)]| {
        let lanes = lanes.iter().map(|(name, url)| format!("{}={url}", name.trim_start_matches("dead-")));
        lanes.collect::<Vec<_>>().join(",")
    };
    let variables = [("PLUMBLINE_QUEUE_URL", list(&work)), ("PLUMBLINE_DEAD_LETTER_URL", list(&dead))];
    let variables = variables.map(|(name, value)| (name.to_owned(), value));
    let queue = Environment::new(world.emulator.sdk().await, variables).queue().unwrap();

    let of = |id: &str, resource: Resource| {
        let mut envelope = envelope(id);
        envelope.event.resource = resource;
        envelope
    };
    let submittal = of("s", Resource::Submittal);
    queue.send(&[of("r", Resource::Rfi), submittal.clone(), of("d", Resource::Day)]).await.unwrap();
    for ((lane, url), expected) in work.iter().zip(["r", "s", "d"]) {
        let arrived: Vec<String> = world.emulator.bodies(url).await.iter().map(|body| name(body)).collect();
        assert_eq!(arrived, [expected], "{lane}");
    }

    // What waits is hidden and sent afresh on the queue it came from.
    queue.send(std::slice::from_ref(&submittal)).await.unwrap();
    let event = world.emulator.sqs_event(&work[1].1).await;
    let receipt = event["Records"][0]["receiptHandle"].as_str().unwrap();
    let body = event["Records"][0]["body"].as_str().unwrap();
    queue.hide(receipt, body, Duration::from_secs(60)).await.unwrap();
    queue.resend(receipt, body, Duration::ZERO).await.unwrap();
    assert_eq!(world.emulator.counts(&work[1].1).await.0, 1);

    // Dead letters lie apart, and are handled as if they lay together.
    for body in ["no envelope".to_owned(), submittal.to_body().unwrap()] {
        queue.bury(&DeadLetter { body, reason: "tried".into(), at: at(0) }).await.unwrap();
    }
    for ((lane, url), waiting) in dead.iter().zip([1, 0, 1, 0]) {
        assert_eq!(world.emulator.counts(url).await, (waiting, 0), "{lane}");
    }
    assert_eq!(queue.letters(1).await.unwrap().len(), 1, "no more than asked for");
    let others = queue.letters(10).await.unwrap();
    assert_eq!(others.len(), 1, "the first is in hand");
    assert_eq!(others[0].letter.body, submittal.to_body().unwrap());
    queue.put_back(&others[0]).await.unwrap();
    assert_eq!(world.emulator.counts(&dead[2].1).await, (1, 0));
    let again = queue.letters(10).await.unwrap();
    queue.discard(&again[0]).await.unwrap();
    assert_eq!(world.emulator.counts(&dead[2].1).await, (0, 0));
    assert_eq!(world.emulator.counts(&dead[0].1).await, (0, 1));
}

async fn a_queue_that_is_not_there_refuses(world: World) {
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

async fn what_waits_is_counted(world: World) {
    let queue = world.environment().await.queue().unwrap();
    queue.send(&[envelope("a"), envelope("b")]).await.unwrap();
    queue.send_after(&[envelope("later")], Duration::from_secs(900)).await.unwrap();
    queue.bury(&letter()).await.unwrap();
    let all = async || {
        let (depths, dead) = queue.depths().await.unwrap();
        let waiting: u64 = depths.iter().map(|depth| depth.waiting).sum();
        let in_hand: u64 = depths.iter().map(|depth| depth.in_hand).sum();
        (waiting, in_hand, dead)
    };
    assert_eq!(all().await, (3, 0, 1));
    world.emulator.sqs_event(&world.queue_url).await;
    assert_eq!(all().await, (1, 2, 1));
}
