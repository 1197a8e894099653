//! Group commit: many jobs, one transaction, one wait for the disk.
//!
//! Each job runs in a savepoint of its own, so one that fails is undone alone. Nobody is answered before the
//! commit: what was answered is on the disk.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use rusqlite::Connection;

use crate::StoreError;

/// Something to do with the database for somebody who waits.
pub(crate) trait Job: Send {
    /// False once nobody waits any more: a job not begun is then dropped.
    fn wanted(&self) -> bool;
    /// Does it and keeps the result until the commit.
    fn work(&mut self, connection: &Connection) -> rusqlite::Result<()>;
    /// Tells the result, or why there is none.
    fn answer(self: Box<Self>, end: Result<(), StoreError>);
}

/// Runs jobs in one transaction. Answers every one of them, whatever happens.
pub(crate) fn write_together(connection: &Connection, file: &Path, mut jobs: Vec<Box<dyn Job>>) {
    jobs.retain(|job| job.wanted());
    if jobs.is_empty() {
        return;
    }
    if let Err(error) = begin(connection) {
        return refuse(jobs, &StoreError::sqlite(file, error));
    }
    let mut done = Vec::with_capacity(jobs.len());
    let mut jobs = jobs.into_iter();
    while let Some(mut job) = jobs.next() {
        match in_savepoint(connection, file, job.as_mut()) {
            Ok(()) => done.push(job),
            // On a full disk or an I/O error SQLite may give up the whole transaction, earlier jobs included.
            Err(error) if connection.is_autocommit() => {
                job.answer(Err(error.clone()));
                return refuse(done.into_iter().chain(jobs), &error);
            }
            Err(error) => job.answer(Err(error)),
        }
    }
    let end = connection.execute_batch("COMMIT").map_err(|error| StoreError::sqlite(file, error));
    abandon(connection);
    for job in done {
        job.answer(end.clone());
    }
}

/// Runs jobs that only read, each on its own view of the last commit.
pub(crate) fn read_each(connection: &Connection, file: &Path, jobs: Vec<Box<dyn Job>>) {
    for mut job in jobs {
        if job.wanted() {
            let end = guarded(connection, file, job.as_mut());
            job.answer(end);
        }
    }
}

fn begin(connection: &Connection) -> rusqlite::Result<()> {
    abandon(connection);
    connection.execute_batch("BEGIN IMMEDIATE")
}

/// Undoes a transaction that could not be committed: it would keep every other process from writing.
fn abandon(connection: &Connection) {
    if !connection.is_autocommit() {
        let _ = connection.execute_batch("ROLLBACK"); // tried again before the next `BEGIN`
    }
}

fn refuse(jobs: impl IntoIterator<Item = Box<dyn Job>>, error: &StoreError) {
    for job in jobs {
        job.answer(Err(error.clone()));
    }
}

fn in_savepoint(connection: &Connection, file: &Path, job: &mut dyn Job) -> Result<(), StoreError> {
    let sqlite = |error| StoreError::sqlite(file, error);
    connection.execute_batch("SAVEPOINT job").map_err(sqlite)?;
    let end =
        guarded(connection, file, job).and_then(|()| connection.execute_batch("RELEASE job").map_err(sqlite));
    if end.is_err()
        && !connection.is_autocommit()
        && connection.execute_batch("ROLLBACK TO job; RELEASE job").is_err()
    {
        abandon(connection); // it cannot be undone alone; without a transaction the caller refuses them all
    }
    end
}

fn guarded(connection: &Connection, file: &Path, job: &mut dyn Job) -> Result<(), StoreError> {
    // The job is not used again after a panic, and what it did to the database is undone.
    match catch_unwind(AssertUnwindSafe(|| job.work(connection))) {
        Ok(end) => end.map_err(|error| StoreError::sqlite(file, error)),
        Err(_) => Err(StoreError::Panicked),
    }
}

#[cfg(test)]
mod tests {
    use std::{path::PathBuf, sync::mpsc};

    use super::*;

    type End = (i64, Result<bool, StoreError>);

    /// Inserts `size` bytes under `id`, then perhaps fails. Tells, once answered, whether another connection
    /// sees the row.
    struct Insert {
        id: i64,
        size: usize,
        fail: Fail,
        file: PathBuf,
        ends: mpsc::Sender<End>,
    }

    #[derive(Clone, Copy, PartialEq)]
    enum Fail {
        No,
        Sql,
        Panic,
        Unwanted,
    }

