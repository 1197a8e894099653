//! What two versions of a prompt say differently, for the person who reviews a release.

use std::{fmt::Write as _, path::Path};

use similar::TextDiff;

use super::{TreeError, form::Form, labels, tree::Tree};

/// Lines shown around a change.
const CONTEXT: usize = 2;

/// Why two versions cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// The tree cannot be read.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// There is no such version or label.
    #[error(
        "{workflow} has no {version:?}; name a version such as v1, or production or candidate. Versions: {known}"
    )]
    Unknown {
        /// The workflow.
        workflow: String,
        /// What was asked for.
        version: String,
        /// The versions there are.
        known: String,
    },
    /// A file does not have the form of a prompt file.
    #[error("{place}:{line}: {problem}")]
    Malformed {
        /// The file.
        place: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
}

/// The differences from `one` to `other`, each a version (`v1`) or a label (`production`): what of the front matter
/// changed, then a line diff of both halves. A half that is the same says so.
///
/// # Errors
/// When a version does not exist or has not the form of a prompt file.
pub fn compare(dir: &Path, workflow: &str, one: &str, other: &str) -> Result<String, CompareError> {
    let tree = Tree::read(dir).map_err(TreeError)?;
    let file = |asked: &str| {
        let number = asked.strip_prefix('v').unwrap_or(asked).parse().ok();
        let number = number.or_else(|| labels::version(&tree.index, workflow, asked));
        tree.files.iter().find(|file| file.workflow == workflow && Some(file.version) == number).ok_or_else(
            || {
                let known = tree.files.iter().filter(|file| file.workflow == workflow);
                let known: Vec<String> = known.map(|file| format!("v{}", file.version)).collect();
                CompareError::Unknown {
                    workflow: workflow.to_owned(),
                    version: asked.to_owned(),
                    known: if known.is_empty() { "none".to_owned() } else { known.join(", ") },
                }
            },
        )
    };
    let (one, other) = (file(one)?, file(other)?);
    let form = |file: &'_ super::tree::PromptFile| {
        Form::read(&file.text, file.version)
            .map(|form| (form.front_text.to_owned(), form.system.to_owned(), form.user.to_owned()))
            .map_err(|found| CompareError::Malformed {
                place: file.place.clone(),
                line: found.line,
                problem: found.problem,
            })
    };
    let (before, after) = (form(one)?, form(other)?);
    let mut out = format!("{workflow} v{} -> v{}\n", one.version, other.version);
    part(&mut out, "front matter", &before.0, &after.0, 0);
    part(&mut out, "system", &before.1, &after.1, CONTEXT);
    part(&mut out, "user", &before.2, &after.2, CONTEXT);
    Ok(out)
}

fn part(out: &mut String, name: &str, before: &str, after: &str, context: usize) {
    let _ = writeln!(out, "\n{name}");
    if before == after {
        out.push_str("(the same)\n");
        return;
    }
    // Whole lines at both ends, or the last line counts as changed for its missing end.
    let (before, after) = (format!("{before}\n"), format!("{after}\n"));
    let diff = TextDiff::from_lines(&before, &after);
    let _ = write!(out, "{}", diff.unified_diff().context_radius(context));
}
