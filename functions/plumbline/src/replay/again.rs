//! Recorded events on the queue once more, each record once. The claim decides what comes of it: a record that has not
//! changed since its draft ends `Unchanged`, and nothing is paid twice.

use std::collections::BTreeSet;

use agent::{Envelope, Event, RunRecord, Source, ledger::Ledger, queue::Queue};
use anyhow::{Context, ensure};
use jiff::Timestamp;

use super::Arguments;
use crate::{
    records::{Kind, event_told},
    runs::MOST,
    terminal::{Out, line},
};

/// Sends the last event of each record that is meant, the record worked on last first; `Ok(false)` if some are left.
///
/// # Errors
/// When nothing is meant, or the backend fails: what was told as sent is sent.
pub async fn again<B: Ledger + Queue>(
    backend: &B,
    arguments: &Arguments,
    now: Timestamp,
    out: Out<'_>,
) -> anyhow::Result<bool> {
    let runs = backend.runs(MOST).await.context("the runs cannot be read")?;
    if u32::try_from(runs.len()).is_ok_and(|count| count >= MOST)
        && runs.last().is_some_and(|oldest| oldest.started_at >= arguments.since)
    {
        tracing::warn!(looked_at = MOST, "there are more runs than one command looks at");
    }
    let chosen = chosen(&runs, arguments);
    ensure!(!chosen.is_empty(), "no run that fits since {}, or its event was not recorded", arguments.since);
    let spread = arguments.spread;
    for (position, (event, _)) in chosen.iter().take(spread.most()).enumerate() {
        let delay = spread.delay(position);
        if !arguments.dry_run {
            let envelope = Envelope {
                event: (*event).clone(),
                source: Source::Replay,
                trace: format!("{}-replayed", event.id),
                received_at: now,
                traceparent: None,
            };
            let one = std::slice::from_ref(&envelope);
            let sent = backend.send_after(one, delay).await;
            sent.with_context(|| format!("{} was not sent", event_told(event)))?;
        }
        let verb = if arguments.dry_run { "would be sent" } else { "sent" };
        line!(out, "{verb}, to be shown in {} s: {}", delay.as_secs(), event_told(event));
    }
    let left = chosen.get(spread.most()..).unwrap_or_default();
    let verb = if arguments.dry_run { "would be sent again" } else { "sent again" };
    line!(out, "{} {verb}, {} left.", chosen.len().saturating_sub(left.len()), left.len());
    if let Some((_, run)) = left.first() {
        line!(
            out,
            "Those left go beyond 15 minutes at {} a minute: the same command then with --until {}, or raise --per-minute.",
            spread.per_minute,
            run.started_at
        );
    }
    Ok(left.is_empty())
}

/// The last run of each record with its event, newest first. A record that was worked on after `until` is not among
/// them at all: that was its last run.
fn chosen<'r>(runs: &'r [RunRecord], arguments: &Arguments) -> Vec<(&'r Event, &'r RunRecord)> {
    let mut seen = BTreeSet::new();
    runs.iter()
        .filter(|run| run.started_at >= arguments.since)
        .filter_map(|run| Some((run.event.as_ref()?, run)))
        .filter(|(_, run)| arguments.workflow.is_none() || run.workflow == arguments.workflow)
        .filter(|(event, _)| arguments.records.include(event))
        .filter(|(event, run)| seen.insert((Kind::of(&event.resource), run.project_id, &run.record_id)))
        .filter(|(_, run)| arguments.until.is_none_or(|until| run.started_at <= until))
        .take(arguments.limit.unwrap_or(usize::MAX))
        .collect()
}
