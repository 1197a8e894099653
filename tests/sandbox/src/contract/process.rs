//! The check of this process: what the environment asks for, and the file the findings go to.

use std::{
    env,
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::OnceLock,
    thread,
};

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header, request::Parts},
};

use super::{Answer, CONTRACT_VARIABLE, Contract, Line, REPORT_VARIABLE, Request};

/// Description and report.
#[derive(Debug)]
pub(crate) struct Checker {
    contract: Contract,
    report: File,
    program: String,
}

/// The checker of this process, `None` where nothing is asked for. Loaded once.
/// Fails if only one variable is set, or either file cannot be used: a check that quietly does nothing is none.
pub(crate) fn of_process() -> io::Result<Option<&'static Checker>> {
    static CHECKER: OnceLock<Result<Option<Checker>, String>> = OnceLock::new();
    let path = |variable| env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    let load = || match (path(CONTRACT_VARIABLE), path(REPORT_VARIABLE)) {
        (None, None) => Ok(None),
        (Some(contract), Some(report)) => Checker::open(&contract, &report).map(Some),
        _ => Err(format!("{CONTRACT_VARIABLE} and {REPORT_VARIABLE} must both be set, or neither")),
    };
    CHECKER.get_or_init(load).as_ref().map(Option::as_ref).map_err(|why| io::Error::other(why.clone()))
}

impl Checker {
    fn open(contract: &Path, report: &Path) -> Result<Self, String> {
        let contract = Contract::load(contract)?;
        let file = OpenOptions::new().create(true).append(true).open(report);
        let report = file.map_err(|error| format!("{}: {error}", report.display()))?;
        let program = env::current_exe().ok();
        let program = program.as_deref().and_then(Path::file_stem).unwrap_or_default();
        Ok(Self { contract, report, program: program.to_string_lossy().into_owned() })
    }

    /// Checks one exchange and appends its line, in one write: other processes append to the same file.
    pub(crate) fn check(
        &self,
        parts: &Parts,
        body: &Bytes,
        status: StatusCode,
        headers: &HeaderMap,
        answer: &Bytes,
    ) {
        let request = Request {
            method: parts.method.as_str().to_owned(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers: parts
                .headers
                .keys()
                .map(|name| (name.to_string(), text(&parts.headers, name.as_str())))
                .collect(),
            body: body.to_vec(),
        };
        let answer = Answer {
            status: status.as_u16(),
            content_type: text(headers, header::CONTENT_TYPE.as_str()),
            body: answer.to_vec(),
        };
        let findings = self.contract.check(&request, &answer);
        let thread = thread::current();
        let seen_in = format!("{} {}", self.program, thread.name().unwrap_or("-"));
        let line = Line::new(&request, &answer, findings, seen_in);
        let written = line.to_json().and_then(|mut json| {
            json.push('\n');
            (&self.report).write_all(json.as_bytes())
        });
        if let Err(error) = written {
            tracing::error!(%error, "the contract report cannot be written");
        }
    }
}

fn text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
}
