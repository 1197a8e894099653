//! How a program of the tests kills itself at one step of a run: for the tests of interrupted work. It dies once only:
//! the marker file tells the next life that it has happened.
//!
//! Before it dies it waits for a line on its standard input, or for its end, so that nobody is left without the answer
//! to a webhook.

use std::{fs::OpenOptions, io::Write, path::PathBuf, process::Command, sync::OnceLock};

use agent::run::{Edge, Step, Watcher};
use anyhow::{Context, bail};

/// Where to die, and the file that says it was done.
static END: OnceLock<(String, Edge, PathBuf)> = OnceLock::new();

/// The watcher that kills this process with SIGKILL at this end (`begin` or `end`) of the step of this name, unless the
/// file `marker` is there. Its runs need a runtime of several threads. Told twice, the first word counts.
///
/// # Errors
/// If there is no such step or end.
pub fn watcher(step: &str, edge: &str, marker: PathBuf) -> anyhow::Result<Watcher> {
    let edge = match edge {
        "begin" => Edge::Begin,
        "end" => Edge::End,
        other => bail!("{other}: begin or end"),
    };
    if !Step::ALL.iter().any(|known| known.name() == step) {
        bail!("{step}: no such step");
    }
    END.get_or_init(|| (step.to_owned(), edge, marker));
    Ok(die_here)
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
            eprintln!("{error:#}");
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
