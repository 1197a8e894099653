//! The configuration and the secrets: whether they can be used at all.

use agent::Config;
use secrecy::ExposeSecret;

use super::{
    finding::{Area, Finding, Who},
    subject::Subject,
};
use crate::terminal::counted;

const ACCOUNT_KEY: &str = "service_account_id";

/// What the configuration says, as far as it can be used.
pub(super) struct Settings {
    /// `None`: it cannot be used.
    pub(super) config: Option<Config>,
    /// It does not say which user the service account is, and is otherwise fine: Procore knows the answer.
    pub(super) lacks_account: bool,
}

/// Reads the configuration.
pub(super) fn configuration(subject: &Subject) -> (Settings, Finding) {
    let unusable = Settings { config: None, lacks_account: false };
    let (text, name) = match &subject.config {
        Ok(found) => found,
        Err(why) => {
            let how =
                "name the configuration with --config, or in AWS its parameter in PLUMBLINE_CONFIG_PARAMETER";
            return (unusable, Finding::broken(Area::Configuration, why, Who::PlatformEngineer, how));
        }
    };
    let error = match Config::parse(text, name) {
        Ok(config) => {
            let finding = judged(&config, name, &subject.place_of_config());
            return (Settings { config: Some(config), lacks_account: false }, finding);
        }
        Err(error) => error,
    };
    let place = subject.place_of_config();
    let lacks_account = error.problem.contains(&format!("missing field `{ACCOUNT_KEY}`"));
    let how = if lacks_account {
        format!("the line on the service account says what to write: {place}")
    } else {
        format!("correct that line: {place}")
    };
    let finding = Finding::broken(Area::Configuration, error.to_string(), Who::PlatformEngineer, how);
    if !lacks_account {
        return (unusable, finding);
    }
    // The one key nobody knows before the doctor has asked: the rest is examined without it.
    let config = Config::parse(&format!("{ACCOUNT_KEY} = 1\n{text}"), name).ok();
    (Settings { lacks_account: config.is_some(), config }, finding)
}

fn judged(config: &Config, name: &str, place: &str) -> Finding {
    if config.projects.is_empty() {
        let what = format!("{name} has no [[project]]: nothing is read and nothing is drafted");
        return Finding::warning(
            Area::Configuration,
            what,
            Who::PlatformEngineer,
            format!("add a row: {place}"),
        );
    }
    let projects = counted(config.projects.len(), "project");
    Finding::well(Area::Configuration, format!("{name}: company {}, {projects}", config.company_id))
}

/// Whether every secret is there. Says nothing about their values.
pub(super) fn secrets(subject: &Subject) -> Finding {
    let wrong = subject.secrets.as_ref().err().or(subject.addresses.as_ref().err());
    let Some(why) = wrong else {
        let authorizations = subject.secrets.as_ref().map_or(0, |secrets| {
            let values = secrets.webhook_authorization.iter();
            values.filter(|value| !value.expose_secret().is_empty()).count()
        });
        let what = format!("all four are there, with {}", counted(authorizations, "webhook authorization"));
        return Finding::well(Area::Secrets, what);
    };
    let how = if subject.in_aws {
        "AWS console, Secrets Manager, the secret named by PLUMBLINE_SECRET_ID, Retrieve secret value, Edit; and the \
         environment variables of the functions"
    } else {
        "set them in the environment of the service and of this command"
    };
    Finding::broken(Area::Secrets, why, Who::PlatformEngineer, how)
}
