//! Claims whose worker is gone: their message may be gone with it. Each is told once for each lease that ended, or a
//! record nobody can work on any more would come back with every sweep.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use procore::ProjectId;

use super::Move;
use crate::{
    event::Resource,
    ledger::{ClaimKey, Ledger, LedgerError, Note},
    workflows::WorkflowId,
};

/// A worker that is late by less than this may still be there.
const GRACE: SignedDuration = SignedDuration::from_mins(2);
/// Claims looked at in one sweep of a project.
const MOST: u32 = 500;
/// Claims read at once: each may hold a whole draft.
pub(super) const AT_ONCE: usize = 50;

/// A claim without a worker.
pub(super) struct Abandoned {
    pub(super) resource: Resource,
    pub(super) record: i64,
    /// When its lease ended.
    pub(super) until: Timestamp,
}

/// The claims of a project whose workers are gone, but for those told of before, and what to note.
pub(super) async fn abandoned<L: Ledger>(
    ledger: &L,
    project: ProjectId,
    name: String,
    note: &Note,
    now: Timestamp,
) -> Result<(Vec<Abandoned>, Option<Move>), LedgerError> {
    let before = now.checked_sub(GRACE).unwrap_or(now);
    let keys = ledger.abandoned(project, before, MOST).await?;
    let told: BTreeMap<String, Timestamp> = serde_json::from_str(&note.text).unwrap_or_default();
    let (mut found, mut after) = (Vec::new(), BTreeMap::new());
    for some in keys.chunks(AT_ONCE) {
        for (key, claim) in some.iter().zip(ledger.look(some, &[]).await?.claims) {
            // Taken up again since it was listed.
            let Some(lease) = claim.and_then(|claim| claim.lease).filter(|lease| lease.until < before) else {
                continue;
            };
            if told.get(&key.to_string()) != Some(&lease.until)
                && let Some(resource) = resource(key)
            {
                found.push(Abandoned { resource, record: key.record, until: lease.until });
            }
            after.insert(key.to_string(), lease.until);
        }
    }
    let moved = if after == told { None } else { Move::of(name, note, &after) };
    Ok((found, moved))
}

/// The kind of record a claim is on.
fn resource(key: &ClaimKey) -> Option<Resource> {
    let workflow = WorkflowId::all().iter().find(|workflow| workflow.name() == key.workflow)?;
    let kinds = [Resource::Rfi, Resource::Submittal, Resource::Day];
    kinds.into_iter().find(|kind| workflow.listens_to(kind))
}
