//! What a sweep finds.

use std::time::Duration;

use agent::{
    Source,
    claim::{Claim, State},
    event::Reason,
    ledger::{Change, ClaimKey, Ledger},
};
use jiff::{Timestamp, civil::date};
use procore::hooks::Scope;
use sandbox::{LogFamily, NewLogEntry, NewSubmittal};
use serde_json::json;

use super::{Broom, NAMESPACE, PROJECT, ago, name};
use crate::world::{SERVICE_ACCOUNT, Terms, World, question};

/// Days end long after everybody has gone home: none is over while a test runs.
const NO_DAY: Terms = Terms {
    quiet_window_s: 0,
    usd_per_day: "5.00",
    drafts_per_day: 50,
    usd_per_million: "1.00",
    evidence_tokens: None,
    service_account: SERVICE_ACCOUNT,
    kind: Some(77),
    workflows: &["rfi_question", "rfi_response", "submittal_review"],
    more: "",
};

#[tokio::test]
async fn changed_records_are_told_once_each_by_their_own_time() {
    let broom = Broom::with(NO_DAY).await;
    let rfis: Vec<i64> = (0..3).map(|_| broom.sandbox().add_rfi(question())).collect();
    let new = NewSubmittal { title: "Bars".to_owned(), age_s: 60, emit: false, ..NewSubmittal::default() };
    let submittal = broom.sandbox().add_submittal(new);
    let old = ago(25 * 3600);
    broom.sandbox().update_rfi(rfis[2], |rfi| rfi.updated_at = old);

    broom.sweep().await;
    let mut queued = broom.queued().await;
    queued.sort_by_key(name);
    let names: Vec<String> = queued.iter().map(name).collect();
    let expected = [format!("Rfi {}", rfis[0]), format!("Rfi {}", rfis[1]), format!("Submittal {submittal}")];
    assert_eq!(names, expected, "the third is older than the first look goes back");
    let first = &queued[0];
    assert_eq!((first.source, first.event.reason.clone()), (Source::Reconcile, Reason::Update));
    let updated_at = broom.sandbox().rfis()[0].updated_at;
    let shown = first.event.occurred_at.unwrap();
    assert_eq!(shown.as_second(), updated_at.as_second(), "the record's own time");
    assert_eq!(first.event.actor, agent::event::Actor::default());

    assert_eq!(broom.found().await, Vec::<String>::new(), "the same list, a moment later");
    broom.sandbox().update_rfi(rfis[1], |rfi| "Another".clone_into(&mut rfi.subject));
    assert_eq!(broom.found().await, [format!("Rfi {}", rfis[1])]);
    // It appears late: by its own time it belongs before what was seen already.
    broom.sandbox().update_rfi(rfis[2], |rfi| rfi.updated_at = ago(120));
    assert_eq!(broom.found().await, [format!("Rfi {}", rfis[2])]);
    assert_eq!(broom.found().await, Vec::<String>::new());
}

#[tokio::test]
async fn lost_deliveries_and_lists_that_tell_of_one_record_make_one_envelope() {
    let broom = Broom::with(NO_DAY).await;
    broom.hook(Scope::Project(PROJECT), NAMESPACE, &["RFIs", "Submittals", "Punch Items"]).await;
    let sandbox = broom.sandbox();
    let both = sandbox.add_rfi(question());
    let gone = sandbox.add_rfi(question());
    let submittal = sandbox.add_submittal(NewSubmittal { emit: false, ..NewSubmittal::default() });
    // Changed long ago by its own account; only the delivery tells.
    let lost = sandbox.add_rfi(question());
    sandbox.update_rfi(lost, |rfi| rfi.updated_at = ago(40 * 3600));
    sandbox.update_rfi(gone, |rfi| rfi.deleted = true);
    sandbox.update_submittal(submittal, |one| one.deleted = true);
    for (rfi, reason) in [(both, "create"), (both, "update"), (gone, "delete"), (lost, "update")] {
        sandbox.webhook_for_rfi(rfi, reason);
    }
    sandbox.webhook_for_submittal(submittal, "delete");
    let by = |user_id, resource: &str| sandbox::Event {
        resource_name: resource.to_owned(),
        resource_id: 4711,
        reason: "update".to_owned(),
        user_id: Some(user_id),
        application_id: None,
        project_id: Some(4071),
    };
    sandbox.emit(&by(SERVICE_ACCOUNT, "RFIs"));
    sandbox.emit(&by(5301, "Punch Items"));
    broom.discarded(7).await;

    let swept = broom.sweep().await;
    assert_eq!((swept.deliveries, swept.not_ours, swept.changed, swept.sent), (7, 3, 1, 3), "{swept}");
    let mut queued = broom.queued().await;
    queued.sort_by_key(name);
    let told: Vec<(String, Reason)> =
        queued.iter().map(|one| (name(one), one.event.reason.clone())).collect();
    let rfi = |id: i64, reason| (format!("Rfi {id}"), reason);
    let expected = [rfi(both, Reason::Update), rfi(gone, Reason::Delete), rfi(lost, Reason::Update)];
    assert_eq!(told, expected);

    assert_eq!(broom.found().await, Vec::<String>::new(), "they are listed as before");
    sandbox.webhook_for_rfi(lost, "update");
    broom.discarded(8).await;
    assert_eq!(broom.found().await, [format!("Rfi {lost}")]);
}

