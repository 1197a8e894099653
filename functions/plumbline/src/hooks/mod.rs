//! `plumbline hooks`: our webhooks at Procore, held against what the configuration needs.
//!
//! Every hook here is one of our namespace: another's is neither asked for nor touched, whatever its address. Values of
//! `Authorization` are shown by one command only, to the operator who asked for a new one, and never enter a log line.

mod apply;
mod deliveries;
pub mod desk;
pub mod found;
mod knock;
pub mod need;
pub mod plan;
mod remove;
mod rotate;
mod told;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};
use jiff::Timestamp;
use procore::ProjectId;
use url::{Host, Url};

use crate::terminal::{Out, Terminal};
use deliveries::Choice;
use desk::Desk;
use found::found;
use need::needs;
use plan::{Plan, Terms};

/// `hooks plan` ends with it where there is something to do: 1 is a failure, and 2 a wrong command line.
const SOMETHING_TO_DO: u8 = 3;

/// Which configuration, and what to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// What runs where. Not used in AWS, where the configuration is the functions'.
    #[arg(long, global = true, default_value = "plumbline.toml")]
    pub config: PathBuf,
    /// Directory of queue and ledger, where calls to Procore are counted. Not used where PLUMBLINE_TABLE is set.
    #[arg(long, global = true, default_value = "plumbline-data")]
    pub data: PathBuf,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done about our hooks.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// What each project needs, what is there, and the difference. Exit 0: nothing to do; 3: something to do; 1: it could
    /// not be told, or cannot be had. Changes nothing.
    Plan {
        /// Where Procore is to deliver.
        #[command(flatten)]
        to: To,
    },
    /// Makes the difference. Can be run again at any time; exit 0 only if every hook is as it should be.
    Apply {
        /// Where Procore is to deliver.
        #[command(flatten)]
        to: To,
    },
    /// A new Authorization value in place of the old one, with no event refused.
    #[command(subcommand)]
    Rotate(rotate::Step),
    /// Takes our hooks away: all of our namespace, or those of one project. No event arrives after that.
    Remove {
        /// Only of this project, whether it has a row or not.
        #[arg(long)]
        project: Option<ProjectId>,
        /// Has to be said; without it they are only listed.
        #[arg(long)]
        yes: bool,
    },
    /// What became of events on their way to us, and what our endpoint answered: the status alone.
    Deliveries(Choice),
}

/// Where Procore is to deliver.
#[derive(Debug, Args)]
pub struct To {
    /// The address of our door: https, or http on this machine.
    #[arg(long, value_parser = destination)]
    pub url: Url,
}

/// Does it, with the configuration of this directory or this environment.
///
/// # Errors
/// When something is missing, or neither Procore nor the secret can be asked.
pub async fn hooks(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let desk = Desk::open(&arguments.config, &arguments.data).await?;
    run(&desk, &arguments.command, Timestamp::now(), &mut Terminal).await.map(ExitCode::from)
}

/// Does it, with any desk. What comes back is the exit code.
///
/// # Errors
/// When neither Procore nor the secret can be asked.
pub async fn run(desk: &Desk, command: &Command, now: Timestamp, out: Out<'_>) -> anyhow::Result<u8> {
    let ended = match command {
        Command::Plan { to } => plan(desk, &to.url, out).await,
        Command::Apply { to } => apply::apply(desk, &to.url, out).await.map(code),
        Command::Rotate(step) => rotate::rotate(desk, step, now, out).await.map(code),
        Command::Remove { project, yes } => remove::remove(desk, *project, *yes, out).await.map(code),
        Command::Deliveries(choice) => deliveries::deliveries(desk, choice, now, out).await.map(code),
    };
    // Leave for calls that was not used must not be kept from the service.
    desk.procore.hand_back().await;
    ended
}

fn code(is_whole: bool) -> u8 {
    if is_whole { 0 } else { 1 }
}

async fn plan(desk: &Desk, url: &Url, out: Out<'_>) -> anyhow::Result<u8> {
    let plan = compare(desk, url).await?;
    let _ = write!(out, "{plan}");
    Ok(match plan {
        plan if plan.is_in_trouble() => 1,
        plan if plan.is_done() => 0,
        _ => SOMETHING_TO_DO,
    })
}

/// What is needed held against what is there now.
async fn compare(desk: &Desk, url: &Url) -> anyhow::Result<Plan> {
    let live = desk.keys.live().await?;
    let needs = needs(&desk.config);
    let found = found(&desk.procore, &desk.config.namespace, &needs).await;
    Ok(Plan::new(&needs, found, Terms { url, authorization: &live.values }))
}

/// Reads an address that Procore can deliver to. Procore docs: https. A tunnel or a test may end on this machine.
fn destination(text: &str) -> Result<Url, String> {
    let url: Url =
        text.parse().map_err(|_| "not an address such as https://host/webhooks/procore".to_owned())?;
    let is_here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err("an address without user, password and fragment is needed".to_owned());
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_here => Ok(url),
        _ => Err("Procore delivers to https alone".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_procore_can_deliver_to_is_an_address() {
        for right in [
            "https://hooks.example.com/webhooks/procore",
            "http://127.0.0.1:8080/webhooks/procore",
            "http://[::1]:8080/x",
            "http://localhost/x",
        ] {
            assert_eq!(destination(right).map(String::from), Ok(right.to_owned()));
        }
        for wrong in [
            "hooks.example.com",
            "http://hooks.example.com/",
            "ftp://127.0.0.1/",
            "https://user@hooks.example.com/",
            "https://user:word@hooks.example.com/",
            "https://hooks.example.com/#here",
            "",
        ] {
            assert!(destination(wrong).is_err(), "{wrong}");
        }
    }
}
