//! `plumbline replay --label candidate --dry-run`: recorded events once more, with the prompt in force and with another one,
//! side by side. Writes nothing to Procore and keeps nothing of what it sees: what decides a release is the evaluation
//! over cases of our own, never a customer's records.

use std::{collections::BTreeSet, fmt::Write as _, sync::Arc, time::Duration};

use agent::{
    Ctx, RunRecord,
    envelope::{Envelope, Source},
    ledger::Ledger,
    prompt::Prompt,
    run,
    workflows::WorkflowId,
};
use anyhow::{Context, bail, ensure};
use embedded::Store;
use jiff::Timestamp;

use super::Arguments;
use crate::{
    eval::harm,
    runs::MOST,
    service::{Setup, context},
    terminal::tell,
};

/// Time for one run.
const RUN_TIME: Duration = Duration::from_secs(180);
/// Records compared unless more are asked for: each costs two answers of the model.
const RECORDS: usize = 10;

/// Runs each event twice and tells of both. `Ok(false)` if a run came to no outcome.
///
/// # Errors
/// When there is nothing to compare, or nothing to compare with.
pub(super) async fn compare(setup: Setup, arguments: &Arguments, label: &str) -> anyhow::Result<bool> {
    ensure!(arguments.dry_run, "a comparison writes nothing to Procore: say --dry-run");
    ensure!(
        Store::is_in(&setup.data),
        "{}: no queue and no ledger there; name the --data directory of the service",
        setup.data.display()
    );
    let store = Store::open(&setup.data, Timestamp::now)?;
    let runs = store.runs(MOST).await?;
    let events = chosen(&runs, arguments);
    ensure!(
        !events.is_empty(),
        "no draft since {} in {}, or its event was not recorded",
        arguments.since,
        setup.data.display()
    );
    let candidates = candidates(&setup, label)?;
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
        .filter(|run| run.started_at >= arguments.since)
        .filter(|run| matches!(run.outcome.as_str(), "Drafted" | "InsufficientContext"))
        .filter(|run| arguments.workflow.is_none() || run.workflow == arguments.workflow)
        .filter(|run| run.event.as_ref().is_some_and(|event| arguments.records.include(event)))
        .filter(|run| seen.insert((run.workflow.clone(), run.project_id, run.record_id.clone())))
        .take(arguments.limit.unwrap_or(RECORDS))
        .collect()
}

/// The workflows whose label names another version than some project runs.
fn candidates(setup: &Setup, label: &str) -> anyhow::Result<Vec<(WorkflowId, u32)>> {
    let mut candidates = Vec::new();
    for workflow in WorkflowId::all() {
        let Ok(prompt) = Prompt::labelled(workflow.name(), label) else { continue };
        let version = prompt.reference.version;
        let in_force = Prompt::labelled(workflow.name(), "production")?.reference.version;
        let pinned = |row: &agent::ProjectConfig| row.prompts.get(workflow).copied().unwrap_or(in_force);
        if setup.config.projects.iter().any(|row| pinned(row) != version) {
            candidates.push((*workflow, version));
        }
    }
    if candidates.is_empty() {
        bail!("prompts/index.toml has no label {label:?} that names another version than the one in force");
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
    let envelope = Envelope { event, source: Source::Replay, trace, received_at: now, traceparent: None };
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