#[tokio::test]
async fn a_hook_of_the_company_is_looked_after_too() {
    let broom = Broom::with(NO_DAY).await;
    broom.hook(Scope::Company, NAMESPACE, &["Projects"]).await;
    broom.sandbox().emit(&sandbox::Event {
        resource_name: "Projects".to_owned(),
        resource_id: 4071,
        reason: "update".to_owned(),
        user_id: Some(5301),
        application_id: None,
        project_id: None,
    });
    broom.discarded(1).await;
    let swept = broom.sweep().await;
    assert_eq!((swept.deliveries, swept.sent, swept.completed), (1, 0, 1), "{swept}");
    assert_eq!(broom.sweep().await.deliveries, 0, "noted");
}

fn entry(broom: &Broom, day: jiff::civil::Date, by: Option<i64>) -> i64 {
    let fields = json!({"num_workers": 4, "num_hours": "8.0"}).as_object().unwrap().clone();
    broom.sandbox().add_log_entry(NewLogEntry {
        family: LogFamily::Manpower,
        date: Some(day),
        created_by: by,
        fields,
        emit: false,
        ..NewLogEntry::default()
    })
}

const LOGS: Terms = Terms { workflows: &["daily_log_summary"], ..NO_DAY };

// 23:50 on the 19th at the project, ten past midnight, and one minute before and after its day ends at six.
fn before_midnight() -> Timestamp {
    "2026-11-20T07:50:00Z".parse().unwrap()
}
fn after_midnight() -> Timestamp {
    "2026-11-20T08:10:00Z".parse().unwrap()
}
fn before_six() -> Timestamp {
    "2026-11-21T01:59:00Z".parse().unwrap()
}
fn after_six() -> Timestamp {
    "2026-11-21T02:01:00Z".parse().unwrap()
}
fn days_later() -> Timestamp {
    "2026-11-24T03:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn a_day_is_told_of_when_it_is_over_where_the_project_is() {
    let mut broom = Broom::with(LOGS).await;
    type Look = (fn() -> Timestamp, &'static [&'static str]);
    let table: [Look; 6] = [
        // The first look goes a day back: the evening of the 18th is over too.
        (before_midnight, &["Day 20261118", "Day 20261119"]),
        (after_midnight, &[]),
        (before_six, &[]),
        (after_six, &["Day 20261120"]),
        (after_six, &[]),
        (days_later, &["Day 20261121", "Day 20261122", "Day 20261123"]),
    ];
    for (clock, expected) in table {
        broom.ctx.clock = clock;
        assert_eq!(broom.found().await, expected, "{}", clock());
    }
    let asked = broom.sandbox().requests();
    let zones = asked.iter().filter(|request| request.path == "/rest/v1.0/projects/4071").count();
    assert_eq!(zones, 1, "the zone is on the shelf");
}

