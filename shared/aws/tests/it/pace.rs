//! DynamoDB does what every pace book must do.

use std::sync::Arc;

use crate::{World, behaviour::pace, on_both, samples::clock};

on_both!(dynamo_is_a_pace_book, dynamo_is_a_pace_book_for_many_at_once,);

async fn dynamo_is_a_pace_book(world: World) {
    pace::a_pace_book_is_written_over_its_own_version_only(&world.environment().await.ledger(clock).unwrap())
        .await;
}

async fn dynamo_is_a_pace_book_for_many_at_once(world: World) {
    let ledger = Arc::new(world.environment().await.ledger(clock).unwrap());
    pace::a_race_for_a_pace_book_has_one_winner(ledger).await;
}
