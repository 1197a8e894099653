//! The findings for people and for scripts.

use serde::Serialize;

use super::finding::{Finding, Verdict};
use crate::terminal::{Out, counted, line, shown_on_a_line};

/// Number of the form of `--json`: it grows when a member changes its meaning or goes.
const FORM: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    form: u32,
    verdict: Verdict,
    well: usize,
    warnings: usize,
    broken: usize,
    not_tried: usize,
    findings: &'a [Finding],
}

/// The worst of all: what is broken, else what asks for a look, else well. What was not tried is no fault.
pub(super) fn whole(findings: &[Finding]) -> Verdict {
    let any = |verdict| findings.iter().any(|finding| finding.verdict == verdict);
    if any(Verdict::Broken) {
        Verdict::Broken
    } else if any(Verdict::Warning) {
        Verdict::Warning
    } else {
        Verdict::Well
    }
}

fn count(findings: &[Finding], verdict: Verdict) -> usize {
    findings.iter().filter(|finding| finding.verdict == verdict).count()
}

/// Lines for a terminal: each with its verdict, and below what is not well who puts it right.
pub(super) fn lines(findings: &[Finding], out: Out<'_>) {
    let mut project = None;
    for finding in findings {
        if finding.project_id != project
            && let Some(id) = finding.project_id
        {
            line!(out, "project {id}");
        }
        project = finding.project_id;
        let indent = if project.is_some() { "  " } else { "" };
        let mark = match finding.verdict {
            Verdict::Well => "well      ",
            Verdict::Warning => "WARNING   ",
            Verdict::Broken => "BROKEN    ",
            Verdict::NotTried => "not tried ",
        };
        line!(out, "{indent}{mark} {}: {}", finding.area.title(), shown_on_a_line(&finding.what));
        if let (Some(who), Some(how)) = (finding.who, &finding.how) {
            line!(out, "{indent}            {}: {}", who.title(), shown_on_a_line(how));
        }
    }
    line!(
        out,
        "{} well, {}, {} broken, {} not tried",
        count(findings, Verdict::Well),
        counted(count(findings, Verdict::Warning), "warning"),
        count(findings, Verdict::Broken),
        count(findings, Verdict::NotTried)
    );
}

/// One JSON object for scripts.
pub(super) fn json(findings: &[Finding], out: Out<'_>) -> anyhow::Result<()> {
    let report = Report {
        form: FORM,
        verdict: whole(findings),
        well: count(findings, Verdict::Well),
        warnings: count(findings, Verdict::Warning),
        broken: count(findings, Verdict::Broken),
        not_tried: count(findings, Verdict::NotTried),
        findings,
    };
    line!(out, "{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}
