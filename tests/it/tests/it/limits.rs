//! Money, loops and identity: what stops a run before it does harm.

use sandbox::model::Behaviour;

use crate::world::{Terms, World, question};

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_purse_calls_no_model_keeps_the_messages_and_tells_the_reviewer_once() {
    let mut world = World::with(Terms { usd_per_day: "0.00", ..Terms::default() }).await;
    for _ in 0..3 {
        let rfi = world.far.sandbox.add_rfi(question());
        assert_eq!(world.tell(rfi, "create").await.outcome, "OverBudget");
    }

    let counts = world.store().counts().await.unwrap();
    assert_eq!((counts.waiting, counts.dead), (3, 0), "kept for tomorrow");
    assert_eq!(world.far.model.counters().requests, 0);
    let items = world.far.items();
    assert_eq!((items.len(), world.far.writes().len()), (1, 1), "told once");
    assert_eq!((items[0].status.as_str(), items[0].private), ("Draft", true));
    assert!(items[0].assignees.is_empty() && items[0].distribution.is_empty());
    insta::with_settings!({ filters => vec![(r"\d{4}-\d\d-\d\d", "[day]"), ("pl-[0-9a-f]{20}", "[id]")] }, {
        insta::assert_snapshot!(format!("{}\n{}", items[0].title, items[0].description), @"
        Note on drafts of [day]: today's budget is used up
        DRAFT - for review by Procore user 5101. Not issued.

        The budget for drafts of this project, USD 0.00 a day, is used up for [day] (UTC). Records changed from now on are not lost: they are drafted after midnight UTC.

        Whoever runs the installation can raise usd_per_project_per_day in its configuration.

        ---
        AI-generated draft. Review before use.
        draft id: [id]
        ");
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_gets_its_one_corrective_turn_whatever_it_costs() {
    for usd_per_million in ["0", "1.00"] {
        let mut world = World::with(Terms { usd_per_million, ..Terms::default() }).await;
        world.far.model.set_behaviour(Behaviour::Fabricating);
        let rfi = world.far.sandbox.add_rfi(question());
        let story = world.tell(rfi, "create").await;
        let counters = world.far.model.counters();
        assert_eq!((counters.requests, counters.repairs), (2, 1), "{usd_per_million}: {}", story.reason);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_drafts_of_a_record_than_configured_are_taken_for_a_loop() {
    let mut world = World::with(Terms { drafts_per_day: 2, ..Terms::default() }).await;
    let rfi = world.far.sandbox.add_rfi(question());
    assert_eq!(world.tell(rfi, "create").await.outcome, "Drafted");
    world.far.sandbox.update_rfi(rfi, |rfi| rfi.question.push_str(" Second."));
    assert_eq!(world.tell(rfi, "update").await.outcome, "Drafted");
    world.far.sandbox.update_rfi(rfi, |rfi| rfi.question.push_str(" Third."));
    let other = world.far.sandbox.add_rfi(question());

    let story = world.tell(rfi, "update").await;

    assert_eq!(story.outcome, "Quarantined");
    assert!(story.reason.contains("a loop?"), "{}", story.reason);
    assert_eq!(world.far.first_calls(), 2);
    assert_eq!(world.tell(other, "create").await.outcome, "Drafted", "another record goes on");
    world.assert_at_rest(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_not_the_configured_one_writes_nothing() {
    let mut world = World::with(Terms { service_account: 990_002, ..Terms::default() }).await;
    let rfi = world.far.sandbox.add_rfi(question());

    let story = world.tell(rfi, "create").await;

    assert_eq!(story.outcome, "Failed");
    assert!(story.reason.contains("service_account_id"), "{}", story.reason);
    world.assert_at_rest(1).await;
    assert_eq!(world.far.writes(), []);
    assert_eq!(world.far.model.counters().requests, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_revoked_is_replaced_and_nobody_notices() {
    let mut world = World::start().await;
    let rfi = world.far.sandbox.add_rfi(question());
    assert_eq!(world.tell(rfi, "create").await.outcome, "Drafted");
    world.far.sandbox.revoke_tokens();
    world.far.sandbox.update_rfi(rfi, |rfi| rfi.question.push_str(" Second."));

    assert_eq!(world.tell(rfi, "update").await.outcome, "Drafted");

    let tokens = world.far.sandbox.requests().iter().filter(|asked| asked.path == "/oauth/token").count();
    assert_eq!(tokens, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_beyond_its_budget_is_left_out_and_the_draft_says_so() {
    let mut rows = Vec::new();
    for evidence_tokens in [None, Some(400)] {
        let mut world = World::with(Terms { evidence_tokens, ..Terms::default() }).await;
        let rfi = world.far.sandbox.add_rfi(question());
        let story = world.tell(rfi, "create").await;
        assert_eq!(story.outcome, "Drafted", "{}", story.reason);
        let said = "(least related, over the budget for evidence)";
        let tight = evidence_tokens.is_some();
        assert_eq!(story.not_read.iter().any(|line| line.ends_with(said)), tight, "{:?}", story.not_read);
        assert_eq!(story.draft_text.unwrap().contains(said), tight);
        assert_eq!(story.evidence[0].handle, "R1", "the record never goes");
        rows.push(story.evidence.len());
        // What was left out was not shown to the model either.
        let asked = world.far.model.requests()[0]["messages"][1]["content"].as_str().unwrap().to_owned();
        assert_eq!(asked.matches("\n[").count() + usize::from(asked.starts_with('[')), story.evidence.len());
    }
    assert!(rows[1] < rows[0], "{rows:?}");
}
