//! What runs remember, and the conditional write that gives them order.
//!
//! A ledger stores; it decides nothing. The claim protocol is pure code in [`crate::claim`] and [`crate::claiming`], the same over SQLite
//! and DynamoDB, so that a backend cannot have its own idea of who may post.

use std::future::Future;

use crate::{claim::Claim, record::RunRecord};
use procore::ProjectId;

/// Names the one claim of a record: at most one run works on it at a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClaimKey {
    /// The workflow's name.
    pub workflow: &'static str,
    /// The project.
    pub project: ProjectId,
    /// The record's id.
    pub record: i64,
}

impl std::fmt::Display for ClaimKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.workflow, self.project, self.record)
    }
}

/// A counter that never passes its ceiling, named by text such as `usd/4071/2026-11-20`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Counter(pub String);

/// The store could not do what was asked. Always worth another try: nothing was decided.
#[derive(Debug, thiserror::Error)]
#[error("the ledger failed: {0}")]
pub struct LedgerError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Durable storage shared by all workers.
pub trait Ledger: Send + Sync {
    /// The claim as stored, or `None` if the record was never claimed. Strongly consistent.
    fn read(&self, key: &ClaimKey) -> impl Future<Output = Result<Option<Claim>, LedgerError>> + Send;

    /// Stores `claim` if and only if the stored version still equals `claim.version` (0 = there is none yet), and
    /// counts the stored version up by one. `Ok(None)`: somebody else wrote meanwhile, nothing was stored.
    /// `Ok(Some(version))`: stored, under that version.
    fn write(
        &self,
        key: &ClaimKey,
        claim: &Claim,
    ) -> impl Future<Output = Result<Option<u64>, LedgerError>> + Send;

    /// Adds `delta` (may be negative) to a counter that starts at 0, unless the sum would pass `ceiling`.
    /// `Ok(false)`: it would have; nothing was added.
    fn add(
        &self,
        counter: &Counter,
        delta: i64,
        ceiling: Option<i64>,
    ) -> impl Future<Output = Result<bool, LedgerError>> + Send;

    /// Stores the story of a run under its id; the same id again replaces it.
    fn record(&self, run: &RunRecord) -> impl Future<Output = Result<(), LedgerError>> + Send;

    /// The latest runs, newest first.
    fn runs(&self, limit: u32) -> impl Future<Output = Result<Vec<RunRecord>, LedgerError>> + Send;
}
