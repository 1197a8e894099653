//! `plumbline dead list` and `show`.

use agent::{Event, ledger::Ledger};
use anyhow::Context;
use jiff::Timestamp;
use serde_json::json;

use super::{
    choice::{Filter, not_there},
    hand::Hand,
    letter::{Content, Letter},
};
use crate::{
    records::{event_told, resource_name},
    since::age,
    story::{Texts, told},
    terminal::{Out, counted, line, shown, shown_on_a_line},
};

/// Tells of those that are like this, the oldest `limit` of them.
pub(super) fn list<B>(
    hand: &Hand<'_, B>,
    filter: &Filter,
    limit: usize,
    json: bool,
    now: Timestamp,
    out: Out<'_>,
) {
    let meant: Vec<&Letter> = hand.letters().filter(|letter| filter.holds(letter)).collect();
    for letter in meant.iter().take(limit) {
        if json {
            line!(out, "{}", as_json(letter, now));
        } else {
            tell(letter, now, out);
        }
    }
    if json {
        return;
    }
    let all = counted(meant.len(), "dead letter");
    match meant.len().saturating_sub(limit) {
        0 => line!(out, "{all}."),
        more => line!(out, "{all}, {more} not shown: raise --limit."),
    }
}

/// Tells all of one; `Ok(false)` if it is not there.
///
/// # Errors
/// When the ledger cannot be asked for the last run.
pub(super) async fn show<B: Ledger>(
    hand: &Hand<'_, B>,
    ledger: &B,
    id: &str,
    now: Timestamp,
    out: Out<'_>,
) -> anyhow::Result<bool> {
    let Some(letter) = hand.letter(id) else {
        line!(out, "{}", not_there(id));
        return Ok(false);
    };
    tell(letter, now, out);
    let holds = match &letter.content {
        Content::Envelope(envelope) => {
            format!("an event accepted {}, trace {}", envelope.received_at, shown_on_a_line(&envelope.trace))
        }
        Content::Webhook => "a webhook body that this program can read".to_owned(),
        Content::Unreadable(why) => format!("nothing that this program can read: {why}"),
    };
    line!(out, "    put here {}", letter.kept.letter.at);
    line!(out, "    holds {holds}\n\n== body\n{}\n", shown(&letter.kept.letter.body));
    for event in letter.events() {
        let runs = ledger.runs_named(&event.id.0).await.context("the runs of its event cannot be read")?;
        match runs.first() {
            Some(run) => {
                line!(out, "#### last of {}\n{}", counted(runs.len(), "run"), told(run, Texts::Left));
            }
            None => line!(out, "No run of {} is kept.", event_told(event)),
        }
    }
    Ok(true)
}

fn tell(letter: &Letter, now: Timestamp, out: Out<'_>) {
    let kept = &letter.kept.letter;
    line!(out, "{}  {} ago  {}", letter.kept.id, age(kept.at, now), shown_on_a_line(&kept.reason));
    for event in letter.events() {
        line!(out, "    {}", event_told(event));
    }
}

/// Without the body: lists end up in files and tickets.
fn as_json(letter: &Letter, now: Timestamp) -> serde_json::Value {
    let kept = &letter.kept.letter;
    let events: Vec<_> = letter.events().iter().map(event_as_json).collect();
    json!({
        "id": letter.kept.id,
        "at": kept.at,
        "age_s": now.duration_since(kept.at).as_secs().max(0),
        "reason": kept.reason,
        "readable": !matches!(letter.content, Content::Unreadable(_)),
        "events": events,
    })
}

fn event_as_json(event: &Event) -> serde_json::Value {
    json!({
        "id": event.id,
        "project_id": event.project,
        "resource": resource_name(&event.resource),
        "record": event.record,
    })
}
