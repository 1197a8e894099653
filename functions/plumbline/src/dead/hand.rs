//! Dead letters in hand: on SQS nobody else sees them meanwhile.

use std::collections::BTreeSet;

use agent::queue::DeadLetters;
use anyhow::Context;

use super::letter::Letter;

/// Letters looked at by one command. A hand full takes some 20 s on SQS, and the receipts last for minutes.
const MOST: usize = 10_000;

/// All dead letters there are, oldest first.
pub(super) struct Hand<'b, B> {
    backend: &'b B,
    letters: Vec<Letter>,
}

impl<'b, B> Hand<'b, B> {
    /// Oldest first.
    pub(super) fn letters(&self) -> impl Iterator<Item = &Letter> {
        self.letters.iter()
    }

    /// The letter of this id.
    pub(super) fn letter(&self, id: &str) -> Option<&Letter> {
        self.letters.iter().find(|letter| letter.kept.id == id)
    }

    /// Its backend.
    pub(super) fn backend(&self) -> &'b B {
        self.backend
    }
}

impl<'b, B: DeadLetters> Hand<'b, B> {
    /// Takes all.
    ///
    /// # Errors
    /// When the backend fails.
    pub(super) async fn take(backend: &'b B) -> anyhow::Result<Self> {
        let kept = backend.letters(MOST).await.context("the dead letters cannot be read")?;
        if kept.len() >= MOST {
            tracing::warn!(looked_at = MOST, "there are more dead letters than one command looks at");
        }
        let mut seen = BTreeSet::new();
        // SQS may show one twice; the receipt of the last time is the one that counts.
        let once = kept.into_iter().rev().filter(|kept| seen.insert(kept.id.clone()));
        let mut letters: Vec<Letter> = once.map(Letter::read).collect();
        letters.sort_by(|one, other| {
            let key = |letter: &Letter| (letter.kept.letter.at, letter.number());
            key(one).cmp(&key(other)).then_with(|| one.kept.id.cmp(&other.kept.id))
        });
        Ok(Self { backend, letters })
    }

    /// Removes one for good.
    ///
    /// # Errors
    /// When the backend fails; it is in hand still.
    pub(super) async fn discard(&mut self, id: &str) -> anyhow::Result<()> {
        if let Some(place) = self.letters.iter().position(|letter| letter.kept.id == id) {
            if let Some(letter) = self.letters.get(place) {
                self.backend
                    .discard(&letter.kept)
                    .await
                    .with_context(|| format!("dead letter {id} could not be removed"))?;
            }
            self.letters.remove(place);
        }
        Ok(())
    }

    /// Lets others see what is left.
    pub(super) async fn put_back(self) {
        for letter in &self.letters {
            if let Err(error) = self.backend.put_back(&letter.kept).await {
                tracing::warn!(%error, letter = letter.kept.id, "not put back; it comes back by itself");
            }
        }
    }
}
