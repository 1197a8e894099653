//! The prompt files of a source tree, and which of them are locked. The build script reads them with this file too:
//! it knows nothing else of this crate and judges no text.

use std::{fs, path::Path};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// A prompt file as it stands on disk.
pub(crate) struct PromptFile {
    /// The workflow, as its directory is called.
    pub(crate) workflow: String,
    /// The number in its name.
    pub(crate) version: u32,
    /// Its place, such as `prompts/rfi_response/v1.md`.
    pub(crate) place: String,
    /// All of it.
    pub(crate) text: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub(crate) sha256: String,
    /// What `lock.toml` says of it; `None` if it is not released.
    pub(crate) locked: Option<String>,
}

/// Everything under `prompts/`.
pub(crate) struct Tree {
    /// `index.toml`.
    pub(crate) index: String,
    /// The versions, sorted by workflow and number.
    pub(crate) files: Vec<PromptFile>,
    /// Places that cannot be a prompt file or a lock, and why.
    pub(crate) stray: Vec<(String, String)>,
}

impl Tree {
    /// Reads the tree. `Err` says what could not be read.
    pub(crate) fn read(dir: &Path) -> Result<Self, String> {
        let shown = |path: &Path| path.display().to_string();
        let text_of = |path: &Path| {
            fs::read_to_string(path).map_err(|error| format!("{}: cannot be read: {error}", shown(path)))
        };
        let entries = |path: &Path| {
            fs::read_dir(path)
                .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>())
                .map_err(|error| format!("{}: cannot be read: {error}", shown(path)))
        };
        let lock_path = dir.join("lock.toml");
        let mut tree =
            Self { index: text_of(&dir.join("index.toml"))?, files: Vec::new(), stray: Vec::new() };
        let lock = text_of(&lock_path)?.parse::<toml::Table>().unwrap_or_else(|error| {
            tree.stray.push((shown(&lock_path), error.message().to_owned()));
            toml::Table::new()
        });
        for folder in entries(dir)?.into_iter().filter(|path| path.is_dir()) {
            let workflow = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            for path in entries(&folder)? {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let number = name.strip_prefix('v').and_then(|rest| rest.strip_suffix(".md"));
                let version = number.and_then(|number| {
                    number.parse::<u32>().ok().filter(|n| *n > 0 && n.to_string() == number)
                });
                let Some(version) = version else {
                    tree.stray.push((shown(&path), "a prompt file is named v<N>.md".to_owned()));
                    continue;
                };
                let text = text_of(&path)?;
                let locked = lock
                    .get(&workflow)
                    .and_then(|versions| versions.get(format!("v{version}")))
                    .map(|hash| hash.as_str().unwrap_or_default().to_owned());
                tree.files.push(PromptFile {
                    workflow: workflow.clone(),
                    version,
                    place: shown(&path),
                    sha256: HEXLOWER.encode(&Sha256::digest(text.as_bytes())),
                    text,
                    locked,
                });
            }
        }
        tree.files.sort_by(|a, b| (&a.workflow, a.version).cmp(&(&b.workflow, b.version)));
        tree.stray.sort();
        Ok(tree)
    }
}

impl PromptFile {
    /// What is wrong if the file is released and was changed since.
    pub(crate) fn broken_lock(&self) -> Option<String> {
        let locked = self.locked.as_ref().filter(|locked| **locked != self.sha256)?;
        Some(format!(
            "is released and may not change (its sha256 is now {}, lock.toml says {locked}): put the change into a \
             new version",
            self.sha256
        ))
    }
}
