//! The side that reads: a child process with limits on itself, one file on its standard input, one answer on
//! its standard output. Never opens a file, never starts a process, never prints anything else.

use crate::{Document, Kind, Limits, paging};
use serde::{Deserialize, Serialize};
use std::{
    io::{self, BufRead, Read, Write},
    process::ExitCode,
    thread,
};

/// The one argument that makes a program a worker.
pub(crate) const ARGUMENT: &str = "extract-document";
pub(crate) const DONE: i32 = 0;
pub(crate) const NOT_THIS_KIND: i32 = 65;
pub(crate) const UNSUPPORTED: i32 = 66;
pub(crate) const PANICKED: i32 = 70;
const NOT_CONFINED: i32 = 71;

const HEADER_BYTES: u64 = 4 * 1024;
/// PDF readers recurse; the memory is only reserved.
const STACK_BYTES: usize = 32 * 1024 * 1024;

/// Why a file as a whole gave no document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    NotThisKind,
    Unsupported,
}

/// The first line a worker is sent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) kind: Kind,
    pub(crate) limits: Limits,
}

impl Header {
    pub(crate) fn line(&self) -> io::Result<Vec<u8>> {
        let mut line = serde_json::to_vec(self)?;
        line.push(b'\n');
        Ok(line)
    }
}

/// Becomes the worker if this process was started as one. The first line of every `main` that uses
/// [`crate::Extractor::this_program`], before threads, runtimes or configuration:
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     if let Some(done) = documents::worker() {
///         return done;
///     }
///     // ... the program
///     std::process::ExitCode::SUCCESS
/// }
/// ```
pub fn worker() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != ARGUMENT || arguments.next().is_some() {
        return None;
    }
    // A panic message could quote the file.
    std::panic::set_hook(Box::new(|_| {}));
    let code = serve().unwrap_or(PANICKED);
    Some(ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)))
}

fn serve() -> io::Result<i32> {
    let mut input = io::stdin().lock();
    let mut header = Vec::new();
    input.by_ref().take(HEADER_BYTES).read_until(b'\n', &mut header)?;
    let Header { kind, limits } = serde_json::from_slice(&header)?;
    // The header is our own program's; not one byte of the file is read without the limits.
    if confine(&limits).is_err() {
        return Ok(NOT_CONFINED);
    }
    let mut bytes = Vec::new();
    input.take(limits.bytes).read_to_end(&mut bytes)?;
    let reading =
        thread::Builder::new().stack_size(STACK_BYTES).spawn(move || paging::read(&bytes, kind, &limits))?;
    match reading.join() {
        Ok(Ok(document)) => answer(&document).map(|()| DONE),
        Ok(Err(Fault::NotThisKind)) => Ok(NOT_THIS_KIND),
        Ok(Err(Fault::Unsupported)) => Ok(UNSUPPORTED),
        Err(_panic) => Ok(PANICKED),
    }
}

fn answer(document: &Document) -> io::Result<()> {
    let mut output = io::stdout().lock();
    serde_json::to_writer(&mut output, document)?;
    output.flush()
}

#[cfg(unix)]
fn confine(limits: &Limits) -> io::Result<()> {
    use rlimit::Resource;
    const OPEN_FILES: u64 = 8;
    let lower = |resource: Resource, soft: u64, hard: u64| {
        let (_, ceiling) = resource.get()?;
        resource.set(soft.min(ceiling), hard.min(ceiling))
    };
    let seconds = u64::from(limits.seconds);
    lower(Resource::CORE, 0, 0)?;
    lower(Resource::FSIZE, 0, 0)?;
    lower(Resource::NOFILE, OPEN_FILES, OPEN_FILES)?;
    lower(Resource::CPU, seconds, seconds + 1)?;
    let memory = lower(Resource::AS, limits.memory_bytes, limits.memory_bytes);
    // macOS refuses this one; there the time and the size of the file remain.
    if cfg!(target_os = "linux") { memory } else { Ok(()) }
}

#[cfg(not(unix))]
fn confine(_limits: &Limits) -> io::Result<()> {
    Ok(())
}
