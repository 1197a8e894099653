//! The side that asks: starts the worker, feeds it, bounds its answer and its time. Never looks into a file
//! itself.

use crate::{Document, Error, Kind, Limits, worker};
use std::{
    io,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
    sync::Semaphore,
};

/// Files read at the same time: each may take its whole limit of memory.
const WORKERS: usize = 2;

/// Reads files in a child process. Clones share the places for workers.
#[derive(Debug, Clone)]
pub struct Extractor {
    program: Arc<Path>,
    limits: Limits,
    places: Arc<Semaphore>,
}

impl Extractor {
    /// Uses a program whose `main` begins with [`crate::worker`].
    pub fn new(program: PathBuf, limits: Limits) -> Self {
        Self { program: program.into(), limits, places: Arc::new(Semaphore::new(WORKERS)) }
    }

    /// Uses the program that is running; its `main` must begin with [`crate::worker`].
    ///
    /// # Errors
    /// When the path of the running program cannot be told.
    pub fn this_program(limits: Limits) -> io::Result<Self> {
        Ok(Self::new(std::env::current_exe()?, limits))
    }

    /// Reads one file. Dropping the future ends the worker.
    ///
    /// # Errors
    /// See [`Error`]; a page that cannot be read is not an error but a page that says so.
    pub async fn extract(&self, bytes: Vec<u8>, kind: Kind) -> Result<Document, Error> {
        let limit_bytes = self.limits.bytes;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit_bytes {
            return Err(Error::TooLarge { limit_bytes });
        }
        let _place = self.places.acquire().await.map_err(io::Error::other)?;
        let header = worker::Header { kind, limits: self.limits }.line()?;
        let mut child = Command::new(self.program.as_ref())
            .arg(worker::ARGUMENT)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let seconds = self.limits.seconds;
        let deadline = Duration::from_secs(u64::from(seconds));
        let talk = converse(&mut child, &header, &bytes, self.limits.answer_bytes());
        let failure = match tokio::time::timeout(deadline, talk).await {
            Ok(Ok((status, answer))) => return self.judge(status, &answer),
            Ok(Err(failure)) => failure,
            Err(_elapsed) => Error::TimedOut { seconds },
        };
        // It may have ended by itself; why it had to end is what matters.
        let _ = child.kill().await;
        Err(failure)
    }

    fn judge(&self, status: ExitStatus, answer: &[u8]) -> Result<Document, Error> {
        match status.code() {
            Some(worker::DONE) => serde_json::from_slice(answer).map_err(|_| not_a_worker()),
            Some(worker::NOT_THIS_KIND) => Err(Error::NotThisKind),
            Some(worker::UNSUPPORTED) => Err(Error::Unsupported),
            Some(worker::PANICKED) => Err(Error::Crashed),
            // Its message may quote what a foreign program printed: leave it out.
            Some(_) => Err(not_a_worker()),
            None if out_of_processor_time(status) => Err(Error::TimedOut { seconds: self.limits.seconds }),
            None => Err(Error::Crashed),
        }
    }
}

fn not_a_worker() -> Error {
    Error::Io(io::Error::new(io::ErrorKind::InvalidData, "the program did not answer as a worker"))
}

/// Feeds the worker and reads its answer at the same time, or both would wait on full pipes.
async fn converse(
    child: &mut Child,
    header: &[u8],
    bytes: &[u8],
    answer_bytes: u64,
) -> Result<(ExitStatus, Vec<u8>), Error> {
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Error::Io(io::ErrorKind::BrokenPipe.into()));
    };
    let feed = async move {
        // A worker that ends early closes the pipe; its status tells more than this error.
        let _ = input.write_all(header).await;
        let _ = input.write_all(bytes).await;
        let _ = input.shutdown().await;
    };
    let mut answer = Vec::new();
    let mut bounded = output.take(answer_bytes + 1);
    let ((), read) = tokio::join!(feed, bounded.read_to_end(&mut answer));
    read?;
    if u64::try_from(answer.len()).unwrap_or(u64::MAX) > answer_bytes {
        return Err(Error::Crashed);
    }
    Ok((child.wait().await?, answer))
}

#[cfg(unix)]
fn out_of_processor_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    /// SIGXCPU, the same number on Linux and macOS.
    const PROCESSOR_TIME_SIGNAL: i32 = 24;
    status.signal() == Some(PROCESSOR_TIME_SIGNAL)
}

#[cfg(not(unix))]
fn out_of_processor_time(_status: ExitStatus) -> bool {
    false
}
