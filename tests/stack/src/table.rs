//! The ledger's table, made from its one definition.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, Projection,
};
use serde_json::Value;

use crate::Emulator;

/// What deploys the table uses, too.
const DEFINITION: &str = include_str!("../../../shared/aws/table.json");

impl Emulator {
    /// Makes the ledger's table. Without its time to live: the emulators remove by the real clock, and no reader may
    /// rely on that.
    pub async fn table(&self, name: &str) {
        let definition: Value = serde_json::from_str(DEFINITION).unwrap();
        let attributes = list(&definition["AttributeDefinitions"]).map(|attribute| {
            AttributeDefinition::builder()
                .attribute_name(word(&attribute["AttributeName"]))
                .attribute_type(word(&attribute["AttributeType"]).into())
                .build()
                .unwrap()
        });
        let indexes = list(&definition["GlobalSecondaryIndexes"]).map(|index| {
            let projection = word(&index["Projection"]["ProjectionType"]);
            GlobalSecondaryIndex::builder()
                .index_name(word(&index["IndexName"]))
                .set_key_schema(Some(key_schema(index)))
                .projection(Projection::builder().projection_type(projection.into()).build())
                .build()
                .unwrap()
        });
        aws_sdk_dynamodb::Client::new(&self.sdk().await)
            .create_table()
            .table_name(name)
            .billing_mode(BillingMode::from(word(&definition["BillingMode"])))
            .set_attribute_definitions(Some(attributes.collect()))
            .set_key_schema(Some(key_schema(&definition)))
            .set_global_secondary_indexes(Some(indexes.collect()))
            .send()
            .await
            .unwrap();
    }
}

fn key_schema(of: &Value) -> Vec<KeySchemaElement> {
    let element = |key: &Value| {
        KeySchemaElement::builder()
            .attribute_name(word(&key["AttributeName"]))
            .key_type(word(&key["KeyType"]).into())
            .build()
            .unwrap()
    };
    list(&of["KeySchema"]).map(element).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().expect("a list in table.json").iter()
}

fn word(value: &Value) -> &str {
    value.as_str().expect("a word in table.json")
}
