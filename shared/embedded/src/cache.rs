//! What was read before and is kept for a while: bytes by key. What they say is not known here.
//!
//! Never returns what has outlived its time, purged or not, and never names a key in a log.

use std::time::Duration;

use documents::Cache;
use futures::future::BoxFuture;
use rusqlite::OptionalExtension;

use crate::{Store, StoreError, instant};

impl Cache for Store {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<Vec<u8>>> {
        let (key, now_us) = (key.to_owned(), instant::micros(self.now()));
        Box::pin(async move {
            self.on_reader(move |connection| {
                connection
                    .prepare_cached("SELECT bytes FROM kept WHERE key = ?1 AND until_us > ?2")?
                    .query_row((key, now_us), |row| row.get(0))
                    .optional()
            })
            .await
            .unwrap_or_else(|error| {
                told("read", &error);
                None
            })
        })
    }

    fn put<'a>(&'a self, key: &'a str, bytes: Vec<u8>, life: Duration) -> BoxFuture<'a, ()> {
        let (key, until_us) = (key.to_owned(), instant::micros_after(self.now(), life));
        Box::pin(async move {
            let stored = self
                .on_writer(
                    move |connection| {
                        connection
                            .prepare_cached(
                                "INSERT INTO kept (key, until_us, bytes) VALUES (?1, ?2, ?3)
                                 ON CONFLICT (key) DO UPDATE
                                 SET until_us = excluded.until_us, bytes = excluded.bytes",
                            )?
                            .execute((key, until_us, bytes))
                    },
                    |_| (),
                )
                .await;
            if let Err(error) = stored {
                told("stored", &error);
            }
        })
    }

    fn remove<'a>(&'a self, key: &'a str) -> BoxFuture<'a, bool> {
        let key = key.to_owned();
        Box::pin(async move {
            let removed = self
                .on_writer(
                    move |connection| {
                        connection.prepare_cached("DELETE FROM kept WHERE key = ?1")?.execute([key])
                    },
                    |_| (),
                )
                .await;
            removed.map_err(|error| told("removed", &error)).is_ok()
        })
    }

    fn keys<'a>(&'a self, prefix: &'a str, most: usize) -> BoxFuture<'a, Vec<String>> {
        let (prefix, now_us) = (prefix.to_owned(), instant::micros(self.now()));
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        Box::pin(async move {
            self.on_reader(move |connection| {
                connection
                    .prepare_cached(
                        "SELECT key FROM kept
                         WHERE key >= ?1 AND substr(key, 1, length(?1)) = ?1 AND until_us > ?2
                         ORDER BY key LIMIT ?3",
                    )?
                    .query_map((prefix, now_us, most), |row| row.get(0))?
                    .collect()
            })
            .await
            .unwrap_or_else(|error| {
                told("listed", &error);
                Vec::new()
            })
        })
    }
}

/// A cache never fails its caller, so this is the only place where an operator hears of it.
fn told(what: &'static str, error: &StoreError) {
    tracing::warn!(%error, "what is kept for later was not {what}");
}
