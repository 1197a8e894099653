//! One thread that owns one connection, and the errands callers give it.
//!
//! SQLite waits for the disk; the async runtime must not. Callers wait on a channel instead.

use std::{
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
};

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::{StoreError, commit::Job};

/// Jobs that share one commit, at most: bounds how long the first of them waits for the last.
const BATCH: usize = 256;

/// The way to one connection. Dropping it lets the jobs under way end, then closes the connection.
pub(crate) struct Desk {
    jobs: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Desk {
    /// Starts the thread. `serve` runs what is waiting; `at_end` is the last use of the connection.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn start(
        name: &str,
        connection: Connection,
        file: PathBuf,
        serve: fn(&Connection, &Path, Vec<Box<dyn Job>>),
        at_end: impl FnOnce(&Connection) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (jobs, waiting) = mpsc::channel::<Box<dyn Job>>();
        let path = file.clone();
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                while let Ok(first) = waiting.recv() {
                    let mut batch = vec![first];
                    batch.extend(waiting.try_iter().take(BATCH - 1));
                    serve(&connection, &file, batch);
                }
                at_end(&connection);
            })
            .map_err(|error| StoreError::path(path, error))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Has `work` done. `after` follows its commit even if the caller has gone away meanwhile.
    ///
    /// # Errors
    /// When SQLite fails, when `work` panics, or when the thread has ended.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        after: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let errand = Errand { work: Some(work), done: None, after, reply };
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send(Box::new(errand)).map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.jobs = None; // the thread ends when nobody can ask any more
        if let Some(thread) = self.thread.take() {
            // An `Err` is a panic outside of any job: it has been reported, and there is nothing left to save.
            let _ = thread.join();
        }
    }
}

struct Errand<T, W, A> {
    work: Option<W>,
    done: Option<T>,
    after: A,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, W, A> Job for Errand<T, W, A>
where
    T: Send,
    W: FnOnce(&Connection) -> rusqlite::Result<T> + Send,
    A: FnOnce(&T) + Send,
{
    fn wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    fn work(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        if let Some(work) = self.work.take() {
            self.done = Some(work(connection)?);
        }
        Ok(())
    }

    fn answer(self: Box<Self>, end: Result<(), StoreError>) {
        let Self { done, after, reply, .. } = *self;
        let result = end.and_then(|()| done.ok_or(StoreError::Closed));
        if let Ok(value) = &result {
            after(value);
        }
        let _ = reply.send(result); // an `Err`: nobody there to hear it, the caller was cancelled
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::commit;

    fn desk() -> (Desk, mpsc::Receiver<i64>) {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (a)").unwrap();
        let (rows, at_end) = mpsc::channel();
        let end = move |connection: &Connection| rows.send(count(connection).unwrap()).unwrap();
        (Desk::start("test", connection, PathBuf::new(), commit::write_together, end).unwrap(), at_end)
    }

    fn insert(connection: &Connection) -> rusqlite::Result<usize> {
        connection.execute("INSERT INTO t VALUES (1)", [])
    }

    fn count(connection: &Connection) -> rusqlite::Result<i64> {
        connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0))
    }

    #[tokio::test]
    async fn a_panic_costs_its_own_job_only() {
        let (desk, _) = desk();
        let lost = desk.run(|connection| insert(connection).map(|_| panic!("on purpose")), |_: &()| ()).await;
        assert!(matches!(lost, Err(StoreError::Panicked)));
        assert_eq!(desk.run(count, |_| ()).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn a_caller_that_leaves_takes_back_only_what_has_not_begun() {
        let (desk, _) = desk();
        let (begun, has_begun) = mpsc::channel();
        let (go_on, may_go_on) = mpsc::channel::<()>();
        let (after, committed) = mpsc::channel();
        let mut first = Box::pin(desk.run(
            move |connection| {
                begun.send(()).unwrap();
                may_go_on.recv().unwrap();
                insert(connection)
            },
            move |_| after.send(()).unwrap(),
        ));
        let mut second = Box::pin(desk.run(insert, |_| panic!("it was never begun")));
        assert!(is_waiting(first.as_mut()).await);
        has_begun.recv().unwrap();
        assert!(is_waiting(second.as_mut()).await);
        drop((first, second));
        go_on.send(()).unwrap();
        committed.recv_timeout(Duration::from_secs(10)).expect("what follows the commit is not lost");
        assert_eq!(desk.run(count, |_| ()).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn dropping_it_ends_what_was_asked_and_waits() {
        let (desk, at_end) = desk();
        desk.run(insert, |_| ()).await.unwrap();
        drop(desk);
        assert_eq!(at_end.try_recv(), Ok(1));
    }

    /// True if the future is not ready yet.
    async fn is_waiting(mut future: std::pin::Pin<&mut impl Future>) -> bool {
        std::future::poll_fn(|context| std::task::Poll::Ready(future.as_mut().poll(context).is_pending()))
            .await
    }
}
