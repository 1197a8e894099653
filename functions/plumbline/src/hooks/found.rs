//! What is there now: the hooks of our namespace, what they listen to, and what the tenant offers. Changes nothing, and
//! never asks about another's namespace.

use std::collections::{BTreeMap, BTreeSet};

use procore::{
    Error, Procore, ProjectId,
    hooks::{Hook, HookResource, Scope, Trigger},
};

use super::need::{Need, Wanted};

/// Formats of payloads in the order we want them. v3.0 and v2.0 say which app made a change, by which our own are known
/// for certain; v4.0 does not.
pub(crate) const FORMATS: [&str; 3] = ["v3.0", "v2.0", "v4.0"];

/// Projects without a row that are looked at for hooks left behind; one call each.
const MOST_ELSEWHERE: usize = 200;

/// A hook and what it listens to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listening {
    /// The hook.
    pub hook: Hook,
    /// Its triggers.
    pub triggers: Vec<Trigger>,
}

/// One project of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// Its hooks under our namespace.
    pub hooks: Vec<Listening>,
    /// What can be listened to, for each format of payloads that matters here.
    pub offered: Vec<HookResource>,
}

/// A hook of ours, by its place alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// Whose it is.
    pub scope: Scope,
    /// The hook.
    pub hook: Hook,
}

/// What is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Each project of the configuration, or why it could not be looked at.
    pub sites: BTreeMap<ProjectId, Result<Site, String>>,
    /// Hooks of ours in other places: the company, and projects without a row.
    pub strays: Vec<Stray>,
    /// Other places that could not be looked at, and why.
    pub unseen: Vec<String>,
}

/// Looks at every project of the configuration, and for hooks left behind elsewhere.
/// What one place refuses is told there.
pub async fn found(procore: &Procore, namespace: &str, needs: &[Need]) -> Found {
    let mut found = Found::default();
    for need in needs {
        let site = site(procore, namespace, need).await.map_err(|error| error.to_string());
        found.sites.insert(need.project, site);
    }
    let configured: Vec<ProjectId> = found.sites.keys().copied().collect();
    (found.strays, found.unseen) = elsewhere(procore, namespace, &configured).await;
    found
}

/// The hooks of ours in places without a row: the company, and the other projects the service account may see. Beside
/// them what could not be looked at, and why.
pub(crate) async fn elsewhere(
    procore: &Procore,
    namespace: &str,
    configured: &[ProjectId],
) -> (Vec<Stray>, Vec<String>) {
    let mut unseen = Vec::new();
    let mut others = match procore.projects().await {
        Ok(projects) => projects.into_iter().map(|project| project.id).collect(),
        Err(error) => {
            unseen.push(format!("projects without a row: {error}"));
            Vec::new()
        }
    };
    others.retain(|id| !configured.contains(id));
    if others.len() > MOST_ELSEWHERE {
        unseen.push(format!("{} more projects without a row", others.len().saturating_sub(MOST_ELSEWHERE)));
        others.truncate(MOST_ELSEWHERE);
    }
    let scopes = [Scope::Company].into_iter().chain(others.into_iter().map(Scope::Project));
    let (strays, refused) = at(procore, namespace, scopes).await;
    unseen.extend(refused);
    (strays, unseen)
}

/// The hooks of ours in these scopes, and what could not be looked at.
pub(crate) async fn at(
    procore: &Procore,
    namespace: &str,
    scopes: impl IntoIterator<Item = Scope>,
) -> (Vec<Stray>, Vec<String>) {
    let (mut there, mut unseen) = (Vec::new(), Vec::new());
    for scope in scopes {
        match procore.hooks(scope, namespace).await {
            Ok(hooks) => there.extend(hooks.into_iter().map(|hook| Stray { scope, hook })),
            Err(error) => unseen.push(format!("{}: {error}", place(scope))),
        }
    }
    (there, unseen)
}

/// Looks at one project of the configuration.
///
/// # Errors
/// When something of it may not be seen.
pub async fn site(procore: &Procore, namespace: &str, need: &Need) -> Result<Site, Error> {
    let scope = Scope::Project(need.project);
    let mut site = Site::default();
    for hook in procore.hooks(scope, namespace).await? {
        let triggers = procore.triggers(scope, hook.id).await?;
        site.hooks.push(Listening { hook, triggers });
    }
    if need.wanted.is_empty() {
        return Ok(site);
    }
    // A hook stays with its format; a new one gets the first that has anything for us.
    let formats: BTreeSet<String> = site.hooks.iter().map(|one| format_of(&one.hook)).collect();
    for format in &formats {
        site.offered.extend(offered(procore, scope, format).await?);
    }
    for format in FORMATS.iter().filter(|_| formats.is_empty()) {
        site.offered = offered(procore, scope, format).await?;
        if need.wanted.keys().any(|wanted| site.offers(format, wanted)) {
            break;
        }
    }
    Ok(site)
}

async fn offered(procore: &Procore, scope: Scope, format: &str) -> Result<Vec<HookResource>, Error> {
    let mut rows = procore.hook_resources(scope, format).await?;
    rows.retain(|row| row.payload_version.as_deref().is_none_or(|stated| is_same_format(stated, format)));
    // A row that does not say its format is of the one that was asked for.
    rows.iter_mut().for_each(|row| {
        row.payload_version.get_or_insert_with(|| format.to_owned());
    });
    Ok(rows)
}

impl Site {
    /// Whether this change can be listened to in this format.
    pub(crate) fn offers(&self, format: &str, wanted: &Wanted) -> bool {
        self.rows(format).any(|row| row.name == wanted.resource_name && row.events.contains(&wanted.event))
    }

    /// How the tenant itself writes a format: a new hook is asked for in these words.
    pub(crate) fn spelling(&self, format: &str) -> String {
        let stated = self.rows(format).find_map(|row| row.payload_version.clone());
        stated.unwrap_or_else(|| format.to_owned())
    }

    fn rows(&self, format: &str) -> impl Iterator<Item = &HookResource> {
        let format = format.to_owned();
        self.offered.iter().filter(move |row| {
            row.payload_version.as_deref().is_some_and(|stated| is_same_format(stated, &format))
        })
    }
}

/// The format of a hook's payloads, in its own words; where it does not say, the oldest there is.
pub(crate) fn format_of(hook: &Hook) -> String {
    hook.payload_version.clone().unwrap_or_else(|| "v2.0".to_owned())
}

/// Procore docs write `v2` on hooks and `v2.0` in lists of resources.
pub(crate) fn is_same_format(one: &str, other: &str) -> bool {
    major(one) == major(other)
}

fn major(format: &str) -> &str {
    format.trim_start_matches(['v', 'V']).split('.').next().unwrap_or_default()
}

/// A scope in words.
pub(crate) fn place(scope: Scope) -> String {
    match scope {
        Scope::Company => "the company".to_owned(),
        Scope::Project(project) => format!("project {project}"),
    }
}
