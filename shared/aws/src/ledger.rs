//! The ledger on one DynamoDB table; [`crate::items`] says how things lie in it.
//!
//! Order comes from conditional writes alone. A condition that does not hold is an answer, not an error. What a
//! claim means is not known here.

use std::collections::HashMap;

use agent::{
    claim::Claim,
    ledger::{ClaimKey, Counter, Ledger, LedgerError},
    record::RunRecord,
};
use aws_config::SdkConfig;
use aws_sdk_dynamodb::{
    Client,
    config::{Builder, retry::RetryConfig},
    error::SdkError,
    operation::{put_item::PutItemError, update_item::UpdateItemError},
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use jiff::{SignedDuration, Timestamp};
use ulid::Ulid;

use crate::{
    Error,
    error::failed,
    items::{RUN_LIFE, counter_expiry, day_of, run_json, run_partition, run_sort_key},
};

/// Claims, counters and runs.
#[derive(Clone, Debug)]
pub struct DynamoLedger {
    client: Client,
    table: String,
    clock: fn() -> Timestamp,
}

impl DynamoLedger {
    /// Opens nothing: the first call does. The table has the string keys `pk` and `sk` and, as its time to live,
    /// `expires_at`.
    pub fn new(sdk: &SdkConfig, table: &str, clock: fn() -> Timestamp) -> Self {
        Self { client: Client::new(sdk), table: table.to_owned(), clock }
    }

    /// One item, as last written.
    pub(crate) async fn item(
        &self,
        partition: String,
        sort_key: &str,
    ) -> Result<Option<HashMap<String, AttributeValue>>, Error> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key("pk", text(partition))
            .key("sk", text(sort_key))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| failed("DynamoDB GetItem", &error))?;
        Ok(answer.item)
    }

    /// Stores an item over the version that was read, 0 for none, and over no other. Answers with the new version;
    /// `None`: somebody else wrote meanwhile.
    pub(crate) async fn write_over(
        &self,
        read: u64,
        partition: String,
        sort_key: &str,
        (name, content): (&str, String),
    ) -> Result<Option<u64>, Error> {
        let Some(version) = read.checked_add(1) else {
            return Ok(None);
        };
        let mark = Ulid::generate().to_string();
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .item("pk", text(partition))
            .item("sk", text(sort_key))
            .item("version", number(version))
            .item("mark", text(&mark))
            .item(name, text(content))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let request = if read == 0 {
            request.condition_expression("attribute_not_exists(pk)")
        } else {
            request
                .condition_expression("#version = :read")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":read", number(read))
        };
        match request.send().await {
            Ok(_) => Ok(Some(version)),
            Err(SdkError::ServiceError(refusal)) if refusal.err().is_conditional_check_failed_exception() => {
                // An answer may be lost and the SDK send again: then what stands in the way is our own write.
                let ours = match refusal.err() {
                    PutItemError::ConditionalCheckFailedException(failure) => {
                        failure.item().is_some_and(|item| string_of(item.get("mark")) == mark)
                    }
                    _ => false,
                };
                Ok(ours.then_some(version))
            }
            Err(error) => Err(failed("DynamoDB PutItem", &error)),
        }
    }

    /// Runs of one day, newest first, at most `limit`.
    async fn runs_of(&self, partition: String, limit: usize) -> Result<Vec<RunRecord>, Error> {
        let mut runs = Vec::new();
        let mut from = None;
        while runs.len() < limit {
            let wanted = i32::try_from(limit.saturating_sub(runs.len())).unwrap_or(i32::MAX);
            let page = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("pk = :pk")
                .expression_attribute_values(":pk", text(partition.clone()))
                .consistent_read(true)
                .scan_index_forward(false)
                .limit(wanted)
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|error| failed("DynamoDB Query", &error))?;
            for item in page.items() {
                match run_of(item.get("json")) {
                    Ok(run) => runs.push(run),
                    // A story for people, written by another version of the program: the others stay readable.
                    Err(error) => tracing::warn!(%error, "left out of the list of runs"),
                }
            }
            from = page.last_evaluated_key;
            if from.is_none() {
                break;
            }
        }
        Ok(runs)
    }
}

