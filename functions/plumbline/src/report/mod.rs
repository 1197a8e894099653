//! `plumbline report --week`: one page for those who pay. What was drafted, how long it took, what it cost, and what needs a
//! person; no word of a record, at most its number. The page loads nothing and runs nothing.

mod chart;
mod page;
mod week;

use std::path::PathBuf;

use agent::{RunRecord, ledger::Ledger};
use anyhow::Context;
use clap::Args;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{Backend, runs::MOST, terminal::tell};

pub use week::Week;

/// Which week, and where to.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The week that ends with --until.
    #[arg(long, required = true)]
    pub week: bool,
    /// Its last day (2026-11-20, UTC); without it today. Runs are kept for 30 days.
    #[arg(long)]
    pub until: Option<Date>,
    /// The file to write; without it plumbline-week-DATE.html in the current directory.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Directory of queue and ledger. Not used where PLUMBLINE_TABLE is set: then they are in AWS.
    #[arg(long, default_value = "plumbline-data")]
    pub data: PathBuf,
}

/// Writes the page.
///
/// # Errors
/// When the backend cannot be read or the file not be written.
pub async fn report(arguments: &Arguments) -> anyhow::Result<bool> {
    let backend = Backend::open(&arguments.data).await?;
    let now = Timestamp::now();
    let until = arguments.until.unwrap_or_else(|| now.to_zoned(TimeZone::UTC).date());
    let first = Week::first_day(until).to_zoned(TimeZone::UTC).context("there is no such day")?;
    let runs = backend.runs_since(first.timestamp(), MOST).await.context("the runs cannot be read")?;
    if u32::try_from(runs.len()).is_ok_and(|count| count >= MOST) {
        tracing::warn!(looked_at = MOST, "there are more runs than one command looks at");
    }
    let (_, dead_letters) = backend.depths().await.context("the queue cannot be read")?;
    let out = arguments.out.clone().unwrap_or_else(|| format!("plumbline-week-{until}.html").into());
    let page = html(&runs, until, dead_letters, now)?;
    std::fs::write(&out, page).with_context(|| format!("{} cannot be written", out.display()))?;
    tell(&format!("{}\n", out.display()));
    Ok(true)
}

/// The page of the week that ends with this day, from these runs; those of other days are left out.
///
/// # Errors
/// When the page's template is broken.
pub fn html(
    runs: &[RunRecord],
    until: Date,
    dead_letters: u64,
    now: Timestamp,
) -> Result<String, minijinja::Error> {
    page::html(&Week::of(runs, until), dead_letters, now)
}
