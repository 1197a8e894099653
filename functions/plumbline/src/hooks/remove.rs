//! `plumbline hooks remove`.

use procore::{Class, ProjectId, hooks::Scope};

use super::{
    desk::Desk,
    found::{Stray, at, elsewhere, place},
};
use crate::terminal::{Out, counted, line, shown_on_a_line};

/// Removes the hooks of our namespace, everywhere or in one project; without `yes` only lists them. `Ok(false)` if one is
/// still there, or a place could not be looked at.
///
/// # Errors
/// None of its own.
pub(super) async fn remove(
    desk: &Desk,
    project: Option<ProjectId>,
    yes: bool,
    out: Out<'_>,
) -> anyhow::Result<bool> {
    let (there, unseen) = match project {
        Some(project) => at(&desk.procore, &desk.config.namespace, [Scope::Project(project)]).await,
        None => everywhere(desk).await,
    };
    for why in &unseen {
        line!(out, "not looked at: {}", shown_on_a_line(why));
    }
    let mut left = 0_usize;
    for Stray { scope, hook } in &there {
        let (place, url) = (place(*scope), hook.destination_url.as_deref().unwrap_or("no address"));
        let url = shown_on_a_line(url);
        if !yes {
            line!(out, "{place}: hook {}, delivers to {url}", hook.id);
            continue;
        }
        match desk.procore.delete_hook(*scope, hook.id).await {
            Ok(()) => line!(out, "{place}: hook {} removed", hook.id),
            // Gone is gone, whoever did it.
            Err(error) if error.class() == Class::NotFound => line!(out, "{place}: hook {} is gone", hook.id),
            Err(error) => {
                left = left.saturating_add(1);
                line!(out, "{place}: hook {} NOT REMOVED, or not known: {error}", hook.id);
            }
        }
    }
    if !yes && !there.is_empty() {
        line!(
            out,
            "{} would be removed, and no event would arrive: say --yes.",
            counted(there.len(), "hook")
        );
        return Ok(false);
    }
    if there.is_empty() {
        line!(out, "No hook of namespace {} is there.", desk.config.namespace);
    }
    if left > 0 {
        line!(out, "{} left: run it again.", counted(left, "hook"));
    }
    Ok(left == 0 && unseen.is_empty())
}

/// The hooks of ours in all places, and what could not be looked at.
pub(super) async fn everywhere(desk: &Desk) -> (Vec<Stray>, Vec<String>) {
    let (procore, namespace) = (&desk.procore, &desk.config.namespace);
    let rows: Vec<ProjectId> = desk.config.projects.iter().map(|project| project.id).collect();
    let (mut there, mut unseen) = at(procore, namespace, rows.iter().copied().map(Scope::Project)).await;
    let (strays, refused) = elsewhere(procore, namespace, &rows).await;
    there.extend(strays);
    unseen.extend(refused);
    (there, unseen)
}
