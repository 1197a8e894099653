//! `plumbline dead`: what nobody could work on, looked at, sent again, or dropped.
//!
//! What is only looked at is put back for others. Bodies are shown by `show` alone, and enter no log line.

mod choice;
mod hand;
mod letter;
mod look;
mod redrive;

use std::path::{Path, PathBuf};

use agent::{
    ingest::Door,
    ledger::Ledger,
    queue::{DeadLetters, Queue},
};
use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::{
    backend::Backend,
    spread::Spread,
    terminal::{Out, Terminal, line},
};
use choice::{Choice, Filter};
use hand::Hand;

/// Which backend, and what to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Directory of queue and ledger. Not used where PLUMBLINE_TABLE is set: then they are in AWS.
    #[arg(long, global = true, default_value = "plumbline-data")]
    pub data: PathBuf,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done with dead letters.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// One entry each, oldest first: id, age, reason, event and record. Never the body.
    List {
        /// Which.
        #[command(flatten)]
        filter: Filter,
        /// So many at most.
        #[arg(long, default_value_t = 50)]
        limit: usize,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// All of one, its body and the last run of its event included.
    Show {
        /// As `list` tells it.
        id: String,
    },
    /// Sends them again, spread over time, and removes each once it is sent; exit 0 only if none of them stayed.
    Redrive {
        /// Which.
        #[command(flatten)]
        choice: Choice,
        /// Only tell what would be sent, and when.
        #[arg(long)]
        dry_run: bool,
        /// How fast.
        #[command(flatten)]
        spread: Spread,
        /// On one machine: for letters that are webhook bodies, to tell whose events they are.
        #[arg(long, default_value = "plumbline.toml")]
        config: PathBuf,
    },
    /// Removes them for good.
    Drop {
        /// Which.
        #[command(flatten)]
        choice: Choice,
        /// Has to be said where more than one is meant.
        #[arg(long)]
        yes: bool,
    },
}

/// Does it, with the backend of this directory or this environment; `Ok(false)` if not all could be done.
///
/// # Errors
/// When the backend cannot be opened or fails.
pub async fn dead(arguments: &Arguments) -> anyhow::Result<bool> {
    let backend = Backend::open(&arguments.data).await?;
    let config = match &arguments.command {
        Command::Redrive { config, .. } => config.as_path(),
        _ => Path::new(""),
    };
    run(&backend, &arguments.command, backend.door(config), Timestamp::now(), &mut Terminal).await
}

/// Does it, with any backend. `door` is awaited only if there is a webhook body to decide about.
///
/// # Errors
/// When the backend fails, or no choice was made. What was in hand and is still there is put back.
pub async fn run<B: Ledger + Queue + DeadLetters>(
    backend: &B,
    command: &Command,
    door: impl Future<Output = anyhow::Result<Door>>,
    now: Timestamp,
    out: Out<'_>,
) -> anyhow::Result<bool> {
    let mut hand = Hand::take(backend).await?;
    let end = match command {
        Command::List { filter, limit, json } => {
            look::list(&hand, filter, *limit, *json, now, out);
            Ok(true)
        }
        Command::Show { id } => look::show(&hand, backend, id, now, out).await,
        Command::Redrive { choice, dry_run, spread, .. } => match choice.take_from(&hand, out) {
            Ok(chosen) => redrive::redrive(&mut hand, &chosen, *spread, *dry_run, door, now, out).await,
            Err(error) => Err(error),
        },
        Command::Drop { choice, yes } => match choice.take_from(&hand, out) {
            Ok(chosen) => drop_them(&mut hand, &chosen, *yes, out).await,
            Err(error) => Err(error),
        },
    };
    hand.put_back().await;
    end
}

async fn drop_them<B: DeadLetters>(
    hand: &mut Hand<'_, B>,
    chosen: &choice::Chosen,
    yes: bool,
    out: Out<'_>,
) -> anyhow::Result<bool> {
    if chosen.ids.len() > 1 && !yes {
        line!(
            out,
            "{} dead letters would be removed for good: say --yes. Nothing was removed.",
            chosen.ids.len()
        );
        return Ok(false);
    }
    for id in &chosen.ids {
        hand.discard(id).await?;
        line!(out, "{id}  removed");
    }
    Ok(chosen.is_whole())
}