    impl Job for Insert {
        fn wanted(&self) -> bool {
            self.fail != Fail::Unwanted
        }

        fn work(&mut self, connection: &Connection) -> rusqlite::Result<()> {
            connection.execute("INSERT INTO t VALUES (?1, zeroblob(?2))", (self.id, self.size as i64))?;
            match self.fail {
                Fail::Sql => connection.execute_batch("INSERT INTO nowhere VALUES (1)"),
                Fail::Panic => panic!("on purpose"),
                Fail::No | Fail::Unwanted => Ok(()),
            }
        }

        fn answer(self: Box<Self>, end: Result<(), StoreError>) {
            let there = end.map(|()| is_there(&self.file, self.id));
            self.ends.send((self.id, there)).unwrap();
        }
    }

    fn is_there(file: &Path, id: i64) -> bool {
        let other = Connection::open(file).unwrap();
        other.query_row("SELECT count(*) FROM t WHERE id = ?1", [id], |row| row.get::<_, i64>(0)).unwrap()
            == 1
    }

    fn database() -> (tempfile::TempDir, PathBuf, Connection) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("t.db");
        let connection = Connection::open(&file).unwrap();
        connection.pragma_update(None, "journal_mode", "wal").unwrap();
        connection.execute_batch("CREATE TABLE t (id INTEGER PRIMARY KEY, blob BLOB)").unwrap();
        (dir, file, connection)
    }

    fn run(connection: &Connection, file: &Path, jobs: &[(i64, usize, Fail)]) -> Vec<End> {
        let (ends, answers) = mpsc::channel();
        let jobs = jobs.iter().map(|&(id, size, fail)| {
            Box::new(Insert { id, size, fail, file: file.to_owned(), ends: ends.clone() }) as Box<dyn Job>
        });
        write_together(connection, file, jobs.collect());
        drop(ends);
        let mut answers: Vec<End> = answers.iter().collect();
        answers.sort_by_key(|(id, _)| *id);
        answers
    }

    #[test]
    fn a_job_that_fails_or_panics_is_undone_alone_and_the_others_are_answered_after_the_commit() {
        let (_dir, file, connection) = database();
        let jobs = [
            (1, 1, Fail::No),
            (2, 1, Fail::Sql),
            (3, 1, Fail::Panic),
            (4, 1, Fail::Unwanted),
            (5, 1, Fail::No),
        ];
        let ends = run(&connection, &file, &jobs);
        assert!(
            matches!(
                &ends[..],
                [
                    (1, Ok(true)),
                    (2, Err(StoreError::Database { .. })),
                    (3, Err(StoreError::Panicked)),
                    (5, Ok(true))
                ]
            ),
            "{ends:?}"
        );
        for undone in [2, 3, 4] {
            assert!(!is_there(&file, undone), "{undone}");
        }
        assert!(matches!(&run(&connection, &file, &[(6, 1, Fail::No)])[..], [(6, Ok(true))]));
    }

    #[test]
    fn on_a_full_disk_nobody_is_told_yes_for_what_is_not_there() {
        let (_dir, file, connection) = database();
        connection.pragma_update_and_check(None, "max_page_count", 20, |_| Ok(())).unwrap();
        let jobs = [(1, 1, Fail::No), (2, 200_000, Fail::No), (3, 1, Fail::No)];
        let ends = run(&connection, &file, &jobs);
        assert_eq!(ends.len(), 3, "everybody is answered");
        assert!(matches!(&ends[1].1, Err(StoreError::DiskFull { .. })), "{ends:?}");
        for (id, end) in ends {
            assert_eq!(end.unwrap_or(false), is_there(&file, id), "{id}");
        }
        assert!(
            matches!(&run(&connection, &file, &[(4, 1, Fail::No)])[..], [(4, Ok(true))]),
            "and work goes on"
        );
    }

    #[test]
    fn while_another_process_writes_all_are_refused_and_later_served() {
        let (_dir, file, connection) = database();
        connection.busy_timeout(std::time::Duration::ZERO).unwrap();
        let other = Connection::open(&file).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let ends = run(&connection, &file, &[(1, 1, Fail::No), (2, 1, Fail::No)]);
        assert!(ends.iter().all(|(_, end)| matches!(end, Err(StoreError::Locked { .. }))), "{ends:?}");
        other.execute_batch("ROLLBACK").unwrap();
        assert!(matches!(&run(&connection, &file, &[(1, 1, Fail::No)])[..], [(1, Ok(true))]));
    }
}
