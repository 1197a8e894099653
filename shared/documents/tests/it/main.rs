//! Documents through the front door: real files in, a worker process, pages out.

// The lints know tests by their attribute; the helpers here are tests too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod containment;
mod files;
mod pages;

use documents::{Extractor, Limits};
use std::path::PathBuf;

fn extractor(limits: Limits) -> Extractor {
    Extractor::new(PathBuf::from(env!("CARGO_BIN_EXE_document-worker")), limits)
}

/// Debug builds on a busy machine are slow; no test but the one of the deadline may depend on it.
fn patient() -> Limits {
    Limits { seconds: 120, ..Limits::default() }
}
