//! The service of `plumbline serve`, which kills itself at one step of a run: for the tests of interrupted work.
//! Changes nothing else about it. How it dies: see `mortality`.
//!
//! `mortal CONFIG DATA [STEP EDGE MARKER]`. It prints `listening URL` and then `ended EVENT OUTCOME` for each run.
//! `MORTAL_WINDOWS_MS=SPIKE,HOUR` makes the time of Procore's call limits run faster, as it does at the stand-in.

use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};

use agent::RunRecord;
use anyhow::{Context, bail};
use plumbline::{Service, serve};

fn main() -> ExitCode {
    if let Some(code) = documents::worker() {
        return code;
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mortal: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = || arguments.next();
    let (Some(config), Some(data)) = (argument(), argument()) else {
        bail!("mortal CONFIG DATA [STEP EDGE MARKER]");
    };
    let mut setup = serve::setup(config.as_ref(), data.into(), SocketAddr::from(([127, 0, 0, 1], 0)))?;
    if let Ok(windows) = std::env::var("MORTAL_WINDOWS_MS") {
        let (spike, hour) = windows.split_once(',').context("MORTAL_WINDOWS_MS: SPIKE,HOUR")?;
        let length = |text: &str| text.parse().map(Duration::from_millis);
        setup.windows = procore::Windows { spike: length(spike)?, hour: length(hour)? };
    }
    if let (Some(step), Some(edge), Some(marker)) = (argument(), argument(), argument()) {
        setup.watcher = Some(mortality::watcher(&step, &edge, marker.into())?);
    }
    // Only what a test tells it is worked on.
    setup.sweep_every = None;
    setup.on_run = Some(Arc::new(|story: &RunRecord| {
        println!("ended {} {}", story.event_id, story.outcome);
    }));
    let service = Service::start(setup).await?;
    println!("listening http://{}/webhooks/procore", service.address());
    serve::signal().await;
    service.stop().await;
    Ok(())
}
