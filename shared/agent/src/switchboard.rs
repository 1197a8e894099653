//! The configuration in force now, asked for again in the middle of a run: what was switched off meanwhile neither pays nor
//! writes any more.

use std::sync::Arc;

use futures::future::BoxFuture;

use crate::config::Config;

/// Who knows the configuration in force. Reads it again once a minute at least.
pub trait Switchboard: Send + Sync {
    /// The configuration.
    fn current(&self) -> BoxFuture<'_, Arc<Config>>;
}

/// One that never changes.
impl Switchboard for Arc<Config> {
    fn current(&self) -> BoxFuture<'_, Arc<Config>> {
        Box::pin(std::future::ready(Arc::clone(self)))
    }
}
