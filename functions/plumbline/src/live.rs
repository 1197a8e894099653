//! The configuration file of a running service, read again while it runs: switching a project or a workflow off needs no
//! restart. Who we are and which models there are is settled at the start.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use agent::{Config, Switchboard};
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

use crate::service::read_config;

/// How old what was read gets before the file is read again.
const FRESH: SignedDuration = SignedDuration::from_secs(5);

/// A file of a few kilobytes, read anew as often as is asked for, but not more often than every five seconds.
pub(crate) struct LiveFile {
    path: PathBuf,
    clock: fn() -> Timestamp,
    held: Mutex<Held>,
}

struct Held {
    config: Arc<Config>,
    read_at: Timestamp,
    /// The last reading failed, and that was said.
    broken: bool,
}

impl LiveFile {
    /// Begins with what was read at the start.
    pub(crate) fn new(path: PathBuf, config: Arc<Config>, clock: fn() -> Timestamp) -> Self {
        Self { path, clock, held: Mutex::new(Held { config, read_at: clock(), broken: false }) }
    }

    fn read(&self) -> Arc<Config> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let now = (self.clock)();
        if now.duration_since(held.read_at) < FRESH {
            return Arc::clone(&held.config);
        }
        held.read_at = now;
        match read_config(&self.path) {
            Ok(config) => {
                held.broken = false;
                if config != *held.config {
                    tracing::info!("the configuration has changed");
                    held.config = Arc::new(config);
                }
            }
            // Half a file, or a mistake in it, never replaces a good one.
            Err(error) if !held.broken => {
                tracing::error!(error = format!("{error:#}"), "the last good configuration stays in force");
                held.broken = true;
            }
            Err(_) => {}
        }
        Arc::clone(&held.config)
    }
}

impl Switchboard for LiveFile {
    fn current(&self) -> BoxFuture<'_, Arc<Config>> {
        Box::pin(std::future::ready(self.read()))
    }
}
