//! A case of the evaluation: a record with its documents, and what a good draft of it holds. Every case is our own
//! writing; none is made from a customer's record.

use std::path::Path;

use agent::workflows::WorkflowId;
use anyhow::{Context, bail, ensure};
use jiff::civil::Date;
use sandbox::{LogFamily, LogStatus};
use serde::Deserialize;
use serde_json::{Map, Value};

/// One case, as its file says it. Everything of the sandbox's seeded project is there besides, but for its records.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Name of its file.
    #[serde(skip)]
    pub name: String,
    /// The workflow that has to work on it.
    pub workflow: WorkflowId,
    /// Why it is here.
    pub about: String,
    /// True if somebody tries to make software do or say something.
    #[serde(default)]
    pub hostile: bool,
    /// Specification sections, or revisions of seeded ones.
    #[serde(default, rename = "section")]
    pub sections: Vec<Section>,
    /// Revisions of sheets.
    #[serde(default, rename = "sheet")]
    pub sheets: Vec<Sheet>,
    /// RFIs closed before.
    #[serde(default, rename = "closed_rfi")]
    pub closed_rfis: Vec<ClosedRfi>,
    /// The RFI.
    pub rfi: Option<Rfi>,
    /// The submittal.
    pub submittal: Option<Submittal>,
    /// The day of the log.
    pub day: Option<Day>,
    /// What has to come of it.
    pub expect: Expect,
}

/// A revision of a specification section.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the project's own words")]
pub struct Section {
    pub number: String,
    pub title: String,
    pub revision: String,
    pub issued: Date,
    pub text: String,
}

/// A revision of a sheet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the project's own words")]
pub struct Sheet {
    pub number: String,
    pub title: String,
    pub discipline: String,
    pub revision: String,
    pub issued: Date,
    pub text: String,
}

/// An RFI that was answered and closed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the record's own words")]
pub struct ClosedRfi {
    pub subject: String,
    pub question: String,
    pub section: Option<String>,
    pub answer: String,
    #[serde(default)]
    pub private: bool,
}

/// An open RFI, or one in draft.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the record's own words")]
pub struct Rfi {
    pub subject: String,
    #[serde(default)]
    pub question: String,
    pub question_html: Option<String>,
    pub section: Option<String>,
    pub drawing_number: Option<String>,
    pub location: Option<String>,
    #[serde(default)]
    pub private: bool,
    #[serde(default, rename = "attachment")]
    pub attachments: Vec<File>,
    #[serde(default, rename = "answer")]
    pub answers: Vec<Answer>,
}

/// A file somebody attached; a name that ends in `.pdf` makes it one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the record's own words")]
pub struct File {
    pub name: String,
    pub text: String,
}

/// An earlier answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the record's own words")]
pub struct Answer {
    pub body: String,
    pub author: i64,
}

/// A submittal with the ball in somebody's court.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the record's own words")]
pub struct Submittal {
    pub title: String,
    #[serde(default)]
    pub description: String,
    pub kind: Option<String>,
    pub section: Option<String>,
    pub number: Option<String>,
    pub due_date: Option<Date>,
    pub required_on_site_date: Option<Date>,
    pub lead_time_days: Option<u32>,
    #[serde(default)]
    pub private: bool,
    #[serde(default, rename = "attachment")]
    pub attachments: Vec<File>,
    #[serde(default, rename = "step")]
    pub steps: Vec<Step>,
}

/// One person of a submittal's workflow.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the record's own words")]
pub struct Step {
    pub user: i64,
    pub kind: String,
    pub response: Option<String>,
    pub comment: Option<String>,
}

/// A day of the log.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the log's own words")]
pub struct Day {
    pub date: Date,
    #[serde(rename = "entry")]
    pub entries: Vec<Entry>,
}

