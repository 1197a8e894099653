//! `GET /metrics` of the one-process service.

use serde_json::json;

use crate::world::{Terms, World, question};

async fn page(world: &World) -> String {
    let address = world.door().replace("/webhooks/procore", "/metrics");
    let answer = reqwest::get(address).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain; version=0.0.4"));
    answer.text().await.unwrap()
}

/// The number behind a series; `None` if it is not there.
fn value(page: &str, series: &str) -> Option<u64> {
    page.lines().find_map(|line| line.strip_prefix(series)?.trim().parse().ok())
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_ends_is_counted() {
    let mut world = World::with(Terms { usd_per_million: "2.00", ..Terms::default() }).await;
    let rfi = world.far.sandbox.add_rfi(question());
    let drafted = world.tell(rfi, "create").await;
    assert_eq!(world.tell(rfi, "update").await.outcome, "Unchanged");
    assert_eq!(world.post(&json!("no event")).await, 204);

    let page = page(&world).await;
    let of = |name: &str| value(&page, &format!("plumbline_{name}{{workflow=\"rfi_response\"}}"));
    for (outcome, runs) in [("Drafted", 1), ("Unchanged", 1)] {
        let series = format!("plumbline_events_total{{workflow=\"rfi_response\",outcome=\"{outcome}\"}}");
        assert_eq!(value(&page, &series), Some(runs), "{page}");
    }
    assert_eq!(value(&page, "plumbline_events_total{outcome=\"Unreadable\"}"), Some(1), "{page}");
    assert_eq!(value(&page, "plumbline_webhook_to_answer_ms_count"), Some(3));
    assert_eq!(of("webhook_to_draft_ms_count"), Some(1));
    assert_eq!(of("tokens_in_total"), Some(drafted.spent.tokens_in.into()));
    assert_eq!(of("tokens_out_total"), Some(drafted.spent.tokens_out.into()));
    assert_eq!(
        of("cost_micro_usd_total"),
        Some(drafted.spent.cost_micro_usd),
        "what is unchanged costs nothing"
    );
    assert!(drafted.spent.cost_micro_usd > 0);
    assert_eq!(of("procore_429_total"), Some(0));
    assert!(of("procore_calls_total").unwrap() > u64::from(drafted.procore_calls), "both runs called");
    assert!(of("call_budget_share").is_some_and(|percent| (1..=100).contains(&percent)), "{page}");
    assert!(!page.contains("4071"), "no project: {page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_paid_for_is_counted_once() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    // The draft cannot be written the first time; the answer is kept and not paid for again.
    world.far.sandbox.fail_next("POST generic_tool_items", sandbox::Fault::Status(500), 1);
    let first = world.tell(rfi, "create").await;
    assert_eq!(first.outcome, "Failed");
    let paid = first.spent.cost_micro_usd;
    assert!(paid > 0);
    let page = page(&world).await;
    assert_eq!(value(&page, "plumbline_cost_micro_usd_total{workflow=\"rfi_response\"}"), Some(paid));
    assert_eq!(first.paid().cost_micro_usd, paid);

    let second = world.end().await;
    assert_eq!(second.outcome, "Drafted");
    assert_eq!(second.paid().cost_micro_usd, 0, "the kept answer was posted");
    let page = self::page(&world).await;
    assert_eq!(value(&page, "plumbline_cost_micro_usd_total{workflow=\"rfi_response\"}"), Some(paid));
}
