//! DynamoDB does what every ledger must do, and keeps what does not fit into an item.

use std::{collections::HashMap, sync::Arc};

use agent::{
    evidence::{Row, RowKind},
    ledger::{Counter, Ledger},
};
use aws_sdk_dynamodb::types::AttributeValue;

use crate::{
    World,
    behaviour::{changes, claims, is_stored, leases, notes, pay, purses, record, runs, sum, write},
    on_both,
    samples::{at, claim, clock, key, lease, run},
};

const DAY_S: i64 = 24 * 60 * 60;

on_both!(
    dynamo_is_a_ledger,
    dynamo_is_a_ledger_for_many_at_once,
    dynamo_finds_abandoned_claims,
    dynamo_finds_runs_by_name,
    dynamo_tells_of_many_runs_and_sums,
    runs_of_many_days_come_newest_first_and_old_ones_not_at_all,
    a_run_larger_than_an_item_is_stored_cut,
    a_run_of_another_version_is_left_out_of_the_list,
    items_carry_their_end_and_a_held_claim_its_lease,
);

async fn dynamo_is_a_ledger(world: World) {
    let ledger = world.environment().await.ledger(clock).unwrap();
    claims::a_claim_is_written_over_its_own_version_only(&ledger).await;
    claims::several_are_looked_at_together(&ledger).await;
    purses::a_purse_stops_at_its_ceiling(&ledger).await;
    notes::a_note_is_written_over_its_own_version_only(&ledger).await;
    changes::an_empty_change_is_made(&ledger).await;
    runs::runs_are_told_newest_first(&ledger).await;
    changes::a_change_is_made_whole_or_not_at_all(&ledger).await;
    changes::a_change_may_be_the_first_of_everything(&ledger).await;
}

async fn dynamo_is_a_ledger_for_many_at_once(world: World) {
    let ledger = Arc::new(world.environment().await.ledger(clock).unwrap());
    claims::a_race_for_a_claim_has_one_winner(Arc::clone(&ledger)).await;
    notes::a_race_for_a_note_has_one_winner(Arc::clone(&ledger)).await;
    purses::a_ceiling_holds_against_a_crowd(Arc::clone(&ledger)).await;
    purses::a_counter_tells_its_sum(Arc::clone(&ledger)).await;
    changes::a_crowd_pays_for_what_it_stores(ledger).await;
}

async fn dynamo_finds_abandoned_claims(world: World) {
    leases::abandoned_claims_are_found(&world.environment().await.ledger(clock).unwrap()).await;
}

async fn dynamo_finds_runs_by_name(world: World) {
    runs::runs_are_found_by_name(&world.environment().await.ledger(clock).unwrap()).await;
}

async fn dynamo_tells_of_many_runs_and_sums(world: World) {
    let ledger = world.environment().await.ledger(clock).unwrap();
    runs::runs_since_a_moment_come_without_texts(&ledger).await;
    purses::sums_are_told(&ledger).await;
}

async fn runs_of_many_days_come_newest_first_and_old_ones_not_at_all(world: World) {
    let ledger = world.environment().await.ledger(clock).unwrap();
    // days from now, seconds -> told
    for (id, seconds, _) in [
        ("ahead", DAY_S / 2, true),
        ("today", -1, true),
        ("a week ago", -7 * DAY_S, true),
        ("just young enough", -30 * DAY_S, true),
        ("too old", -30 * DAY_S - 1, false),
        ("a year old", -365 * DAY_S, false),
    ] {
        record(&ledger, &run(id, at(seconds))).await;
    }
    let told: Vec<String> = ledger.runs(100).await.unwrap().into_iter().map(|run| run.id).collect();
    assert_eq!(told, ["ahead", "today", "a week ago", "just young enough"]);
    for (id, found) in [("just young enough", 1), ("too old", 0), ("a year old", 0)] {
        assert_eq!(ledger.runs_named(id).await.unwrap().len(), found, "{id}");
    }
    assert_eq!(ledger.runs(2).await.unwrap().len(), 2);
}

