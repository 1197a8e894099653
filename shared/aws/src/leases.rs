//! Leases that ended and were not given back, found by the index of the claims that have one.

use agent::ledger::ClaimKey;
use jiff::Timestamp;
use procore::ProjectId;

use crate::{
    DynamoLedger, Error,
    attributes::{number, string_of, text},
    error::failed,
    items::{LEASE_PROJECT, LEASE_UNTIL, LEASES, claim_key},
};

impl DynamoLedger {
    /// The index follows the table within a moment: it may miss a claim, and may name one that was given back since.
    pub(crate) async fn abandoned_of(
        &self,
        project: ProjectId,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<ClaimKey>, Error> {
        let mut items = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(LEASES)
            .key_condition_expression("#project = :project AND #until < :before")
            .expression_attribute_names("#project", LEASE_PROJECT)
            .expression_attribute_names("#until", LEASE_UNTIL)
            .expression_attribute_values(":project", text(project.to_string()))
            .expression_attribute_values(":before", number(before.as_millisecond()))
            // AWS docs: a limit is at least 1.
            .limit(i32::try_from(limit.max(1)).unwrap_or(i32::MAX))
            .into_paginator()
            .items()
            .send();
        let mut keys = Vec::new();
        while keys.len() < limit
            && let Some(item) = items.next().await
        {
            let item = item.map_err(|error| failed("DynamoDB Query", &error))?;
            keys.extend(claim_key(string_of(item.get("pk"))));
        }
        Ok(keys)
    }
}
