//! Resources: what a scope has to listen for. Ask before making triggers; names and events differ by tenant.

use serde::Deserialize;
use serde_json::Value;

use super::scope::Scope;
use super::trigger::TriggerEvent;
use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::versions::newer_or_older;
use crate::wire;

/// A kind of record a hook of the scope may listen for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct HookResource {
    /// Its name in triggers and payloads, e.g. `RFIs`.
    pub name: String,
    /// The part of the product it belongs to.
    pub category: Option<String>,
    /// Format of the payloads this row is about.
    pub payload_version: Option<String>,
    /// What can happen to it.
    pub events: Vec<TriggerEvent>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "wire::text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    tools: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    category: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    product_category: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    payload_version: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    api_version: Option<String>,
    #[serde(default, deserialize_with = "wire::list")]
    actions: Vec<TriggerEvent>,
    #[serde(default)]
    create: Value,
    #[serde(default)]
    update: Value,
    #[serde(default)]
    delete: Value,
}

impl From<Wire> for HookResource {
    /// v1.0 has a column for each event instead of a list. What stands in one is not described; anything but
    /// nothing and "no" counts as yes.
    fn from(wire: Wire) -> HookResource {
        let mut events = wire.actions;
        if events.is_empty() {
            let columns = [
                (TriggerEvent::Create, &wire.create),
                (TriggerEvent::Update, &wire.update),
                (TriggerEvent::Delete, &wire.delete),
            ];
            events.extend(columns.into_iter().filter(|(_, cell)| says_yes(cell)).map(|(event, _)| event));
        }
        events.sort();
        events.dedup();
        HookResource {
            name: wire.name.or(wire.tools).unwrap_or_default(),
            category: wire.category.or(wire.product_category),
            payload_version: wire.payload_version.or(wire.api_version),
            events,
        }
    }
}

fn says_yes(cell: &Value) -> bool {
    match cell {
        Value::Bool(yes) => *yes,
        Value::String(text) => {
            !matches!(text.trim().to_lowercase().as_str(), "" | "-" | "no" | "n" | "false" | "0")
        }
        _ => false,
    }
}

impl Procore {
    /// What a scope has to listen for, in a format of payloads (`v2.0`, `v3.0`, `v4.0`).
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn hook_resources(
        &self,
        scope: Scope,
        payload_version: &str,
    ) -> Result<Vec<HookResource>, Error> {
        let company = self.company();
        let path = format!("{}/resources", scope.base_path(company));
        let newer = Call::get(path).query("payload_version", payload_version);
        let mut older = Call::get("/rest/v1.0/webhooks/resources");
        if let Scope::Project(project) = scope {
            older = older.query("project_id", project);
        }
        newer_or_older(self.pages(newer, None), async { self.send(older).await?.list() }).await
    }
}
