//! Leave for every call, and what became of it, while other tasks and processes want theirs.
//!
//! The account itself decides ([`super::view`] says on which state of it); here is only the waiting. A process that dies
//! with calls granted costs those calls of the windows, never one too many.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Mutex;

use super::account::{Lengths, Purpose, Told, Wait};
use super::block::{Block, Permit};
use super::book::PaceBook;
use super::view::{Change, View};
use crate::clock::VendorClock;
use crate::error::Error;
use crate::ids::CompanyId;
use crate::settings::Windows;

/// How soon to look again while the first answers of all are under way.
const UNKNOWN_PAUSE: Duration = Duration::from_millis(50);

pub(crate) struct Pacer {
    lengths: Lengths,
    clock: VendorClock,
    /// Tasks of one process take turns at the book, so that only processes race.
    desk: Mutex<Desk>,
    /// And queue in the order they came, so that one of them waits for room and the others for it. What posts does
    /// not wait behind what reads.
    reading: Mutex<()>,
    posting: Mutex<()>,
}

/// What the process knows of the account, and what the account does not know yet of the process.
struct Desk {
    view: View,
    block: Block,
}

impl Pacer {
    pub(crate) fn new(
        book: Arc<dyn PaceBook>,
        company: CompanyId,
        windows: Windows,
        clock: VendorClock,
    ) -> Pacer {
        let lengths = Lengths::from(windows);
        let desk = Desk { view: View::new(book, company, lengths), block: Block::default() };
        Pacer { lengths, clock, desk: Mutex::new(desk), reading: Mutex::default(), posting: Mutex::default() }
    }

    /// Waits for leave to make one call, at most until `latest`.
    ///
    /// # Errors
    /// [`Error::NoPermit`] with the exact wait where it is longer, and [`Error::Book`].
    pub(crate) async fn permit(&self, purpose: Purpose, latest: Timestamp) -> Result<Permit, Error> {
        let queue = match purpose {
            Purpose::Read => &self.reading,
            Purpose::Post => &self.posting,
        };
        // Whoever runs out of time in the queue still asks once, for the exact wait.
        let _first = tokio::time::timeout(self.left_until(latest), queue.lock()).await.ok();
        loop {
            let wait = match self.ask(purpose).await? {
                Ok(permit) => return Ok(permit),
                Err(Wait::NotBefore(at_ms)) => self.until(at_ms),
                Err(Wait::Unknown) => UNKNOWN_PAUSE,
            };
            if wait > self.left_until(latest) {
                return Err(Error::NoPermit { after: wait });
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// One call out of those granted ahead, else of the account.
    async fn ask(&self, purpose: Purpose) -> Result<Result<Permit, Wait>, Error> {
        let mut desk = self.desk.lock().await;
        let Desk { view, block } = &mut *desk;
        if let Some(permit) = block.take(self.clock.span(), self.lengths) {
            return Ok(Ok(permit));
        }
        let change = view.change(block, |account| {
            let now = self.clock.span();
            match account.grant(purpose, now, self.lengths) {
                Ok(granted_ms) => {
                    let ahead = account.grant_ahead(granted_ms, now, self.lengths);
                    Change::Write(Ok((granted_ms, ahead)))
                }
                Err(wait) => Change::Leave(Err(wait)),
            }
        });
        Ok(change.await?.map(|(granted_ms, ahead)| block.begin(granted_ms, ahead)))
    }

    /// Takes how the call ended: what its answer told, or nothing if there was none. The call is over, so a book that
    /// cannot be written now is no failure of it.
    pub(crate) async fn note(&self, permit: Permit, answer: Option<Told>) {
        let at = self.clock.span();
        let mut desk = self.desk.lock().await;
        let Desk { view, block } = &mut *desk;
        if block.end(permit, at, answer, |limit| view.knows(limit)) {
            self.settle(&mut desk).await;
        }
    }

    /// Tells the account what it does not know yet, and gives it back the calls granted ahead that were not made.
    pub(crate) async fn hand_back(&self) {
        self.settle(&mut *self.desk.lock().await).await;
    }

    /// How much of the tighter window is used, as far as this process knows.
    pub(crate) async fn share_percent(&self) -> Option<u32> {
        self.desk.lock().await.view.share_percent(self.now_ms())
    }

    async fn settle(&self, Desk { view, block }: &mut Desk) {
        if !block.is_empty()
            && let Err(error) = view.change(block, |_| Change::Leave(())).await
        {
            tracing::warn!(%error, "the pace book was not corrected");
        }
    }

    fn left_until(&self, latest: Timestamp) -> Duration {
        Duration::try_from(latest.duration_since(self.clock.now())).unwrap_or_default()
    }

    fn now_ms(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    fn until(&self, at_ms: i64) -> Duration {
        let wait_ms = at_ms.saturating_sub(self.now_ms());
        Duration::from_millis(u64::try_from(wait_ms).unwrap_or(0))
    }
}
