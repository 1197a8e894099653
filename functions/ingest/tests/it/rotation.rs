//! Secrets and configuration that change while the door is open.

use agent::config::EXAMPLE;
use ingest::{FrontDoor, gateway::Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::world::{AUTHORIZATION, World, ids, post, webhook};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

async fn answer(door: &FrontDoor, event: Value, second: i64) -> Response {
    door.answer(&serde_json::from_value(event).unwrap(), at(second)).await
}

#[tokio::test]
async fn a_new_secret_is_known_at_the_first_knock_but_asked_for_twice_a_minute_at_most() {
    let Some(world) = World::new().await else { return };
    let door = FrontDoor::open(&world.environment().await, at(0)).await.unwrap();
    let with = |authorization: &str| post(authorization, &webhook("01A").to_string());
    let (first, second, third) = (AUTHORIZATION, "Bearer second", "Bearer third");
    world.accept(&[first, second]).await;
    assert_eq!(answer(&door, with(second), 29).await, Response::empty(401), "asked for at the start");
    assert_eq!(answer(&door, with(second), 30).await, Response::empty(204));
    assert_eq!(answer(&door, with(first), 30).await, Response::empty(204));

    // A wrong header uses up the question: whoever else is wrong within 30 s gets the same answer from memory.
    world.accept(&[second]).await;
    assert_eq!(answer(&door, with("Bearer wrong"), 60).await, Response::empty(401));
    assert_eq!(answer(&door, with(first), 60).await, Response::empty(401), "retired");
    world.accept(&[third]).await;
    assert_eq!(answer(&door, with(third), 89).await, Response::empty(401));
    assert_eq!(answer(&door, with(third), 90).await, Response::empty(204));
}

#[tokio::test]
async fn our_own_events_are_those_of_the_configured_account() {
    let Some(world) = World::new().await else { return };
    let door = FrontDoor::open(&world.environment().await, at(0)).await.unwrap();
    let by = |id: &str, user: &str| {
        let mut event = webhook(id);
        event["user_id"] = json!(user);
        post(AUTHORIZATION, &event.to_string())
    };
    world
        .emulator
        .parameter(
            &world.name,
            &EXAMPLE.replace("service_account_id = 990001", "service_account_id = 990002"),
        )
        .await;
    for (id, user, second) in
        [("01A", "990001", 59), ("01B", "990002", 59), ("01C", "990001", 60), ("01D", "990002", 60)]
    {
        assert_eq!(answer(&door, by(id, user), second).await, Response::empty(204));
    }
    assert_eq!(ids(&world.emulator.bodies(&world.queue_url).await), ["01B", "01C"]);
}
