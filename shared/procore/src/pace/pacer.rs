//! Asks the shared account before every call and corrects it after every answer.
//!
//! The account itself decides; here is only the book it is kept in, and the waiting. A process that dies with a
//! call granted costs one call of the window, never one too many.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Mutex;

use super::account::{Account, Lengths, Purpose, Told, Verdict};
use super::book::{BookError, PaceBook};
use crate::clock::VendorClock;
use crate::error::Error;
use crate::ids::CompanyId;
use crate::settings::Windows;

/// Tries to write the book while other processes write too.
const TRIES: u32 = 100;
/// How soon to look again while the first answers of all are under way.
const UNKNOWN_PAUSE: Duration = Duration::from_millis(50);

pub(crate) struct Pacer {
    book: Arc<dyn PaceBook>,
    company: CompanyId,
    lengths: Lengths,
    clock: VendorClock,
    /// Tasks of one process take turns at the book, so that only processes race.
    turn: Mutex<()>,
    /// And queue in the order they came, so that one of them waits for room and the others for it. What posts does
    /// not wait behind what reads.
    reading: Mutex<()>,
    posting: Mutex<()>,
}

/// Leave for one call.
#[derive(Debug)]
pub(crate) struct Permit {
    granted_ms: i64,
}

impl Pacer {
    pub(crate) fn new(
        book: Arc<dyn PaceBook>,
        company: CompanyId,
        windows: Windows,
        clock: VendorClock,
    ) -> Pacer {
        Pacer {
            book,
            company,
            lengths: windows.into(),
            clock,
            turn: Mutex::default(),
            reading: Mutex::default(),
            posting: Mutex::default(),
        }
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
            let verdict =
                self.change(|account| account.grant(purpose, self.clock.span(), self.lengths)).await?;
            let wait = match verdict {
                Verdict::Now { granted_ms } => return Ok(Permit { granted_ms }),
                Verdict::NotBefore(at_ms) => self.until(at_ms),
                Verdict::Unknown => UNKNOWN_PAUSE,
            };
            if wait > self.left_until(latest) {
                return Err(Error::NoPermit { after: wait });
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// Tells how the call ended: what its answer told, or nothing if there was none. The call is over, so a book
    /// that cannot be written now is no failure of it.
    pub(crate) async fn note(&self, permit: Permit, answer: Option<Told>) {
        let noted = self.change(|account| {
            account.note(permit.granted_ms, self.clock.span(), answer, self.lengths);
        });
        if let Err(error) = noted.await {
            tracing::warn!(%error, "the pace book was not corrected");
        }
    }

    /// Changes the account over whatever the other processes write meanwhile.
    async fn change<T>(&self, decide: impl Fn(&mut Account) -> T) -> Result<T, Error> {
        let _turn = self.turn.lock().await;
        for attempt in 0..TRIES {
            let (before, version) = self.read().await?;
            let mut account = before.clone();
            let decided = decide(&mut account);
            if account == before {
                return Ok(decided);
            }
            let text = serde_json::to_string(&account).map_err(|error| BookError(Box::new(error)))?;
            if self.book.swap(self.company, version, text).await? {
                return Ok(decided);
            }
            // Whoever was faster is done with it: a moment's step aside, longer the more there are.
            tokio::time::sleep(Duration::from_millis(u64::from(attempt.min(20)))).await;
        }
        Err(BookError("other processes write it all the time".into()).into())
    }

    /// An account that another version of the program wrote is begun anew: it is forgotten in an hour anyway.
    async fn read(&self) -> Result<(Account, u64), Error> {
        let written = self.book.read(self.company).await?;
        Ok((serde_json::from_str(&written.text).unwrap_or_default(), written.version))
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
