//! `plumbline status` and `plumbline report`, as an operator runs them beside the service.

use serde_json::Value;
use tokio::{process::Command, time::timeout};

use crate::{
    child::{config, program},
    world::{PATIENCE, PROGRAM, Terms, World, question},
};

/// What a command prints beside a service; it must succeed.
async fn told(world: &World, words: &str) -> String {
    let mut command: Command = program(PROGRAM, &world.far);
    command.current_dir(world.far.data.path()).args(words.split_whitespace()).args(["--data", "."]);
    let output = timeout(PATIENCE, command.output()).await.expect("it ends by itself").unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_of_a_service_is_told_while_it_runs() {
    let mut world = World::with(Terms { usd_per_million: "50.00", ..Terms::default() }).await;
    let before = told(&world, "status").await;
    assert_eq!(
        before,
        "queue      empty\ndead       0 letters\nlast 24 h  0 runs\ndrafts     none that a webhook asked for\n\
         Procore    its call limits are not known yet\nsweep      none so far\n"
    );
    let rfi = world.far.sandbox.add_rfi(question());
    let story = world.tell(rfi, "create").await;
    assert_eq!(story.outcome, "Drafted");
    assert_eq!(world.tell(rfi, "update").await.outcome, "Unchanged");
    assert_eq!(world.post(&Value::from("no event")).await, 204);
    // The service notes calls when it has nothing more to do; a command sees what is noted.
    config(&world.far, Terms { usd_per_million: "50.00", ..Terms::default() });

    let json: Value = serde_json::from_str(&told(&world, "status --json").await).unwrap();
    assert_eq!(json["queues"], serde_json::json!([]));
    assert_eq!(json["dead_letters"], 1);
    assert_eq!(json["outcomes"], serde_json::json!([["Drafted", 1], ["Unchanged", 1]]));
    assert_eq!(json["drafts"]["count"], 1);
    let p95_ms = json["drafts"]["p95_ms"].as_u64().unwrap();
    assert_eq!(Some(p95_ms), story.webhook_to_draft_ms());
    let purse = &json["purses"][0];
    assert_eq!((&purse["project_id"], &purse["budget_micro_usd"]), (&4071.into(), &5_000_000.into()));
    assert_eq!(purse["micro_usd"], story.spent.cost_micro_usd);
    assert!(json["call_budget_percent"].as_u64().is_some_and(|percent| percent <= 100), "{json}");
    assert_eq!(json["endpoints"][0]["breaker"]["state"], "closed");
    let endpoint = json["endpoints"][0]["name"].as_str().unwrap();
    assert!(endpoint.ends_with("/it-model"), "{endpoint}");

    let text = told(&world, "status").await;
    for line in
        ["dead       1 letter: see `plumbline dead list`", "last 24 h  2 runs: 1 Drafted, 1 Unchanged"]
    {
        assert!(text.lines().any(|told| told == line), "{line}\n{text}");
    }
    assert!(text.contains("cost       project 4071: USD ") && text.contains(" of 5.00 today ("), "{text}");
    assert!(!text.contains("Grab") && !json.to_string().contains("Grab"), "no record text");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_of_a_service_is_one_file_without_a_word_of_a_record() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    assert_eq!(world.tell(rfi, "create").await.outcome, "Drafted");
    let name = told(&world, "report --week --out week.html").await;
    assert_eq!(name, "week.html\n");
    let page = std::fs::read_to_string(world.far.data.path().join("week.html")).unwrap();
    assert!(page.contains("id=\"total-drafts\">1<"), "{page}");
    for forbidden in ["Grab", "grab bar", "http://", "https://", "<script", " src=", "@import"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}
