//! `plumbline receive`: one event from a file, all the way, with everything shown.

use std::{fmt::Write as _, path::Path, time::Duration};

use agent::{Event, RunRecord, envelope::Envelope, run};
use anyhow::{Context, bail};
use embedded::Store;
use jiff::Timestamp;

use crate::service::{Setup, context};

/// Runs each event of a webhook body and returns what to print. A dry run writes nothing to Procore and remembers
/// nothing; otherwise ledger and data directory are those of `serve`.
///
/// # Errors
/// When the file is no webhook, or a run came to no outcome.
pub async fn receive(setup: Setup, event: &Path, dry_run: bool) -> anyhow::Result<String> {
    let body = std::fs::read(event).with_context(|| format!("cannot read {}", event.display()))?;
    let payloads = match procore::webhook::parse(&body) {
        Ok(payloads) => payloads,
        Err(unreadable) => bail!("{}: {}", event.display(), unreadable.reason),
    };
    let scratch = tempfile::tempdir().context("no temporary directory for the dry run")?;
    let data = if dry_run { scratch.path() } else { &setup.data };
    let store = Store::open(data, Timestamp::now)?;
    let ctx = context(&setup, store, dry_run)?;
    let mut out = String::new();
    for payload in payloads {
        let payload = match payload {
            Ok(payload) => payload,
            Err(unreadable) => bail!("{}: {}", event.display(), unreadable.reason),
        };
        let now = Timestamp::now();
        let envelope = Envelope::from_webhook(Event::from(payload), now);
        let deadline = now.checked_add(Duration::from_secs(180)).unwrap_or(Timestamp::MAX);
        match run(&ctx, &envelope, deadline).await {
            Ok((_, story)) => tell(&mut out, &story),
            Err((error, story)) => {
                tell(&mut out, &story);
                print!("{out}");
                return Err(error).context("the run came to no outcome");
            }
        }
    }
    ctx.procore.hand_back().await;
    Ok(out)
}

/// Everything about a run, to be read by people at a terminal.
pub fn told(story: &RunRecord) -> String {
    let mut out = String::new();
    tell(&mut out, story);
    out
}

fn tell(out: &mut String, story: &RunRecord) {
    let mut section = |title: &str, text: &str| {
        let _ = writeln!(out, "== {title}\n{}\n", text.trim_end());
    };
    let evidence: String = story
        .evidence
        .iter()
        .map(|row| format!("[{}] {} | {}\n{}\n", row.handle, row.kind.name(), row.label, row.text))
        .collect();
    section("evidence", &evidence);
    if !story.not_read.is_empty() {
        section("not read", &story.not_read.join("\n"));
    }
    if let Some(answer) = &story.answer {
        section("answer", &serde_json::to_string_pretty(answer).unwrap_or_default());
    }
    let findings: String = story
        .findings
        .iter()
        .map(|finding| {
            format!("{} {} {:?} ({})\n", finding.field, finding.rule, finding.value, finding.action)
        })
        .collect();
    section("gate findings", if findings.is_empty() { "none" } else { &findings });
    section("draft", story.draft_text.as_deref().unwrap_or("none"));
    let _ = writeln!(
        out,
        "== outcome\n{}: {}\n{} tokens in, {} out, {} micro-USD, {} calls to Procore",
        story.outcome,
        story.reason,
        story.spent.tokens_in,
        story.spent.tokens_out,
        story.spent.cost_micro_usd,
        story.procore_calls
    );
}
