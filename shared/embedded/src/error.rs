//! What can go wrong with the file, said so that an operator knows the way out.
//!
//! Never repeats what is stored: SQLite's own messages name tables and columns only, and a stored text that
//! cannot be read is told by its place.

use std::{io, path::PathBuf, sync::Arc};

use agent::{ledger::LedgerError, queue::QueueError};
use rusqlite::ErrorCode;

/// The store could not do what was asked; nothing of it was done.
///
/// Cheap to clone: all callers whose jobs shared one failed commit get the same error.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No room for the write. Nothing was acknowledged.
    #[error("{}: the disk is full; free some space, work goes on by itself", file.display())]
    DiskFull {
        /// The database file.
        file: PathBuf,
        /// SQLite's own words.
        source: Arc<rusqlite::Error>,
    },
    /// Another program kept the file locked for longer than five seconds.
    #[error(
        "{}: another program keeps the file locked; end what has it open for long (a backup, an sqlite3 shell)",
        file.display()
    )]
    Locked {
        /// The database file.
        file: PathBuf,
        /// SQLite's own words.
        source: Arc<rusqlite::Error>,
    },
    /// This user may not read or write the file.
    #[error("{}: no permission; give the directory and everything in it to the user of this process", file.display())]
    Denied {
        /// The database file.
        file: PathBuf,
        /// SQLite's own words.
        source: Arc<rusqlite::Error>,
    },
    /// The file is not a database, or not a whole one.
    #[error("{}: damaged or not a database; restore it from a backup or start with another directory", file.display())]
    Damaged {
        /// The database file.
        file: PathBuf,
        /// SQLite's own words.
        source: Arc<rusqlite::Error>,
    },
    /// A later version of this program has written the file.
    #[error(
        "{}: written by a newer plumbline (schema {found}, this one knows up to {known}); \
         run that version again or start with another directory",
        file.display()
    )]
    Newer {
        /// The database file.
        file: PathBuf,
        /// Schema number in the file.
        found: i64,
        /// Highest schema number this program knows.
        known: i64,
    },
    /// Anything else SQLite reports.
    #[error("{}: {source}", file.display())]
    Database {
        /// The database file.
        file: PathBuf,
        /// SQLite's own words.
        source: Arc<rusqlite::Error>,
    },
    /// A directory or a lock file could not be made, read or locked.
    #[error("{}: {source}; it must be on a local disk and writable for the user of this process", path.display())]
    Path {
        /// The file or directory.
        path: PathBuf,
        /// The system's own words.
        source: Arc<io::Error>,
    },
    /// A stored text is not what this version of the program writes.
    #[error(
        "a row of table {table} cannot be read (column {column} of its JSON): was it written by another version?"
    )]
    Unreadable {
        /// The table.
        table: &'static str,
        /// Where in the text reading stopped.
        column: usize,
    },
    /// A value cannot be written as JSON.
    #[error("a row for table {table} cannot be written as JSON")]
    Unwritable {
        /// The table.
        table: &'static str,
    },
    /// A job panicked and was undone; the store goes on.
    #[error("a job of the store failed unexpectedly and was undone")]
    Panicked,
    /// The thread that owns the file has ended.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// Sorts SQLite's error by what an operator can do about it.
    pub(crate) fn sqlite(file: impl Into<PathBuf>, source: rusqlite::Error) -> Self {
        let file = file.into();
        let code = source.sqlite_error_code();
        let source = Arc::new(source);
        match code {
            Some(ErrorCode::DiskFull) => Self::DiskFull { file, source },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked { file, source },
            Some(ErrorCode::PermissionDenied | ErrorCode::ReadOnly | ErrorCode::CannotOpen) => {
                Self::Denied { file, source }
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged { file, source },
            _ => Self::Database { file, source },
        }
    }

    pub(crate) fn path(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Path { path: path.into(), source: Arc::new(source) }
    }

    /// The JSON error's own words may quote the text, so only its place is kept.
    pub(crate) fn unreadable(table: &'static str, error: &serde_json::Error) -> Self {
        Self::Unreadable { table, column: error.column() }
    }

    /// True if the same call may succeed in a moment.
    pub(crate) fn is_locked(&self) -> bool {
        matches!(self, Self::Locked { .. })
    }
}

impl From<StoreError> for LedgerError {
    fn from(error: StoreError) -> Self {
        Self(Box::new(error))
    }
}

impl From<StoreError> for QueueError {
    fn from(error: StoreError) -> Self {
        Self(Box::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(code: i32) -> rusqlite::Error {
        rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None)
    }

    #[test]
    fn the_message_names_the_file_and_the_way_out() {
        use rusqlite::ffi;
        let table = [
            (ffi::SQLITE_FULL, "free some space"),
            (ffi::SQLITE_BUSY, "end what has it open"),
            (ffi::SQLITE_LOCKED, "end what has it open"),
            (ffi::SQLITE_READONLY, "give the directory"),
            (ffi::SQLITE_CANTOPEN, "give the directory"),
            (ffi::SQLITE_PERM, "give the directory"),
            (ffi::SQLITE_CORRUPT, "restore it from a backup"),
            (ffi::SQLITE_NOTADB, "restore it from a backup"),
            (ffi::SQLITE_IOERR, "disk I/O error"),
        ];
        for (code, way_out) in table {
            let text = StoreError::sqlite("/data/plumbline.db", failure(code)).to_string();
            assert!(text.starts_with("/data/plumbline.db: "), "{text}");
            assert!(text.contains(way_out), "{code}: {text}");
        }
    }

    #[test]
    fn an_unreadable_text_is_not_repeated() {
        let error = serde_json::from_str::<u32>(r#""the curtain wall""#).unwrap_err();
        assert!(error.to_string().contains("curtain"), "else this test shows nothing");
        assert!(!StoreError::unreadable("claims", &error).to_string().contains("curtain"));
    }
}
