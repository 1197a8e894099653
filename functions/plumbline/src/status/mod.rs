//! `plumbline status`: how the installation stands, in a terminal. Reads queue and ledger alone: calls neither Procore nor
//! the model, and changes nothing.

mod gather;
mod tell;

use std::path::PathBuf;

use agent::{breaker, queue::Depth, sweep::LastSweep};
use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use crate::terminal::{self, Terminal};

pub use gather::gather;
pub use tell::told;

/// Which installation.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Directory of queue and ledger. Not used where PLUMBLINE_TABLE is set: then they are in AWS.
    #[arg(long, default_value = "plumbline-data")]
    pub data: PathBuf,
    /// What runs where, for budgets and model endpoints; left out if it is not there. Not used in AWS.
    #[arg(long, default_value = "plumbline.toml")]
    pub config: PathBuf,
    /// One JSON object.
    #[arg(long)]
    pub json: bool,
}

/// How everything stands at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The moment.
    pub at: Timestamp,
    /// What waits, by family.
    pub queues: Vec<Depth>,
    /// Dead letters.
    pub dead_letters: u64,
    /// Runs of the last 24 hours by how they ended, most first.
    pub outcomes: Vec<(String, u64)>,
    /// Drafts of the last 24 hours that a webhook asked for.
    pub drafts: Drafts,
    /// Today's money, by project.
    pub purses: Vec<Purse>,
    /// Percent of the tighter of Procore's call limits that is used, where it is known.
    pub call_budget_percent: Option<u32>,
    /// Model endpoints; none where the configuration is not known.
    pub endpoints: Vec<Endpoint>,
    /// The last sweep, if there was one.
    pub last_sweep: Option<LastSweep>,
}

/// How long drafts took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Drafts {
    /// How many.
    pub count: u64,
    /// Half took no longer, from webhook to draft.
    pub p50_ms: Option<u64>,
    /// 95 of 100 took no longer.
    pub p95_ms: Option<u64>,
}

/// The money of a project on a UTC day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Purse {
    /// The project.
    pub project_id: i64,
    /// Spent, or set aside for calls under way, in millionths of a US dollar.
    pub micro_usd: u64,
    /// What may be spent, where the configuration is known.
    pub budget_micro_usd: Option<u64>,
}

/// A model endpoint and its circuit breaker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Endpoint {
    /// Host and model.
    pub name: String,
    /// How it stands.
    pub breaker: breaker::Standing,
}

/// Gathers and tells.
///
/// # Errors
/// When backend or configuration cannot be read.
pub async fn status(arguments: &Arguments) -> anyhow::Result<bool> {
    let status = gather(arguments, Timestamp::now()).await?;
    if arguments.json {
        terminal::tell(&format!("{}\n", serde_json::to_string(&status)?));
    } else {
        told(&status, &mut Terminal);
    }
    Ok(true)
}
