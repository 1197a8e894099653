//! The difference between what is needed and what is there. Pure: asks nobody, changes nothing.
//!
//! Of several hooks in one project the oldest that delivers to our address is kept and the others are surplus: each would
//! deliver every event once more. A hook where nothing needs one is only told of; `hooks remove` takes it away.

use std::collections::BTreeSet;

use jiff::Timestamp;
use procore::{
    HookId, ProjectId, TriggerId,
    hooks::{Hook, HookStatus},
};
use secrecy::SecretString;
use url::Url;

use super::{
    found::{FORMATS, Found, Listening, Site, Stray, format_of, is_same_format},
    need::{Need, Wanted},
};

/// How hooks of ours have to be.
#[derive(Clone, Copy)]
pub struct Terms<'t> {
    /// Where they deliver.
    pub url: &'t Url,
    /// The `Authorization` values that our door accepts, the newest first: a new hook sends that one.
    pub authorization: &'t [SecretString],
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Make a hook that listens to these.
    Create {
        /// Format of its payloads, as the tenant writes it.
        payload_version: String,
        /// What it listens to.
        triggers: Vec<Wanted>,
    },
    /// Put a hook right.
    Mend {
        /// The hook.
        hook: HookId,
        /// What is wrong with it.
        faults: Vec<Fault>,
    },
    /// Let a hook listen to these as well.
    Listen {
        /// The hook.
        hook: HookId,
        /// Format of its payloads, as it says itself.
        payload_version: String,
        /// What it is to listen to.
        triggers: Vec<Wanted>,
    },
    /// Take away triggers that no workflow needs.
    Unlisten {
        /// The hook.
        hook: HookId,
        /// The triggers, with what they listen to.
        triggers: Vec<(TriggerId, Wanted)>,
    },
    /// Remove a hook of ours beside the one that is kept.
    RemoveSurplus {
        /// The hook.
        hook: HookId,
    },
}

/// What is wrong with a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It delivers to another address.
    Elsewhere {
        /// Where.
        url: String,
    },
    /// It sends no `Authorization` value.
    NoAuthorization,
    /// It sends a value that ends otherwise than those our door accepts.
    OtherAuthorization,
    /// Procore, or somebody, switched it off.
    Off,
}

/// What somebody should know, and `apply` changes nothing about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The tenant does not offer these changes.
    NotOffered {
        /// The changes.
        changes: Vec<Wanted>,
        /// The workflows that would start on them.
        workflows: Vec<&'static str>,
    },
    /// The hook sends a value that is accepted, but not the newest.
    OlderAuthorization(HookId),
    /// What is shown of the hook's value does not tell whether it is the newest.
    UnknownAuthorization(HookId),
    /// Whether the hook is switched on is not said: v1.0.
    UnknownStatus(HookId),
    /// Its payloads do not say which app made a change.
    NoMetadata(HookId, String),
    /// It is there, and the project's workflows need none.
    NotNeeded(HookId),
}

/// One project: what it needs, and what has to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectPlan {
    /// The project.
    pub project: ProjectId,
    /// The workflows it needs a hook for; empty: none.
    pub workflows: Vec<&'static str>,
    /// How many changes its hook has to tell of.
    pub wanted: usize,
    /// The hook that stays.
    pub kept: Option<HookId>,
    /// What to do, in this order.
    pub changes: Vec<Change>,
    /// What to know.
    pub notes: Vec<Note>,
    /// Why nothing can be said or done here.
    pub trouble: Option<String>,
}

/// The whole difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Where hooks are to deliver.
    pub url: Url,
    /// The projects of the configuration.
    pub projects: Vec<ProjectPlan>,
    /// Hooks of ours where nothing needs one.
    pub strays: Vec<Stray>,
    /// Places that could not be looked at.
    pub unseen: Vec<String>,
}

impl Plan {
    /// What is needed held against what was found.
    pub fn new(needs: &[Need], found: Found, terms: Terms<'_>) -> Self {
        let project = |need: &Need| match found.sites.get(&need.project) {
            Some(Ok(site)) => ProjectPlan::new(need, site, terms),
            Some(Err(why)) => ProjectPlan::in_trouble(need, why.clone()),
            None => ProjectPlan::in_trouble(need, "it was not looked at".to_owned()),
        };
        let projects = needs.iter().map(project).collect();
        Self { url: terms.url.clone(), projects, strays: found.strays, unseen: found.unseen }
    }

    /// Whether there is nothing to do and nothing in the way.
    pub fn is_done(&self) -> bool {
        self.projects.iter().all(|project| project.changes.is_empty() && project.trouble.is_none())
    }

    /// Whether a project is in trouble: what is there could not be seen, or what is needed cannot be had.
    pub fn is_in_trouble(&self) -> bool {
        self.projects.iter().any(|project| project.trouble.is_some())
    }
}

impl ProjectPlan {
    fn in_trouble(need: &Need, why: String) -> Self {
        Self { trouble: Some(why), ..Self::empty(need) }
    }

    fn empty(need: &Need) -> Self {
        Self {
            project: need.project,
            workflows: need.workflows(),
            wanted: need.wanted.len(),
            kept: None,
            changes: Vec::new(),
            notes: Vec::new(),
            trouble: None,
        }
    }

