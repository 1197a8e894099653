//! `plumbline replay --label candidate --dry-run`: recorded events once more, with the prompt in force and with another one,
//! side by side. Writes nothing to Procore and keeps nothing of what it sees: what decides a release is the evaluation
//! over cases of our own, never a customer's records.

use std::{collections::BTreeSet, fmt::Write as _, io::Write as _, path::PathBuf, sync::Arc, time::Duration};

use agent::{
    Ctx, RunRecord,
    envelope::{Envelope, Source},
    ledger::Ledger,
    prompt::Prompt,
    run,
    workflows::WorkflowId,
};
use anyhow::{Context, bail, ensure};
use clap::Args;
use embedded::Store;
use jiff::{SignedDuration, Timestamp, civil::Date};

use crate::{
    eval::harm,
    service::{Setup, context},
};

/// Time for one run.
const RUN_TIME: Duration = Duration::from_secs(180);
/// Runs looked through at most, newest first.
const LOOKED_THROUGH: u32 = 10_000;

/// Which events, and with what.
#[derive(Clone, Debug, Args)]
pub struct Arguments {
    /// Events worked on since then: a time (2026-11-20T08:00Z), a day (2026-11-20, UTC) or a span (24h, 7d).
    #[arg(long, value_parser = since)]
    pub since: Timestamp,
    /// Label of the other prompt versions in prompts/index.toml, such as candidate.
    #[arg(long)]
    pub label: String,
    /// Only this workflow, such as rfi_response.
    #[arg(long)]
    pub workflow: Option<String>,
    /// Only this project.
    #[arg(long)]
    pub project: Option<i64>,
    /// Records at most, the latest first: each costs two answers of the model.
    #[arg(long, default_value_t = 10)]
    pub limit: usize,
    /// Has to be said: nothing is written to Procore.
    #[arg(long)]
    pub dry_run: bool,
    /// What runs where.
    #[arg(long, default_value = "plumbline.toml")]
    pub config: PathBuf,
    /// Directory of queue and ledger.
    #[arg(long, default_value = "plumbline-data")]
    pub data: PathBuf,
}

/// Reads a point in time.
fn since(text: &str) -> Result<Timestamp, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    if let Ok(day) = text.parse::<Date>() {
        return day
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map(|at| at.timestamp())
            .map_err(|error| error.to_string());
    }
    // A day is 24 hours here.
    let span = match text.strip_suffix('d').map(str::parse::<i64>) {
        Some(Ok(days)) => days.checked_mul(24).map(SignedDuration::from_hours),
        _ => text.parse().ok(),
    };
    span.filter(|span| span.is_positive())
        .and_then(|span| Timestamp::now().checked_sub(span).ok())
        .ok_or_else(|| {
            "neither a time (2026-11-20T08:00Z) nor a day (2026-11-20) nor a span (24h, 7d)".to_owned()
        })
}

/// Runs each event twice and tells of both. `Ok(false)` if a run came to no outcome.
///
/// # Errors
/// When there is nothing to compare, or nothing to compare with.
pub async fn replay(setup: Setup, arguments: &Arguments) -> anyhow::Result<bool> {
    ensure!(arguments.dry_run, "a comparison writes nothing to Procore: say --dry-run");
    let store = Store::open(&setup.data, Timestamp::now)?;
    let runs = store.runs(LOOKED_THROUGH).await?;
    let events = chosen(&runs, arguments);
    ensure!(
        !events.is_empty(),
        "no draft since {} in {}, or its event was not recorded",
        arguments.since,
        setup.data.display()
    );
    let candidates = candidates(&setup, arguments)?;
    let mut whole = true;
    for recorded in events {
        let Some((workflow, version)) =
            candidates.iter().find(|one| Some(one.0.name()) == recorded.workflow.as_deref())
        else {
            continue;
        };
        let (now, other) = (
            once(&setup, &store, recorded, None).await?,
            once(&setup, &store, recorded, Some((*workflow, *version))).await?,
        );
        whole &= [&now, &other].iter().all(|story| story.outcome != "Failed");
        tell(&compared(&now, &other));
    }
    Ok(whole)
}

/// The latest run of each record that came to a draft or a note, newest first.
fn chosen<'r>(runs: &'r [RunRecord], arguments: &Arguments) -> Vec<&'r RunRecord> {
    let mut seen = BTreeSet::new();
    runs.iter()
        .filter(|run| run.started_at >= arguments.since && run.event.is_some())
        .filter(|run| matches!(run.outcome.as_str(), "Drafted" | "InsufficientContext"))
        .filter(|run| arguments.workflow.is_none() || run.workflow == arguments.workflow)
        .filter(|run| arguments.project.is_none() || run.project_id == arguments.project)
        .filter(|run| seen.insert((run.workflow.clone(), run.project_id, run.record_id.clone())))
        .take(arguments.limit)
        .collect()
}

