//! What the pacing of several processes needs from a store: one text, written only over the version that was read.

use futures::future::BoxFuture;
use jiff::Timestamp;

use super::account::Account;
use crate::ids::CompanyId;
use crate::settings::Windows;

/// The store did not do what was asked. The call was not made, and may be made later.
#[derive(Debug, thiserror::Error)]
#[error("the pace book failed: {0}")]
pub struct BookError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// A text as stored, and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Goes up by one with every write; 0 stands for "nothing was ever written".
    pub version: u64,
    /// The text; empty at version 0.
    pub text: String,
}

/// Where all processes of an installation keep the one account of their calls. Means nothing to the store.
pub trait PaceBook: Send + Sync {
    /// The text of a company as last written. Strongly consistent.
    fn read(&self, company: CompanyId) -> BoxFuture<'_, Result<Written, BookError>>;

    /// Stores `text` if and only if the stored version still equals `version`, and counts it up by one.
    /// `Ok(false)`: somebody else wrote meanwhile; nothing was stored.
    fn swap(&self, company: CompanyId, version: u64, text: String) -> BoxFuture<'_, Result<bool, BookError>>;
}

/// Percent of the tighter of both windows that an account of calls says is used, for those who only look at the book;
/// `None` where it knows no limit yet, or is of another version of the program.
pub fn budget_share_percent(text: &str, now: Timestamp, windows: Windows) -> Option<u32> {
    let account: Account = serde_json::from_str(text).ok()?;
    account.share_percent(now.as_millisecond(), windows.into())
}