#[tokio::test]
async fn changed_entries_are_their_days_and_ours_are_none() {
    let mut broom = Broom::with(LOGS).await;
    broom.ctx.clock = before_six;
    broom.found().await;
    let changed_at = |second: i64| before_six().checked_sub(jiff::SignedDuration::from_secs(second)).unwrap();
    let (first, second) = (entry(&broom, date(2026, 11, 19), None), entry(&broom, date(2026, 11, 19), None));
    let (late, ours) =
        (entry(&broom, date(2026, 11, 14), None), entry(&broom, date(2026, 11, 17), Some(SERVICE_ACCOUNT)));
    for (id, seconds) in [(first, 900), (second, 600), (late, 300), (ours, 300)] {
        broom.sandbox().update_log_entry(id, |entry| entry.updated_at = changed_at(seconds));
    }
    broom.sweep().await;
    let mut queued = broom.queued().await;
    queued.sort_by_key(name);
    assert_eq!(queued.iter().map(name).collect::<Vec<_>>(), ["Day 20261114", "Day 20261119"]);
    assert_eq!(queued[1].event.occurred_at, Some(changed_at(600)), "the latest of its entries");
    assert_eq!(broom.found().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_lost_delivery_of_an_entry_is_one_of_its_day() {
    let mut broom = Broom::with(LOGS).await;
    broom.hook(Scope::Project(PROJECT), NAMESPACE, &["Manpower Logs", "Notes Logs"]).await;
    let zone = jiff::tz::TimeZone::get("America/Los_Angeles").unwrap();
    let today = Timestamp::now().to_zoned(zone).date();
    let yesterday = today.yesterday().unwrap();
    let (listed, removed) = (entry(&broom, yesterday, None), entry(&broom, yesterday, None));
    let long_gone = entry(&broom, date(2026, 1, 9), None);
    let sandbox = broom.sandbox().clone();
    let old = ago(30 * 24 * 3600);
    for id in [listed, removed, long_gone] {
        sandbox.update_log_entry(id, |entry| entry.updated_at = old);
    }
    sandbox.update_log_entry(removed, |entry| entry.deleted = true);
    for (id, reason) in [(listed, "update"), (removed, "delete"), (long_gone, "update")] {
        sandbox.webhook_for_log_entry(id, reason);
    }
    broom.discarded(3).await;
    // All days were told of.
    let note = format!("cursor/{PROJECT}/day");
    assert!(broom.store.swap(&note, 0, &today.to_string()).await.unwrap());
    broom.ctx.clock = Timestamp::now;
    let day = |day: jiff::civil::Date| day.strftime("Day %Y%m%d").to_string();
    let mut expected = vec![day(yesterday), day(today), format!("DailyLog(Some(Manpower)) {long_gone}")];
    expected.sort();
    assert_eq!(broom.found().await, expected, "the deleted one is of the day it was deleted on");
    assert_eq!(broom.found().await, Vec::<String>::new());
}

/// A claim somebody holds until then.
async fn held(broom: &Broom, workflow: &'static str, record: i64, until: Timestamp) -> ClaimKey {
    let claim: Claim = serde_json::from_value(json!({
        "version": 0, "claimed_at": ago(900), "evidence_hash": "hash", "state": State::Claimed,
        "lease": {"holder": "dead", "run": "run", "until": until},
        "answer": null, "draft": null, "placed": null, "unsettled": null, "outcome": null,
    }))
    .unwrap();
    let key = ClaimKey { workflow, project: PROJECT, record };
    broom.store.change(Change { claim: Some((&key, &claim)), ..Change::default() }).await.unwrap();
    key
}

#[tokio::test]
async fn claims_without_a_worker_are_told_once_for_each_lease() {
    let broom = Broom::with(NO_DAY).await;
    held(&broom, "rfi_response", 11, ago(600)).await;
    held(&broom, "rfi_question", 12, ago(600)).await;
    held(&broom, "submittal_review", 13, ago(600)).await;
    held(&broom, "rfi_response", 14, ago(60)).await;
    assert_eq!(broom.found().await, ["Rfi 11", "Rfi 12", "Submittal 13"], "the fourth may still be there");
    assert_eq!(broom.found().await, Vec::<String>::new(), "told already");
    let key = ClaimKey { workflow: "rfi_response", project: PROJECT, record: 11 };
    let mut claim =
        broom.store.look(std::slice::from_ref(&key), &[]).await.unwrap().claims.remove(0).unwrap();
    claim.lease.as_mut().unwrap().until = ago(300);
    broom.store.change(Change { claim: Some((&key, &claim)), ..Change::default() }).await.unwrap();
    assert_eq!(broom.found().await, ["Rfi 11"], "taken up again, and left again");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_service_worked_on_is_left_out_and_our_own_words_go_in_no_circle() {
    let mut world = World::with(NO_DAY).await;
    let answered = world.far.sandbox.add_rfi(question());
    // One that the service fills in: a write of ours makes it look changed.
    let draft = world.far.sandbox.add_rfi(sandbox::NewRfi {
        subject: "Grab bar heights at accessible water closets".to_owned(),
        question: String::new(),
        status: sandbox::RfiStatus::Draft,
        section: Some("10 28 00".to_owned()),
        ..question()
    });
    for rfi in [answered, draft] {
        world.tell(rfi, "update").await;
    }
    let writes = world.far.writes().len();
    let setup = world.far.setup(NO_DAY);
    let ctx = plumbline::service::context(&setup, world.store().clone(), false).unwrap();
    let swept = plumbline::sweep::once(&ctx, world.store()).await.unwrap();
    assert_eq!((swept.changed, swept.worked_on, swept.sent), (2, 1, 1), "{swept}");
    let story = world.end().await;
    assert_eq!((story.record_id, story.procore_calls < 4), (draft.to_string(), true));
    assert_eq!(world.far.writes().len(), writes, "{}: nothing more is written", story.outcome);
    let swept = plumbline::sweep::once(&ctx, world.store()).await.unwrap();
    assert_eq!((swept.changed, swept.sent), (0, 0), "{swept}");
    tokio::time::timeout(Duration::from_secs(60), world.stop()).await.unwrap();
}
