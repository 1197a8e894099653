//! What becomes of a message: deleted, hidden for exactly as long as it has to wait, or kept as a dead letter.

use std::time::{Duration, Instant};

use crate::world::{World, message, question};

#[tokio::test]
async fn a_record_still_being_typed_comes_back_when_its_quiet_window_ends() {
    let Some(world) = World::new().await else { return };
    world.configure(4, 77).await;
    let router = world.router().await;
    let rfi = world.sandbox.add_rfi(sandbox::NewRfi { age_s: 0, ..question() });
    let body = message("01TYPED", 4071, rfi);
    world.send(std::slice::from_ref(&body)).await;

    let typed = Instant::now();
    assert_eq!(world.deliver(&router).await, [body]);
    assert_eq!(world.emulator.counts(&world.queue_url).await, (0, 1), "hidden, not deleted");
    assert!(world.sandbox.correspondence().is_empty());

    // Delivered with an hour's visibility timeout, so what shows it again is the wait that the function set.
    assert_eq!(world.deliver_next(&router).await, Vec::<String>::new());
    assert!(typed.elapsed() > Duration::from_secs(2), "not at once: {:?}", typed.elapsed());
    world.assert_done().await;
    assert_eq!(world.sandbox.correspondence().len(), 1, "a burst becomes one draft");
}

#[tokio::test]
async fn poison_is_kept_with_its_reason() {
    let Some(world) = World::new().await else { return };
    let router = world.router().await;
    let poison = ["{\"event\": \"not an envelope, with a secret\"}", "not JSON at all", "{\"\u{e9}\":"];
    world.send(&poison.map(str::to_owned)).await;
    assert_eq!(world.deliver(&router).await, Vec::<String>::new());
    world.assert_done().await;
    let mut kept = Vec::new();
    for letter in world.emulator.buried(&world.dead_letter_url).await {
        let reason = &letter.attributes["reason"];
        assert!(reason.starts_with("not an envelope: ") && !reason.contains("secret"), "{reason}");
        assert!(letter.attributes["at"].parse::<jiff::Timestamp>().is_ok());
        kept.push(letter.body);
    }
    kept.sort();
    let mut expected = poison;
    expected.sort_unstable();
    assert_eq!(kept, expected);
    assert!(!router.log().contains("with a secret"));
}

#[tokio::test]
async fn a_message_that_cannot_be_kept_stays_on_the_queue() {
    let Some(world) = World::new().await else { return };
    let mut variables = world.variables();
    for (name, value) in &mut variables {
        if name == "PLUMBLINE_DEAD_LETTER_URL" {
            value.push_str("-gone");
        }
    }
    let router = stack::Function::start(env!("CARGO_BIN_EXE_router"), variables).await;
    world.send(&["poison".to_owned()]).await;
    assert_eq!(world.deliver(&router).await, ["poison"]);
    assert_eq!(world.emulator.counts(&world.queue_url).await, (0, 1));
}

#[tokio::test]
async fn without_a_carrier_the_message_is_kept_for_the_day_there_is_one() {
    let Some(world) = World::new().await else { return };
    world.configure(0, 78).await;
    let router = world.router().await;
    let body = message("01NOCARRIER", 4071, world.sandbox.add_rfi(question()));
    world.send(std::slice::from_ref(&body)).await;
    assert_eq!(world.deliver(&router).await, Vec::<String>::new());
    world.assert_done().await;
    let letters = world.emulator.buried(&world.dead_letter_url).await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].body, body);
    assert!(
        letters[0].attributes["reason"].contains("correspondence_type_id"),
        "{:?}",
        letters[0].attributes
    );
}
