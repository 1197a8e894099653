//! `plumbline doctor`: looks at everything a draft needs, and says of what is not well who can put it right, and how.
//!
//! It reads and leaves nothing behind; the one write there is has to be asked for (`--try-draft`) and is undone. What is
//! broken hides nothing else, unless the rest cannot be asked without it, and then the line says so.

mod account;
mod clock;
mod configuration;
mod correspondence;
pub mod finding;
mod hooks;
mod model;
mod print;
mod projects;
mod prompts;
mod queue;
mod subject;
mod tools;
mod trial;

use std::{path::PathBuf, sync::Arc};

use agent::{
    Config,
    assemble::{Clients, Pace},
};
use clap::Args;
use jiff::{SignedDuration, Timestamp};
use procore::{LocalBook, PaceBook};

pub use finding::{Area, Finding, Verdict, Who};
pub use subject::Subject;

use self::{configuration::Settings, projects::Trial};
use crate::{
    Backend,
    terminal::{Out, Terminal},
};

/// Time for all calls to Procore together. A doctor who waits for the call limits of a busy day is no help.
const TIME: SignedDuration = SignedDuration::from_mins(5);

/// Where the prompts are in a source tree.
const PROMPTS: &str = "prompts";

/// What is examined, and how the findings are shown.
#[derive(Args)]
pub struct Arguments {
    /// What runs where. In AWS (`PLUMBLINE_TABLE` is set) the parameter is read instead.
    #[arg(long, default_value = "plumbline.toml")]
    config: PathBuf,
    /// Directory of queue and ledger. In AWS those of the environment are looked at instead.
    #[arg(long, default_value = "plumbline-data")]
    data: PathBuf,
    /// Prompt files of a source tree, held against their locks; `prompts` where there is one.
    #[arg(long)]
    prompts: Option<PathBuf>,
    /// Make one private draft in each project's correspondence type and delete it again: the only way to see that the
    /// server keeps it private. Writes to Procore.
    #[arg(long)]
    try_draft: bool,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

/// Examines, prints, and says whether nothing is broken.
///
/// # Errors
/// Only when the findings cannot be written.
pub async fn doctor(arguments: &Arguments) -> anyhow::Result<bool> {
    let here = PathBuf::from(PROMPTS);
    let prompts = arguments.prompts.clone().or_else(|| here.join("lock.toml").is_file().then_some(here));
    let subject = Subject::read(&arguments.config, &arguments.data, prompts).await;
    let findings = examine(&subject, arguments.try_draft).await;
    report(&findings, arguments.json, &mut Terminal)
}

/// Prints the findings; true if nothing is broken.
///
/// # Errors
/// When they cannot be written.
pub fn report(findings: &[Finding], json: bool, out: Out<'_>) -> anyhow::Result<bool> {
    if json {
        print::json(findings, out)?;
    } else {
        print::lines(findings, out);
    }
    Ok(print::whole(findings) != Verdict::Broken)
}

/// Looks at everything, in the order in which it is put right. With `try_draft`, one item is made and deleted in each
/// project.
pub async fn examine(subject: &Subject, try_draft: bool) -> Vec<Finding> {
    let (settings, configuration) = configuration::configuration(subject);
    let secrets = configuration::secrets(subject);
    let prompts = prompts::examine(subject, settings.config.as_ref());
    let trial = if try_draft { Trial::Draft } else { Trial::Look };
    let mut findings = match clients(subject, &settings) {
        Ok((config, clients)) => {
            let mut findings = vec![configuration, secrets, prompts];
            findings.extend(afar(subject, &settings, config, &clients, trial).await);
            findings
        }
        Err(unusable) => {
            let why = "not asked, because of what is broken above";
            let far = [Area::Token, Area::Model].map(|area| Finding::not_tried(area, why));
            let mut findings = vec![unusable.unwrap_or(configuration), secrets, prompts];
            findings.extend(far);
            findings
        }
    };
    findings.extend(queue::examine(subject).await);
    findings
}

/// What is asked of Procore and of the models.
async fn afar(
    subject: &Subject,
    settings: &Settings,
    config: &Config,
    clients: &Clients,
    trial: Trial,
) -> Vec<Finding> {
    let until = (subject.clock)().checked_add(TIME).unwrap_or(Timestamp::MAX);
    let procore = clients.procore.until(until);
    let account = account::examine(subject, settings, config, &procore).await;
    let mut findings = account.findings;
    findings.push(clock::examine(subject, &procore));
    findings.extend(match account.standing {
        Ok(()) => projects::examine(subject, config, &procore, trial).await,
        Err(why) => projects::not_asked(config, why),
    });
    procore.hand_back().await;
    for (tier, model) in &clients.models {
        findings.push(model::examine(subject, tier, model).await);
    }
    findings
}

/// The clients of the service, whose calls are counted in its account where it has one. `Err` is what keeps them from
/// being made, if no line has told it yet.
fn clients<'s>(subject: &Subject, settings: &'s Settings) -> Result<(&'s Config, Clients), Option<Finding>> {
    let (Some(config), Ok(secrets), Ok(addresses)) = (&settings.config, &subject.secrets, &subject.addresses)
    else {
        return Err(None);
    };
    let book: Arc<dyn PaceBook> = match &subject.backend {
        Ok(Some(Backend::Embedded(store))) => Arc::new(store.clone()),
        Ok(Some(Backend::Aws { ledger, .. })) => Arc::new(ledger.clone()),
        // No service has run here yet, or its account cannot be reached: the doctor's few calls are paced alone.
        Ok(None) | Err(_) => Arc::new(LocalBook::new()),
    };
    let pace = Pace { book, windows: subject.windows };
    let clients = Clients::new(config, secrets, addresses, pace).map_err(|error| {
        let how = format!("correct it: {}", subject.place_of_config());
        Some(Finding::broken(Area::Configuration, error.to_string(), Who::PlatformEngineer, how))
    })?;
    Ok((config, clients))
}