    /// What one project needs held against what was found there.
    pub fn new(need: &Need, site: &Site, terms: Terms<'_>) -> Self {
        let mut plan = Self::empty(need);
        if need.wanted.is_empty() {
            plan.notes.extend(site.hooks.iter().map(|one| Note::NotNeeded(one.hook.id)));
            return plan;
        }
        match kept(&site.hooks, terms.url) {
            Some(kept) => {
                plan.kept = Some(kept.hook.id);
                plan.compare(need, site, kept, terms);
                let surplus = site.hooks.iter().map(|one| one.hook.id).filter(|id| *id != kept.hook.id);
                plan.changes.extend(surplus.map(|hook| Change::RemoveSurplus { hook }));
            }
            None => plan.create(need, site),
        }
        plan
    }

    fn create(&mut self, need: &Need, site: &Site) {
        let has_any = |format: &&str| need.wanted.keys().any(|wanted| site.offers(format, wanted));
        let Some(format) = FORMATS.into_iter().find(has_any) else {
            self.trouble = Some("Procore offers nothing of what its workflows need".to_owned());
            return;
        };
        let (triggers, missing): (Vec<Wanted>, Vec<Wanted>) =
            need.wanted.keys().cloned().partition(|wanted| site.offers(format, wanted));
        self.note_missing(need, missing);
        self.changes.push(Change::Create { payload_version: site.spelling(format), triggers });
    }

    fn compare(&mut self, need: &Need, site: &Site, kept: &Listening, terms: Terms<'_>) {
        let (hook, format) = (&kept.hook, format_of(&kept.hook));
        let faults = self.faults(hook, terms);
        if !faults.is_empty() {
            self.changes.push(Change::Mend { hook: hook.id, faults });
        }
        let mut heard = BTreeSet::new();
        let mut needless = Vec::new();
        for trigger in &kept.triggers {
            let told = Wanted { resource_name: trigger.resource_name.clone(), event: trigger.event.clone() };
            if !need.wanted.contains_key(&told) || !heard.insert(told.clone()) {
                needless.push((trigger.id, told));
            }
        }
        let silent = need.wanted.keys().filter(|wanted| !heard.contains(*wanted)).cloned();
        let (triggers, missing): (Vec<Wanted>, Vec<Wanted>) =
            silent.partition(|wanted| site.offers(&format, wanted));
        if heard.is_empty() && triggers.is_empty() {
            self.trouble =
                Some(format!("Procore offers nothing of what its workflows need in format {format}"));
        }
        self.note_missing(need, missing);
        if is_same_format(&format, "v4.0") {
            self.notes.push(Note::NoMetadata(hook.id, format.clone()));
        }
        if !triggers.is_empty() {
            self.changes.push(Change::Listen { hook: hook.id, payload_version: format, triggers });
        }
        if !needless.is_empty() {
            self.changes.push(Change::Unlisten { hook: hook.id, triggers: needless });
        }
    }

    fn faults(&mut self, hook: &Hook, terms: Terms<'_>) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !delivers_to(hook, terms.url) {
            faults.push(Fault::Elsewhere { url: hook.destination_url.clone().unwrap_or_default() });
        }
        match Sent::by(hook, terms.authorization) {
            Sent::Newest => {}
            Sent::Nothing => faults.push(Fault::NoAuthorization),
            Sent::Other => faults.push(Fault::OtherAuthorization),
            Sent::Older => self.notes.push(Note::OlderAuthorization(hook.id)),
            Sent::Untold => self.notes.push(Note::UnknownAuthorization(hook.id)),
        }
        match &hook.status {
            Some(HookStatus::Active) => {}
            Some(HookStatus::Disabled) => faults.push(Fault::Off),
            Some(HookStatus::Other(_)) | None => self.notes.push(Note::UnknownStatus(hook.id)),
        }
        faults
    }

    fn note_missing(&mut self, need: &Need, changes: Vec<Wanted>) {
        if !changes.is_empty() {
            let workflows = need.workflows_on(&changes);
            self.notes.push(Note::NotOffered { changes, workflows });
        }
    }
}

/// Which of the accepted values a hook sends, as far as the end it shows can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The newest.
    Newest,
    /// An older one that is still accepted.
    Older,
    /// One that is not accepted: its events are refused.
    Other,
    /// None at all.
    Nothing,
    /// What is shown of it does not tell: nothing, or an end that several of them have.
    Untold,
}

impl Sent {
    /// What a hook sends.
    pub fn by(hook: &Hook, accepted: &[SecretString]) -> Self {
        if !hook.authorization_is_set {
            return Self::Nothing;
        }
        let Some((newest, older)) = accepted.split_first() else { return Self::Untold };
        let is_older = older.iter().any(|value| hook.authorization.may_be(value) == Some(true));
        match hook.authorization.may_be(newest) {
            None => Self::Untold,
            // Values that end alike are told apart by nothing.
            Some(true) if is_older => Self::Untold,
            Some(true) => Self::Newest,
            Some(false) if is_older => Self::Older,
            Some(false) => Self::Other,
        }
    }
}

/// The hook that stays: of those that deliver to our address the oldest, else the oldest of all.
fn kept<'h>(hooks: &'h [Listening], url: &Url) -> Option<&'h Listening> {
    hooks.iter().min_by_key(|one| {
        let made = one.hook.created_at.unwrap_or(Timestamp::MAX);
        (!delivers_to(&one.hook, url), made, one.hook.id)
    })
}

/// Whether a hook delivers to this address.
pub(crate) fn delivers_to(hook: &Hook, url: &Url) -> bool {
    let set = hook.destination_url.as_deref().and_then(|set| set.parse::<Url>().ok());
    set.as_ref() == Some(url)
}

#[cfg(test)]
mod tests;
