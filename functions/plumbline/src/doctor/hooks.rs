//! Our hook in a project: whether it is there and on, listens to what the workflows need, and reaches us. Never one of
//! another namespace.

use std::collections::{BTreeMap, BTreeSet};

use agent::{Config, ProjectConfig};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use procore::{
    Error, Procore,
    hooks::{Delivery, DeliveryFilter, DeliveryStatus, Hook, HookStatus, Scope},
};

use super::{
    finding::{Area, Finding, Who},
    subject::Subject,
};
use crate::{
    hooks::need::{Need, Wanted, told},
    terminal::counted,
};

/// Deliveries of so long are looked at. They are listed by day.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(24);
const MOST_ROWS: usize = 500;

const CONNECT: &str =
    "plumbline hooks apply --url ADDRESS, that of our front door: https://…/webhooks/procore";

/// Three lines: the hook, its triggers, its deliveries.
pub(super) async fn examine(
    subject: &Subject,
    config: &Config,
    row: &ProjectConfig,
    procore: &Procore,
) -> Vec<Finding> {
    let need = Need::of(row);
    if need.wanted.is_empty() {
        return Vec::new();
    }
    let scope = Scope::Project(row.id);
    let ours = match procore.hooks(scope, &config.namespace).await {
        Ok(hooks) => hooks,
        Err(error) => return unseen(&error),
    };
    let hook = hook(subject, config, &ours);
    if ours.is_empty() {
        let why = "there is no hook";
        return vec![
            hook,
            Finding::not_tried(Area::Triggers, why),
            Finding::not_tried(Area::Deliveries, why),
        ];
    }
    let triggers = triggers(procore, scope, &ours, &need).await;
    vec![hook, triggers, deliveries(subject, procore, scope, &ours).await]
}

fn unseen(error: &Error) -> Vec<Finding> {
    let (who, how) = match error.status() {
        Some(403 | 404) => (
            Who::AppOwner,
            "set Webhooks API to Standard on both tabs: Developer Portal, the app, Edit Components, Data Connector, \
             Service Account Authentication, Manage; then the Procore administrator updates the app in App Management",
        ),
        _ => (Who::PlatformEngineer, "ask again; if it stays, look at Procore's status page"),
    };
    let why = "not asked, because the hooks cannot be read";
    let what = format!("the hooks cannot be read: {error}");
    vec![
        Finding::broken(Area::Hook, what, who, how),
        Finding::not_tried(Area::Triggers, why),
        Finding::not_tried(Area::Deliveries, why),
    ]
}

fn hook(subject: &Subject, config: &Config, ours: &[Hook]) -> Finding {
    let name = &config.namespace;
    let Some(first) = ours.first() else {
        let what = format!("there is none in namespace {name}: only sweeps find what changes");
        return Finding::broken(Area::Hook, what, Who::PlatformEngineer, CONNECT);
    };
    if let Some(off) = ours.iter().find(|hook| hook.status == Some(HookStatus::Disabled)) {
        let how = format!(
            "look at the deliveries why they failed, put that right, then {CONNECT}; it switches the hook on again, as \
             sweeps do with reactivate_hooks = true in [sweep]"
        );
        let what = format!("hook {} was switched off by Procore: nothing is delivered", off.id);
        return Finding::broken(Area::Hook, what, Who::PlatformEngineer, how);
    }
    if let Some(bare) = ours.iter().find(|hook| !hook.authorization_is_set) {
        let what = format!("hook {} sends no Authorization: our front door refuses every event", bare.id);
        return Finding::broken(Area::Hook, what, Who::PlatformEngineer, CONNECT);
    }
    if let Some(foreign) = ours.iter().find(|hook| sends_another(subject, hook)) {
        let how = format!(
            "{CONNECT}; it sets the newest value of {}",
            subject.place_of_secret("webhook_authorization", "WEBHOOK_AUTHORIZATION")
        );
        let what = format!("hook {} sends an Authorization that our front door does not accept", foreign.id);
        return Finding::broken(Area::Hook, what, Who::PlatformEngineer, how);
    }
    if ours.len() > 1 {
        let what =
            format!("{} in namespace {name}: every event comes more than once", counted(ours.len(), "hook"));
        return Finding::warning(Area::Hook, what, Who::PlatformEngineer, CONNECT);
    }
    Finding::well(Area::Hook, format!("hook {} in namespace {name} is on", first.id))
}

/// By what is shown of the value; where nothing is, nothing is said.
fn sends_another(subject: &Subject, hook: &Hook) -> bool {
    let Ok(secrets) = &subject.secrets else { return false };
    let accepted = &secrets.webhook_authorization;
    accepted.iter().all(|value| hook.authorization.may_be(value) == Some(false))
}

async fn triggers(procore: &Procore, scope: Scope, ours: &[Hook], need: &Need) -> Finding {
    let mut there = BTreeSet::new();
    for hook in ours {
        match procore.triggers(scope, hook.id).await {
            Ok(triggers) => there.extend(
                triggers.into_iter().map(|one| Wanted { resource_name: one.resource_name, event: one.event }),
            ),
            Err(error) => {
                let how = "ask again; if it stays, look at Procore's status page";
                return Finding::warning(Area::Triggers, error.to_string(), Who::PlatformEngineer, how);
            }
        }
    }
    let missing: Vec<Wanted> = need.wanted.keys().filter(|one| !there.contains(*one)).cloned().collect();
    if missing.is_empty() {
        return Finding::well(Area::Triggers, format!("all {}", counted(need.wanted.len(), "trigger")));
    }
    let (missing, not_offered) = offered(procore, scope, ours, missing).await;
    if missing.is_empty() {
        // Nobody can make these; sweeps look for such changes.
        let what = format!("all that Procore offers here; it does not offer {}", told(&not_offered));
        return Finding::well(Area::Triggers, what);
    }
    let workflows = need.workflows_on(&missing).join(", ");
    let what = format!("nobody tells {workflows} of {}", told(&missing));
    Finding::broken(Area::Triggers, what, Who::PlatformEngineer, CONNECT)
}

