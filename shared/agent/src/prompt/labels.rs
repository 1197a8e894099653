//! `prompts/index.toml`: which version a label names.

use super::{
    lint::Fault,
    tree::{PromptFile, Tree},
};
use crate::workflows::WorkflowId;

/// What a version can be: what projects get, and what it is compared with.
const LABELS: [&str; 2] = ["production", "candidate"];

/// The version a label names.
pub(super) fn version(index: &str, workflow: &str, label: &str) -> Option<u32> {
    let index: toml::Table = index.parse().ok()?;
    let version = index.get(workflow)?.get(label)?.as_integer()?;
    u32::try_from(version).ok()
}

/// True unless the file is locked and no label names it: then it is kept for audits only.
pub(super) fn is_current(tree: &Tree, file: &PromptFile) -> bool {
    file.locked.is_none()
        || LABELS.iter().any(|label| version(&tree.index, &file.workflow, label) == Some(file.version))
}

/// What is wrong with the labels. `place` is the file's.
pub(super) fn faults(place: &str, tree: &Tree) -> Vec<Fault> {
    let line_of = |workflow: &str, label: &str| {
        let mut heading = false;
        let found = tree.index.lines().position(|line| {
            let line = line.trim();
            if line.starts_with('[') {
                heading = line.trim_matches(['[', ']']) == workflow;
            }
            heading && (label.is_empty() || line.starts_with(label))
        });
        found.unwrap_or_default().saturating_add(1)
    };
    let fault = |line: usize, problem: String| Fault { file: place.to_owned(), line, problem };
    let index: toml::Table = match tree.index.parse() {
        Ok(index) => index,
        Err(error) => {
            let offset = error.span().map_or(0, |span| span.start);
            let before = tree.index.get(..offset).unwrap_or_default();
            let line = before.matches('\n').count().saturating_add(1);
            return vec![fault(line, error.message().trim().to_owned())];
        }
    };
    let mut faults = Vec::new();
    for workflow in WorkflowId::all() {
        if version(&tree.index, workflow.name(), "production").is_none() {
            let line = line_of(workflow.name(), "");
            faults.push(fault(line, format!("{} has no production version", workflow.name())));
        }
    }
    for (workflow, labels) in &index {
        if !WorkflowId::all().iter().any(|known| known.name() == workflow) {
            faults.push(fault(line_of(workflow, ""), format!("there is no workflow {workflow:?}")));
            continue;
        }
        for label in labels.as_table().into_iter().flat_map(|labels| labels.keys()) {
            let line = line_of(workflow, label);
            if !LABELS.contains(&label.as_str()) {
                faults.push(fault(line, format!("a label is production or candidate, not {label:?}")));
                continue;
            }
            let version = version(&tree.index, workflow, label);
            let file =
                tree.files.iter().find(|file| file.workflow == *workflow && Some(file.version) == version);
            match file {
                None => faults.push(fault(line, format!("{label} of {workflow} names no version there is"))),
                Some(file) if label == "production" && file.locked.is_none() => faults.push(fault(
                    line,
                    format!("production of {workflow} is v{}, which is not in lock.toml", file.version),
                )),
                Some(_) => {}
            }
        }
    }
    faults
}
