//! Changes: one part is one plain write, several are one transaction.

use agent::{
    claim::Claim,
    ledger::{Change, Changed, ClaimKey},
};
use aws_sdk_dynamodb::{
    error::{BuildError, SdkError},
    operation::transact_write_items::TransactWriteItemsError,
    types::{CancellationReason, Put, TransactWriteItem},
};
use ulid::Ulid;

use crate::{
    DynamoLedger, Error,
    attributes::{Item, number, text},
    backoff::{Backoff, is_conflict, is_throttle},
    error::{failed, refused},
    items::{LEASE_PROJECT, LEASE_UNTIL, claim_partition, run_item},
    purse::Addition,
    versioned::Versioned,
};

const OPERATION: &str = "DynamoDB TransactWriteItems";

/// The parts of a change, in the order in which they stand in a transaction.
struct Parts {
    claim: Option<Versioned>,
    payment: Option<Addition>,
    run: Option<Item>,
}

/// What a cancelled transaction means.
#[derive(Debug, PartialEq, Eq)]
enum Verdict<'a> {
    /// It says what became of the change.
    Changed(Changed),
    /// Others were in the way, nothing was decided.
    Again(&'a str),
    /// It cannot be made.
    Failed(&'a str),
}

impl DynamoLedger {
    pub(crate) async fn make(&self, change: Change<'_>) -> Result<Changed, Error> {
        let claim = match change.claim {
            Some((key, claim)) => match claim_item(key, claim)? {
                Some(item) => Some(item),
                // No version follows the largest, and nobody ever stored that one.
                None => return Ok(Changed::Overtaken),
            },
            None => None,
        };
        let payment = change.payment.as_ref().map(Addition::payment);
        let run = change.run.map(run_item).transpose()?;
        match (claim, payment, run) {
            (None, None, None) => Ok(Changed::Stored { version: 0 }),
            (Some(claim), None, None) => {
                let stored = self.put_over(&claim).await?;
                Ok(stored.map_or(Changed::Overtaken, |version| Changed::Stored { version }))
            }
            (None, Some(payment), None) => {
                let sum = self.add_up(&payment).await?;
                Ok(sum.map_or(Changed::OverCeiling, |_| Changed::Stored { version: 0 }))
            }
            (None, None, Some(run)) => {
                self.put(run).await?;
                Ok(Changed::Stored { version: 0 })
            }
            (claim, payment, run) => self.transact(&Parts { claim, payment, run }).await,
        }
    }

    /// All parts or none.
    ///
    /// The token names this change. DynamoDB remembers the tokens of transactions it has made for ten minutes: one whose
    /// answer was lost is answered again, not made again. Those it has cancelled it does not remember.
    async fn transact(&self, parts: &Parts) -> Result<Changed, Error> {
        let items = parts.items(&self.table).map_err(|_| Error::Unwritable { what: "change" })?;
        let token = Ulid::generate().to_string();
        let mut backoff = Backoff::default();
        loop {
            let request = self
                .client
                .transact_write_items()
                .set_transact_items(Some(items.clone()))
                .client_request_token(&token);
            let error = match request.send().await {
                Ok(_) => return Ok(parts.stored()),
                Err(error) => error,
            };
            let SdkError::ServiceError(refusal) = &error else { return Err(failed(OPERATION, &error)) };
            let TransactWriteItemsError::TransactionCanceledException(cancelled) = refusal.err() else {
                return Err(failed(OPERATION, &error));
            };
            let reasons = cancelled.cancellation_reasons();
            match parts.verdict(reasons) {
                Verdict::Changed(changed) => return Ok(changed),
                Verdict::Again(_) if backoff.wait().await => {}
                Verdict::Again(code) | Verdict::Failed(code) => {
                    return Err(refused(OPERATION, code, refusal.raw()));
                }
            }
        }
    }
}

impl Parts {
    fn items(&self, table: &str) -> Result<Vec<TransactWriteItem>, BuildError> {
        let mut items = Vec::new();
        if let Some(claim) = &self.claim {
            let put = claim.part().table_name(table).build()?;
            items.push(TransactWriteItem::builder().put(put).build());
        }
        if let Some(payment) = &self.payment {
            let update = payment.part().table_name(table).build()?;
            items.push(TransactWriteItem::builder().update(update).build());
        }
        if let Some(run) = &self.run {
            let put = Put::builder().table_name(table).set_item(Some(run.clone())).build()?;
            items.push(TransactWriteItem::builder().put(put).build());
        }
        Ok(items)
    }

    fn stored(&self) -> Changed {
        Changed::Stored { version: self.claim.as_ref().map_or(0, |claim| claim.version) }
    }

    /// Reasons come in the order of the parts, so a claim that was overtaken, or may have been, is told before a
    /// ceiling.
    fn verdict<'a>(&self, reasons: &'a [CancellationReason]) -> Verdict<'a> {
        let mut reasons = reasons.iter();
        if let Some(claim) = &self.claim
            && let Some(reason) = reasons.next()
            && let Some(code) = told(reason)
        {
            return match code {
                FAILED_CONDITION if claim.is(reason.item()) => Verdict::Changed(self.stored()),
                FAILED_CONDITION => Verdict::Changed(Changed::Overtaken),
                code => again_or_failed(code),
            };
        }
        if self.payment.is_some()
            && let Some(reason) = reasons.next()
            && let Some(code) = told(reason)
        {
            return match code {
                FAILED_CONDITION => Verdict::Changed(Changed::OverCeiling),
                code => again_or_failed(code),
            };
        }
        reasons.find_map(told).map_or(Verdict::Failed("TransactionCanceledException"), again_or_failed)
    }
}

const FAILED_CONDITION: &str = "ConditionalCheckFailed";

/// The code of a reason. AWS docs: that of a part nothing was wrong with is `None`, in letters.
fn told(reason: &CancellationReason) -> Option<&str> {
    reason.code().filter(|code| *code != "None")
}

fn again_or_failed(code: &str) -> Verdict<'_> {
    if is_conflict(code) || is_throttle(code) { Verdict::Again(code) } else { Verdict::Failed(code) }
}

/// A claim as an item; `None` if no version can follow its own.
fn claim_item(key: &ClaimKey, claim: &Claim) -> Result<Option<Versioned>, Error> {
    let json = serde_json::to_string(claim).map_err(|_| Error::Unwritable { what: "claim" })?;
    let mut content = Item::from([("json".to_owned(), text(json))]);
    if let Some(lease) = &claim.lease {
        content.insert(LEASE_PROJECT.to_owned(), text(key.project.to_string()));
        content.insert(LEASE_UNTIL.to_owned(), number(lease.until.as_millisecond()));
    }
    Ok(Versioned::over(claim.version, &claim_partition(key), "claim", content))
}