/// The changes a tenant can be asked to tell of, and those it does not know. If that cannot be asked, all are the former.
async fn offered(
    procore: &Procore,
    scope: Scope,
    ours: &[Hook],
    missing: Vec<Wanted>,
) -> (Vec<Wanted>, Vec<Wanted>) {
    let version = ours.first().and_then(|hook| hook.payload_version.clone()).unwrap_or_default();
    let Ok(resources) = procore.hook_resources(scope, &version).await else { return (missing, Vec::new()) };
    let known = |one: &Wanted| {
        resources.iter().any(|row| row.name == one.resource_name && row.events.contains(&one.event))
    };
    if resources.is_empty() { (missing, Vec::new()) } else { missing.into_iter().partition(known) }
}

async fn deliveries(subject: &Subject, procore: &Procore, scope: Scope, ours: &[Hook]) -> Finding {
    let now = (subject.clock)();
    let since = now.checked_sub(LOOK_BACK).unwrap_or(now).to_zoned(TimeZone::UTC).date();
    let filter =
        DeliveryFilter { start: Some(since), most_rows: Some(MOST_ROWS), ..DeliveryFilter::default() };
    let mut rows = Vec::new();
    for hook in ours {
        match procore.deliveries(scope, hook.id, &filter).await {
            Ok(more) => rows.extend(more),
            Err(error) => {
                let how = "ask again; if it stays, look at Procore's status page";
                return Finding::warning(Area::Deliveries, error.to_string(), Who::PlatformEngineer, how);
            }
        }
    }
    judged(&rows, &since.to_string())
}

fn judged(rows: &[Delivery], since: &str) -> Finding {
    let failing: Vec<&Delivery> = rows
        .iter()
        .filter(|row| {
            matches!(
                row.status,
                DeliveryStatus::Failed | DeliveryStatus::Discarded | DeliveryStatus::Retrying
            )
        })
        .collect();
    let all = counted_deliveries(rows.len());
    if failing.is_empty() {
        return Finding::well(Area::Deliveries, format!("{all} since {since}, none failed"));
    }
    let last = |rows: &[&Delivery]| rows.iter().filter_map(|row| ended(row)).max();
    let delivered: Vec<&Delivery> =
        rows.iter().filter(|row| row.status == DeliveryStatus::Delivered).collect();
    let (bad, good) = (last(&failing), last(&delivered));
    let answers = answers(&failing);
    let failed = format!(
        "{} of {all} since {since} failed; our end answered {}",
        failing.len(),
        told_answers(&answers)
    );
    // Without any time at all, what failed is believed to fail still.
    if good.is_some() && good > bad {
        let how = "nothing, if it is over: sweeps find what was lost; else plumbline hooks deliveries";
        let what = format!("{failed}; later ones came through");
        return Finding::warning(Area::Deliveries, what, Who::PlatformEngineer, how);
    }
    Finding::broken(Area::Deliveries, failed, Who::PlatformEngineer, remedy(&answers))
}

fn counted_deliveries(number: usize) -> String {
    format!("{number} {}", if number == 1 { "delivery" } else { "deliveries" })
}

fn ended(row: &Delivery) -> Option<Timestamp> {
    row.attempts.iter().filter_map(|attempt| attempt.completed_at.or(attempt.started_at)).max()
}

/// How often our end answered what, at the last try of each; `None` is no answer.
fn answers(failing: &[&Delivery]) -> BTreeMap<Option<u32>, usize> {
    let mut answers = BTreeMap::new();
    for row in failing {
        let last = row.attempts.last().and_then(|attempt| attempt.response_status);
        *answers.entry(last).or_insert(0_usize) += 1;
    }
    answers
}

fn told_answers(answers: &BTreeMap<Option<u32>, usize>) -> String {
    let one = |(status, times): (&Option<u32>, &usize)| match status {
        Some(status) => format!("{status} ({times}x)"),
        None => format!("nothing ({times}x)"),
    };
    answers.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// By what our end answered most often.
fn remedy(answers: &BTreeMap<Option<u32>, usize>) -> &'static str {
    let most = answers.iter().max_by_key(|(_, times)| **times).and_then(|(status, _)| *status);
    match most {
        Some(401 | 403) => {
            "the running service does not accept what the hook sends: see that WEBHOOK_AUTHORIZATION (in AWS: \
             webhook_authorization in the secret) holds the hook's value, and start the service anew; to change the \
             value, plumbline hooks rotate"
        }
        Some(404 | 405) => {
            "the hook's address is not that of our front door: plumbline hooks apply --url ADDRESS"
        }
        Some(status) if status >= 500 => {
            "the front door could not reach its queue: look at the log of the service, or of the ingest function"
        }
        Some(_) => "look at the log of the service, or of the ingest function",
        None => {
            "Procore had no answer within 5 s: whether the service runs, its name resolves and its certificate is good"
        }
    }
}