async fn a_run_larger_than_an_item_is_stored_cut(world: World) {
    let ledger = world.environment().await.ledger(clock).unwrap();
    let mut large = run("large", at(0));
    large.evidence = (0..500)
        .map(|number| Row {
            handle: format!("S{number}"),
            kind: RowKind::Specification,
            label: "10 14 00".into(),
            text: "Mount signs so. ".repeat(200),
        })
        .collect();
    record(&ledger, &large).await;
    let stored = ledger.runs(1).await.unwrap().remove(0);
    assert_eq!(stored.evidence.len(), 500);
    assert!(stored.evidence[0].text.ends_with("[cut]"));
    assert_eq!(stored.not_read.len(), 1, "the copy says that it was cut");
    assert_eq!(stored.item_id, large.item_id);
}

async fn a_run_of_another_version_is_left_out_of_the_list(world: World) {
    let ledger = world.environment().await.ledger(clock).unwrap();
    record(&ledger, &run("good", at(0))).await;
    let dynamo = aws_sdk_dynamodb::Client::new(&world.emulator.sdk().await);
    let text = |value: &str| AttributeValue::S(value.to_owned());
    dynamo
        .put_item()
        .table_name(&world.name)
        .item("pk", text(&format!("runs#{}", at(0).to_string().get(..10).unwrap())))
        .item("sk", text("99999999999999999999#new"))
        .item("json", text("{\"id\": \"new\"}"))
        .send()
        .await
        .unwrap();
    let told: Vec<String> = ledger.runs(5).await.unwrap().into_iter().map(|run| run.id).collect();
    assert_eq!(told, ["good"]);
}

async fn items_carry_their_end_and_a_held_claim_its_lease(world: World) {
    let ledger = world.environment().await.ledger(clock).unwrap();
    assert!(is_stored(write(&ledger, &key(1), &claim(0, Some(lease("w", at(60))))).await));
    assert!(is_stored(write(&ledger, &key(2), &claim(0, Some(lease("w", at(60))))).await));
    assert!(is_stored(write(&ledger, &key(2), &claim(1, None)).await));
    record(&ledger, &run("a", at(0))).await;
    assert!(is_stored(pay(&ledger, &Counter("usd/4071/2026-11-20".into()), 5, None).await));
    assert_eq!(sum(&ledger, &Counter("crowd".into())).await, 0);
    assert!(ledger.swap("cursor", 0, "text").await.unwrap());
    let dynamo = aws_sdk_dynamodb::Client::new(&world.emulator.sdk().await);
    let items = dynamo.scan().table_name(&world.name).send().await.unwrap().items.unwrap();
    let of = |item: &HashMap<String, AttributeValue>, name: &str| match item.get(name) {
        Some(AttributeValue::S(text) | AttributeValue::N(text)) => text.clone(),
        _ => String::new(),
    };
    let mut told: Vec<[String; 4]> = items
        .iter()
        .map(|item| ["pk", "expires_at", "lease_project", "lease_until"].map(|name| of(item, name)))
        .collect();
    told.sort();
    let run_end = (at(0).as_second() + 30 * DAY_S).to_string();
    let counter_end = "2026-11-28T00:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second().to_string();
    let lease_end = at(60).as_millisecond().to_string();
    let day = format!("runs#{}", at(0).to_string().get(..10).unwrap());
    assert_eq!(
        told,
        [
            ["claim#rfi_response/4071/1", "", "4071", &lease_end],
            ["claim#rfi_response/4071/2", "", "", ""],
            ["counter#crowd", "", "", ""],
            ["counter#usd/4071/2026-11-20", &counter_end, "", ""],
            ["note#cursor", "", "", ""],
            [&day, &run_end, "", ""],
        ]
    );
}
