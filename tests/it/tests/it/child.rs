//! The service as a process of its own, so that it can be killed, interrupted, or started wrongly.

use std::{
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::world::{AUTHORIZATION, FarSide, PATIENCE, PREVIOUS_AUTHORIZATION, Terms};

/// The service that dies at a step: see its source.
const MORTAL: &str = env!("CARGO_BIN_EXE_mortal");

/// Writes the configuration file of a far side and returns its path.
pub(crate) fn config(far: &FarSide, terms: Terms) -> PathBuf {
    let path = far.data.path().join("plumbline.toml");
    std::fs::write(&path, terms.toml()).unwrap();
    path
}

/// Where the service of a far side keeps its data.
pub(crate) fn data(far: &FarSide) -> PathBuf {
    far.data.path().join("data")
}

/// A program with the environment that `plumbline` reads, and nothing else of this process's.
pub(crate) fn program(path: &str, far: &FarSide) -> Command {
    let mut command = Command::new(path);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("PROCORE_CLIENT_ID", "sandbox-client-id")
        .env("PROCORE_CLIENT_SECRET", "sandbox-client-secret")
        .env("WEBHOOK_AUTHORIZATION", format!("{AUTHORIZATION}\n{PREVIOUS_AUTHORIZATION}"))
        .env("OPENAI_API_KEY", "it-model-key")
        .env("PROCORE_API_URL", far.sandbox.url().as_str())
        .env("PROCORE_LOGIN_URL", far.sandbox.url().as_str())
        .env("OPENAI_BASE_URL", far.model.url().as_str())
        .kill_on_drop(true);
    command
}

/// A running `mortal`.
pub(crate) struct Mortal {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    /// Its front door.
    pub(crate) door: String,
}

impl Mortal {
    /// Starts one that lives.
    pub(crate) async fn start(far: &FarSide) -> Self {
        Self::spawn(far, &[]).await
    }

    /// Starts one that dies at this end of this step, if the marker is not there yet.
    pub(crate) async fn doomed(far: &FarSide, step: &str, edge: &str, marker: &Path) -> Self {
        Self::spawn(far, &[step, edge, marker.to_str().unwrap()]).await
    }

    async fn spawn(far: &FarSide, more: &[&str]) -> Self {
        let windows_ms = format!("{},{}", far.windows.spike.as_millis(), far.windows.hour.as_millis());
        let mut child = program(MORTAL, far)
            .env("MORTAL_WINDOWS_MS", windows_ms)
            .args([config(far, Terms::default()), data(far)])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap();
        let first = first.expect("mortal starts");
        let door = first.strip_prefix("listening ").unwrap().to_owned();
        Self { child, lines, door }
    }

    /// Lets it die, and waits until it has.
    pub(crate) async fn dies(mut self) {
        let mut stdin = self.child.stdin.take().unwrap();
        stdin.write_all(b"now\n").await.unwrap();
        stdin.flush().await.unwrap();
        let status = self.gone().await;
        assert_eq!(status.signal(), Some(9), "it reached the step and was killed: {status}");
    }

    /// Kills it from outside, wherever it is, and waits until it is gone.
    pub(crate) async fn kill(mut self) {
        self.child.start_kill().unwrap();
        assert_eq!(self.gone().await.signal(), Some(9));
    }

    /// The event and the outcome of the next run that ended; `None` once it is dead.
    pub(crate) async fn end(&mut self) -> Option<(String, String)> {
        loop {
            let line = timeout(PATIENCE, self.lines.next_line()).await;
            let line = line.expect("a run ends in time").unwrap()?;
            let (event, outcome) = line.strip_prefix("ended ").unwrap().split_once(' ').unwrap();
            if !matches!(outcome, "Settling" | "Busy") {
                return Some((event.to_owned(), outcome.to_owned()));
            }
        }
    }

    /// Asks it to stop and waits until it has: nothing is in hand after this.
    pub(crate) async fn stop(mut self) {
        interrupt(&self.child, "TERM");
        let status = self.gone().await;
        assert!(status.success(), "{status}");
    }

    async fn gone(&mut self) -> ExitStatus {
        timeout(PATIENCE, self.child.wait()).await.expect("it ends in time").unwrap()
    }
}

/// Sends a signal by name to a child that still runs.
pub(crate) fn interrupt(child: &Child, signal: &str) {
    let pid = child.id().expect("it runs").to_string();
    let done = std::process::Command::new("kill").args(["-s", signal, &pid]).status();
    assert!(done.unwrap().success());
}
