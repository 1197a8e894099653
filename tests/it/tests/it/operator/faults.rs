//! A backend that fails in a chosen call, and remembers which were made.

use std::{sync::Mutex, time::Duration};

use agent::{
    Envelope, RunRecord,
    ledger::{Change, Changed, ClaimKey, Counter, Ledger, LedgerError, Look},
    queue::{DeadLetter, DeadLetters, Kept, Queue, QueueError},
};
use jiff::Timestamp;
use plumbline::Backend;
use procore::ProjectId;

/// Hands on to a backend; the named call fails.
pub(crate) struct Faulty<'b> {
    pub(crate) backend: &'b Backend,
    pub(crate) fails: &'static str,
    pub(crate) calls: Mutex<Vec<&'static str>>,
}

impl<'b> Faulty<'b> {
    pub(crate) fn new(backend: &'b Backend, fails: &'static str) -> Self {
        Self { backend, fails, calls: Mutex::default() }
    }

    fn call(&self, name: &'static str) -> Result<(), QueueError> {
        self.calls.lock().unwrap().push(name);
        if name == self.fails { Err(QueueError("it died here".into())) } else { Ok(()) }
    }
}

impl Queue for Faulty<'_> {
    async fn send_after(&self, envelopes: &[Envelope], delay: Duration) -> Result<(), QueueError> {
        self.call("send")?;
        self.backend.send_after(envelopes, delay).await
    }

    async fn bury(&self, letter: &DeadLetter) -> Result<(), QueueError> {
        self.call("bury")?;
        self.backend.bury(letter).await
    }
}

impl DeadLetters for Faulty<'_> {
    async fn letters(&self, limit: usize) -> Result<Vec<Kept>, QueueError> {
        self.call("letters")?;
        self.backend.letters(limit).await
    }

    async fn discard(&self, kept: &Kept) -> Result<(), QueueError> {
        self.call("discard")?;
        self.backend.discard(kept).await
    }

    async fn put_back(&self, kept: &Kept) -> Result<(), QueueError> {
        self.call("put_back")?;
        self.backend.put_back(kept).await
    }
}

impl Ledger for Faulty<'_> {
    async fn look(&self, claims: &[ClaimKey], notes: &[&str]) -> Result<Look, LedgerError> {
        self.backend.look(claims, notes).await
    }

    async fn change(&self, change: Change<'_>) -> Result<Changed, LedgerError> {
        self.backend.change(change).await
    }

    async fn swap(&self, note: &str, version: u64, text: &str) -> Result<bool, LedgerError> {
        self.backend.swap(note, version, text).await
    }

    async fn add(&self, counter: &Counter, delta: i64) -> Result<i64, LedgerError> {
        self.backend.add(counter, delta).await
    }

    async fn abandoned(
        &self,
        project: ProjectId,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<ClaimKey>, LedgerError> {
        self.backend.abandoned(project, before, limit).await
    }

    async fn runs(&self, limit: u32) -> Result<Vec<RunRecord>, LedgerError> {
        self.backend.runs(limit).await
    }

    async fn runs_since(&self, since: Timestamp, limit: u32) -> Result<Vec<RunRecord>, LedgerError> {
        self.backend.runs_since(since, limit).await
    }

    async fn sums(&self, counters: &[Counter]) -> Result<Vec<i64>, LedgerError> {
        self.backend.sums(counters).await
    }

    async fn runs_named(&self, id: &str) -> Result<Vec<RunRecord>, LedgerError> {
        self.backend.runs_named(id).await
    }
}
