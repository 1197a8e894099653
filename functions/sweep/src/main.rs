//! The sweep function: reads the environment once and sweeps each time the schedule says so. What the schedule sends
//! along is not looked at.

use std::process::ExitCode;

use agent::sweep::sweep;
use aws::{Bench, Environment, Fittings, SqsQueue, log_to_stdout};
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
    let environment = Environment::load().await;
    let queue = environment.queue()?;
    let bench = Bench::set_up(&environment, Fittings::default()).await?;
    let (bench, queue) = (&bench, &queue);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<IgnoredAny>| async move {
        answer(bench, queue, Timestamp::try_from(event.context.deadline()).unwrap_or(Timestamp::MIN)).await
    }))
    .await
    .map_err(|error| anyhow::anyhow!(error))
}

/// One sweep. A failure of ledger or queue is the invocation's: it is counted, and the next one goes on.
async fn answer(bench: &Bench, queue: &SqsQueue, end: Timestamp) -> Result<(), Error> {
    let deadline = end.checked_sub(RESERVE).unwrap_or(end);
    sweep(&bench.context().await, queue, deadline).await?;
    Ok(())
}
