//! The router function: reads the environment once and works on batches. Started as a child of itself it reads
//! documents.

use std::process::ExitCode;

use aws::{Environment, Fittings, Gauges, log_to_stdout};
use aws_lambda_events::sqs::SqsEvent;
use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use router::Router;

fn main() -> ExitCode {
    // First of all: a hostile document must find nothing of this program in its process.
    if let Some(code) = documents::worker() {
        return code;
    }
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
    let gauges = Gauges::set_up("router", Timestamp::now)?;
    let router = Router::set_up(&Environment::load().await, Fittings::default()).await?;
    let (gauges, router) = (&gauges, &router);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        gauges.begin();
        let response = router.work(event, |story| gauges.watch.run(story)).await;
        gauges.end().await;
        Ok::<_, Error>(response)
    }))
    .await
    .map_err(|error| anyhow::anyhow!(error))
}
