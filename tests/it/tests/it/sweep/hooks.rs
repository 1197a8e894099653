//! Hooks that were switched off, hooks of others, and projects nobody lets us see.

use agent::{ledger::Ledger, sweep::LastSweep};
use procore::hooks::{HookStatus, Scope};

use super::{Broom, NAMESPACE, PROJECT};
use crate::world::{Terms, question};

const REACTIVATE: &str = "[sweep]\nreactivate_hooks = true\n";
/// A project of the company that the service account may not see, before and after the seed's own in turn.
const FORBIDDEN: &str =
    "[[project]]\nid = 4072\nreviewer_id = 5101\nworkflows = [\"rfi_response\", \"daily_log_summary\"]\n";

async fn statuses(broom: &Broom, namespace: &str) -> Vec<HookStatus> {
    let hooks = broom.ctx.procore.hooks(Scope::Project(PROJECT), namespace).await.unwrap();
    hooks.into_iter().filter_map(|hook| hook.status).collect()
}

#[tokio::test]
async fn a_hook_that_was_switched_off_is_told_and_switched_on_if_that_is_wanted() {
    for (more, after, words) in [
        ("", HookStatus::Disabled, "still off; set reactivate_hooks in [sweep]"),
        (REACTIVATE, HookStatus::Active, "switched on again"),
    ] {
        let broom = Broom::with(Terms { more, ..Terms::default() }).await;
        let ours = broom.hook(Scope::Project(PROJECT), NAMESPACE, &["RFIs"]).await;
        let theirs = broom.hook(Scope::Project(PROJECT), "another-app", &["RFIs"]).await;
        for hook in [ours, theirs] {
            assert!(broom.sandbox().disable_hook(hook.get()));
        }
        let writes = broom.far.writes().len();
        let swept = broom.sweep().await;
        let [off] = swept.hooks_off.as_slice() else { panic!("{swept}") };
        assert_eq!((off.hook, off.project, &off.refusal), (ours, Some(PROJECT), &None));
        assert!(swept.to_string().contains(words), "{swept}");
        let notes = broom.ctx.ledger.look(&[], &[LastSweep::NOTE]).await.unwrap().notes;
        let last = LastSweep::read(&notes[0].text).expect("the end of the sweep is noted");
        assert_eq!((&last.hooks_off, last.projects, last.completed), (&swept.hooks_off, 1, 1));
        assert_eq!(statuses(&broom, NAMESPACE).await, [after]);
        assert_eq!(statuses(&broom, "another-app").await, [HookStatus::Disabled], "a stranger's");
        assert_eq!(broom.far.writes().len() - writes, usize::from(!more.is_empty()));
    }
}

#[tokio::test]
async fn deliveries_of_a_stranger_are_not_read() {
    let broom = Broom::start().await;
    let theirs = broom.hook(Scope::Project(PROJECT), "another-app", &["RFIs"]).await;
    broom.sandbox().webhook_for_rfi(broom.sandbox().add_rfi(question()), "update");
    broom.discarded(1).await;
    let swept = broom.sweep().await;
    assert_eq!((swept.deliveries, swept.changed), (0, 1), "{swept}");
    let path = format!("hooks/{theirs}/");
    assert!(
        !broom.sandbox().requests().iter().any(|asked| asked.path.contains(&path) && asked.method == "GET")
    );
}

#[tokio::test]
async fn a_project_nobody_lets_us_see_stops_no_other() {
    let broom = Broom::with(Terms { more: FORBIDDEN, ..Terms::default() }).await;
    let rfi = broom.sandbox().add_rfi(question());
    let swept = broom.sweep().await;
    assert!(broom.told().await.contains(&format!("Rfi {rfi}")));
    assert_eq!((swept.projects, swept.completed, &swept.ended_early), (2, 2, &None), "{swept}");
    let told: Vec<_> = swept.problems.iter().map(|problem| (problem.project, problem.what)).collect();
    let forbidden = Some(procore::ProjectId::new(4072));
    let whats = ["its hooks", "its time zone", "its changed records"];
    assert_eq!(told, whats.map(|what| (forbidden, what)));
    assert!(swept.problems.iter().all(|problem| problem.why.contains("403")), "{swept}");
}

#[tokio::test]
async fn a_service_account_that_may_not_see_hooks_still_sweeps_lists() {
    let broom = Broom::start().await;
    let rfi = broom.sandbox().add_rfi(question());
    broom.sandbox().fail_next("webhooks", sandbox::Fault::Status(403), 10);
    let swept = broom.sweep().await;
    assert!(broom.told().await.contains(&format!("Rfi {rfi}")));
    let whats: Vec<_> = swept.problems.iter().map(|problem| (problem.project, problem.what)).collect();
    assert_eq!(whats, [(None, "its hooks"), (Some(PROJECT), "its hooks")]);
}
