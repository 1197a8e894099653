//! Who we are at Procore: whether the token is given, whether the company knows the app, and which user it is there.

use agent::Config;
use procore::{Error, Procore, UserId};

use super::{
    configuration::Settings,
    finding::{Area, Finding, Who},
    subject::Subject,
};

/// What came of it.
pub(super) struct Account {
    /// The lines: token, company, service account.
    pub(super) findings: Vec<Finding>,
    /// `Err` says why nothing else can be asked.
    pub(super) standing: Result<(), &'static str>,
}

/// Asks Procore for a token and who it belongs to.
pub(super) async fn examine(
    subject: &Subject,
    settings: &Settings,
    config: &Config,
    procore: &Procore,
) -> Account {
    match procore.me().await {
        Ok(user) => {
            let findings = vec![
                Finding::well(Area::Token, "Procore gave one"),
                Finding::well(Area::Company, format!("{} answers", config.company_id)),
                identity(subject, settings, config, user.id),
            ];
            Account { findings, standing: Ok(()) }
        }
        Err(error) => refused(subject, config, &error),
    }
}

fn identity(subject: &Subject, settings: &Settings, config: &Config, actual: UserId) -> Finding {
    let how = format!("write service_account_id = {actual}: {}", subject.place_of_config());
    let configured = config.service_account_id;
    if settings.lacks_account {
        let what = format!("it is user {actual}, which the configuration does not say");
        return Finding::broken(Area::ServiceAccount, what, Who::PlatformEngineer, how);
    }
    if configured != actual {
        let what = format!("it is user {actual}, and the configuration says {configured}");
        return Finding::broken(Area::ServiceAccount, what, Who::PlatformEngineer, how);
    }
    Finding::well(Area::ServiceAccount, format!("it is user {actual}, as configured"))
}

fn refused(subject: &Subject, config: &Config, error: &Error) -> Account {
    let company = config.company_id;
    let (mut findings, why) = match error {
        Error::Unauthorized { .. } => {
            let id = subject.place_of_secret("procore_client_id", "PROCORE_CLIENT_ID");
            let secret = subject.place_of_secret("procore_client_secret", "PROCORE_CLIENT_SECRET");
            let how = format!(
                "take client id and client secret from the app's page in Procore's Developer Portal, OAuth \
                 Credentials, those of this environment, into {id} and {secret}"
            );
            let token = Finding::broken(Area::Token, error.to_string(), Who::PlatformEngineer, how);
            (vec![token], "not asked, because the token was refused")
        }
        Error::Status { refused, .. } if matches!(refused.status, 403 | 404) => {
            let how = format!(
                "company level Admin tool, Company Settings, App Management: Install App if the app is not in the \
                 list. If {company} is not the company that is meant, company_id has to be corrected: {}",
                subject.place_of_config()
            );
            let what = format!("the app is not connected to company {company} (status {})", refused.status);
            let findings = vec![
                Finding::well(Area::Token, "Procore gave one"),
                Finding::broken(Area::Company, what, Who::ProcoreAdministrator, how),
            ];
            (findings, "not asked, because the app is not connected to the company")
        }
        _ => {
            let how = "look at the network of this machine (proxy, egress rules, DNS), then at Procore's status page";
            let token = Finding::broken(Area::Token, error.to_string(), Who::PlatformEngineer, how);
            (vec![token], "not asked, because Procore did not answer")
        }
    };
    if findings.iter().all(|finding| finding.area != Area::Company) {
        findings.push(Finding::not_tried(Area::Company, why));
    }
    findings.push(Finding::not_tried(Area::ServiceAccount, why));
    Account { findings, standing: Err(why) }
}
