//! What the ledger held when the run began to ask: the claims of the record under every workflow that listens, and the
//! circuit breakers of the model endpoints, in one look.

use std::collections::BTreeMap;

use super::Run;
use crate::{
    breaker::{Breaker, note_of},
    claim::Claim,
    error::Error,
    ledger::{ClaimKey, Ledger, Note},
};

/// As last read.
#[derive(Default)]
pub(super) struct Standing {
    claims: BTreeMap<ClaimKey, Option<Claim>>,
    breakers: BTreeMap<String, Note>,
}

impl<L: Ledger> Run<'_, L> {
    /// Reads what of these is not known yet.
    pub(super) async fn look(&mut self, keys: &[ClaimKey]) -> Result<(), Error> {
        let unknown: Vec<ClaimKey> =
            keys.iter().filter(|key| !self.standing.claims.contains_key(*key)).cloned().collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let mut endpoints: Vec<String> = Vec::new();
        if self.standing.breakers.is_empty() {
            endpoints = self.ctx.models.values().map(|model| model.endpoint.clone()).collect();
            endpoints.sort();
            endpoints.dedup();
        }
        let names: Vec<String> = endpoints.iter().map(|endpoint| note_of(endpoint)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let look = self.ctx.ledger.look(&unknown, &names).await?;
        self.standing.claims.extend(unknown.into_iter().zip(look.claims));
        self.standing.breakers.extend(endpoints.into_iter().zip(look.notes));
        Ok(())
    }

    /// The claim as it was when the run began; of one that this run holds, as it is.
    pub(super) async fn stored(&mut self, key: &ClaimKey) -> Result<Option<Claim>, Error> {
        if let Some(held) = self.held.as_ref().filter(|held| held.key == *key && held.stored) {
            return Ok(Some(held.claim.clone()));
        }
        self.look(std::slice::from_ref(key)).await?;
        Ok(self.standing.claims.get(key).cloned().flatten())
    }

    /// True if one of the claims that were looked at has a paid answer to bring to its place.
    pub(super) fn is_any_paid_for(&self) -> bool {
        self.standing.claims.values().flatten().any(Claim::is_paid_for)
    }

    pub(super) fn breaker(&self, endpoint: &str) -> Breaker {
        self.standing.breakers.get(endpoint).map(|note| Breaker::read(&note.text)).unwrap_or_default()
    }

    /// Changes a breaker unless another worker did meanwhile; then that worker's word stands. True if ours does.
    pub(super) async fn tell_breaker(&mut self, endpoint: &str, breaker: Breaker) -> Result<bool, Error> {
        let note = self.standing.breakers.entry(endpoint.to_owned()).or_default();
        let text = if breaker == Breaker::default() { String::new() } else { breaker.text() };
        let ours = self.ctx.ledger.swap(&note_of(endpoint), note.version, &text).await?;
        if ours {
            *note = Note { version: note.version.saturating_add(1), text };
        }
        Ok(ours)
    }

    /// Reads a breaker again.
    pub(super) async fn breaker_now(&mut self, endpoint: &str) -> Result<Breaker, Error> {
        let look = self.ctx.ledger.look(&[], &[&note_of(endpoint)]).await?;
        if let Some(note) = look.notes.into_iter().next() {
            self.standing.breakers.insert(endpoint.to_owned(), note);
        }
        Ok(self.breaker(endpoint))
    }
}
