//! Looking: one item is one read, several are one batch.

use std::collections::{BTreeSet, HashMap};

use agent::{
    claim::Claim,
    ledger::{ClaimKey, Look, Note},
};
use aws_sdk_dynamodb::types::KeysAndAttributes;

use crate::{
    DynamoLedger, Error,
    attributes::{Item, key, number_of, string_of},
    backoff::Backoff,
    error::failed,
    items::{claim_partition, note_partition},
};

/// Items in one batch. AWS docs: at most 100.
const BATCH: usize = 100;

impl DynamoLedger {
    /// One item, as last written.
    pub(crate) async fn item(&self, partition: &str, sort_key: &str) -> Result<Option<Item>, Error> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key(partition, sort_key)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| failed("DynamoDB GetItem", &error))?;
        Ok(answer.item)
    }

    pub(crate) async fn look_at(&self, claims: &[ClaimKey], notes: &[&str]) -> Result<Look, Error> {
        let claims: Vec<String> = claims.iter().map(claim_partition).collect();
        let notes: Vec<String> = notes.iter().map(|name| note_partition(name)).collect();
        // DynamoDB refuses a batch that names an item twice.
        let asked: BTreeSet<(&str, &str)> = claims
            .iter()
            .map(|partition| (partition.as_str(), "claim"))
            .chain(notes.iter().map(|partition| (partition.as_str(), "note")))
            .collect();
        let asked: Vec<(&str, &str)> = asked.into_iter().collect();
        let mut items = HashMap::new();
        match asked.as_slice() {
            [] => {}
            [(partition, sort_key)] => {
                items.extend(
                    self.item(partition, sort_key).await?.map(|item| ((*partition).to_owned(), item)),
                );
            }
            several => {
                for batch in several.chunks(BATCH) {
                    self.batch(batch, &mut items).await?;
                }
            }
        }
        Ok(Look {
            claims: claims
                .iter()
                .map(|partition| items.get(partition).map(claim_of).transpose())
                .collect::<Result<_, _>>()?,
            notes: notes
                .iter()
                .map(|partition| items.get(partition).map(note_of).unwrap_or_default())
                .collect(),
        })
    }

    /// Adds what there is of these keys, by partition. DynamoDB answers with as many as it likes to read at once
    /// (16 MB, or less when the table is busy) and names the others.
    async fn batch(&self, keys: &[(&str, &str)], items: &mut HashMap<String, Item>) -> Result<(), Error> {
        let mut left: Vec<Item> = keys.iter().map(|(partition, sort_key)| key(partition, sort_key)).collect();
        let mut backoff = Backoff::default();
        loop {
            let wanted = KeysAndAttributes::builder()
                .set_keys(Some(left))
                .consistent_read(true)
                .build()
                .map_err(|_| Error::Unwritable { what: "batch of keys" })?;
            let mut answer = self
                .client
                .batch_get_item()
                .request_items(&self.table, wanted)
                .send()
                .await
                .map_err(|error| failed("DynamoDB BatchGetItem", &error))?;
            let read = answer.responses.as_mut().and_then(|tables| tables.remove(&self.table));
            items.extend(read.into_iter().flatten().map(|item| (string_of(item.get("pk")).to_owned(), item)));
            let unread = answer.unprocessed_keys.as_mut().and_then(|tables| tables.remove(&self.table));
            left = unread.map(|unread| unread.keys).unwrap_or_default();
            if left.is_empty() {
                return Ok(());
            }
            if !backoff.wait().await {
                return Err(Error::Unread { left: left.len(), all: keys.len() });
            }
        }
    }
}

fn claim_of(item: &Item) -> Result<Claim, Error> {
    let claim: Claim = serde_json::from_str(string_of(item.get("json")))
        .map_err(|error| Error::unreadable("claim", &error))?;
    // The JSON holds the version its writer had read; the attribute is what counts.
    Ok(Claim { version: number_of(item.get("version")).unwrap_or(claim.version), ..claim })
}

fn note_of(item: &Item) -> Note {
    Note {
        version: number_of(item.get("version")).unwrap_or_default(),
        text: string_of(item.get("text")).to_owned(),
    }
}
