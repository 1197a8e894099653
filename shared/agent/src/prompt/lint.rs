//! What is wrong with the prompt files of a source tree, by file and line. Reads, never writes.

use std::{fmt, path::Path, sync::LazyLock};

use regex::Regex;

use super::{
    TreeError,
    form::{Form, line_at},
    labels,
    tree::{PromptFile, Tree},
};
use crate::{gate, workflows::WorkflowId};

/// Longest file, in characters: what is longer is read by nobody and paid for at every event.
const MAX_CHARS: usize = 24_000;
/// Longest answer a prompt may ask for, in tokens.
const MAX_OUTPUT_TOKENS: u32 = 16_000;
/// Longest reason for a version, in characters.
const MAX_CHANGED: usize = 200;

/// Something wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.problem)
    }
}

#[allow(clippy::expect_used, reason = "constant patterns; every test here compiles them")]
static SECRET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\bsk-[a-z0-9_-]{16,}|\bakia[0-9a-z]{16}\b|\bgh[opsu]_[a-z0-9]{20,}|\beyj[a-z0-9_-]{10,}\.",
        r"|\bbearer\s+[a-z0-9._-]{16,}|-----begin|\b(?:password|secret|api[_ -]?key|token)\s*[:=]\s*\S{8,}"
    ))
    .expect("a constant pattern")
});

/// What differs from event to event: an id, a hash, a moment.
#[allow(clippy::expect_used, reason = "constant patterns; every test here compiles them")]
static VARIABLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b\d{7,}\b|\b[0-9a-f]{16,}\b|\b[0-9A-HJKMNP-TV-Z]{26}\b|\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")
        .expect("a constant pattern")
});

