//! Writes whose end is unknown, and writes that fail half-way: nothing is made twice, and another run completes it.

use sandbox::Fault;

use super::{NAMESPACE, Office, PROJECT};

const HOOK: &str = "POST webhooks/hooks";
const TRIGGERS: &str = "POST triggers/bulk";

/// The hooks and the triggers that are there.
async fn there(office: &Office) -> (usize, usize) {
    let hooks = office.hooks(PROJECT, NAMESPACE).await;
    match hooks.first() {
        Some(hook) => (hooks.len(), office.listens(PROJECT, hook.id).await.len()),
        None => (0, 0),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_looked_for_before_anything_is_made_again() {
    for what in [HOOK, TRIGGERS] {
        let office = Office::start().await;
        office.sandbox().fail_next(what, Fault::DropAfterApplying, 1);
        let (code, words) = office.apply().await;
        assert_eq!((code, there(&office).await), (0, (1, 54)), "{what}: {words}");
        assert_eq!(office.writes(), 2, "{what}: nothing twice");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_arrive_is_not_repeated_and_the_next_run_completes_it() {
    for (what, fault, words, after) in [
        (HOOK, Fault::DropBeforeApplying, "no hook is there by now, wait a minute and run it again", (0, 0)),
        (HOOK, Fault::Status(403), "was answered with status 403", (0, 0)),
        (
            TRIGGERS,
            Fault::DropBeforeApplying,
            "not there: RFIs, Submittals, Weather Logs (create, update)",
            (1, 0),
        ),
        (TRIGGERS, Fault::Status(422), "was answered with status 422", (1, 0)),
    ] {
        let office = Office::start().await;
        office.sandbox().fail_next(what, fault, 1);
        let (code, told) = office.apply().await;
        assert!(code == 1 && told.contains("project 4071: NOT DONE: make a hook"), "{what}: {told}");
        assert!(told.contains(words), "{what} {fault:?}: {told}");
        assert!(
            told.ends_with("Looked again: 1 change left. Run it again; what is done stays done.\n"),
            "{told}"
        );
        assert_eq!(there(&office).await, after, "{what}");

        let (code, told) = office.apply().await;
        assert_eq!((code, there(&office).await), (0, (1, 54)), "{what}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hook_that_arrives_late_becomes_the_one_or_the_surplus() {
    let office = Office::start().await;
    let hook = office.applied().await.id;
    // What a POST leaves that is applied after all.
    let late = office.by_hand(PROJECT, NAMESPACE, super::DOOR).await;
    let (code, words) = office.apply().await;
    assert!(code == 0 && words.contains(&format!("hook {late} is one too many")), "{words}");
    assert_eq!(office.hooks(PROJECT, NAMESPACE).await[0].id, hook);
}