/// An entry of the log, `fields` in the API's words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the log's own words")]
pub struct Entry {
    pub family: LogFamily,
    #[serde(default)]
    pub status: LogStatus,
    pub author: Option<i64>,
    pub fields: Map<String, Value>,
}

/// What has to come of a case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The outcomes that are right.
    pub outcomes: Vec<String>,
    /// The `answer_status` of an RFI's draft.
    pub status: Option<String>,
    /// The disposition suggested for a submittal.
    pub disposition: Option<String>,
    /// What the draft has to say, each in one of several wordings.
    #[serde(default)]
    pub facts: Vec<Vec<String>>,
    /// What it may not say outside a quotation.
    #[serde(default)]
    pub forbidden: Vec<String>,
    /// The only specification sections it may name.
    pub sections: Option<Vec<String>>,
    /// What it has to find.
    #[serde(default, rename = "finding")]
    pub findings: Vec<Finding>,
}

/// Something a draft has to find, and the word it has for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Words that stand in it.
    pub what: String,
    /// Its word, such as `NOT_MET` or `DISCREPANCY`.
    pub status: String,
}

/// The words a draft has for what it finds.
pub(super) const STATUSES: [&str; 10] = [
    "MET",
    "NOT_MET",
    "CANNOT_VERIFY",
    "MET_WITH_NOTE",
    "MISSING",
    "DEVIATION",
    "DISCREPANCY",
    "RISK",
    "GAP",
    "CONFLICT",
];

impl Case {
    /// True if only a draft is right.
    pub fn is_answerable(&self) -> bool {
        self.expect.outcomes.iter().all(|outcome| outcome == "Drafted")
    }

    /// True if only abstaining is right.
    pub fn calls_for_abstention(&self) -> bool {
        self.expect.outcomes.iter().all(|outcome| outcome == "InsufficientContext")
    }

    fn check(&self) -> anyhow::Result<()> {
        let record = match self.workflow.name() {
            "submittal_review" => ("submittal", self.submittal.is_some()),
            "daily_log_summary" => ("day", self.day.is_some()),
            _ => ("rfi", self.rfi.is_some()),
        };
        ensure!(record.1, "a case of {} needs a table [{}]", self.workflow.name(), record.0);
        let records = [self.rfi.is_some(), self.submittal.is_some(), self.day.is_some()];
        ensure!(records.iter().filter(|there| **there).count() == 1, "a case is about one record");
        ensure!(!self.expect.outcomes.is_empty(), "expect.outcomes is empty");
        for outcome in &self.expect.outcomes {
            let known = ["Drafted", "InsufficientContext", "Skipped"];
            ensure!(known.contains(&outcome.as_str()), "expect.outcomes: {outcome:?} is none of {known:?}");
        }
        for finding in &self.expect.findings {
            ensure!(
                STATUSES.contains(&finding.status.as_str()),
                "expect.finding: status {:?} is none of {STATUSES:?}",
                finding.status
            );
        }
        let silent = self.expect.facts.is_empty() && self.expect.findings.is_empty();
        ensure!(!(self.is_answerable() && silent), "a draft is expected, but no fact and no finding of it");
        ensure!(!self.expect.facts.iter().any(Vec::is_empty), "expect.facts: a fact without wording");
        Ok(())
    }
}

/// The cases of a directory, by name.
///
/// # Errors
/// Names the file, and in it the line, of the first that is not a case.
pub fn load(dir: &Path) -> anyhow::Result<Vec<Case>> {
    let mut cases = Vec::new();
    let files = std::fs::read_dir(dir)
        .with_context(|| format!("no cases at {}: name their directory with --cases", dir.display()))?;
    for file in files {
        let path = file.with_context(|| format!("{} cannot be read", dir.display()))?.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut case: Case =
            toml::from_str(&text).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
        case.check().with_context(|| path.display().to_string())?;
        case.name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        cases.push(case);
    }
    if cases.is_empty() {
        bail!("no cases at {}: name their directory with --cases", dir.display());
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(cases)
}
