//! From nothing to what is needed, and nothing more after that.

use procore::hooks::HookStatus;

use super::{DOOR, NAMESPACE, Office, PROJECT};
use crate::world::Terms;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_needed_is_told_made_once_and_then_nothing_is_written() {
    let office = Office::start().await;
    let (code, words) = office.plan().await;
    insta::assert_snapshot!(words, @"
    project 4071: one hook, 58 triggers, for rfi_question, rfi_response, submittal_review, daily_log_summary
        make a hook (v3.0) that delivers to http://127.0.0.1:9/webhooks/procore, and listen to RFIs, Submittals, Weather Logs (create, update); Accident Logs, Call Logs, Daily Construction Report Logs, Delivery Logs, Dumpster Logs, Equipment Logs, Inspection Logs, Manpower Logs, Notes Logs, Plan Revision Logs, Productivity Logs, Quantity Logs, Safety Violation Logs, Visitor Logs, Waste Logs, Work Logs (create, update, delete)
        note: Procore does not offer Delay Logs (create, update, delete); Weather Logs (delete): daily_log_summary learns of these from sweeps and other events alone
    1 change to make: `plumbline hooks apply` makes them.
    ");
    assert_eq!((code, office.writes()), (3, 0), "a plan writes nothing");

    let hook = office.applied().await;
    assert_eq!(office.writes(), 2, "a hook, and its triggers");
    assert_eq!(hook.status, Some(HookStatus::Active));
    assert_eq!(
        (hook.payload_version.as_deref(), hook.destination_url.as_deref()),
        (Some("v3.0"), Some(DOOR))
    );
    let listens = office.listens(PROJECT, hook.id).await;
    assert_eq!(listens.len(), 54);
    assert_eq!(listens.iter().filter(|one| one.starts_with("RFIs ")).count(), 2);

    for (words, expected) in [("plan", "Nothing to do."), ("apply", "Nothing to do.")] {
        let (code, told) = office.told(&format!("{words} --url {DOOR}")).await;
        assert!(code == 0 && told.contains(expected), "{words}: {told}");
        assert!(told.contains(&format!("hook {} is as it should be", hook.id)), "{told}");
        assert_eq!(office.writes(), 2, "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn its_events_say_which_app_made_a_change() {
    let office = Office::start().await;
    office.applied().await;
    office.emit(1);
    let deliveries = office.sandbox().deliveries();
    let [one] = deliveries.as_slice() else { panic!("{deliveries:?}") };
    assert_eq!(one.event["api_version"], "v3.0");
    assert!(one.event["metadata"].is_object(), "{:?}", one.event);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_without_workflows_needs_no_hook() {
    let office = Office::with(Terms { workflows: &[], ..Terms::default() }).await;
    let left = office.by_hand(PROJECT, NAMESPACE, DOOR).await;
    let writes = office.writes();
    let (code, words) = office.apply().await;
    assert!(words.contains("project 4071: no workflow, no hook needed"), "{words}");
    assert!(words.contains(&format!("hook {left} is ours and nothing needs it")), "{words}");
    assert_eq!((code, office.writes()), (0, writes));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_nobody_lets_us_see_stops_no_other() {
    const FORBIDDEN: &str = "[[project]]\nid = 4072\nreviewer_id = 5101\nworkflows = [\"rfi_response\"]\n";
    let office = Office::with(Terms { more: FORBIDDEN, ..Terms::default() }).await;
    let (code, words) = office.plan().await;
    assert!(code == 1 && words.contains("project 4072: one hook"), "{words}");
    assert!(words.contains("    TROUBLE: GET ") && words.contains("403"), "{words}");
    assert!(words.contains("1 change to make; 1 project in trouble."), "{words}");

    let (code, words) = office.apply().await;
    assert_eq!(code, 1, "{words}");
    assert!(words.contains("project 4071: done: make a hook"), "{words}");
    let writes = office.writes();
    assert_eq!((office.apply().await.0, office.writes()), (1, writes), "what is done stays done");
}
