//! The sweep function: reads the environment once and sweeps each time the schedule says so. What the schedule sends
//! along is not looked at.

use std::process::ExitCode;

use agent::sweep::{Swept, sweep};
use aws::{Bench, Environment, Fittings, Gauges, SqsQueue, log_to_stdout};
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::de::IgnoredAny;

/// Kept at the end of an invocation for sending and noting what was found.
const RESERVE: SignedDuration = SignedDuration::from_secs(15);

fn main() -> ExitCode {
    log_to_stdout(std::env::var("PLUMBLINE_LOG").ok().as_deref());
    match work() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "the function does not start");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn work() -> anyhow::Result<()> {
    let gauges = Gauges::set_up("sweep", Timestamp::now)?;
    let environment = Environment::load().await;
    let queue = environment.queue()?;
    let bench = Bench::set_up(&environment, Fittings::default()).await?;
    let (gauges, bench, queue) = (&gauges, &bench, &queue);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<IgnoredAny>| async move {
        gauges.begin();
        let end = Timestamp::try_from(event.context.deadline()).unwrap_or(Timestamp::MIN);
        let swept = answer(bench, queue, end).await;
        if let Ok(swept) = &swept {
            gauges.watch.sweep(swept);
        }
        gauges.end().await;
        swept.map(|_| ())
    }))
    .await
    .map_err(|error| anyhow::anyhow!(error))
}

/// One sweep. A failure of ledger or queue is the invocation's: it is counted, and the next one goes on.
async fn answer(bench: &Bench, queue: &SqsQueue, end: Timestamp) -> Result<Swept, Error> {
    let deadline = end.checked_sub(RESERVE).unwrap_or(end);
    Ok(sweep(&bench.context().await, queue, deadline).await?)
}