/// The workflows whose label names another version than some project runs.
fn candidates(setup: &Setup, arguments: &Arguments) -> anyhow::Result<Vec<(WorkflowId, u32)>> {
    let mut candidates = Vec::new();
    for workflow in WorkflowId::all() {
        let Ok(prompt) = Prompt::labelled(workflow.name(), &arguments.label) else { continue };
        let version = prompt.reference.version;
        let in_force = Prompt::labelled(workflow.name(), "production")?.reference.version;
        let pinned = |row: &agent::ProjectConfig| row.prompts.get(workflow).copied().unwrap_or(in_force);
        if setup.config.projects.iter().any(|row| pinned(row) != version) {
            candidates.push((*workflow, version));
        }
    }
    if candidates.is_empty() {
        bail!(
            "prompts/index.toml has no label {:?} that names another version than the one in force",
            arguments.label
        );
    }
    Ok(candidates)
}

/// One dry run of a recorded event. Calls count against the shared account and what is read is kept, as ever; claims and
/// runs go to a store that is thrown away.
async fn once(
    setup: &Setup,
    store: &Store,
    recorded: &RunRecord,
    prompt: Option<(WorkflowId, u32)>,
) -> anyhow::Result<RunRecord> {
    let scratch = tempfile::tempdir().context("no temporary directory for the dry run")?;
    let mut config = setup.config.clone();
    // What is old has been quiet for long.
    config.quiet_window_s = 0;
    if let Some((workflow, version)) = prompt {
        for row in &mut config.projects {
            row.prompts.insert(workflow, version);
        }
    }
    let ctx = Ctx {
        ledger: Store::open(scratch.path(), Timestamp::now)?,
        config: Arc::new(config),
        ..context(setup, store.clone(), true)?
    };
    let now = Timestamp::now();
    let event = recorded.event.clone().context("a run without its event")?;
    let trace = format!("{}-compared", event.id);
    let envelope = Envelope { event, source: Source::Replay, trace, received_at: now };
    let deadline = now.checked_add(RUN_TIME).unwrap_or(Timestamp::MAX);
    match run(&ctx, &envelope, deadline).await {
        Ok((_, story)) => Ok(story),
        Err((_, story)) => Ok(*story),
    }
}

/// Both drafts and both scores, for people.
fn compared(now: &RunRecord, other: &RunRecord) -> String {
    let name = if now.record_label.is_empty() { &now.record_id } else { &now.record_label };
    let mut out = format!("#### {name} (project {})\n", now.project_id.unwrap_or_default());
    for (title, story) in [("in force", now), ("candidate", other)] {
        let prompt = story.prompt.as_ref().map(|prompt| format!("{} v{}", prompt.workflow, prompt.version));
        let _ = writeln!(out, "---- {title}: {}", prompt.unwrap_or_default());
        for line in story.draft_text.as_deref().unwrap_or("no draft").lines() {
            let _ = writeln!(out, "     {line}");
        }
    }
    let _ = writeln!(out, "---- {:<28} {:>18} {:>18}", "score", "in force", "candidate");
    for ((name, one), (_, other)) in score(now).into_iter().zip(score(other)) {
        let _ = writeln!(out, "     {name:<28} {one:>18} {other:>18}");
    }
    out.push('\n');
    out
}

/// What can be said of a draft without knowing what is true.
fn score(story: &RunRecord) -> Vec<(&'static str, String)> {
    let text = story.draft_text.as_deref().unwrap_or_default();
    let (title, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let hard =
        if body.is_empty() { 0 } else { harm::in_draft(title, body, story, &harm::sections_of(story)).len() };
    let of = |action: &str| story.findings.iter().filter(|finding| finding.action == action).count();
    vec![
        ("outcome", story.outcome.clone()),
        ("hard failures", hard.to_string()),
        ("quotations", story.quotes.len().to_string()),
        ("sent back by the gate", of("sent_back").to_string()),
        ("dropped by the gate", of("dropped").to_string()),
        ("words", harm::words(body).split_whitespace().count().to_string()),
        ("prompt tokens", story.spent.tokens_in.to_string()),
        ("completion tokens", story.spent.tokens_out.to_string()),
        ("micro-USD", story.spent.cost_micro_usd.to_string()),
        ("model, ms", story.spent.latency_ms.to_string()),
    ]
}

/// Prints. A reader that went away (`| head`) is no reason to stop.
fn tell(text: &str) {
    let _ = write!(std::io::stdout(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_in_time_is_a_time_a_day_or_a_span() {
        let day = "2026-11-20T00:00:00Z".parse::<Timestamp>().unwrap();
        assert_eq!(since("2026-11-20"), Ok(day));
        assert_eq!(since("2026-11-20T00:00:00Z"), Ok(day));
        for (span, hours) in [("24h", 24), ("7d", 168), ("90m", 1)] {
            let at = since(span).unwrap();
            let back = Timestamp::now().duration_since(at);
            assert_eq!(back.as_hours(), hours, "{span}");
        }
        for wrong in ["", "yesterday", "-3h", "0d", "7 fortnights"] {
            assert!(since(wrong).is_err(), "{wrong}");
        }
    }
}
