//! The service of `plumbline serve`, which kills itself at one step of a run: for the tests of interrupted work.
//! Changes nothing else about it, and dies once only: the marker file tells the next life that it has happened.
//!
//! `mortal CONFIG DATA [STEP EDGE MARKER]`. It prints `listening URL` and then `ended EVENT OUTCOME` for each run.
//! Before it dies it waits for a line on its standard input, so that nobody is left without the answer to a webhook.
//!
//! `MORTAL_WINDOWS_MS=SPIKE,HOUR` makes the time of Procore's call limits run faster, as it does at the stand-in.

use std::{
    fs::OpenOptions,
    io::Write,
    net::SocketAddr,
    path::PathBuf,
    process::{Command, ExitCode},
    sync::{Arc, OnceLock},
    time::Duration,
};

use agent::{
    RunRecord,
    run::{Edge, Step},
};
use anyhow::{Context, bail};
use plumbline::{Service, serve};

/// Where to die, and the file that says it was done.
static END: OnceLock<(String, Edge, PathBuf)> = OnceLock::new();

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
        let edge = match edge.as_str() {
            "begin" => Edge::Begin,
            "end" => Edge::End,
            other => bail!("{other}: begin or end"),
        };
        if !Step::ALL.iter().any(|known| known.name() == step) {
            bail!("{step}: no such step");
        }
        END.get_or_init(|| (step, edge, marker.into()));
        setup.watcher = Some(die_here);
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

fn die_here(step: Step, edge: Edge) {
    let Some((at_step, at_edge, marker)) = END.get() else {
        return;
    };
    if at_step != step.name() || *at_edge != edge {
        return;
    }
    // Only the first to make the file dies.
    let Ok(mut file) = OpenOptions::new().write(true).create_new(true).open(marker) else {
        return;
    };
    let _ = file.write_all(b"died here");
    tokio::task::block_in_place(|| {
        let _ = std::io::stdin().read_line(&mut String::new());
        if let Err(error) = kill() {
            eprintln!("mortal: {error:#}");
        }
        loop {
            std::thread::park();
        }
    });
}

fn kill() -> anyhow::Result<()> {
    let done = Command::new("kill")
        .args(["-9", &std::process::id().to_string()])
        .status()
        .context("the program kill does not start")?;
    bail!("kill -9 came back: {done}")
}
