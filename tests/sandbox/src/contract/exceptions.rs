//! Everything that departs from the description and is right all the same, or cannot be told. Each row says which
//! operation, what, why, and who says so; a row that nothing needs any more is shown by the report and goes.

use jiff::{Timestamp, civil::Date};

use super::{
    exchange::{Answer, Request},
    refusals,
    violation::{Kind, Violation},
};

/// One row.
struct Exception {
    name: &'static str,
    /// `GET /rest/...` with the description's names; `None` for all.
    operation: Option<&'static str>,
    covers: fn(&Violation, &Request, &Answer) -> bool,
    why: &'static str,
    source: &'static str,
}

const ROWS: [Exception; 6] = [
    Exception {
        name: "date filters hold ranges",
        operation: None,
        covers: |violation, _, _| {
            violation.kind == Kind::QueryValue
                && violation.subject.starts_with("filters[")
                && violation.subject.ends_with("_at]")
                && violation.rule.ends_with("(date)")
                && is_range(&violation.given)
        },
        why: "the description types created_at, updated_at and closed_at as one date; they take start...end",
        source: "Procore docs: filtering on list actions",
    },
    Exception {
        name: "RFI statuses are filtered with brackets",
        operation: Some("GET /rest/v1.0/projects/{project_id}/rfis"),
        covers: |violation, _, _| {
            violation.kind == Kind::UnknownQuery && violation.subject == "filters[status][]"
        },
        why: "the description types it as a single text, and that spelling was answered with 400",
        source: "seen at a developer sandbox by others; to be confirmed at a live tenant",
    },
    Exception {
        name: "a token is asked for with a form",
        operation: Some("POST /oauth/token"),
        covers: |violation, request, _| {
            violation.kind == Kind::MediaType
                && violation.given == "application/x-www-form-urlencoded"
                && request.method == "POST"
        },
        why: "the description lists JSON alone; the guide shows form fields, as OAuth 2.0 has it",
        source: "Procore docs: OAuth client credentials",
    },
    Exception {
        name: "a token is asked for without one",
        operation: Some("POST /oauth/token"),
        covers: |violation, _, _| {
            violation.kind == Kind::MissingHeader && violation.subject == "authorization"
        },
        why: "the description asks for a bearer everywhere and forgets to leave this out",
        source: "Procore docs: OAuth client credentials",
    },
    Exception {
        name: "errors any call may answer",
        operation: None,
        covers: |violation, _, answer| {
            violation.kind == Kind::ErrorStatus && refusals::may_come(answer.status)
        },
        why: "operations list few of the errors that the general pages give for all",
        source: "Procore docs: error reference, rate limiting",
    },
    Exception {
        name: "bodies of errors are not uniform",
        operation: None,
        covers: |violation, _, answer| {
            violation.kind == Kind::ErrorBody && refusals::has_known_shape(answer.status, &violation.given)
        },
        why: "one schema is listed where five shapes are documented; any of the five passes, another does not",
        source: "Procore docs: error reference, troubleshooting, rate limiting",
    },
];

/// The violations that remain, and the names of the rows that covered the others.
pub(super) fn sort(
    found: Vec<Violation>,
    operation: Option<&str>,
    request: &Request,
    answer: &Answer,
) -> (Vec<Violation>, Vec<&'static str>) {
    let mut remaining = Vec::new();
    let mut excused = Vec::new();
    for violation in found {
        let row = ROWS.iter().find(|row| {
            row.operation.is_none_or(|one| operation == Some(one))
                && (row.covers)(&violation, request, answer)
        });
        match row {
            Some(row) => excused.push(row.name),
            None => remaining.push(violation),
        }
    }
    (remaining, excused)
}

/// Name, reason and source of every row.
pub(super) fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    ROWS.iter().map(|row| (row.name, row.why, row.source))
}

fn is_range(text: &str) -> bool {
    let moment = |text: &str| text.parse::<Timestamp>().is_ok() || text.parse::<Date>().is_ok();
    text.split_once("...").is_some_and(|(from, to)| moment(from) && moment(to))
}
