//! DynamoDB does what every ledger must do, and keeps what does not fit into an item.

use std::sync::Arc;

use agent::{
    evidence::{Row, RowKind},
    ledger::{Counter, Ledger},
};
use aws_sdk_dynamodb::types::AttributeValue;

use crate::{
    World,
    behaviour::{
        a_ceiling_holds_against_a_crowd, a_claim_is_written_over_its_own_version_only,
        a_counter_stops_at_its_ceiling, a_race_for_a_claim_has_one_winner, runs_are_told_newest_first,
    },
    samples::{at, clock, run},
};

const DAY_S: i64 = 24 * 60 * 60;

#[tokio::test]
async fn dynamo_is_a_ledger() {
    let Some(world) = World::new().await else { return };
    let ledger = world.environment().await.ledger(clock).unwrap();
    a_claim_is_written_over_its_own_version_only(&ledger).await;
    a_counter_stops_at_its_ceiling(&ledger).await;
    runs_are_told_newest_first(&ledger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dynamo_is_a_ledger_for_many_at_once() {
    let Some(world) = World::new().await else { return };
    let ledger = Arc::new(world.environment().await.ledger(clock).unwrap());
    a_race_for_a_claim_has_one_winner(Arc::clone(&ledger)).await;
    a_ceiling_holds_against_a_crowd(ledger).await;
}

#[tokio::test]
async fn runs_of_many_days_come_newest_first_and_old_ones_not_at_all() {
    let Some(world) = World::new().await else { return };
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
        ledger.record(&run(id, at(seconds))).await.unwrap();
    }
    let told: Vec<String> = ledger.runs(100).await.unwrap().into_iter().map(|run| run.id).collect();
    assert_eq!(told, ["ahead", "today", "a week ago", "just young enough"]);
    assert_eq!(ledger.runs(2).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_run_larger_than_an_item_is_stored_cut() {
    let Some(world) = World::new().await else { return };
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
    ledger.record(&large).await.unwrap();
    let stored = ledger.runs(1).await.unwrap().remove(0);
    assert_eq!(stored.evidence.len(), 500);
    assert!(stored.evidence[0].text.ends_with("[cut]"));
    assert_eq!(stored.not_read.len(), 1, "the copy says that it was cut");
    assert_eq!(stored.item_id, large.item_id);
}

#[tokio::test]
async fn a_run_of_another_version_is_left_out_of_the_list() {
    let Some(world) = World::new().await else { return };
    let ledger = world.environment().await.ledger(clock).unwrap();
    ledger.record(&run("good", at(0))).await.unwrap();
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

#[tokio::test]
async fn counters_and_runs_carry_their_end_and_claims_none() {
    let Some(world) = World::new().await else { return };
    let ledger = world.environment().await.ledger(clock).unwrap();
    a_claim_is_written_over_its_own_version_only(&ledger).await;
    ledger.record(&run("a", at(0))).await.unwrap();
    for name in ["usd/4071/2026-11-20", "crowd"] {
        assert!(ledger.add(&Counter(name.into()), 5, None).await.unwrap());
    }
    let dynamo = aws_sdk_dynamodb::Client::new(&world.emulator.sdk().await);
    let items = dynamo.scan().table_name(&world.name).send().await.unwrap().items.unwrap();
    let mut ends: Vec<(String, Option<String>)> = items
        .iter()
        .map(|item| {
            let end = item.get("expires_at").map(|end| end.as_n().unwrap().clone());
            (item["pk"].as_s().unwrap().clone(), end)
        })
        .collect();
    ends.sort();
    let run_end = (at(0).as_second() + 30 * DAY_S).to_string();
    let counter_end = "2026-11-28T00:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second().to_string();
    assert_eq!(
        ends,
        [
            ("claim#rfi_response/4071/1".to_owned(), None),
            ("counter#crowd".to_owned(), None),
            ("counter#usd/4071/2026-11-20".to_owned(), Some(counter_end)),
            (format!("runs#{}", at(0).to_string().get(..10).unwrap()), Some(run_end)),
        ]
    );
}
