//! Items that are written only over the version their writer has read.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::put_item::{PutItemError, builders::PutItemFluentBuilder},
    types::{Put, ReturnValuesOnConditionCheckFailure, builders::PutBuilder},
};
use ulid::Ulid;

use crate::{
    DynamoLedger, Error,
    attributes::{Item, key, number, string_of, text},
    backoff::{is_conflict, while_refused},
    error::failed,
};

/// An item on its way over the version that was read, and over no other.
pub(crate) struct Versioned {
    item: Item,
    read: u64,
    /// The version it will have.
    pub(crate) version: u64,
    /// Tells this write from every other, also of the same content.
    mark: String,
}

impl Versioned {
    /// `content` over version `read`, 0 for none; `None` if no version can follow.
    pub(crate) fn over(read: u64, partition: &str, sort_key: &str, content: Item) -> Option<Self> {
        let version = read.checked_add(1)?;
        let mark = Ulid::generate().to_string();
        let mut item = key(partition, sort_key);
        item.extend(content);
        item.insert("version".to_owned(), number(version));
        item.insert("mark".to_owned(), text(&mark));
        Some(Self { item, read, version, mark })
    }

    /// True if what stands in the way is this very write: its answer was lost, and the SDK sent it again.
    pub(crate) fn is(&self, standing: Option<&Item>) -> bool {
        standing.is_some_and(|item| string_of(item.get("mark")) == self.mark)
    }

    fn condition(&self) -> (&'static str, Option<HashMap<String, String>>, Option<Item>) {
        if self.read == 0 {
            return ("attribute_not_exists(pk)", None, None);
        }
        (
            "#version = :read",
            Some(HashMap::from([("#version".to_owned(), "version".to_owned())])),
            Some(Item::from([(":read".to_owned(), number(self.read))])),
        )
    }

    /// As part of a transaction; the table is still to be named.
    pub(crate) fn part(&self) -> PutBuilder {
        let (condition, names, values) = self.condition();
        Put::builder()
            .set_item(Some(self.item.clone()))
            .condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }

    fn request(&self, put: PutItemFluentBuilder) -> PutItemFluentBuilder {
        let (condition, names, values) = self.condition();
        put.set_item(Some(self.item.clone()))
            .condition_expression(condition)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }
}

impl DynamoLedger {
    /// Stores an item over the version that was read. Answers with the new version; `None`: somebody else wrote
    /// meanwhile.
    pub(crate) async fn put_over(&self, item: &Versioned) -> Result<Option<u64>, Error> {
        let request = item.request(self.client.put_item().table_name(&self.table));
        match while_refused(is_conflict, || request.clone().send()).await {
            Ok(_) => Ok(Some(item.version)),
            Err(SdkError::ServiceError(refusal)) if refusal.err().is_conditional_check_failed_exception() => {
                let standing = match refusal.err() {
                    PutItemError::ConditionalCheckFailedException(failure) => failure.item(),
                    _ => None,
                };
                Ok(item.is(standing).then_some(item.version))
            }
            Err(error) => Err(failed("DynamoDB PutItem", &error)),
        }
    }

    /// Stores one text over the version that was read; false: somebody else wrote meanwhile.
    pub(crate) async fn put_text_over(
        &self,
        read: u64,
        partition: &str,
        sort_key: &str,
        content: &str,
    ) -> Result<bool, Error> {
        let content = Item::from([("text".to_owned(), text(content))]);
        match Versioned::over(read, partition, sort_key, content) {
            Some(item) => Ok(self.put_over(&item).await?.is_some()),
            None => Ok(false),
        }
    }
}
