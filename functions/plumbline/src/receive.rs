//! `plumbline receive`: one event from a file, all the way, with everything shown.

use std::{path::Path, time::Duration};

use agent::{Event, envelope::Envelope, run};
use anyhow::{Context, bail};
use embedded::Store;
use jiff::Timestamp;

use crate::{
    service::{Setup, context},
    story::{Texts, told},
    terminal::tell,
};

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
            Ok((_, story)) => out.push_str(&told(&story, Texts::Told)),
            Err((error, story)) => {
                out.push_str(&told(&story, Texts::Told));
                tell(&out);
                return Err(error).context("the run came to no outcome");
            }
        }
    }
    ctx.procore.hand_back().await;
    Ok(out)
}
