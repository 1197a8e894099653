//! The ingest function: reads the environment once and answers requests.

use anyhow::anyhow;
use aws::{Environment, log_to_stdout};
use ingest::{FrontDoor, gateway::Request};
use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    log_to_stdout(std::env::var("PLUMBLINE_LOG").ok().as_deref());
    let door = match FrontDoor::open(&Environment::load().await, Timestamp::now()).await {
        Ok(door) => door,
        Err(error) => {
            tracing::error!(%error, "the function does not start");
            return Err(error.into());
        }
    };
    let door = &door;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Request>| async move {
        Ok::<_, Error>(door.answer(&event.payload, Timestamp::now()).await)
    }))
    .await
    .map_err(|error| anyhow!(error))
}
