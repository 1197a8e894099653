//! The prompts: that those in force are released ones, and that the files of a source tree are as they were released.

use std::{collections::BTreeSet, path::Path};

use agent::{
    Config,
    prompt::{self, Prompt, PromptError},
    workflows::WorkflowId,
};

use super::{
    finding::{Area, Finding, Who},
    subject::Subject,
};
use crate::terminal::counted;

/// Looks at the versions the configured workflows use, and at the files of `subject.prompts`.
pub(super) fn examine(subject: &Subject, config: Option<&Config>) -> Finding {
    let in_force = config.map(in_force).unwrap_or_default();
    let problem = in_force
        .iter()
        .find_map(|(workflow, version)| problem(*workflow, *version, config))
        .or_else(|| subject.prompts.as_deref().and_then(files));
    if let Some((what, how)) = problem {
        return Finding::broken(Area::Prompts, what, Who::PlatformEngineer, how);
    }
    let files = subject.prompts.as_deref().map_or_else(
        || "those built into this program".to_owned(),
        |dir| format!("the files in {} are as locked", dir.display()),
    );
    let in_use = counted(in_force.len(), "released version");
    Finding::well(Area::Prompts, format!("{in_use} in use; {files}"))
}

/// Each workflow that runs somewhere, with the version a project pins; `None` is the label `production`.
fn in_force(config: &Config) -> BTreeSet<(WorkflowId, Option<u32>)> {
    let rows = config.projects.iter();
    rows.flat_map(|row| row.workflows.iter().map(|name| (*name, row.prompts.get(name).copied()))).collect()
}

fn problem(workflow: WorkflowId, version: Option<u32>, config: Option<&Config>) -> Option<(String, String)> {
    let found: Result<Prompt, PromptError> = match version {
        Some(version) => Prompt::version(workflow.name(), version),
        None => Prompt::labelled(workflow.name(), "production"),
    };
    let prompt = match found {
        Ok(prompt) => prompt,
        Err(error) => return Some((error.to_string(), "deploy a build whose prompts are whole".to_owned())),
    };
    let name = format!("{} v{}", workflow.name(), prompt.reference.version);
    if !prompt.released {
        let how = "plumbline prompts lock in the source tree, and deploy a new build".to_owned();
        return Some((format!("{name} is in use and not released"), how));
    }
    let missing = config.is_some_and(|config| !config.model.contains_key(&prompt.tier));
    missing.then(|| {
        let what = format!("{name} asks for the model tier {:?}, which [model] does not have", prompt.tier);
        (what, format!("add {} = {{ ... }} below [model] in the configuration", prompt.tier))
    })
}

fn files(dir: &Path) -> Option<(String, String)> {
    let how = "put the file back as it was released, and the change into a new version".to_owned();
    match prompt::lint(dir) {
        Ok(faults) => {
            let first = faults.first()?;
            let more = faults.len().saturating_sub(1);
            let more =
                if more > 0 { format!(" (and {more} more: plumbline prompts lint)") } else { String::new() };
            Some((format!("{first}{more}"), how))
        }
        Err(error) => {
            Some((error.to_string(), "name the prompts of the source tree with --prompts".to_owned()))
        }
    }
}
