//! Attributes of DynamoDB items: written, and read without trust.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

/// An item of the table, or a part of one.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The key of an item.
pub(crate) fn key(partition: &str, sort_key: &str) -> Item {
    Item::from([("pk".to_owned(), text(partition)), ("sk".to_owned(), text(sort_key))])
}

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// The text of an attribute; of one that is not there, nothing, which no reader takes for JSON.
pub(crate) fn string_of(value: Option<&AttributeValue>) -> &str {
    value.and_then(|value| value.as_s().ok()).map_or("", String::as_str)
}

pub(crate) fn number_of(value: Option<&AttributeValue>) -> Option<u64> {
    value?.as_n().ok()?.parse().ok()
}

/// A whole number of any sign. DynamoDB's have up to 38 digits: what is too large is the largest.
pub(crate) fn sum_of(value: Option<&AttributeValue>) -> Option<i64> {
    let sum: i128 = value?.as_n().ok()?.parse().ok()?;
    Some(i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX }))
}
