//! The pace book of a program that is alone: in memory.

use std::sync::{Mutex, PoisonError};

use futures::future::BoxFuture;

use super::book::{BookError, PaceBook, Written};
use crate::ids::CompanyId;

/// One company's text, as long as the process lives.
#[derive(Debug)]
pub struct LocalBook(Mutex<Written>);

impl Default for LocalBook {
    fn default() -> LocalBook {
        LocalBook::new()
    }
}

impl LocalBook {
    /// A book in which nothing was written yet.
    pub fn new() -> LocalBook {
        LocalBook(Mutex::new(Written { version: 0, text: String::new() }))
    }
}

impl PaceBook for LocalBook {
    fn read(&self, _: CompanyId) -> BoxFuture<'_, Result<Written, BookError>> {
        Box::pin(async { Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()) })
    }

    fn swap(&self, _: CompanyId, version: u64, text: String) -> BoxFuture<'_, Result<bool, BookError>> {
        Box::pin(async move {
            let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if written.version != version {
                return Ok(false);
            }
            *written = Written { version: version.wrapping_add(1), text };
            Ok(true)
        })
    }
}
