//! A plan in words.

use std::fmt;

use super::{
    found::place,
    need::told,
    plan::{Change, Fault, Note, Plan, ProjectPlan},
};
use crate::terminal::{counted, shown_on_a_line};

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for project in &self.projects {
            project.tell(self, f)?;
        }
        for stray in &self.strays {
            let (place, id) = (place(stray.scope), stray.hook.id);
            writeln!(
                f,
                "{place}\n    hook {id} is ours and nothing needs it: `plumbline hooks remove` takes it away"
            )?;
        }
        for why in &self.unseen {
            writeln!(f, "not looked at for hooks left behind: {why}")?;
        }
        let changes = self.projects.iter().map(|project| project.changes.len()).sum();
        let troubled = self.projects.iter().filter(|project| project.trouble.is_some()).count();
        match (changes, troubled) {
            (0, 0) => writeln!(f, "Nothing to do."),
            (_, 0) => {
                writeln!(f, "{} to make: `plumbline hooks apply` makes them.", counted(changes, "change"))
            }
            _ => writeln!(
                f,
                "{} to make; {} in trouble.",
                counted(changes, "change"),
                counted(troubled, "project")
            ),
        }
    }
}

impl ProjectPlan {
    fn tell(&self, plan: &Plan, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.workflows.as_slice() {
            [] => writeln!(f, "project {}: no workflow, no hook needed", self.project)?,
            workflows => writeln!(
                f,
                "project {}: one hook, {}, for {}",
                self.project,
                counted(self.wanted, "trigger"),
                workflows.join(", ")
            )?,
        }
        if let Some(why) = &self.trouble {
            writeln!(f, "    TROUBLE: {}", shown_on_a_line(why))?;
        }
        for change in &self.changes {
            writeln!(f, "    {}", shown_on_a_line(&change.told(plan)))?;
        }
        for note in &self.notes {
            writeln!(f, "    note: {}", shown_on_a_line(&note.to_string()))?;
        }
        match self.kept {
            Some(hook) if self.changes.is_empty() && self.trouble.is_none() => {
                writeln!(f, "    hook {hook} is as it should be")
            }
            _ => Ok(()),
        }
    }
}

impl Change {
    /// What is to be done, in words.
    pub(crate) fn told(&self, plan: &Plan) -> String {
        match self {
            Self::Create { payload_version, triggers } => format!(
                "make a hook ({payload_version}) that delivers to {}, and listen to {}",
                plan.url,
                told(triggers)
            ),
            Self::Mend { hook, faults } => {
                let faults: Vec<String> = faults.iter().map(|fault| fault.told(plan)).collect();
                format!("hook {hook} {}", faults.join("; it "))
            }
            Self::Listen { hook, triggers, .. } => format!("hook {hook} has to listen to {}", told(triggers)),
            Self::Unlisten { hook, triggers } => format!(
                "hook {hook} listens to what no workflow needs, or twice to the same: no more to {}",
                told(triggers.iter().map(|(_, wanted)| wanted))
            ),
            Self::RemoveSurplus { hook } => {
                format!("hook {hook} is one too many, every event would come twice: remove it")
            }
        }
    }
}

impl Fault {
    fn told(&self, plan: &Plan) -> String {
        match self {
            Self::Elsewhere { url } if url.is_empty() => {
                format!("has no address: let it deliver to {}", plan.url)
            }
            Self::Elsewhere { url } => format!("delivers to {url}: let it deliver to {}", plan.url),
            Self::NoAuthorization => "sends no Authorization value: set the newest".to_owned(),
            Self::OtherAuthorization => {
                "sends an Authorization value that our door does not accept: set the newest".to_owned()
            }
            Self::Off => "is switched off, nothing is delivered: switch it on".to_owned(),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOffered { changes, workflows } => write!(
                f,
                "Procore does not offer {}: {} learns of these from sweeps and other events alone",
                told(changes),
                workflows.join(", ")
            ),
            Self::OlderAuthorization(hook) => write!(
                f,
                "hook {hook} sends an older Authorization value that is still accepted: `plumbline hooks rotate finish`"
            ),
            Self::UnknownAuthorization(hook) => write!(
                f,
                "what Procore shows of hook {hook}'s Authorization value does not tell whether it is the newest"
            ),
            Self::UnknownStatus(hook) => {
                write!(
                    f,
                    "whether hook {hook} is switched on is not said by this version of the administration"
                )
            }
            Self::NoMetadata(hook, format) => write!(
                f,
                "hook {hook} has format {format}, which does not say which app made a change: our own are known by the \
                 service account alone. To change it, remove the hook and apply"
            ),
            Self::NotNeeded(hook) => {
                write!(f, "hook {hook} is ours and nothing needs it: `plumbline hooks remove` takes it away")
            }
        }
    }
}
