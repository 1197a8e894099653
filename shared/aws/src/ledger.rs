//! The ledger on one DynamoDB table; [`crate::items`] says how things lie in it.
//!
//! Order comes from conditional writes alone. A condition that does not hold is an answer, not an error. What a
//! claim means is not known here.

use agent::{
    ledger::{Change, Changed, ClaimKey, Counter, Ledger, LedgerError, Look},
    record::RunRecord,
};
use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use jiff::Timestamp;
use procore::ProjectId;

use crate::{
    Error,
    attributes::Item,
    backoff::{is_conflict, while_refused},
    error::failed,
    items::note_partition,
    purse::Addition,
};

/// Claims, counters, notes and runs.
#[derive(Clone, Debug)]
pub struct DynamoLedger {
    pub(crate) client: Client,
    pub(crate) table: String,
    pub(crate) clock: fn() -> Timestamp,
}

impl DynamoLedger {
    /// Opens nothing: the first call does. The table is as `table.json` beside this crate describes it.
    pub fn new(sdk: &SdkConfig, table: &str, clock: fn() -> Timestamp) -> Self {
        Self { client: Client::new(sdk), table: table.to_owned(), clock }
    }

    /// Stores an item, whatever stood there.
    pub(crate) async fn put(&self, item: Item) -> Result<(), Error> {
        let request = self.client.put_item().table_name(&self.table).set_item(Some(item));
        let put = while_refused(is_conflict, || request.clone().send());
        put.await.map(|_| ()).map_err(|error| failed("DynamoDB PutItem", &error))
    }
}

impl Ledger for DynamoLedger {
    async fn look(&self, claims: &[ClaimKey], notes: &[&str]) -> Result<Look, LedgerError> {
        Ok(self.look_at(claims, notes).await?)
    }

    /// A run too large for an item is stored with its evidence cut.
    async fn change(&self, change: Change<'_>) -> Result<Changed, LedgerError> {
        Ok(self.make(change).await?)
    }

    async fn swap(&self, note: &str, version: u64, text: &str) -> Result<bool, LedgerError> {
        Ok(self.put_text_over(version, &note_partition(note), "note", text).await?)
    }

    async fn add(&self, counter: &Counter, delta: i64) -> Result<i64, LedgerError> {
        let sum = self.add_up(&Addition::new(counter, delta, None)).await?;
        // Without a ceiling nothing is refused.
        Ok(sum.unwrap_or_default())
    }

    async fn abandoned(
        &self,
        project: ProjectId,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<ClaimKey>, LedgerError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(self.abandoned_of(project, before, limit).await?)
    }

    async fn runs(&self, limit: u32) -> Result<Vec<RunRecord>, LedgerError> {
        Ok(self.latest_runs(usize::try_from(limit).unwrap_or(usize::MAX)).await?)
    }

    async fn runs_since(&self, since: Timestamp, limit: u32) -> Result<Vec<RunRecord>, LedgerError> {
        Ok(self.later_runs(since, usize::try_from(limit).unwrap_or(usize::MAX)).await?)
    }

    async fn sums(&self, counters: &[Counter]) -> Result<Vec<i64>, LedgerError> {
        let mut sums = Vec::new();
        for counter in counters {
            sums.push(self.sum(counter).await?);
        }
        Ok(sums)
    }

    async fn runs_named(&self, id: &str) -> Result<Vec<RunRecord>, LedgerError> {
        Ok(self.runs_of(id).await?)
    }
}
