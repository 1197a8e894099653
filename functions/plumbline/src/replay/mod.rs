//! `plumbline replay`: recorded events once more. Through the queue, as if Procore had told of them again; or, with a label,
//! as a comparison of two prompt versions that writes nothing.

mod again;
mod compare;

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use jiff::Timestamp;

use crate::{backend::Backend, records::Records, serve, since::since, spread::Spread, terminal::Terminal};

pub use again::again;

/// Which events, and with what.
#[derive(Clone, Debug, Args)]
pub struct Arguments {
    /// Events worked on since then: a time (2026-11-20T08:00Z), a day (2026-11-20, UTC) or a span (24h, 7d).
    #[arg(long, value_parser = since)]
    pub since: Timestamp,
    /// Only records whose last run began before then, or just then. Goes on where the command before has stopped.
    #[arg(long, value_parser = since, conflicts_with = "label")]
    pub until: Option<Timestamp>,
    /// Compare: label of the other prompt versions in prompts/index.toml, such as candidate. On one machine only.
    #[arg(long)]
    pub label: Option<String>,
    /// Only this workflow, such as rfi_response.
    #[arg(long)]
    pub workflow: Option<String>,
    /// Only these records.
    #[command(flatten)]
    pub records: Records,
    /// Records at most, the latest first. A comparison, which costs two answers of the model for each, stops at 10
    /// without this.
    #[arg(long)]
    pub limit: Option<usize>,
    /// Only tell what would be sent. A comparison asks for it: nothing is written to Procore.
    #[arg(long)]
    pub dry_run: bool,
    /// How fast they go to the queue.
    #[command(flatten)]
    pub spread: Spread,
    /// Compare: what runs where.
    #[arg(long, default_value = "plumbline.toml")]
    pub config: PathBuf,
    /// Directory of queue and ledger. Not used where PLUMBLINE_TABLE is set: then they are in AWS.
    #[arg(long, default_value = "plumbline-data")]
    pub data: PathBuf,
}

/// Replays, with the backend of this directory or this environment. `Ok(false)` if not everything was done.
///
/// # Errors
/// When there is nothing to replay, or the backend cannot be opened or fails.
pub async fn replay(arguments: &Arguments) -> anyhow::Result<bool> {
    let Some(label) = &arguments.label else {
        let backend = Backend::open(&arguments.data).await?;
        return again(&backend, arguments, Timestamp::now(), &mut Terminal).await;
    };
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let setup = serve::setup(&arguments.config, arguments.data.clone(), listen)?;
    compare::compare(setup, arguments, label).await
}
