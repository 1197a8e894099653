//! The router of Lambda for one batch, which kills itself at one step of a run: for the tests of interrupted work.
//! Changes nothing else about it. How it dies: see `mortality`.
//!
//! `mortal-router STEP EDGE MARKER`, with the environment of the function. It receives once, hides what it received for
//! [`VISIBILITY_S`], and hands it to the router, as Lambda would.

use std::process::ExitCode;

use anyhow::{Context, bail};
use aws::{Environment, Fittings};
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::LambdaEvent;
use router::Router;

/// Deployed it is longer than any invocation. Here the test waits for its end.
const VISIBILITY_S: i32 = 1;

/// Time of the invocation, as deployed.
const INVOCATION: SignedDuration = SignedDuration::from_mins(15);

fn main() -> ExitCode {
    if let Some(code) = documents::worker() {
        return code;
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mortal-router: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = || arguments.next();
    let (Some(step), Some(edge), Some(marker)) = (argument(), argument(), argument()) else {
        bail!("mortal-router STEP EDGE MARKER");
    };
    let watcher = Some(mortality::watcher(&step, &edge, marker.into())?);
    let variable = |name: &str| std::env::var(name).with_context(|| name.to_owned());
    // Refuses every address that is not loopback.
    let sdk = stack::sdk_at(&variable("AWS_ENDPOINT_URL")?).await;
    let event = stack::sqs_event_at(&sdk, &variable("PLUMBLINE_QUEUE_URL")?, VISIBILITY_S).await;

    let environment = Environment::new(sdk, std::env::vars());
    let router = Router::set_up(&environment, Fittings { watcher, ..Fittings::default() }).await?;
    let mut context = lambda_runtime::Context::default();
    "the invocation that dies".clone_into(&mut context.request_id);
    context.deadline = (Timestamp::now() + INVOCATION).as_millisecond().unsigned_abs();
    let response = router.answer(LambdaEvent::new(serde_json::from_value(event)?, context)).await;
    bail!("it lived to answer: {} messages come again", response.batch_item_failures.len())
}