/// A placeholder, and its name.
#[allow(clippy::expect_used, reason = "constant patterns; every test here compiles them")]
static PLACEHOLDER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{\{-?\s*(\w+)").expect("a constant pattern"));

/// Looks at every file under `dir`, at the labels and at the locks. Empty: all is well.
///
/// # Errors
/// When the directory or a file in it cannot be read.
pub fn lint(dir: &Path) -> Result<Vec<Fault>, TreeError> {
    let tree = Tree::read(dir).map_err(TreeError)?;
    let mut faults = stray(&tree);
    let index = dir.join("index.toml").display().to_string();
    faults.extend(labels::faults(&index, &tree));
    for file in &tree.files {
        faults.extend(file.broken_lock().map(|problem| fault(file, 1, &problem)));
        faults.extend(faults_of(file, labels::is_current(&tree, file)));
    }
    faults.sort();
    faults.dedup();
    Ok(faults)
}

pub(super) fn stray(tree: &Tree) -> Vec<Fault> {
    let fault =
        |(file, problem): &(String, String)| Fault { file: file.clone(), line: 1, problem: problem.clone() };
    tree.stray.iter().map(fault).collect()
}

/// What is wrong with one file. A retired version (`current` is false) is read for audits only: it may have been
/// written for an older schema.
pub(super) fn faults_of(file: &PromptFile, current: bool) -> Vec<Fault> {
    let form = match Form::read(&file.text, file.version) {
        Ok(form) => form,
        Err(found) => return vec![fault(file, found.line, &found.problem)],
    };
    let mut faults = Vec::new();
    let Some(workflow) = WorkflowId::all().iter().find(|workflow| workflow.name() == file.workflow) else {
        return vec![fault(file, 1, &format!("there is no workflow {:?}", file.workflow))];
    };
    front_matter(file, &form, &mut faults);
    let (name, schema) = workflow.schema();
    if current && form.front.schema != name {
        let problem = format!("the schema of {} is {name:?}, not {:?}", file.workflow, form.front.schema);
        faults.push(fault(file, key_line(&form, "schema"), &problem));
    }
    if current && form.front.schema == name {
        examples(file, &form, &schema, &mut faults);
    }
    if let Some(found) = VARIABLE.find(form.system) {
        let line = line_at(&file.text, form.system_at.saturating_add(found.start()));
        faults.push(fault(
            file,
            line,
            &format!("the system half is static: {:?} is an id or a time", found.as_str()),
        ));
    }
    order(file, &form, &mut faults);
    for (number, line) in file.text.lines().enumerate() {
        let line_number = number.saturating_add(1);
        if SECRET.is_match(line) {
            // The words are not repeated: a linter's output is a log.
            faults.push(fault(file, line_number, "this looks like a secret"));
        }
        for (rule, value) in gate::foreign(line) {
            faults.push(fault(file, line_number, &format!("no prompt holds this ({rule}): {value:?}")));
        }
    }
    let length = file.text.chars().count();
    if length > MAX_CHARS {
        faults.push(fault(file, 1, &format!("{length} characters; at most {MAX_CHARS}")));
    }
    faults
}

fn front_matter(file: &PromptFile, form: &Form<'_>, faults: &mut Vec<Fault>) {
    let front = &form.front;
    let mut refuse = |key: &str, wrong: bool, problem: String| {
        if wrong {
            faults.push(fault(file, key_line(form, key), &problem));
        }
    };
    let tokens = front.max_output_tokens;
    refuse(
        "max_output_tokens",
        tokens == 0 || tokens > MAX_OUTPUT_TOKENS,
        format!("max_output_tokens is {tokens}; from 1 to {MAX_OUTPUT_TOKENS}"),
    );
    let tier = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    refuse(
        "model",
        front.model.is_empty() || !front.model.chars().all(tier),
        format!("model names a tier of the configuration, such as \"default\", not {:?}", front.model),
    );
    let changed = front.changed.trim();
    refuse(
        "changed",
        changed.is_empty() || changed.contains('\n') || changed.chars().count() > MAX_CHANGED,
        format!("changed says in one line of at most {MAX_CHANGED} characters why this version exists"),
    );
}

/// Every JSON object of the static half is JSON, and those that are whole answers are answers of the schema.
fn examples(file: &PromptFile, form: &Form<'_>, schema: &serde_json::Value, faults: &mut Vec<Fault>) {
    let Ok(validator) = jsonschema::validator_for(schema) else { return };
    let members = schema.get("properties").and_then(|properties| properties.as_object());
    let mut whole = 0_usize;
    let mut from = 0;
    while let Some(start) = form.system.get(from..).and_then(|rest| rest.find("{\"")) {
        let start = from.saturating_add(start);
        let line = line_at(&file.text, form.system_at.saturating_add(start));
        let rest = form.system.get(start..).unwrap_or_default();
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<serde_json::Value>();
        let value = match stream.next() {
            Some(Ok(value)) => value,
            Some(Err(error)) => {
                let line = line.saturating_add(error.line().saturating_sub(1));
                faults.push(fault(file, line, "an example that is not JSON"));
                from = start.saturating_add(2);
                continue;
            }
            None => break,
        };
        from = start.saturating_add(stream.byte_offset().max(1));
        let (Some(object), Some(members)) = (value.as_object(), members) else { continue };
        // A piece of an answer, shown to explain it, has few of the members.
        let shared = object.keys().filter(|key| members.contains_key(*key)).count();
        if shared.saturating_mul(2) < members.len() {
            continue;
        }
        whole = whole.saturating_add(1);
        for error in validator.iter_errors(&value) {
            let place = error.instance_path().to_string();
            let place = if place.is_empty() { "the whole" } else { &place };
            faults.push(fault(file, line, &format!("the example breaks the schema at {place}: {error}")));
        }
    }
    if whole == 0 {
        let line = line_at(&file.text, form.system_at);
        faults.push(fault(file, line, "no example: show one whole answer as JSON"));
    }
}

/// Lists first, evidence between its two markers, a reminder last: nothing of the event before the first marker, so
/// that an endpoint can keep what stands before it.
fn order(file: &PromptFile, form: &Form<'_>, faults: &mut Vec<Fault>) {
    let places = |name: &str| -> Vec<usize> {
        PLACEHOLDER
            .captures_iter(form.user)
            .filter(|found| found.get(1).is_some_and(|group| group.as_str() == name))
            .filter_map(|found| found.get(0).map(|whole| whole.start()))
            .collect()
    };
    let (sections, fence, evidence) = (places("sections"), places("fence"), places("evidence"));
    let mut refuse = |at: Option<&usize>, problem: &str| {
        let line = line_at(&file.text, form.user_at.saturating_add(at.copied().unwrap_or_default()));
        faults.push(fault(file, line, problem));
    };
    let (Some(opens), Some(closes)) = (fence.first(), fence.last()) else { return };
    if opens == closes {
        refuse(Some(opens), "the fence opens and closes: two markers");
    }
    if let Some(late) = sections.iter().find(|place| *place > opens) {
        refuse(
            Some(late),
            "sections, which every event of the project shares, stand before the first marker",
        );
    }
    if let Some(outside) = evidence.iter().find(|place| *place < opens || *place > closes) {
        refuse(Some(outside), "evidence stands between the two markers");
    }
    let after = form.user.get(*closes..).and_then(|rest| rest.split_once('\n')).map_or("", |(_, rest)| rest);
    if after.trim().is_empty() {
        refuse(Some(closes), "the last words are a reminder, behind the second marker");
    }
}

fn key_line(form: &Form<'_>, key: &str) -> usize {
    let line = form.front_text.lines().position(|line| line.trim_start().starts_with(key));
    line.unwrap_or_default().saturating_add(2)
}

pub(super) fn fault(file: &PromptFile, line: usize, problem: &str) -> Fault {
    Fault { file: file.place.clone(), line, problem: problem.to_owned() }
}
