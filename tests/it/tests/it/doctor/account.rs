//! Configuration, secrets, token, company, service account.

use agent::assemble::Secrets;
use plumbline::doctor::{Subject, examine, report};

use super::{Clinic, settled, shown};
use crate::world::{Terms, secrets};

#[tokio::test]
async fn where_nothing_is_wrong_all_is_well() {
    let clinic = Clinic::healthy().await;
    let findings = examine(&clinic.subject(), false).await;
    assert!(report(&findings, false, &mut String::new()).unwrap());
    settled!(shown(findings), @r"
    well       configuration: plumbline.toml: company 8001, 1 project
    well       secrets: all four are there, with 2 webhook authorizations
    well       prompts: 4 released versions in use; those built into this program
    well       token: Procore gave one
    well       company: 8001 answers
    well       service account: it is user 990001, as configured
    well       clock: it agrees with Procore's
    project 4071
      well       access: the app is permitted here
      well       reviewer: user 5101 is in the project's directory
      well       permission: RFI is Admin and readable
      well       permission: Submittals is Admin and readable
      well       permission: Daily Log is Admin and readable
      well       permission: Specifications is Admin and readable
      well       permission: Drawings is Admin and readable
      well       correspondence type: 77 (AI Drafts) has a status Draft and is Admin
      not tried  private draft: only making one shows that an item becomes a private draft; --try-draft makes one and deletes it
      well       hook: hook HOOK in namespace plumbline-it is on
      well       triggers: all that Procore offers here; it does not offer Delay Logs (create, update, delete); Weather Logs (delete)
      well       deliveries: 0 deliveries since DAY, none failed
    well       model: default: ADDRESS/it-model answers in the strict schema
    well       queue: 0 messages waiting, 0 in hand
    well       dead letters: none
    21 well, 0 warnings, 0 broken, 1 not tried
    ");
    assert!(clinic.writes().is_empty());
}

#[tokio::test]
async fn a_wrong_client_secret() {
    let clinic = Clinic::healthy().await;
    let secrets = Secrets { procore_client_secret: "last-year's".to_owned().into(), ..secrets() };
    let subject = Subject { secrets: Ok(secrets), ..clinic.subject() };
    settled!(clinic.ill_of(&subject).await, @r"
    BROKEN     token: Procore refused the client credentials (status 401, code invalid_client): check that the client id and secret belong to this environment and are current, and that the app is still installed in the company
                platform engineer: take client id and client secret from the app's page in Procore's Developer Portal, OAuth Credentials, those of this environment, into the environment variable PROCORE_CLIENT_ID of the service and the environment variable PROCORE_CLIENT_SECRET of the service
    not tried  company: not asked, because the token was refused
    not tried  service account: not asked, because the token was refused
    project 4071
      not tried  access: not asked, because the token was refused
    0 well, 0 warnings, 1 broken, 3 not tried
    ");
}

#[tokio::test]
async fn an_app_that_is_not_connected_to_the_company() {
    let clinic = Clinic::healthy().await;
    clinic.far.sandbox.set_app_disconnected(true);
    settled!(clinic.ill().await, @r"
    BROKEN     company: the app is not connected to company 8001 (status 403)
                Procore administrator: company level Admin tool, Company Settings, App Management: Install App if the app is not in the list. If 8001 is not the company that is meant, company_id has to be corrected: plumbline.toml
    not tried  service account: not asked, because the app is not connected to the company
    project 4071
      not tried  access: not asked, because the app is not connected to the company
    0 well, 0 warnings, 1 broken, 2 not tried
    ");
}

#[tokio::test]
async fn a_wrong_company_id() {
    let clinic = Clinic::healthy().await;
    let subject = clinic.configured(clinic.terms.toml().replace("company_id = 8001", "company_id = 8010"));
    settled!(clinic.ill_of(&subject).await, @r"
    BROKEN     company: the app is not connected to company 8010 (status 403)
                Procore administrator: company level Admin tool, Company Settings, App Management: Install App if the app is not in the list. If 8010 is not the company that is meant, company_id has to be corrected: plumbline.toml
    not tried  service account: not asked, because the app is not connected to the company
    project 4071
      not tried  access: not asked, because the app is not connected to the company
    0 well, 0 warnings, 1 broken, 2 not tried
    ");
}

#[tokio::test]
async fn another_service_account() {
    let clinic = Clinic::with(Terms { service_account: 990_007, ..Terms::default() }).await;
    settled!(clinic.ill().await, @r"
    BROKEN     service account: it is user 990001, and the configuration says 990007
                platform engineer: write service_account_id = 990001: plumbline.toml
    0 well, 0 warnings, 1 broken, 0 not tried
    ");
}

#[tokio::test]
async fn no_service_account_in_the_configuration() {
    let clinic = Clinic::healthy().await;
    let subject = clinic.configured(clinic.terms.toml().replace("service_account_id = 990001\n", ""));
    settled!(clinic.ill_of(&subject).await, @r"
    BROKEN     configuration: plumbline.toml:1: missing field `service_account_id`
                platform engineer: the line on the service account says what to write: plumbline.toml
    BROKEN     service account: it is user 990001, which the configuration does not say
                platform engineer: write service_account_id = 990001: plumbline.toml
    0 well, 0 warnings, 2 broken, 0 not tried
    ");
}

#[tokio::test]
async fn a_configuration_with_an_unknown_key() {
    let clinic = Clinic::healthy().await;
    let subject = clinic.configured(clinic.terms.toml().replace("quiet_window_s", "quite_window_s"));
    settled!(clinic.ill_of(&subject).await, @r"
    BROKEN     configuration: plumbline.toml:5: unknown field `quite_window_s`, expected one of `company_id`, `environment`, `namespace`, `service_account_id`, `quiet_window_s`, `model`, `budget`, `daily_log`, `sweep`, `project`
                platform engineer: correct that line: plumbline.toml
    not tried  token: not asked, because of what is broken above
    not tried  model: not asked, because of what is broken above
    0 well, 0 warnings, 1 broken, 2 not tried
    ");
}

#[tokio::test]
async fn a_secret_that_is_missing() {
    let clinic = Clinic::healthy().await;
    let missing = Secrets::from_variables(|name| (name != "OPENAI_API_KEY").then(|| "there".to_owned()));
    let subject = Subject { secrets: Err(missing.unwrap_err().to_string()), ..clinic.subject() };
    settled!(clinic.ill_of(&subject).await, @r"
    BROKEN     secrets: missing in the environment: OPENAI_API_KEY. Set them, or name a Secrets Manager secret in PLUMBLINE_SECRET_ID (AWS only)
                platform engineer: set them in the environment of the service and of this command
    not tried  token: not asked, because of what is broken above
    not tried  model: not asked, because of what is broken above
    0 well, 0 warnings, 1 broken, 2 not tried
    ");
}

#[tokio::test]
async fn a_procore_that_does_not_answer() {
    let clinic = Clinic::healthy().await;
    let mut subject = clinic.subject();
    let nowhere = Some("http://127.0.0.1:9/".parse().unwrap());
    let addresses = subject.addresses.as_mut().unwrap();
    (addresses.procore_api, addresses.procore_login) = (nowhere.clone(), nowhere);
    settled!(clinic.ill_of(&subject).await, @r"
    BROKEN     token: no connection for POST /oauth/token
                platform engineer: look at the network of this machine (proxy, egress rules, DNS), then at Procore's status page
    not tried  company: not asked, because Procore did not answer
    not tried  service account: not asked, because Procore did not answer
    not tried  clock: no answer of Procore's to compare with
    project 4071
      not tried  access: not asked, because Procore did not answer
    0 well, 0 warnings, 1 broken, 4 not tried
    ");
}
