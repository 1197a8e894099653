//! Sums: what is added to a counter, alone or as a part of a transaction.

use std::collections::HashMap;

use agent::ledger::{Counter, Payment};
use aws_sdk_dynamodb::{
    config::{Builder, retry::RetryConfig},
    error::SdkError,
    types::{ReturnValue, Update, builders::UpdateBuilder},
};

use crate::{
    DynamoLedger, Error,
    attributes::{Item, key, number, sum_of},
    backoff::{is_conflict, is_throttle, while_refused},
    error::failed,
    items::{counter_expiry, counter_partition},
};

/// Something to add to a counter.
pub(crate) struct Addition {
    key: Item,
    delta: i64,
    update: &'static str,
    condition: Option<&'static str>,
    names: HashMap<String, String>,
    values: Item,
}

impl Addition {
    pub(crate) fn payment(payment: &Payment) -> Self {
        Self::new(&payment.purse, payment.micro_usd, payment.ceiling)
    }

    pub(crate) fn new(counter: &Counter, delta: i64, ceiling: Option<i64>) -> Self {
        let mut values = Item::from([(":delta".to_owned(), number(delta))]);
        let expires_at = counter_expiry(&counter.0);
        if let Some(expires_at) = expires_at {
            values.insert(":expires_at".to_owned(), number(expires_at));
        }
        let condition = ceiling.map(|ceiling| {
            let room = i128::from(ceiling) - i128::from(delta);
            values.insert(":room".to_owned(), number(room));
            // A counter that is not there yet stands at 0.
            if room >= 0 { "attribute_not_exists(#sum) OR #sum <= :room" } else { "#sum <= :room" }
        });
        Self {
            key: key(&counter_partition(counter), "counter"),
            delta,
            update: match expires_at {
                Some(_) => "ADD #sum :delta SET expires_at = :expires_at",
                None => "ADD #sum :delta",
            },
            condition,
            names: HashMap::from([("#sum".to_owned(), "sum".to_owned())]),
            values,
        }
    }

    /// As part of a transaction; the table is still to be named.
    pub(crate) fn part(&self) -> UpdateBuilder {
        Update::builder()
            .set_key(Some(self.key.clone()))
            .update_expression(self.update)
            .set_condition_expression(self.condition.map(str::to_owned))
            .set_expression_attribute_names(Some(self.names.clone()))
            .set_expression_attribute_values(Some(self.values.clone()))
    }
}

impl DynamoLedger {
    /// What a counter stands at.
    pub(crate) async fn sum(&self, counter: &Counter) -> Result<i64, Error> {
        let item = self.item(&counter_partition(counter), "counter").await?;
        Ok(item.and_then(|item| sum_of(item.get("sum"))).unwrap_or(0))
    }

    /// Answers with the new sum; `None`: it would pass the ceiling, nothing was added.
    ///
    /// An answer may be lost after the addition was made. Then what is taken is taken once more, because the SDK
    /// sends again, and what is given back is not: a ceiling is met too early, never passed.
    pub(crate) async fn add_up(&self, addition: &Addition) -> Result<Option<i64>, Error> {
        let request = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(addition.key.clone()))
            .update_expression(addition.update)
            .set_condition_expression(addition.condition.map(str::to_owned))
            .set_expression_attribute_names(Some(addition.names.clone()))
            .set_expression_attribute_values(Some(addition.values.clone()))
            // Not only what is new: whether a sum that stayed as it was is that, nobody promises. The item is small.
            .return_values(ReturnValue::AllNew);
        let once = addition.delta < 0;
        // Without the SDK's retries nobody else repeats what was throttled.
        let refused = |code: &str| is_conflict(code) || (once && is_throttle(code));
        let sent = while_refused(refused, || {
            let mut request = request.clone().customize();
            if once {
                request = request.config_override(Builder::new().retry_config(RetryConfig::disabled()));
            }
            request.send()
        });
        match sent.await {
            Ok(answer) => {
                let sum = answer.attributes().and_then(|item| sum_of(item.get("sum")));
                sum.map(Some).ok_or(Error::NoAnswer {
                    operation: "DynamoDB UpdateItem",
                    what: "the answer holds no sum",
                })
            }
            Err(SdkError::ServiceError(refusal)) if refusal.err().is_conditional_check_failed_exception() => {
                Ok(None)
            }
            Err(error) => Err(failed("DynamoDB UpdateItem", &error)),
        }
    }
}
