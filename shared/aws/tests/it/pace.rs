//! DynamoDB does what every pace book must do.

use std::sync::Arc;

use crate::{
    World,
    behaviour::{a_pace_book_is_written_over_its_own_version_only, a_race_for_a_pace_book_has_one_winner},
    samples::clock,
};

#[tokio::test]
async fn dynamo_is_a_pace_book() {
    let Some(world) = World::new().await else { return };
    a_pace_book_is_written_over_its_own_version_only(&world.environment().await.ledger(clock).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dynamo_is_a_pace_book_for_many_at_once() {
    let Some(world) = World::new().await else { return };
    let ledger = Arc::new(world.environment().await.ledger(clock).unwrap());
    a_race_for_a_pace_book_has_one_winner(ledger).await;
}
