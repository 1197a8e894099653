//! `plumbline dead redrive`: dead letters take the way of every event once more.
//!
//! Sent first, removed then: after a crash between the two an event is there twice, which claims bear. The other way
//! round it would be lost.

use agent::{
    Envelope,
    ingest::{Door, unreadable_letter},
    queue::{DeadLetter, DeadLetters, Queue},
};
use anyhow::{Context, anyhow};
use jiff::Timestamp;

use super::{
    choice::Chosen,
    hand::Hand,
    letter::{Content, Letter},
};
use crate::{
    records::event_told,
    spread::Spread,
    terminal::{Out, line},
};

/// What is to be done with a letter.
enum Plan {
    /// These are sent, and what of the body cannot be read is kept as letters of its own.
    Send { envelopes: Vec<Envelope>, keep: Vec<DeadLetter>, skipped: Vec<String> },
    /// Nothing can be.
    Stay(String),
}

/// Sends what was chosen; `Ok(false)` if some of it stayed or is not there.
///
/// # Errors
/// When the queue fails: the letter at hand and all after it are still there.
pub(super) async fn redrive<B: Queue + DeadLetters>(
    hand: &mut Hand<'_, B>,
    chosen: &Chosen,
    spread: Spread,
    dry_run: bool,
    door: impl Future<Output = anyhow::Result<Door>>,
    now: Timestamp,
    out: Out<'_>,
) -> anyhow::Result<bool> {
    let is_webhook =
        |id: &String| hand.letter(id).is_some_and(|letter| matches!(letter.content, Content::Webhook));
    let needed = chosen.ids.iter().any(is_webhook);
    let door = if needed { door.await } else { Err(anyhow!("no webhook body was chosen")) };
    let (mut sent, mut stayed, mut left) = (0_usize, 0_usize, 0_usize);
    for id in &chosen.ids {
        if sent >= spread.most() {
            left = left.saturating_add(1);
            continue;
        }
        let Some(plan) = hand.letter(id).map(|letter| plan(letter, &door, now)) else { continue };
        let (envelopes, keep, skipped) = match plan {
            Plan::Send { envelopes, keep, skipped } => (envelopes, keep, skipped),
            Plan::Stay(why) => {
                stayed = stayed.saturating_add(1);
                line!(out, "{id}  stays: {why}");
                continue;
            }
        };
        let first_sent = sent;
        for envelope in &envelopes {
            let delay = spread.delay(sent);
            if !dry_run {
                let one = std::slice::from_ref(envelope);
                hand.backend()
                    .send_after(one, delay)
                    .await
                    .with_context(|| format!("dead letter {id} was not sent again and stays"))?;
            }
            sent = sent.saturating_add(1);
        }
        if !dry_run {
            for letter in &keep {
                hand.backend().bury(letter).await.with_context(|| format!("dead letter {id} stays"))?;
            }
            hand.discard(id).await.context("it was sent again")?;
        }
        tell(id, &envelopes, first_sent, spread, dry_run, out);
        skipped.iter().for_each(|words| line!(out, "    {words}"));
        if !keep.is_empty() {
            line!(out, "    {} of its events cannot be read and stay as letters of their own", keep.len());
            stayed = stayed.saturating_add(keep.len());
        }
    }
    let verb = if dry_run { "would be sent again" } else { "sent again" };
    line!(out, "{sent} {verb}, {stayed} stayed, {left} left.");
    if left > 0 {
        line!(
            out,
            "Those left go beyond 15 minutes at {} a minute: run the same command again then, or raise --per-minute.",
            spread.per_minute
        );
    }
    Ok(stayed == 0 && left == 0 && chosen.is_whole())
}

fn tell(id: &str, envelopes: &[Envelope], first: usize, spread: Spread, dry_run: bool, out: Out<'_>) {
    let verb = if dry_run { "would be sent" } else { "sent" };
    for (position, envelope) in (first..).zip(envelopes) {
        let delay_s = spread.delay(position).as_secs();
        line!(out, "{id}  {verb}, to be shown in {delay_s} s: {}", event_told(&envelope.event));
    }
}

fn plan(letter: &Letter, door: &anyhow::Result<Door>, now: Timestamp) -> Plan {
    let door = match (&letter.content, door) {
        (Content::Unreadable(why), _) => {
            return Plan::Stay(format!("no message that this program can read ({why})"));
        }
        (Content::Envelope(envelope), _) => {
            // Accepted once more: counted from the first time, what waits for a moment would be too old at once.
            let envelope = Envelope { received_at: now, ..Envelope::clone(envelope) };
            return Plan::Send { envelopes: vec![envelope], keep: Vec::new(), skipped: Vec::new() };
        }
        (Content::Webhook, Ok(door)) => door,
        (Content::Webhook, Err(error)) => {
            return Plan::Stay(format!("nobody can tell whose events these are: {error:#}"));
        }
    };
    let sorted = door.sort(letter.kept.letter.body.as_bytes(), now);
    let skipped: Vec<String> = sorted
        .skipped
        .iter()
        .map(|(event, reason)| format!("not sent, {reason}: {}", event_told(event)))
        .collect();
    if sorted.envelopes.is_empty() {
        return Plan::Stay(format!("{}; `plumbline dead drop` removes it", skipped.join(", ")));
    }
    // They did not come through the door: no span of it could be found.
    let envelopes =
        sorted.envelopes.into_iter().map(|envelope| Envelope { traceparent: None, ..envelope }).collect();
    let keep = sorted.unreadable.into_iter().map(|unreadable| unreadable_letter(unreadable, now)).collect();
    Plan::Send { envelopes, keep, skipped }
}
