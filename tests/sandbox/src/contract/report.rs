//! The report: one line of JSON for each exchange, and what they come to.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, io,
};

use serde::{Deserialize, Serialize};

use super::{Answer, Findings, Request, Violation, exceptions};

/// One exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Method and path as sent.
    pub call: String,
    /// The description's operation, if it has one.
    pub operation: Option<String>,
    /// Status answered.
    pub status: u16,
    /// Program and thread; the thread of a test has its name.
    pub seen_in: String,
    /// What is wrong.
    pub violations: Vec<Violation>,
    /// Names of the exceptions that were needed.
    pub excused: Vec<String>,
    /// Departures of a request that was wrong on purpose.
    pub deliberate: usize,
}

impl Line {
    /// The line of one exchange.
    #[must_use]
    pub fn new(request: &Request, answer: &Answer, findings: Findings, seen_in: String) -> Self {
        Self {
            call: format!("{} {}", request.method, request.path),
            operation: findings.operation,
            status: answer.status,
            seen_in,
            violations: findings.violations,
            excused: findings.excused.into_iter().map(ToOwned::to_owned).collect(),
            deliberate: findings.deliberate,
        }
    }

    pub(super) fn to_json(&self) -> io::Result<String> {
        Ok(serde_json::to_string(self)?)
    }
}

/// What a report comes to.
#[derive(Debug, Default)]
pub struct Summary {
    exchanges: usize,
    deliberate: usize,
    operations: BTreeSet<String>,
    excused: BTreeMap<String, usize>,
    violations: BTreeMap<(String, Violation), (usize, String)>,
}

impl Summary {
    /// Reads a whole report. Fails at a line that is none.
    pub fn read(report: &str) -> io::Result<Self> {
        let mut summary = Self::default();
        for line in report.lines() {
            summary.add(serde_json::from_str(line)?);
        }
        Ok(summary)
    }

    fn add(&mut self, line: Line) {
        self.exchanges += 1;
        self.deliberate += usize::from(line.deliberate > 0);
        for name in line.excused {
            *self.excused.entry(name).or_default() += 1;
        }
        let operation = line.operation.clone().unwrap_or_else(|| line.call.clone());
        for mut violation in line.violations {
            violation.subject = any_row(&violation.subject);
            let seen = format!("{} -> {} in {}", line.call, line.status, line.seen_in);
            self.violations.entry((operation.clone(), violation)).or_insert((0, seen)).0 += 1;
        }
        self.operations.extend(line.operation);
    }

    /// Something was checked, and nothing is wrong.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.exchanges > 0 && !self.operations.is_empty() && self.violations.is_empty()
    }
}

/// The pointer with `*` for every index: the rows of a list are wrong in the same way.
fn any_row(pointer: &str) -> String {
    let index = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = pointer.split('/').map(|part| if index(part) { "*" } else { part }).collect();
    parts.join("/")
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((operation, violation), (times, first)) in &self.violations {
            writeln!(f, "{operation}\n  {violation}\n  {times} times, first {first}")?;
        }
        for (name, why, source) in exceptions::rows() {
            let times = self.excused.get(name).copied().unwrap_or_default();
            let unused = if times == 0 { " (needed by nothing: delete it?)" } else { "" };
            writeln!(f, "excused {times} times{unused}: {name}: {why} [{source}]")?;
        }
        if self.exchanges == 0 {
            writeln!(f, "nothing was checked")?;
        }
        write!(
            f,
            "{} exchanges ({} wrong on purpose and refused), {} operations, {} violations",
            self.exchanges,
            self.deliberate,
            self.operations.len(),
            self.violations.values().map(|(times, _)| times).sum::<usize>(),
        )
    }
}
