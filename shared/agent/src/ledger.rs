//! What runs remember, and the conditional change that gives them order.
//!
//! A ledger stores; it decides nothing. The claim protocol is pure code in [`crate::claim`] and [`crate::claiming`], the same over SQLite
//! and DynamoDB, so that a backend cannot have its own idea of who may post. Each method is one request to the store: what a draft
//! costs there is counted in them.

use std::future::Future;

use jiff::Timestamp;
use procore::ProjectId;

use crate::{claim::Claim, record::RunRecord, workflows::WorkflowId};

/// Names the one claim of a record: at most one run works on it at a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClaimKey {
    /// The workflow's name.
    pub workflow: &'static str,
    /// The project.
    pub project: ProjectId,
    /// The record's id.
    pub record: i64,
}

impl ClaimKey {
    /// Reads what its `Display` writes; `None` if it is no key, or of a workflow this program does not know.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '/');
        let workflow = parts.next()?;
        let workflow = WorkflowId::all().iter().find(|known| known.name() == workflow)?.name();
        Some(Self { workflow, project: parts.next()?.parse().ok()?, record: parts.next()?.parse().ok()? })
    }
}

impl std::fmt::Display for ClaimKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.workflow, self.project, self.record)
    }
}

/// A sum that starts at 0, named by text such as `usd/4071/2026-11-20`. One whose name ends with a date is forgotten a
/// week after it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Counter(pub String);

/// A text kept under a name and written only over the version that was read: a cursor, the state of a breaker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Goes up by one with every write; 0 stands for "nothing was ever written".
    pub version: u64,
    /// The text; empty at version 0.
    pub text: String,
}

/// What a ledger holds of the things asked for, each in the order of asking.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// The claims; `None` where the record was never claimed.
    pub claims: Vec<Option<Claim>>,
    /// The notes; version 0 where nothing was ever written.
    pub notes: Vec<Note>,
}

/// Money on its way into or out of a purse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The purse.
    pub purse: Counter,
    /// Millionths of a dollar; negative when given back.
    pub micro_usd: i64,
    /// The sum the purse must not pass; `None` where it may.
    pub ceiling: Option<i64>,
}

/// What is stored together: all of it or nothing.
#[derive(Clone, Debug, Default)]
pub struct Change<'a> {
    /// Stored if and only if the stored version still equals `claim.version` (0 = there is none yet); the stored version
    /// is then counted up by one.
    pub claim: Option<(&'a ClaimKey, &'a Claim)>,
    /// Made unless the sum would pass its ceiling.
    pub payment: Option<Payment>,
    /// The story of a run, under its id; the same id again replaces it.
    pub run: Option<&'a RunRecord>,
}

/// What became of a [`Change`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is stored; the claim, if there was one in it, under this version.
    Stored {
        /// The claim's new version; 0 if the change held none.
        version: u64,
    },
    /// Somebody else wrote the claim meanwhile. Nothing was stored.
    Overtaken,
    /// The purse does not carry the payment. Nothing was stored.
    OverCeiling,
}

/// The store could not do what was asked. Always worth another try: nothing was decided.
#[derive(Debug, thiserror::Error)]
#[error("the ledger failed: {0}")]
pub struct LedgerError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Durable storage shared by all workers.
pub trait Ledger: Send + Sync {
    /// These claims and notes as stored. Strongly consistent.
    fn look(
        &self,
        claims: &[ClaimKey],
        notes: &[&str],
    ) -> impl Future<Output = Result<Look, LedgerError>> + Send;

    /// Makes a change, or says why not.
    fn change(&self, change: Change<'_>) -> impl Future<Output = Result<Changed, LedgerError>> + Send;

    /// Stores a note if and only if the stored version still equals `version`. `Ok(false)`: somebody else wrote
    /// meanwhile, nothing was stored.
    fn swap(
        &self,
        note: &str,
        version: u64,
        text: &str,
    ) -> impl Future<Output = Result<bool, LedgerError>> + Send;

    /// Adds to a counter and answers with the new sum.
    fn add(&self, counter: &Counter, delta: i64) -> impl Future<Output = Result<i64, LedgerError>> + Send;

    /// Claims of a project whose lease ended before that moment and was not given back: their workers are gone. At most
    /// `limit`, those that ended first before others. May miss one that was written within the last seconds.
    fn abandoned(
        &self,
        project: ProjectId,
        before: Timestamp,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<ClaimKey>, LedgerError>> + Send;

    /// The latest runs, newest first.
    fn runs(&self, limit: u32) -> impl Future<Output = Result<Vec<RunRecord>, LedgerError>> + Send;

    /// Runs that began at this moment or later, newest first and at most `limit`, each without its texts: see
    /// [`RunRecord::without_texts`].
    fn runs_since(
        &self,
        since: Timestamp,
        limit: u32,
    ) -> impl Future<Output = Result<Vec<RunRecord>, LedgerError>> + Send;

    /// What counters stand at, in the order of asking. Adds nothing.
    fn sums(&self, counters: &[Counter]) -> impl Future<Output = Result<Vec<i64>, LedgerError>> + Send;

    /// Runs with this id, or of the event with this id, newest first.
    fn runs_named(&self, id: &str) -> impl Future<Output = Result<Vec<RunRecord>, LedgerError>> + Send;
}
