//! Which of our hooks Procore switched off.

use procore::{
    Procore,
    hooks::{Hook, HookChange, HookStatus, Scope},
};

use super::report::HookOff;

/// Raises the alarm for a hook that is switched off, and switches it on again if that is wanted.
pub(super) async fn attend(
    procore: &Procore,
    scope: Scope,
    hook: &Hook,
    reactivate: bool,
) -> Option<HookOff> {
    if hook.status != Some(HookStatus::Disabled) {
        return None;
    }
    let project = match scope {
        Scope::Company => None,
        Scope::Project(project) => Some(project),
    };
    tracing::error!(
        hook_id = hook.id.get(),
        project_id = project.map(procore::ProjectId::get),
        "ALARM: Procore switched a webhook of ours off; nothing is delivered until it is switched on again"
    );
    let mut off = HookOff { hook: hook.id, project, reactivated: false, refusal: None };
    if reactivate {
        let change = HookChange { active: Some(true), ..HookChange::default() };
        match procore.update_hook(scope, hook.id, &change).await {
            Ok(after) => off.reactivated = after.status == Some(HookStatus::Active),
            Err(error) => off.refusal = Some(error.to_string()),
        }
    }
    Some(off)
}
