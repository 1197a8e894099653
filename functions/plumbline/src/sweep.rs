//! `plumbline sweep`: what webhooks did not tell, put on the queue of a service that runs or will run. The service itself
//! sweeps by its own clock.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use agent::{
    Ctx,
    ledger::Ledger,
    queue::Queue,
    sweep::{Swept, sweep},
};
use anyhow::Context;
use aws::{Bench, Environment, Fittings};
use embedded::Store;
use tokio::{sync::watch, time::MissedTickBehavior};

use crate::{
    Backend, serve,
    service::{Setup, context},
};

/// Time for one sweep. Where Procore's call limits make it longer, the next one goes on.
const TIME: Duration = Duration::from_secs(600);

/// One sweep: in AWS where `PLUMBLINE_TABLE` is set, with the configuration that is there, else over a data directory. A
/// dry run sends nothing, notes nothing and switches no hook on.
///
/// # Errors
/// Those of [`once`], and when what it needs is missing; names it.
pub async fn anywhere(config: &Path, data: PathBuf, dry_run: bool) -> anyhow::Result<Swept> {
    match Backend::open(&data).await? {
        Backend::Embedded(_) => {
            let setup = serve::setup(config, data, SocketAddr::from(([127, 0, 0, 1], 0)))?;
            of_directory(&setup, dry_run).await
        }
        Backend::Aws { queue, .. } => {
            let bench = Bench::set_up(&Environment::load().await, Fittings::default()).await?;
            let ctx = Ctx { dry_run, ..bench.context().await };
            once(&ctx, &queue).await
        }
    }
}

/// One sweep over the data directory of a setup.
///
/// # Errors
/// Those of [`once`], and when directory or clients do not work.
pub async fn of_directory(setup: &Setup, dry_run: bool) -> anyhow::Result<Swept> {
    let store = Store::open(&setup.data, setup.clock)?;
    let ctx = context(setup, store.clone(), dry_run)?;
    once(&ctx, &store).await
}

/// One sweep. Whoever made `ctx` decided whether it is a dry run.
///
/// # Errors
/// When ledger or queue fail. What Procore refused is told in the report.
pub async fn once<L: Ledger, Q: Queue>(ctx: &Ctx<L>, queue: &Q) -> anyhow::Result<Swept> {
    let now = (ctx.clock)();
    let deadline = now.checked_add(TIME).unwrap_or(now);
    sweep(ctx, queue, deadline).await.context("the sweep came to no end; the next one goes on")
}

/// Sweeps at once, for what changed while nobody was there, and then every so often until the service stops.
pub(crate) async fn always<L: Ledger + Clone, Q: Queue>(
    ctx: Ctx<L>,
    queue: Q,
    every: Duration,
    tell: impl Fn(&Swept),
    mut stopped: watch::Receiver<bool>,
) {
    let mut turns = tokio::time::interval(every);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let sweeping = async {
        loop {
            turns.tick().await;
            let ctx = Ctx { config: ctx.live.current().await, ..ctx.clone() };
            match once(&ctx, &queue).await {
                Ok(swept) => tell(&swept),
                Err(error) => tracing::error!(error = format!("{error:#}"), "not swept"),
            }
        }
    };
    tokio::select! {
        // A sweep that is cut off has noted nothing it did not send.
        () = sweeping => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
}
