//! `plumbline runs`: what became of events, as the ledger remembers it. Changes nothing.

use std::path::PathBuf;

use agent::{
    RunRecord,
    ledger::{Ledger, LedgerError},
};
use anyhow::Context;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::json;

use crate::{
    backend::Backend,
    records::event_told,
    since::{age, since},
    story::{Texts, told},
    terminal::{Out, Terminal, counted, line, shown_on_a_line},
};

/// Runs asked for one after the other until there are enough: each holds its evidence, so few are better.
const STEPS: [u32; 3] = [100, 1000, MOST];

/// Runs looked through by one command.
pub(crate) const MOST: u32 = 10_000;

/// Which backend, and what to show.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Directory of queue and ledger. Not used where PLUMBLINE_TABLE is set: then they are in AWS.
    #[arg(long, global = true, default_value = "plumbline-data")]
    pub data: PathBuf,
    /// What to show.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be shown of runs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The latest, newest first, two lines each.
    List {
        /// Only those begun since: a time (2026-11-20T08:00Z), a day (2026-11-20, UTC) or a span (24h, 7d).
        #[arg(long, value_parser = since)]
        since: Option<Timestamp>,
        /// Only those of this project.
        #[arg(long)]
        project: Option<i64>,
        /// Only those that ended so: Drafted, InsufficientContext, Quarantined, Failed ...
        #[arg(long)]
        outcome: Option<String>,
        /// So many at most.
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// One JSON object a line, without evidence, answer and draft.
        #[arg(long)]
        json: bool,
    },
    /// The whole story of one event: all its runs in the order of time.
    Show {
        /// A run or an event.
        id: String,
        /// The texts of the evidence as well.
        #[arg(long)]
        evidence: bool,
        /// One JSON object a line, one for each run.
        #[arg(long)]
        json: bool,
    },
}

/// Shows it, with the backend of this directory or this environment; `Ok(false)` if there is no such run.
///
/// # Errors
/// When the backend cannot be opened or read.
pub async fn runs(arguments: &Arguments) -> anyhow::Result<bool> {
    let backend = Backend::open(&arguments.data).await?;
    run(&backend, &arguments.command, Timestamp::now(), &mut Terminal).await
}

/// Shows it, with any ledger.
///
/// # Errors
/// When the ledger fails.
pub async fn run<L: Ledger>(
    ledger: &L,
    command: &Command,
    now: Timestamp,
    out: Out<'_>,
) -> anyhow::Result<bool> {
    match command {
        Command::List { since, project, outcome, limit, json } => {
            let is_meant = |run: &RunRecord| {
                (project.is_none() || run.project_id == *project)
                    && outcome.as_ref().is_none_or(|outcome| run.outcome.eq_ignore_ascii_case(outcome))
            };
            let since = since.unwrap_or(Timestamp::MIN);
            let runs = latest(ledger, since, *limit, is_meant).await.context("the runs cannot be read")?;
            for run in &runs {
                if *json {
                    line!(out, "{}", as_json(run));
                } else {
                    tell(run, now, out);
                }
            }
            if !json {
                line!(out, "{}.", counted(runs.len(), "run"));
            }
            Ok(true)
        }
        Command::Show { id, evidence, json } => {
            let texts = if *evidence { Texts::Told } else { Texts::Left };
            show(ledger, id, texts, *json, out).await
        }
    }
}

/// Up to `limit` of the runs that are meant, newest first.
///
/// # Errors
/// When the ledger fails.
async fn latest<L: Ledger>(
    ledger: &L,
    since: Timestamp,
    limit: usize,
    is_meant: impl Fn(&RunRecord) -> bool,
) -> Result<Vec<RunRecord>, LedgerError> {
    let mut meant = Vec::new();
    for step in STEPS {
        let runs = ledger.runs(step).await?;
        let all = u32::try_from(runs.len()).is_ok_and(|count| count < step)
            || runs.last().is_some_and(|oldest| oldest.started_at < since);
        meant = runs.into_iter().filter(|run| run.started_at >= since && is_meant(run)).take(limit).collect();
        if all || meant.len() >= limit {
            return Ok(meant);
        }
    }
    tracing::warn!(looked_at = MOST, "there are more runs than one command looks at");
    Ok(meant)
}

async fn show<L: Ledger>(
    ledger: &L,
    id: &str,
    texts: Texts,
    json: bool,
    out: Out<'_>,
) -> anyhow::Result<bool> {
    let named = ledger.runs_named(id).await.context("the runs cannot be read")?;
    let Some(event_id) = named.first().map(|run| run.event_id.clone()) else {
        line!(out, "{}  no such run or event; runs are kept for 30 days", shown_on_a_line(id));
        return Ok(false);
    };
    let mut story = if event_id == id {
        named
    } else {
        ledger.runs_named(&event_id).await.context("the runs cannot be read")?
    };
    story.reverse();
    if json {
        for run in &mut story {
            if texts == Texts::Left {
                run.evidence.iter_mut().for_each(|row| row.text.clear());
            }
            line!(out, "{}", serde_json::to_string(run).context("the run cannot be written as JSON")?);
        }
        return Ok(true);
    }
    let event = story.iter().find_map(|run| run.event.as_ref());
    let event = event.map_or_else(|| format!("event {}", shown_on_a_line(&event_id)), event_told);
    line!(out, "{event}: {}\n", counted(story.len(), "run"));
    for (number, run) in (1..).zip(&story) {
        line!(out, "#### run {number} of {}\n{}", story.len(), told(run, texts));
    }
    Ok(true)
}

fn tell(run: &RunRecord, now: Timestamp, out: Out<'_>) {
    let name = if run.record_label.is_empty() { &run.record_id } else { &run.record_label };
    let project = run.project_id.map_or_else(|| "no project".to_owned(), |id| format!("project {id}"));
    line!(
        out,
        "{}  {} ago  {} ({}, {project})  {}: {}",
        run.id,
        age(run.started_at, now),
        shown_on_a_line(name),
        run.workflow.as_deref().unwrap_or("no workflow"),
        run.outcome,
        shown_on_a_line(&run.reason)
    );
    line!(
        out,
        "    event {}, {} micro-USD, calls to Procore: {}",
        shown_on_a_line(&run.event_id),
        run.spent.cost_micro_usd,
        run.procore_calls
    );
}

fn as_json(run: &RunRecord) -> serde_json::Value {
    json!({
        "id": run.id,
        "event_id": run.event_id,
        "started_at": run.started_at,
        "workflow": run.workflow,
        "project_id": run.project_id,
        "record_id": run.record_id,
        "record_label": run.record_label,
        "outcome": run.outcome,
        "reason": run.reason,
        "item_id": run.item_id,
        "prompt_version": run.prompt.as_ref().map(|prompt| prompt.version),
        "model": run.model,
        "tokens_in": run.spent.tokens_in,
        "tokens_out": run.spent.tokens_out,
        "cost_micro_usd": run.spent.cost_micro_usd,
        "procore_calls": run.procore_calls,
    })
}
