//! The pace book in the ledger's table: one text a company. What it says is not known here.

use futures::future::BoxFuture;
use procore::{BookError, CompanyId, PaceBook, Written};

use crate::{
    DynamoLedger, Error,
    attributes::{number_of, string_of},
};

const SORT_KEY: &str = "pace";

impl PaceBook for DynamoLedger {
    fn read(&self, company: CompanyId) -> BoxFuture<'_, Result<Written, BookError>> {
        Box::pin(async move {
            let Some(item) = self.item(&partition(company), SORT_KEY).await.map_err(book)? else {
                return Ok(Written { version: 0, text: String::new() });
            };
            let text = string_of(item.get("text")).to_owned();
            Ok(Written { version: number_of(item.get("version")).unwrap_or_default(), text })
        })
    }

    fn swap(&self, company: CompanyId, version: u64, text: String) -> BoxFuture<'_, Result<bool, BookError>> {
        Box::pin(async move {
            self.put_text_over(version, &partition(company), SORT_KEY, &text).await.map_err(book)
        })
    }
}

fn partition(company: CompanyId) -> String {
    format!("pace#{company}")
}

fn book(error: Error) -> BookError {
    BookError(Box::new(error))
}
