//! The open store: who owns the connections, and how callers reach them.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use rusqlite::Connection;
use tokio::sync::Notify;

use crate::{
    StoreError, commit,
    desk::Desk,
    reclaim, retention, schema,
    worker::{self, Worker},
};

/// The database, in the directory.
const FILE: &str = "plumbline.db";

/// How long to wait while another process writes.
const BUSY_WAIT: Duration = Duration::from_secs(3);

/// How often to look meanwhile. SQLite's own steps grow to 100 ms, too long for a webhook that waits behind them.
const BUSY_STEP: Duration = Duration::from_millis(1);

/// The write-ahead log is cut back to this size, in bytes, whenever a burst has made it longer.
const WAL_BYTES: i64 = 16 << 20;

/// The ledger and the queue of one directory. Clones share everything.
///
/// When the last clone is dropped, whatever this process still had in hand is given back: its messages are
/// visible and its leases ended. That drop waits until what is under way is on the disk.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    // Dropped in this order: the writer closes the file.
    reader: Desk,
    writer: Desk,
    mail: Arc<Notify>,
    clock: fn() -> Timestamp,
    dir: PathBuf,
    holder: String,
}

impl Store {
    /// Opens the store of a directory and registers this process as one of its workers; creates both if need be.
    /// Gives back what dead workers held and removes what is too old. `clock` tells the time where none is
    /// passed in: of sending, of counting and of closing.
    ///
    /// Blocks for as long as the disk takes; not for use inside a request.
    ///
    /// # Errors
    /// Each names the file and the way out.
    pub fn open(dir: &Path, clock: fn() -> Timestamp) -> Result<Self, StoreError> {
        make_private_directory(dir)?;
        let file = dir.join(FILE);
        make_private_file(&file)?;
        let sqlite = |error| StoreError::sqlite(&file, error);
        let connection = connect(&file)?;
        let reading = open_connection(&file).map_err(sqlite)?;
        reading.pragma_update(None, "query_only", true).map_err(sqlite)?;

        let worker = Worker::register(dir)?;
        let dead = worker::dead(dir)?;
        let reclaimed = reclaim::release_all(&connection, &dead, clock()).map_err(sqlite)?;
        dead.iter().for_each(worker::Dead::forget);
        drop(dead);
        retention::purge_all(&connection, clock()).map_err(sqlite)?;
        tracing::info!(
            file = %file.display(),
            worker = worker.id(),
            messages = reclaimed.messages,
            claims = reclaimed.claims,
            "store open; reclaimed what dead workers held"
        );

        let holder = worker.id().to_owned();
        let at_end = move |connection: &Connection| match reclaim::release(connection, worker.id(), clock()) {
            Ok(_) => worker.leave(),
            // The file stays, so the next process does it.
            Err(error) => tracing::warn!(%error, "could not give back what this process held"),
        };
        let reader = Desk::start("store-reader", reading, file.clone(), commit::read_each, |_| ())?;
        let writer = Desk::start("store-writer", connection, file, commit::write_together, at_end)?;
        let mail = Arc::new(Notify::new());
        Ok(Self { shared: Arc::new(Shared { reader, writer, mail, clock, dir: dir.to_owned(), holder }) })
    }

    /// True if a store was opened in this directory before.
    pub fn is_in(dir: &Path) -> bool {
        dir.join(FILE).is_file()
    }

    /// This process as the store knows it: the holder of its messages, and of its leases if `Lease::holder` is
    /// set to it. Leases of any other holder are not ended when this process dies.
    pub fn holder(&self) -> &str {
        &self.shared.holder
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.shared.dir
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.shared.clock)()
    }

    /// Told whenever a message may have become visible earlier than the idle know.
    pub(crate) fn mail(&self) -> &Arc<Notify> {
        &self.shared.mail
    }

    /// Durable once it answers. `after` follows the commit, whether or not the caller still waits.
    pub(crate) async fn on_writer<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        after: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, StoreError> {
        self.shared.writer.run(work, after).await
    }

    /// Sees every commit that was acknowledged before, of any process. One statement is one view.
    pub(crate) async fn on_reader<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.shared.reader.run(work, |_| ()).await
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("dir", &self.shared.dir).field("holder", &self.shared.holder).finish()
    }
}

/// Opens the writing connection of a current database. Where several processes make the file at once, SQLite
/// reports some steps as locked without waiting; hence the second tries.
fn connect(file: &Path) -> Result<Connection, StoreError> {
    let started = Instant::now();
    loop {
        match try_connect(file) {
            Err(error) if error.is_locked() && started.elapsed() < BUSY_WAIT => thread::sleep(BUSY_STEP),
            end => return end,
        }
    }
}

fn try_connect(file: &Path) -> Result<Connection, StoreError> {
    let sqlite = |error| StoreError::sqlite(file, error);
    let mut connection = open_connection(file).map_err(sqlite)?;
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0)).map_err(sqlite)?;
    if mode != "wal" {
        return Err(StoreError::path(file, io::Error::other("write-ahead logging does not work here")));
    }
    schema::migrate(&mut connection, file)?;
    Ok(connection)
}

fn open_connection(file: &Path) -> rusqlite::Result<Connection> {
    let mut connection = Connection::open(file)?;
    connection.busy_handler(Some(busy_handler()))?;
    // Waits for the disk at each commit: an acknowledged webhook survives a power failure, not only a kill.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Runs hold record text: what is deleted must not linger in the file.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update_and_check(None, "journal_size_limit", WAL_BYTES, |_| Ok(()))?;
    Ok(connection)
}

fn busy_handler() -> impl FnMut(i32) -> bool + Send {
    let mut since = Instant::now();
    move |attempt| {
        if attempt == 0 {
            since = Instant::now();
        }
        thread::sleep(BUSY_STEP);
        since.elapsed() < BUSY_WAIT
    }
}

/// Nobody else may read it: it holds record text.
fn make_private_directory(dir: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(|error| StoreError::path(dir, error))
}

/// Made before SQLite does, which would let others read it; its log and index files take the same rights.
fn make_private_file(file: &Path) -> Result<(), StoreError> {
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(|_| ()).map_err(|error| StoreError::path(file, error))
}
