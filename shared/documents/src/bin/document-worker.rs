//! A program that is a worker and nothing else: for the tests of this crate, and for embedding where the
//! program that asks cannot begin its `main` with `documents::worker()`.

use std::process::ExitCode;

fn main() -> ExitCode {
    documents::worker().unwrap_or_else(|| {
        eprintln!("document-worker reads documents for another program; it is not started by hand");
        ExitCode::from(64)
    })
}
