//! The pace book: one text a company. What it says is not known here.

use futures::future::BoxFuture;
use procore::{BookError, CompanyId, PaceBook, Written};
use rusqlite::OptionalExtension;

use crate::Store;

impl PaceBook for Store {
    fn read(&self, company: CompanyId) -> BoxFuture<'_, Result<Written, BookError>> {
        Box::pin(async move {
            let stored = self
                .on_reader(move |connection| {
                    connection
                        .prepare_cached("SELECT version, text FROM pace WHERE company = ?1")?
                        .query_row([company.get()], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))
                        .optional()
                })
                .await
                .map_err(|error| BookError(Box::new(error)))?;
            let (version, text) = stored.unwrap_or_default();
            Ok(Written { version: version.unsigned_abs(), text })
        })
    }

    fn swap(&self, company: CompanyId, version: u64, text: String) -> BoxFuture<'_, Result<bool, BookError>> {
        Box::pin(async move {
            // A version beyond 2^63 was never stored here.
            let Ok(version) = i64::try_from(version) else { return Ok(false) };
            self.on_writer(
                move |connection| {
                    let stored = if version == 0 {
                        connection
                            .prepare_cached(
                                "INSERT INTO pace (company, version, text) VALUES (?1, 1, ?2)
                                 ON CONFLICT (company) DO NOTHING",
                            )?
                            .execute((company.get(), text))?
                    } else {
                        connection
                            .prepare_cached(
                                "UPDATE pace SET version = version + 1, text = ?2
                                 WHERE company = ?1 AND version = ?3",
                            )?
                            .execute((company.get(), text, version))?
                    };
                    Ok(stored == 1)
                },
                |_| (),
            )
            .await
            .map_err(|error| BookError(Box::new(error)))
        })
    }
}
