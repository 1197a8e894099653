//! `plumbline hooks apply`: the difference is made, change by change, and looked at again.
//!
//! Nothing is repeated blindly: where the end of a write is unknown, what it would have left is looked for. What could not
//! be done is told, the rest goes on, and another run completes it.

use agent::Config;
use anyhow::{Context, bail, ensure};
use procore::{
    Class, HookId, Procore,
    hooks::{Hook, HookChange, NewHook, NewTrigger, Scope},
};
use secrecy::SecretString;
use url::Url;

use super::{
    compare,
    desk::Desk,
    need::{Wanted, told},
    plan::{Change, Fault, Plan, ProjectPlan, delivers_to},
};
use crate::terminal::{Out, counted, line, shown_on_a_line};

/// Makes the difference. `Ok(false)` if afterwards anything is not as it should be.
///
/// # Errors
/// When the `Authorization` values cannot be read.
pub(super) async fn apply(desk: &Desk, url: &Url, out: Out<'_>) -> anyhow::Result<bool> {
    let plan = compare(desk, url).await?;
    let _ = write!(out, "{plan}");
    if plan.projects.iter().all(|project| project.changes.is_empty()) {
        return Ok(plan.is_done());
    }
    let live = desk.keys.live().await?;
    let authorization = live.values.into_iter().next().context("there is no Authorization value to send")?;
    let hand = Hand { procore: &desk.procore, config: &desk.config, url, authorization };
    for project in &plan.projects {
        hand.make(project, &plan, out).await;
    }
    let after = compare(desk, url).await?;
    if after.is_done() {
        line!(out, "Looked again: every hook is as it should be.");
    } else {
        let left = after.projects.iter().map(|project| project.changes.len()).sum();
        line!(out, "Looked again: {} left. Run it again; what is done stays done.", counted(left, "change"));
    }
    Ok(after.is_done())
}

/// What changes are made with.
struct Hand<'h> {
    procore: &'h Procore,
    config: &'h Config,
    url: &'h Url,
    authorization: SecretString,
}

impl Hand<'_> {
    /// Makes the changes of a project as far as they can be made. What comes after one that failed may rest on it.
    async fn make(&self, project: &ProjectPlan, plan: &Plan, out: Out<'_>) {
        let scope = Scope::Project(project.project);
        for change in &project.changes {
            let words = change.told(plan);
            match self.change(scope, change).await {
                Ok(()) => line!(out, "project {}: done: {}", project.project, shown_on_a_line(&words)),
                Err(error) => {
                    let why = shown_on_a_line(&format!("{error:#}"));
                    line!(out, "project {}: NOT DONE: {}: {why}", project.project, shown_on_a_line(&words));
                    return;
                }
            }
        }
    }

    async fn change(&self, scope: Scope, change: &Change) -> anyhow::Result<()> {
        match change {
            Change::Create { payload_version, triggers } => {
                let hook = self.create(scope, payload_version).await?;
                self.listen(scope, hook.id, payload_version, triggers).await
            }
            Change::Mend { hook, faults } => {
                self.procore.update_hook(scope, *hook, &self.mending(faults)).await?;
                Ok(())
            }
            Change::Listen { hook, payload_version, triggers } => {
                self.listen(scope, *hook, payload_version, triggers).await
            }
            Change::Unlisten { hook, triggers } => {
                let ids: Vec<_> = triggers.iter().map(|(id, _)| *id).collect();
                self.procore.delete_triggers(scope, *hook, &ids).await?;
                Ok(())
            }
            Change::RemoveSurplus { hook } => match self.procore.delete_hook(scope, *hook).await {
                Err(error) if error.class() != Class::NotFound => Err(error.into()),
                _ => Ok(()),
            },
        }
    }

    /// One call for all that is wrong. A hook that delivered elsewhere gets the value too: it may be anybody's.
    fn mending(&self, faults: &[Fault]) -> HookChange {
        let is = |wanted: fn(&Fault) -> bool| faults.iter().any(wanted);
        let moves = is(|fault| matches!(fault, Fault::Elsewhere { .. }));
        let refused = is(|fault| matches!(fault, Fault::NoAuthorization | Fault::OtherAuthorization));
        HookChange {
            destination_url: moves.then(|| self.url.clone()),
            authorization: (moves || refused).then(|| self.authorization.clone()),
            active: is(|fault| matches!(fault, Fault::Off)).then_some(true),
        }
    }

    async fn create(&self, scope: Scope, payload_version: &str) -> anyhow::Result<Hook> {
        let new = NewHook {
            payload_version: payload_version.to_owned(),
            namespace: self.config.namespace.clone(),
            destination_url: self.url.clone(),
            authorization: self.authorization.clone(),
        };
        let error = match self.procore.create_hook(scope, &new).await {
            Ok(hook) => return Ok(hook),
            Err(error) if error.class() == Class::Ambiguous => error,
            Err(error) => return Err(error.into()),
        };
        // There was none of ours before: one that is there now is the one.
        let there = self.procore.hooks(scope, &self.config.namespace).await;
        let there = there.context("whether the hook was made is not known")?;
        match there.into_iter().find(|hook| delivers_to(hook, self.url)) {
            Some(hook) => Ok(hook),
            None => bail!("{error}; no hook is there by now, wait a minute and run it again"),
        }
    }

    async fn listen(
        &self,
        scope: Scope,
        hook: HookId,
        payload_version: &str,
        wanted: &[Wanted],
    ) -> anyhow::Result<()> {
        let new =
            |one: &Wanted| NewTrigger { resource_name: one.resource_name.clone(), event: one.event.clone() };
        let new: Vec<NewTrigger> = wanted.iter().map(new).collect();
        match self.procore.create_triggers(scope, hook, payload_version, &new).await {
            Ok(created) if created.refused == 0 => return Ok(()),
            Ok(_) => {}
            Err(error) if error.class() == Class::Ambiguous => {}
            Err(error) => return Err(error.into()),
        }
        let there =
            self.procore.triggers(scope, hook).await.context("which triggers were made is not known")?;
        let has = |one: &&Wanted| {
            there.iter().any(|it| it.resource_name == one.resource_name && it.event == one.event)
        };
        let missing: Vec<&Wanted> = wanted.iter().filter(|one| !has(one)).collect();
        ensure!(missing.is_empty(), "not there: {}", told(missing.iter().copied()));
        Ok(())
    }
}
