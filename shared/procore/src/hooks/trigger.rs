//! Triggers: what a hook listens for.

use serde::Deserialize;

use super::scope::Scope;
use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::ids::{HookId, TriggerId};
use crate::reply::Reply;
use crate::versions::newer_or_older;
use crate::wire;
use crate::writes::administration::{self, HOOKS_V1};

/// Procore docs: v1.0 takes at most 500 triggers at once; v2.0 names no bound, so the same is kept.
const MOST_AT_ONCE: usize = 500;

/// What happens to a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(from = "String")]
pub enum TriggerEvent {
    /// It is made.
    Create,
    /// It changes.
    Update,
    /// It is deleted.
    Delete,
    /// Newer than this program, in lower case.
    Other(String),
}

impl TriggerEvent {
    /// The name the API takes.
    pub fn as_str(&self) -> &str {
        match self {
            TriggerEvent::Create => "create",
            TriggerEvent::Update => "update",
            TriggerEvent::Delete => "delete",
            TriggerEvent::Other(name) => name,
        }
    }
}

impl From<String> for TriggerEvent {
    /// Procore docs: what goes in as `create` may come back as `CREATE` or `CREATED`.
    fn from(name: String) -> TriggerEvent {
        let name = name.to_lowercase();
        match name.as_str() {
            "create" | "created" => TriggerEvent::Create,
            "update" | "updated" => TriggerEvent::Update,
            "delete" | "deleted" => TriggerEvent::Delete,
            _ => TriggerEvent::Other(name),
        }
    }
}

impl Default for TriggerEvent {
    fn default() -> TriggerEvent {
        TriggerEvent::Other(String::new())
    }
}

/// One trigger of a hook.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Trigger {
    /// Which.
    pub id: TriggerId,
    /// Its hook.
    #[serde(rename = "webhook_hook_id", default, deserialize_with = "wire::maybe")]
    pub hook_id: Option<HookId>,
    /// The kind of record, e.g. `RFIs`.
    #[serde(default, deserialize_with = "wire::words")]
    pub resource_name: String,
    /// What happens to it.
    #[serde(rename = "event_type", default, deserialize_with = "wire::or_default")]
    pub event: TriggerEvent,
}

/// A trigger to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTrigger {
    /// The kind of record, as [`super::HookResource`] names it.
    pub resource_name: String,
    /// What happens to it.
    pub event: TriggerEvent,
}

/// What became of triggers that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TriggersCreated {
    /// Those that exist now.
    pub triggers: Vec<Trigger>,
    /// How many were not made: already there, or unknown to this scope.
    pub refused: usize,
}

/// What a bulk write says was done: `success` in v1.0, `succeeded` in v2.0.
#[derive(Deserialize)]
#[serde(bound = "T: serde::de::DeserializeOwned")]
struct Done<T> {
    #[serde(default = "Vec::new", alias = "succeeded", deserialize_with = "wire::list")]
    success: Vec<T>,
}

impl Procore {
    /// The triggers of a hook.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn triggers(&self, scope: Scope, hook: HookId) -> Result<Vec<Trigger>, Error> {
        let company = self.company();
        let newer = Call::get(format!("{}/{hook}/triggers", scope.hooks_path(company)));
        let older = scope.v1(company, format!("{HOOKS_V1}/{hook}/triggers"));
        newer_or_older(self.pages(newer, None), async { self.send(older).await?.list() }).await
    }

    /// Adds triggers to a hook. `payload_version` is the hook's, which v1.0 wants to hear again.
    ///
    /// # Errors
    /// Those of [`Procore::send`]. Of several hundred, the first may have been made by then.
    pub async fn create_triggers(
        &self,
        scope: Scope,
        hook: HookId,
        payload_version: &str,
        new: &[NewTrigger],
    ) -> Result<TriggersCreated, Error> {
        let company = self.company();
        let mut created = TriggersCreated::default();
        for some in new.chunks(MOST_AT_ONCE) {
            let newer = administration::create_triggers(company, scope, hook, some);
            let older = administration::create_triggers_v1(company, scope, hook, payload_version, some);
            // Part of them may be refused (207), and rows about those have no id: they are not triggers.
            let made: Vec<Trigger> = newer_or_older(async { self.send(newer.into()).await?.list() }, async {
                self.send(older.into()).await?.json::<Done<Trigger>>().map(|done| done.success)
            })
            .await?;
            created.refused += some.len().saturating_sub(made.len());
            created.triggers.extend(made);
        }
        Ok(created)
    }

    /// Removes triggers of a hook, and says which are gone.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn delete_triggers(
        &self,
        scope: Scope,
        hook: HookId,
        triggers: &[TriggerId],
    ) -> Result<Vec<TriggerId>, Error> {
        let company = self.company();
        let gone = |reply: Reply| reply.one::<Done<TriggerId>>().map(|done| done.success);
        let mut deleted = Vec::new();
        for some in triggers.chunks(MOST_AT_ONCE) {
            let newer = administration::delete_triggers(company, scope, hook, some);
            let older = administration::delete_triggers_v1(company, scope, hook, some);
            let done = newer_or_older(async { gone(self.send(newer.into()).await?) }, async {
                gone(self.send(older.into()).await?)
            });
            deleted.extend(done.await?);
        }
        Ok(deleted)
    }
}