impl Ledger for DynamoLedger {
    async fn read(&self, key: &ClaimKey) -> Result<Option<Claim>, LedgerError> {
        let Some(item) = self.item(claim_partition(key), "claim").await? else {
            return Ok(None);
        };
        let claim: Claim =
            serde_json::from_str(string_of(item.get("json"))).map_err(|error| unreadable("claim", &error))?;
        // The JSON holds the version its writer had read; the attribute is what counts.
        Ok(Some(Claim { version: number_of(item.get("version")).unwrap_or(claim.version), ..claim }))
    }

    async fn write(&self, key: &ClaimKey, claim: &Claim) -> Result<Option<u64>, LedgerError> {
        let json = serde_json::to_string(claim).map_err(|_| Error::Unwritable { what: "claim" })?;
        Ok(self.write_over(claim.version, claim_partition(key), "claim", ("json", json)).await?)
    }

    /// An answer may be lost after the addition was made. Then what is taken is taken once more, because the SDK
    /// sends again, and what is given back is not: a ceiling is met too early, never passed.
    async fn add(&self, counter: &Counter, delta: i64, ceiling: Option<i64>) -> Result<bool, LedgerError> {
        let mut update = "ADD #sum :delta".to_owned();
        let mut request = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", text(format!("counter#{}", counter.0)))
            .key("sk", text("counter"))
            .expression_attribute_names("#sum", "sum")
            .expression_attribute_values(":delta", number(delta));
        if let Some(expires_at) = counter_expiry(&counter.0) {
            update.push_str(" SET expires_at = :expires_at");
            request = request.expression_attribute_values(":expires_at", number(expires_at));
        }
        if let Some(ceiling) = ceiling {
            let room = i128::from(ceiling) - i128::from(delta);
            // A counter that is not there yet stands at 0.
            let condition =
                if room >= 0 { "attribute_not_exists(#sum) OR #sum <= :room" } else { "#sum <= :room" };
            request =
                request.condition_expression(condition).expression_attribute_values(":room", number(room));
        }
        let mut request = request.update_expression(update).customize();
        if delta < 0 {
            request = request.config_override(Builder::new().retry_config(RetryConfig::disabled()));
        }
        match request.send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(refusal))
                if matches!(refusal.err(), UpdateItemError::ConditionalCheckFailedException(_)) =>
            {
                Ok(false)
            }
            Err(error) => Err(failed("DynamoDB UpdateItem", &error).into()),
        }
    }

    /// A run too large for an item is stored with its evidence cut.
    async fn record(&self, run: &RunRecord) -> Result<(), LedgerError> {
        let expires_at = run.started_at.checked_add(RUN_LIFE).unwrap_or(Timestamp::MAX);
        self.client
            .put_item()
            .table_name(&self.table)
            .item("pk", text(run_partition(day_of(run.started_at))))
            .item("sk", text(run_sort_key(run)))
            .item("expires_at", number(expires_at.as_second()))
            .item("json", text(run_json(run)?))
            .send()
            .await
            .map_err(|error| failed("DynamoDB PutItem", &error))?;
        Ok(())
    }

    async fn runs(&self, limit: u32) -> Result<Vec<RunRecord>, LedgerError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let now = (self.clock)();
        let oldest = now.checked_sub(RUN_LIFE).unwrap_or(Timestamp::MIN);
        // From tomorrow: the clock of another worker may be ahead of ours.
        let mut day = day_of(now.checked_add(SignedDuration::from_hours(24)).unwrap_or(now));
        let mut runs = Vec::new();
        while runs.len() < limit && day >= day_of(oldest) {
            let more = self.runs_of(run_partition(day), limit.saturating_sub(runs.len())).await?;
            runs.extend(more.into_iter().filter(|run| run.started_at >= oldest));
            let Ok(before) = day.yesterday() else { break };
            day = before;
        }
        Ok(runs)
    }
}

fn claim_partition(key: &ClaimKey) -> String {
    format!("claim#{key}")
}

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The text of an attribute; of one that is not there, nothing, which no reader takes for JSON.
pub(crate) fn string_of(value: Option<&AttributeValue>) -> &str {
    value.and_then(|value| value.as_s().ok()).map_or("", String::as_str)
}

pub(crate) fn number_of(value: Option<&AttributeValue>) -> Option<u64> {
    value?.as_n().ok()?.parse().ok()
}

fn run_of(json: Option<&AttributeValue>) -> Result<RunRecord, Error> {
    serde_json::from_str(string_of(json)).map_err(|error| unreadable("run", &error))
}

fn unreadable(what: &'static str, error: &serde_json::Error) -> Error {
    Error::Unreadable { what, category: error.classify(), column: error.column() }
}
