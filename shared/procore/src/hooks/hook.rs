//! Hooks: where events go.

use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::masked::MaskedSecret;
use super::scope::Scope;
use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::ids::{CompanyId, HookId, ProjectId};
use crate::versions::newer_or_older;
use crate::wire;
use crate::writes::administration::{self, HOOKS_V1};

/// Whether a hook delivers. Procore docs: repeated failures may switch one off.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum HookStatus {
    /// It delivers.
    Active,
    /// It does not, until it is activated again.
    Disabled,
    /// Newer than this program.
    Other(String),
}

impl From<String> for HookStatus {
    fn from(name: String) -> HookStatus {
        match name.to_ascii_lowercase().as_str() {
            "active" => HookStatus::Active,
            "disabled" => HookStatus::Disabled,
            _ => HookStatus::Other(name),
        }
    }
}

/// A hook as it is at Procore.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Wire")]
pub struct Hook {
    /// Which.
    pub id: HookId,
    /// Whether it delivers; v1.0 does not say.
    pub status: Option<HookStatus>,
    /// Format of its payloads, in the vendor's words: `v2`, `v2.0`, `v4.0`.
    pub payload_version: Option<String>,
    /// Whose it is among the apps of the company.
    pub namespace: Option<String>,
    /// Where it delivers.
    pub destination_url: Option<String>,
    /// Whether it sends an `Authorization` value.
    pub authorization_is_set: bool,
    /// What is shown of that value: its last characters.
    pub authorization: MaskedSecret,
    /// Its company, if it is the company's.
    pub company_id: Option<CompanyId>,
    /// Its project, if it is one's.
    pub project_id: Option<ProjectId>,
    /// When it was made; v1.0 does not say.
    pub created_at: Option<Timestamp>,
    /// When it last changed; v1.0 does not say.
    pub updated_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Wire {
    id: HookId,
    #[serde(default, deserialize_with = "wire::maybe")]
    status: Option<HookStatus>,
    #[serde(default, deserialize_with = "wire::text")]
    payload_version: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    api_version: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    namespace: Option<String>,
    #[serde(default, deserialize_with = "wire::text")]
    destination_url: Option<String>,
    #[serde(default)]
    destination_headers: Value,
    #[serde(default, deserialize_with = "wire::maybe")]
    company_id: Option<CompanyId>,
    #[serde(default, deserialize_with = "wire::maybe")]
    owned_by_company_id: Option<CompanyId>,
    #[serde(default, deserialize_with = "wire::maybe")]
    project_id: Option<ProjectId>,
    #[serde(default, deserialize_with = "wire::maybe")]
    owned_by_project_id: Option<ProjectId>,
    #[serde(default, deserialize_with = "wire::moment")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::moment")]
    updated_at: Option<Timestamp>,
}

impl From<Wire> for Hook {
    fn from(wire: Wire) -> Hook {
        let authorization = wire.destination_headers.get("Authorization").and_then(Value::as_str);
        Hook {
            id: wire.id,
            status: wire.status,
            payload_version: wire.payload_version.or(wire.api_version),
            namespace: wire.namespace,
            destination_url: wire.destination_url,
            authorization_is_set: authorization.is_some_and(|value| !value.is_empty()),
            authorization: MaskedSecret::read(authorization.unwrap_or_default()),
            company_id: wire.company_id.or(wire.owned_by_company_id),
            project_id: wire.project_id.or(wire.owned_by_project_id),
            created_at: wire.created_at,
            updated_at: wire.updated_at,
        }
    }
}

/// A hook to be made. Its `Debug` hides the secret.
#[derive(Clone, Debug)]
pub struct NewHook {
    /// Format of its payloads. Procore docs show `v2` on hooks and `v2.0` to `v4.0` on resources; which of the
    /// two forms a v4.0 hook wants is not said.
    pub payload_version: String,
    /// Lower-case letters, digits and dashes; one for each app.
    pub namespace: String,
    /// Where to deliver, `https`.
    pub destination_url: Url,
    /// The whole `Authorization` value it shall send.
    pub authorization: SecretString,
}

/// What to change of a hook; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct HookChange {
    /// Where to deliver.
    pub destination_url: Option<Url>,
    /// The whole `Authorization` value it shall send from now on.
    pub authorization: Option<SecretString>,
    /// Switches it on (again) or off; v1.0 cannot.
    pub active: Option<bool>,
}

impl Procore {
    /// The hooks of a scope under our namespace. The list is asked for these alone; one that ignores that is not believed,
    /// so that nobody ever has a stranger's hook in hand.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn hooks(&self, scope: Scope, namespace: &str) -> Result<Vec<Hook>, Error> {
        let company = self.company();
        let newer = Call::get(scope.hooks_path(company)).query("namespace", namespace);
        let older = scope.v1(company, HOOKS_V1.to_owned()).query("namespace", namespace);
        let mut hooks: Vec<Hook> =
            newer_or_older(self.pages(newer, None), async { self.send(older).await?.list() }).await?;
        hooks.retain(|hook| hook.namespace.as_deref() == Some(namespace));
        Ok(hooks)
    }

    /// Makes a hook. It delivers nothing before it has triggers.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn create_hook(&self, scope: Scope, hook: &NewHook) -> Result<Hook, Error> {
        let company = self.company();
        newer_or_older(
            async { self.send(administration::create_hook(company, scope, hook).into()).await?.one() },
            async { self.send(administration::create_hook_v1(company, scope, hook).into()).await?.one() },
        )
        .await
    }

    /// Changes a hook, or switches it on again.
    ///
    /// # Errors
    /// Those of [`Procore::send`]; switching it where v2.0 is not there is v2.0's error.
    pub async fn update_hook(&self, scope: Scope, hook: HookId, change: &HookChange) -> Result<Hook, Error> {
        let company = self.company();
        let newer = async {
            self.send(administration::update_hook(company, scope, hook, change).into()).await?.one()
        };
        match administration::update_hook_v1(company, scope, hook, change) {
            Some(older) => newer_or_older(newer, async { self.send(older.into()).await?.one() }).await,
            None => newer.await,
        }
    }

    /// Removes a hook and its triggers.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn delete_hook(&self, scope: Scope, hook: HookId) -> Result<(), Error> {
        let company = self.company();
        newer_or_older(
            async { self.send(administration::delete_hook(company, scope, hook).into()).await },
            async { self.send(administration::delete_hook_v1(company, scope, hook).into()).await },
        )
        .await
        .map(|_| ())
    }
}
