//! `plumbline prompts`: looks after the prompt files of a source tree. Works on the files only: no configuration, no
//! network, and no text of a prompt is changed by it.

use std::path::{Path, PathBuf};

use agent::prompt::{self, Fault, LockError};
use clap::Subcommand;

use crate::terminal::tell;

/// What can be done with prompt files.
#[derive(Subcommand)]
pub enum Command {
    /// Looks for mistakes, each shown with file and line; exit 0 only if there are none.
    Lint {
        /// Directory of the prompts.
        #[arg(default_value = "prompts")]
        dir: PathBuf,
    },
    /// Releases the new versions: writes their hashes to lock.toml. Refuses if a released one was changed.
    Lock {
        /// Directory of the prompts.
        #[arg(default_value = "prompts")]
        dir: PathBuf,
    },
    /// What two versions of a workflow's prompt say differently.
    Diff {
        /// The workflow, such as rfi_response.
        workflow: String,
        /// A version (v1) or a label (production, candidate).
        one: String,
        /// Another.
        other: String,
        /// Directory of the prompts.
        #[arg(default_value = "prompts")]
        dir: PathBuf,
    },
}

/// Does it; `Ok(false)` if there is something to be put right first.
///
/// # Errors
/// When files cannot be read or written, or a version does not exist.
pub fn run(command: &Command) -> anyhow::Result<bool> {
    match command {
        Command::Lint { dir } => Ok(report(&prompt::lint(dir)?)),
        Command::Lock { dir } => lock(dir),
        Command::Diff { workflow, one, other, dir } => {
            tell(&prompt::compare(dir, workflow, one, other)?);
            Ok(true)
        }
    }
}

fn lock(dir: &Path) -> anyhow::Result<bool> {
    match prompt::lock(dir) {
        Ok(new) if new.is_empty() => tell("Every version is locked already.\n"),
        Ok(new) => new.iter().for_each(|place| tell(&format!("{place}: locked\n"))),
        Err(LockError::Refused(faults)) => {
            report(&faults);
            tell("Nothing was locked.\n");
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    }
    Ok(true)
}

/// True if there is nothing to tell.
fn report(faults: &[Fault]) -> bool {
    faults.iter().for_each(|fault| tell(&format!("{fault}\n")));
    faults.is_empty()
}
