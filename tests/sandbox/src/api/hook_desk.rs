//! What both versions of the webhook administration do: make, change and describe hooks and triggers.

use std::sync::Arc;

use axum::response::Response;
use serde_json::{Value, json};
use url::Url;

use super::{errors, webhook_resources};
use crate::{
    hooks::{self, Registration, Subscription, Trigger, payload_version},
    options::Hook,
    state::{Shared, State},
};

/// A hook as a request describes it; what is `None` stays as it is.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) url: Option<String>,
    pub(super) authorization: Option<String>,
    pub(super) version: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) active: Option<bool>,
}

/// Why a trigger was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    Duplicate,
    Unknown,
}

impl Asked {
    /// The fields of a body of either version: v2.0's own, or what v1.0 has under `hook`.
    pub(super) fn read(fields: &Value) -> Result<Self, Box<Response>> {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
        let asked = Self {
            url: text("destination_url"),
            authorization: fields
                .pointer("/destination_headers/Authorization")
                .and_then(Value::as_str)
                .map(ToOwned::to_owned),
            version: text("payload_version").or_else(|| text("api_version")),
            namespace: text("namespace"),
            active: text("status").map(|status| status == "active"),
        };
        let refused = |name: &str, why: &str| Err(Box::new(errors::unprocessable(name, why)));
        if asked.version.as_deref().is_some_and(|version| payload_version(version).is_none()) {
            return refused("payload_version", "is not a version");
        }
        // Procore docs: lower-case letters, digits and dashes.
        let sign = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if asked.namespace.as_deref().is_some_and(|name| name.is_empty() || !name.chars().all(sign)) {
            return refused("namespace", "may hold a-z, 0-9 and dashes");
        }
        if asked.url.as_deref().is_some_and(|url| Url::parse(url).is_err()) {
            return refused("destination_url", "is not a URL");
        }
        Ok(asked)
    }
}

/// Makes a hook and returns its id. The error names what is missing.
pub(super) fn make(
    shared: &Arc<Shared>,
    project_id: Option<i64>,
    asked: Asked,
) -> Result<i64, Box<Response>> {
    let missing = |name| Box::new(errors::malformed(name));
    let url = asked.url.and_then(|url| Url::parse(&url).ok());
    let url = url.ok_or_else(|| missing("destination_url is missing"))?;
    let version = asked.version.ok_or_else(|| missing("payload_version is missing"))?;
    let hook = Hook {
        url,
        authorization: asked.authorization.unwrap_or_default(),
        payload_version: payload_version(&version).unwrap_or("v2.0").to_owned(),
    };
    let (id, now) = shared.note(|state| (state.next_id(), state.now()));
    let registration = Registration {
        id,
        project_id,
        // Procore docs: v1.0's default.
        namespace: asked.namespace.unwrap_or_else(|| "procore".to_owned()),
        version,
        active: true,
        deleted: false,
        triggers: Vec::new(),
        created_at: now,
        updated_at: now,
    };
    hooks::subscribe(shared, hook, Some(registration));
    Ok(id)
}

/// Changes a hook. False if there is none.
pub(super) fn change(state: &mut State, id: i64, project_id: Option<i64>, asked: Asked) -> bool {
    let now = state.now();
    let Some(Subscription { hook, registration: Some(own), .. }) = state.hook_mut(id, project_id) else {
        return false;
    };
    if let Some(url) = asked.url.and_then(|url| Url::parse(&url).ok()) {
        hook.url = url;
    }
    if let Some(authorization) = asked.authorization {
        hook.authorization = authorization;
    }
    if let Some(version) = asked.version {
        payload_version(&version).unwrap_or("v2.0").clone_into(&mut hook.payload_version);
        own.version = version;
    }
    if let Some(namespace) = asked.namespace {
        own.namespace = namespace;
    }
    own.active = asked.active.unwrap_or(own.active);
    own.updated_at = now;
    true
}

/// Deletes a hook. False if there is none.
pub(super) fn remove(state: &mut State, id: i64, project_id: Option<i64>) -> bool {
    let found = state.hook_mut(id, project_id).and_then(|one| one.registration.as_mut());
    found.map(|own| own.deleted = true).is_some()
}

/// Makes a trigger. `None` if there is no such hook.
pub(super) fn add_trigger(
    state: &mut State,
    hook_id: i64,
    project_id: Option<i64>,
    row: &Value,
) -> Option<Result<Trigger, Refused>> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (resource_name, event_type) = (text("resource_name"), text("event_type"));
    let id = state.next_id();
    let own = state.hook_mut(hook_id, project_id)?.registration.as_mut()?;
    if !webhook_resources::allows(project_id, &resource_name, &event_type) {
        return Some(Err(Refused::Unknown));
    }
    if own.has(&resource_name, &event_type) {
        return Some(Err(Refused::Duplicate));
    }
    let trigger = Trigger { id, resource_name, event_type };
    own.triggers.push(trigger.clone());
    Some(Ok(trigger))
}

/// Deletes a trigger. `None` if there is no such hook, false if it has no such trigger.
pub(super) fn remove_trigger(
    state: &mut State,
    hook_id: i64,
    project_id: Option<i64>,
    id: i64,
) -> Option<bool> {
    let own = state.hook_mut(hook_id, project_id)?.registration.as_mut()?;
    let before = own.triggers.len();
    own.triggers.retain(|trigger| trigger.id != id);
    Some(own.triggers.len() < before)
}

/// The one secret, masked but for its last characters, as it is when read back.
pub(super) fn masked_headers(hook: &Hook) -> Value {
    if hook.authorization.is_empty() {
        return json!({});
    }
    let signs: Vec<char> = hook.authorization.chars().collect();
    let shown: String = signs.iter().skip(signs.len().saturating_sub(4)).collect();
    json!({ "Authorization": format!("********{shown}") })
}
