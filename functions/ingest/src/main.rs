//! The ingest function: reads the environment once and answers requests.

use anyhow::anyhow;
use aws::{Environment, Gauges, log_to_stdout};
use ingest::{
    FrontDoor,
    gateway::{Request, Response},
};
use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    log_to_stdout(std::env::var("PLUMBLINE_LOG").ok().as_deref());
    let (gauges, door) = match set_up().await {
        Ok(set_up) => set_up,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "the function does not start");
            return Err(error);
        }
    };
    let (gauges, door) = (&gauges, &door);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Request>| async move {
        gauges.begin();
        let began = Timestamp::now();
        let answer = door.decided(&event.payload, began).await;
        gauges.watch.answer(&answer, began, Timestamp::now());
        gauges.end().await;
        Ok::<_, Error>(Response::empty(answer.status))
    }))
    .await
    .map_err(|error| anyhow!(error))
}

async fn set_up() -> anyhow::Result<(Gauges, FrontDoor)> {
    let gauges = Gauges::set_up("ingest", Timestamp::now)?;
    let door = FrontDoor::open(&Environment::load().await, Timestamp::now()).await?;
    Ok((gauges, door))
}
