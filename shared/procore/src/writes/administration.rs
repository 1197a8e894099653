//! Administration: our own webhooks and what they listen for. Every path here is one of `webhooks`; nothing in
//! this file touches a record of a project, and nothing that does may be added.

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{Write, set};
use crate::hooks::{HookChange, NewHook, NewTrigger, Scope};
use crate::ids::{CompanyId, HookId, TriggerId};

/// `POST …/webhooks/hooks`, v2.0.
pub(crate) fn create_hook(company: CompanyId, scope: Scope, hook: &NewHook) -> Write {
    let body = json!({
        "payload_version": hook.payload_version,
        "namespace": hook.namespace,
        "destination_url": hook.destination_url.as_str(),
        "destination_headers": { "Authorization": hook.authorization.expose_secret() },
    });
    Write::create(scope.hooks_path(company), body)
}

/// The same, v1.0.
pub(crate) fn create_hook_v1(company: CompanyId, scope: Scope, hook: &NewHook) -> Write {
    let body = json!({
        "api_version": hook.payload_version,
        "namespace": hook.namespace,
        "destination_url": hook.destination_url.as_str(),
        "destination_headers": { "Authorization": hook.authorization.expose_secret() },
    });
    Write::create(HOOKS_V1.to_owned(), owned(company, scope, "hook", body))
}

/// `PATCH …/webhooks/hooks/{id}`, v2.0.
pub(crate) fn update_hook(company: CompanyId, scope: Scope, hook: HookId, change: &HookChange) -> Write {
    let mut body = changed(change);
    set(&mut body, "status", change.active.map(|active| if active { "active" } else { "disabled" }));
    Write::update(format!("{}/{hook}", scope.hooks_path(company)), body)
}

/// The same, v1.0, which knows no status: whoever wants it switched has to be told.
pub(crate) fn update_hook_v1(
    company: CompanyId,
    scope: Scope,
    hook: HookId,
    change: &HookChange,
) -> Option<Write> {
    let body = owned(company, scope, "hook", changed(change));
    change.active.is_none().then(|| Write::update(format!("{HOOKS_V1}/{hook}"), body))
}

/// `DELETE …/webhooks/hooks/{id}`, v2.0.
pub(crate) fn delete_hook(company: CompanyId, scope: Scope, hook: HookId) -> Write {
    Write::delete(format!("{}/{hook}", scope.hooks_path(company)))
}

/// The same, v1.0.
pub(crate) fn delete_hook_v1(company: CompanyId, scope: Scope, hook: HookId) -> Write {
    let (key, id) = scope.owner(company);
    Write::delete(format!("{HOOKS_V1}/{hook}")).with_query(key, id)
}

/// `POST …/triggers/bulk`, v2.0.
pub(crate) fn create_triggers(company: CompanyId, scope: Scope, hook: HookId, new: &[NewTrigger]) -> Write {
    Write::create(format!("{}/{hook}/triggers/bulk", scope.hooks_path(company)), listed(new))
}

/// The same, v1.0, which wants the version of the payload as well.
pub(crate) fn create_triggers_v1(
    company: CompanyId,
    scope: Scope,
    hook: HookId,
    payload_version: &str,
    new: &[NewTrigger],
) -> Write {
    let mut body = owned(company, scope, "triggers", listed(new));
    set(&mut body, "api_version", Some(payload_version));
    Write::create(format!("{HOOKS_V1}/{hook}/triggers/bulk"), body)
}

/// `DELETE …/triggers/bulk`, v2.0: ids are texts.
pub(crate) fn delete_triggers(
    company: CompanyId,
    scope: Scope,
    hook: HookId,
    triggers: &[TriggerId],
) -> Write {
    let ids: Vec<String> = triggers.iter().map(TriggerId::to_string).collect();
    Write::delete(format!("{}/{hook}/triggers/bulk", scope.hooks_path(company))).with_body(json!(ids))
}

/// The same, v1.0: ids are numbers.
pub(crate) fn delete_triggers_v1(
    company: CompanyId,
    scope: Scope,
    hook: HookId,
    triggers: &[TriggerId],
) -> Write {
    Write::delete(format!("{HOOKS_V1}/{hook}/triggers/bulk")).with_body(owned(
        company,
        scope,
        "triggers",
        json!(triggers),
    ))
}

/// Base of the older version's paths.
pub(crate) const HOOKS_V1: &str = "/rest/v1.0/webhooks/hooks";

fn changed(change: &HookChange) -> Value {
    let mut body = json!({});
    set(&mut body, "destination_url", change.destination_url.as_ref().map(url::Url::as_str));
    let authorization = change.authorization.as_ref().map(|secret| secret.expose_secret());
    set(&mut body, "destination_headers", authorization.map(|value| json!({ "Authorization": value })));
    body
}

fn listed(triggers: &[NewTrigger]) -> Value {
    let row = |trigger: &NewTrigger| json!({ "resource_name": trigger.resource_name, "event_type": trigger.event.as_str() });
    triggers.iter().map(row).collect()
}

/// v1.0 names the owner in the body. Procore docs: the company or the project, not both.
fn owned(company: CompanyId, scope: Scope, member: &str, value: Value) -> Value {
    let (key, id) = scope.owner(company);
    let mut body = json!({});
    set(&mut body, key, Some(id));
    set(&mut body, member, Some(value));
    body
}
