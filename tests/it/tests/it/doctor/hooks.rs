//! Hooks, triggers, deliveries.

use std::time::Duration;

use agent::assemble::Secrets;
use plumbline::{Service, Setup};
use procore::hooks::HookChange;
use sandbox::{DeliveryStatus, Level, Options, Sandbox};

use super::{Clinic, SCOPE, connect, settled};
use crate::world::{PATIENCE, Terms, question, secrets};

#[tokio::test]
async fn no_hook() {
    let clinic = Clinic::healthy().await;
    clinic.procore.delete_hook(SCOPE, clinic.hook).await.unwrap();
    clinic.far.sandbox.clear_requests();
    settled!(clinic.ill().await, @r"
    project 4071
      BROKEN     hook: there is none in namespace plumbline-it: only sweeps find what changes
                  platform engineer: plumbline hooks apply --url ADDRESS, that of our front door: https://…/webhooks/procore
      not tried  triggers: there is no hook
      not tried  deliveries: there is no hook
    0 well, 0 warnings, 1 broken, 2 not tried
    ");
}

#[tokio::test]
async fn a_hook_that_was_switched_off() {
    let clinic = Clinic::healthy().await;
    assert!(clinic.far.sandbox.disable_hook(clinic.hook.get()));
    settled!(clinic.ill().await, @r"
    project 4071
      BROKEN     hook: hook HOOK was switched off by Procore: nothing is delivered
                  platform engineer: look at the deliveries why they failed, put that right, then plumbline hooks apply --url ADDRESS, that of our front door: https://…/webhooks/procore; it switches the hook on again, as sweeps do with reactivate_hooks = true in [sweep]
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
}

#[tokio::test]
async fn a_trigger_that_is_missing() {
    let clinic = Clinic::healthy().await;
    let triggers = clinic.procore.triggers(SCOPE, clinic.hook).await.unwrap();
    let gone: Vec<_> =
        triggers.iter().filter(|one| one.resource_name == "Submittals").map(|one| one.id).collect();
    assert_eq!(clinic.procore.delete_triggers(SCOPE, clinic.hook, &gone).await.unwrap(), gone);
    clinic.far.sandbox.clear_requests();
    settled!(clinic.ill().await, @r"
    project 4071
      BROKEN     triggers: nobody tells submittal_review of Submittals (create, update)
                  platform engineer: plumbline hooks apply --url ADDRESS, that of our front door: https://…/webhooks/procore
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
}

#[tokio::test]
async fn a_hook_that_sends_a_value_nobody_accepts() {
    let clinic = Clinic::healthy().await;
    let authorization = Some("Bearer of-the-pilot".to_owned().into());
    let change = HookChange { authorization, ..HookChange::default() };
    clinic.procore.update_hook(SCOPE, clinic.hook, &change).await.unwrap();
    clinic.far.sandbox.clear_requests();
    settled!(clinic.ill().await, @r"
    project 4071
      BROKEN     hook: hook HOOK sends an Authorization that our front door does not accept
                  platform engineer: plumbline hooks apply --url ADDRESS, that of our front door: https://…/webhooks/procore; it sets the newest value of the environment variable WEBHOOK_AUTHORIZATION of the service
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
}

#[tokio::test]
async fn two_hooks_where_one_is_enough() {
    let clinic = Clinic::healthy().await;
    connect(&clinic.procore, crate::world::AUTHORIZATION).await;
    clinic.far.sandbox.clear_requests();
    settled!(clinic.ill().await, @r"
    project 4071
      WARNING    hook: 2 hooks in namespace plumbline-it: every event comes more than once
                  platform engineer: plumbline hooks apply --url ADDRESS, that of our front door: https://…/webhooks/procore
    0 well, 1 warning, 0 broken, 0 not tried
    ");
}

#[tokio::test]
async fn hooks_that_may_not_be_seen() {
    let clinic = Clinic::healthy().await;
    clinic.far.sandbox.set_level("webhooks", Level::None);
    settled!(clinic.ill().await, @r"
    project 4071
      BROKEN     hook: the hooks cannot be read: GET /rest/v2.0/companies/8001/projects/4071/webhooks/hooks was answered with status 403, code 403 (project not permitted, tool disabled or permission missing)
                  owner of the app in the Developer Portal: set Webhooks API to Standard on both tabs: Developer Portal, the app, Edit Components, Data Connector, Service Account Authentication, Manage; then the Procore administrator updates the app in App Management
      not tried  triggers: not asked, because the hooks cannot be read
      not tried  deliveries: not asked, because the hooks cannot be read
    0 well, 0 warnings, 1 broken, 2 not tried
    ");
}

/// A service that was not started again after its secret was changed, and one webhook that it refused.
async fn refused(clinic: &Clinic) -> Service {
    let setup = clinic.far.setup(clinic.terms);
    let old = Secrets { webhook_authorization: vec!["Bearer of-the-pilot".to_owned().into()], ..secrets() };
    let data = setup.data.join("stale");
    let service = Service::start(Setup { secrets: old, data, ..setup }).await.unwrap();
    let url = format!("http://{}/webhooks/procore", service.address()).parse().unwrap();
    let change = HookChange { destination_url: Some(url), ..HookChange::default() };
    clinic.procore.update_hook(SCOPE, clinic.hook, &change).await.unwrap();
    deliver(clinic, DeliveryStatus::Discarded).await;
    service
}

/// Lets a person change an RFI, and waits until its webhook has come to this.
async fn deliver(clinic: &Clinic, end: DeliveryStatus) {
    let before = clinic.far.sandbox.deliveries().len();
    clinic.far.sandbox.webhook_for_rfi(clinic.far.sandbox.add_rfi(question()), "update");
    let ended = |sandbox: &Sandbox| {
        let deliveries = sandbox.deliveries();
        deliveries.len() > before && deliveries[before..].iter().all(|one| one.status == end)
    };
    assert!(clinic.far.sandbox.wait_for(PATIENCE, ended).await, "{:?}", clinic.far.sandbox.deliveries());
    clinic.far.sandbox.clear_requests();
}

fn given_up_at_once() -> Options {
    Options { webhook_give_up_after: Duration::ZERO, ..Options::empty() }
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_that_our_end_refuses() {
    let clinic = Clinic::on(given_up_at_once(), Terms::default()).await;
    let service = refused(&clinic).await;
    settled!(clinic.ill().await, @r"
    project 4071
      BROKEN     deliveries: 1 of 1 delivery since DAY failed; our end answered 401 (1x)
                  platform engineer: the running service does not accept what the hook sends: see that WEBHOOK_AUTHORIZATION (in AWS: webhook_authorization in the secret) holds the hook's value, and start the service anew; to change the value, plumbline hooks rotate
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_that_nobody_answers() {
    let clinic = Clinic::on(given_up_at_once(), Terms::default()).await;
    deliver(&clinic, DeliveryStatus::Discarded).await;
    settled!(clinic.ill().await, @r"
    project 4071
      BROKEN     deliveries: 1 of 1 delivery since DAY failed; our end answered nothing (1x)
                  platform engineer: Procore had no answer within 5 s: whether the service runs, its name resolves and its certificate is good
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
}
