//! Which processes use the directory, and which of them are dead.
//!
//! A worker is a file `DIR/workers/<ulid>.lock` that its process holds locked. The system ends the lock with the
//! process, however it ends, so a file that somebody else can lock is a dead worker's. No clock is asked.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use ulid::Ulid;

use crate::StoreError;

/// Ends of file names: a worker, and one that is just registering.
const LOCK: &str = "lock";
const NEW: &str = "new";

/// Tries to register. Each lost try is a race with another process that is clearing up, so one is enough.
const TRIES: u32 = 20;

/// This process, as others see it.
pub(crate) struct Worker {
    id: String,
    path: PathBuf,
    /// Held as long as we live.
    _lock: File,
}

impl Worker {
    /// Registers this process.
    ///
    /// # Errors
    /// When the directory cannot be written or its file system knows no locks.
    pub(crate) fn register(dir: &Path) -> Result<Self, StoreError> {
        let workers = workers(dir);
        fs::create_dir_all(&workers).map_err(|error| StoreError::path(&workers, error))?;
        for _ in 0..TRIES {
            let id = Ulid::generate().to_string();
            // Under its final name the file must never be seen unlocked: it would be taken for a dead worker's.
            let new = workers.join(&id).with_extension(NEW);
            let lock = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&new)
                .map_err(|error| StoreError::path(&new, error))?;
            match lock.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => return Err(StoreError::path(new, error)),
            }
            let path = new.with_extension(LOCK);
            match fs::rename(&new, &path) {
                Ok(()) => {
                    return Ok(Self { id, path, _lock: lock });
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(StoreError::path(path, error)),
            }
        }
        Err(StoreError::path(workers, io::Error::other("another process keeps removing new files")))
    }

    /// Its id: a ULID.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Takes the file away. Only after everything held was given back: without the file nobody looks for it.
    pub(crate) fn leave(self) {
        let _ = fs::remove_file(&self.path); // one that stays is swept by the next process
    }
}

/// A worker that is no more. While this value lives no other process clears up after it.
pub(crate) struct Dead {
    id: String,
    path: PathBuf,
    _lock: File,
}

impl Dead {
    /// The id it had.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Removes its file. Only after the commit that gave back what it held.
    pub(crate) fn forget(&self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// The dead workers of the directory.
///
/// # Errors
/// When the directory cannot be listed. A single file that cannot be opened is passed over, with a warning.
pub(crate) fn dead(dir: &Path) -> Result<Vec<Dead>, StoreError> {
    let workers = workers(dir);
    let failed = |error| StoreError::path(&workers, error);
    let mut dead = Vec::new();
    for entry in fs::read_dir(&workers).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let registering = match path.extension().and_then(|end| end.to_str()) {
            Some(LOCK) => false,
            Some(NEW) => true,
            _ => continue,
        };
        let Some(id) = path.file_stem().and_then(|id| id.to_str()).map(str::to_owned) else {
            continue;
        };
        match lock_of_the_dead(&path) {
            Ok(Some(lock)) => {
                let worker = Dead { id, path, _lock: lock };
                if registering {
                    worker.forget(); // it never held anything
                } else {
                    dead.push(worker);
                }
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(file = %path.display(), %error, "cannot tell whether this worker lives")
            }
        }
    }
    Ok(dead)
}

/// `None`: it lives, or another process is clearing up after it.
fn lock_of_the_dead(path: &Path) -> io::Result<Option<File>> {
    let file = match OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn workers(dir: &Path) -> PathBuf {
    dir.join("workers")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(dir: &Path) -> Vec<String> {
        dead(dir).unwrap().iter().map(|dead| dead.id().to_owned()).collect()
    }

    #[test]
    fn a_worker_lives_as_long_as_its_lock() {
        let dir = tempfile::tempdir().unwrap();
        let first = Worker::register(dir.path()).unwrap();
        let second = Worker::register(dir.path()).unwrap();
        assert_ne!(first.id(), second.id());
        assert_eq!(ids(dir.path()), Vec::<String>::new());
        let id = first.id().to_owned();
        drop(first); // as the system does when the process is killed
        assert_eq!(ids(dir.path()), std::slice::from_ref(&id));
        assert_eq!(ids(dir.path()), [id], "not forgotten, so still found");
        second.leave();
        let found = dead(dir.path()).unwrap();
        assert_eq!(found.len(), 1);
        found.iter().for_each(Dead::forget);
        assert_eq!(ids(dir.path()), Vec::<String>::new());
    }

    #[test]
    fn only_one_process_clears_up_after_a_dead_worker() {
        let dir = tempfile::tempdir().unwrap();
        drop(Worker::register(dir.path()).unwrap());
        let held = dead(dir.path()).unwrap();
        assert_eq!(held.len(), 1);
        assert_eq!(ids(dir.path()), Vec::<String>::new());
    }

    #[test]
    fn a_registration_that_was_interrupted_is_swept_and_one_under_way_is_not() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(workers(dir.path())).unwrap();
        let abandoned = workers(dir.path()).join("A.new");
        let under_way = workers(dir.path()).join("B.new");
        drop(File::create(&abandoned).unwrap());
        let lock = File::create(&under_way).unwrap();
        lock.try_lock().unwrap();
        assert_eq!(ids(dir.path()), Vec::<String>::new());
        assert!(!abandoned.exists());
        assert!(under_way.exists());
    }
}
