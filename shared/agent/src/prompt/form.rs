//! The form of a prompt file: front matter, a static half, a templated half.

use minijinja::{Environment, UndefinedBehavior};
use serde::Deserialize;

/// Opens the front matter.
const FENCE: &str = "+++\n";
/// Parts the halves.
const USER: &str = "\n# user\n";
/// What the templated half is filled in with: all of it, and nothing else.
pub(super) const PLACEHOLDERS: [&str; 3] = ["evidence", "fence", "sections"];

/// The TOML between the `+++` lines.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FrontMatter {
    pub(super) version: u32,
    /// Tier: a key of `[model]` in the configuration.
    pub(super) model: String,
    pub(super) max_output_tokens: u32,
    /// The answer schema this text was written for.
    pub(super) schema: String,
    /// Why this version exists, one line.
    pub(super) changed: String,
}

/// A file in its parts.
#[derive(Debug)]
pub(super) struct Form<'t> {
    pub(super) front: FrontMatter,
    /// The front matter as written.
    pub(super) front_text: &'t str,
    pub(super) system: &'t str,
    /// Where it begins in the file, in bytes.
    pub(super) system_at: usize,
    pub(super) user: &'t str,
    /// Where it begins in the file, in bytes.
    pub(super) user_at: usize,
}

/// What is wrong, and the line it stands in, from 1.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) line: usize,
    pub(super) problem: String,
}

impl<'t> Form<'t> {
    /// Takes a file apart. Refuses what cannot be used as a prompt at all.
    pub(super) fn read(text: &'t str, version: u32) -> Result<Self, Problem> {
        let problem = |line: usize, problem: String| Problem { line, problem };
        let (front_text, body) = text
            .strip_prefix(FENCE)
            .and_then(|rest| rest.split_once("\n+++\n"))
            .ok_or_else(|| problem(1, "expected front matter between two +++ lines".to_owned()))?;
        let front: FrontMatter = toml::from_str(front_text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start).saturating_add(FENCE.len());
            problem(line_at(text, offset), error.message().trim().to_owned())
        })?;
        if front.version != version {
            let line = front_text.lines().position(|line| line.trim_start().starts_with("version"));
            let line = line.unwrap_or_default().saturating_add(2);
            return Err(problem(line, format!("front matter says version {}", front.version)));
        }
        let (system, user) =
            body.trim_start().strip_prefix("# system\n").and_then(|rest| rest.split_once(USER)).ok_or_else(
                || {
                    let at = text.len().saturating_sub(body.len());
                    problem(line_at(text, at), "expected `# system` and then `# user`".to_owned())
                },
            )?;
        let user_at = text.len().saturating_sub(user.trim_start().len());
        let after_system = text.len().saturating_sub(user.len()).saturating_sub(USER.len());
        let system_at = after_system.saturating_sub(system.trim_start().len());
        let form = Self { front, front_text, system: system.trim(), system_at, user: user.trim(), user_at };
        if let Some(offset) = ["{{", "{%", "{#"].iter().filter_map(|sign| form.system.find(sign)).min() {
            let line = line_at(text, system_at.saturating_add(offset));
            return Err(problem(line, "the system half is static: no placeholders".to_owned()));
        }
        // A placeholder nobody fills is found here, not at the first event.
        let environment = environment();
        let template = environment.template_from_str(form.user).map_err(|error| {
            let before = line_at(text, user_at).saturating_sub(1);
            problem(before.saturating_add(error.line().unwrap_or(1)), error.to_string())
        })?;
        let used = template.undeclared_variables(false);
        if used != PLACEHOLDERS.map(str::to_owned).into() {
            let unknown = used.iter().filter(|name| !PLACEHOLDERS.contains(&name.as_str())).min();
            let offset = unknown.and_then(|name| form.user.find(name.as_str())).unwrap_or_default();
            let what = "`# user` has to use evidence, fence and sections, and nothing else";
            return Err(problem(line_at(text, user_at.saturating_add(offset)), what.to_owned()));
        }
        Ok(form)
    }
}

/// The line, from 1, in which a byte of a text stands.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count().saturating_add(1)
}

/// Where templates are rendered: a value that is missing is an error, never an empty word.
pub(super) fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment
}
