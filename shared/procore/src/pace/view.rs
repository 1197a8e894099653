//! The account as one process sees it: what it saw last, and the book behind that.
//!
//! As long as nobody else writes, a change is tried on what was seen last, without reading. The book stores nothing
//! over another version than the one it holds, so no call is ever granted on a view that is out of date, however old
//! it is. What stores nothing, a wait, is believed only of what was read just now.

use std::mem;
use std::sync::Arc;
use std::time::Duration;

use super::account::{Account, Lengths};
use super::block::Block;
use super::book::{BookError, PaceBook};
use crate::error::Error;
use crate::ids::CompanyId;

/// Tries to write the book while other processes write too.
const TRIES: u32 = 100;

pub(super) struct View {
    book: Arc<dyn PaceBook>,
    company: CompanyId,
    lengths: Lengths,
    seen: Option<Seen>,
    /// Nobody else wrote between our last two looks at the book, so what was seen is worth a try.
    alone: bool,
}

#[derive(Clone)]
struct Seen {
    account: Account,
    version: u64,
}

/// What was decided about an account.
pub(super) enum Change<T> {
    /// It says something else now, which holds once the book has it.
    Write(T),
    /// It says what it said.
    Leave(T),
}

impl View {
    pub(super) fn new(book: Arc<dyn PaceBook>, company: CompanyId, lengths: Lengths) -> View {
        View { book, company, lengths, seen: None, alone: false }
    }

    /// Whether one of the limits was this one when the account was seen last.
    pub(super) fn knows(&self, limit: u32) -> bool {
        self.seen.as_ref().is_some_and(|seen| seen.account.knows(limit))
    }

    /// How much of the tighter window is used, as the account was seen last.
    pub(super) fn share_percent(&self, now_ms: i64) -> Option<u32> {
        self.seen.as_ref()?.account.share_percent(now_ms, self.lengths)
    }

    /// Tells the account what the block holds and changes it, over whatever other processes write meanwhile.
    ///
    /// The block is empty afterwards. So it is when the book failed while it was written: whether it holds the block is
    /// not known then, and what is told twice could lift what others have on their way. Untold, it counts for longer.
    ///
    /// # Errors
    /// [`Error::Book`].
    pub(super) async fn change<T>(
        &mut self,
        block: &mut Block,
        decide: impl Fn(&mut Account) -> Change<T>,
    ) -> Result<T, Error> {
        for attempt in 0..TRIES {
            let guess = attempt == 0 && self.alone;
            let Seen { mut account, version } = match &self.seen {
                Some(seen) if guess => seen.clone(),
                _ => self.read().await?,
            };
            block.settle(&mut account, self.lengths);
            let decided = match decide(&mut account) {
                Change::Leave(_) if guess && block.is_empty() => continue,
                Change::Leave(decided) if block.is_empty() => return Ok(decided),
                Change::Leave(decided) | Change::Write(decided) => decided,
            };
            let text = serde_json::to_string(&account).map_err(|error| BookError(Box::new(error)))?;
            // Not ours until the book has answered: the caller may go away while it is asked.
            let (told, alone) = (mem::take(block), mem::take(&mut self.alone));
            if self.book.swap(self.company, version, text).await? {
                self.seen = Some(Seen { account, version: version.saturating_add(1) });
                self.alone = alone;
                return Ok(decided);
            }
            *block = told;
            // Whoever was faster is done with it: a moment's step aside, longer the more there are.
            tokio::time::sleep(Duration::from_millis(u64::from(attempt.min(20)))).await;
        }
        Err(BookError("other processes write it all the time".into()).into())
    }

    /// An account that another version of the program wrote is begun anew: it is forgotten in an hour anyway.
    async fn read(&mut self) -> Result<Seen, Error> {
        let written = self.book.read(self.company).await?;
        self.alone = self.seen.as_ref().is_none_or(|seen| seen.version == written.version);
        let account = serde_json::from_str(&written.text).unwrap_or_default();
        Ok(self.seen.insert(Seen { account, version: written.version }).clone())
    }
}
