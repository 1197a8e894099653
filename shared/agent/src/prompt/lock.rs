//! Releases prompt versions: writes their hashes to `lock.toml`, and never a second one for the same version.

use std::{collections::BTreeMap, fmt::Write as _, fs, io, path::Path};

use super::{
    TreeError, labels,
    lint::{Fault, fault, faults_of, stray},
    tree::Tree,
};

/// Why nothing was locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// The tree cannot be read.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// A released version was changed, or a new one is not fit to be released.
    #[error("nothing was locked")]
    Refused(Vec<Fault>),
    /// The file cannot be written.
    #[error("lock.toml cannot be written")]
    Write(#[source] io::Error),
}

/// Locks every version under `dir` that is not locked yet; all or none. Returns their places.
///
/// # Errors
/// When a released version was changed (the change belongs into a new version), when a new version has a fault, or
/// when files cannot be read or written.
pub fn lock(dir: &Path) -> Result<Vec<String>, LockError> {
    let tree = Tree::read(dir).map_err(TreeError)?;
    let mut faults = stray(&tree);
    for file in &tree.files {
        if let Some(problem) = file.broken_lock() {
            let next = tree.files.iter().filter(|other| other.workflow == file.workflow);
            let next = next.map(|other| other.version).max().unwrap_or_default().saturating_add(1);
            faults.push(fault(file, 1, &format!("{problem}, {}/v{next}.md", file.workflow)));
        }
        if file.locked.is_none() {
            faults.extend(faults_of(file, labels::is_current(&tree, file)));
        }
    }
    if !faults.is_empty() {
        return Err(LockError::Refused(faults));
    }
    let new: Vec<String> =
        tree.files.iter().filter(|file| file.locked.is_none()).map(|file| file.place.clone()).collect();
    if new.is_empty() {
        return Ok(new);
    }
    let path = dir.join("lock.toml");
    let old = fs::read_to_string(&path).map_err(LockError::Write)?;
    let temporary = dir.join("lock.toml.new");
    fs::write(&temporary, written(&old, &tree)).map_err(LockError::Write)?;
    fs::rename(&temporary, &path).map_err(LockError::Write)?;
    Ok(new)
}

/// The whole file: its opening comment as it was, then every version. Entries of files that are gone stay: a number
/// is not given twice.
fn written(old: &str, tree: &Tree) -> String {
    let mut locks: BTreeMap<String, BTreeMap<u32, String>> = BTreeMap::new();
    for (workflow, versions) in old.parse::<toml::Table>().unwrap_or_default() {
        for (version, hash) in versions.as_table().into_iter().flatten() {
            if let (Some(Ok(number)), Some(hash)) = (version.strip_prefix('v').map(str::parse), hash.as_str())
            {
                locks.entry(workflow.clone()).or_default().insert(number, hash.to_owned());
            }
        }
    }
    for file in &tree.files {
        locks.entry(file.workflow.clone()).or_default().insert(file.version, file.sha256.clone());
    }
    let mut out: String =
        old.lines().take_while(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    for (position, (workflow, versions)) in locks.iter().enumerate() {
        let gap = if position == 0 { "" } else { "\n" };
        let _ = writeln!(out, "{gap}[{workflow}]");
        for (version, hash) in versions {
            let _ = writeln!(out, "v{version} = \"{hash}\"");
        }
    }
    out
}
