//! Refusals in every documented shape, as answers of a real server: their class, and what an operator reads of them.

use std::time::Duration;

use procore::{Call, Error, Project};
use sandbox::{ErrorShape, Fault};

use super::{Class, Desk, PROJECT, client, correspondence, impatient};

const UNKNOWN_END: Class = Class::Ambiguous;
const AGAIN: Class = Class::Retry { after: None };

/// What a reading and a write that were answered this status are; `None` where a wait was told, which is looked at
/// elsewhere.
fn classes(status: u16) -> Option<(Class, Class)> {
    Some(match status {
        400 | 406 | 409 | 422 => (Class::Permanent, Class::Permanent),
        401 => {
            let later = Class::Retry { after: Some(Duration::from_secs(60)) };
            (later, later)
        }
        403 => (Class::Forbidden, Class::Forbidden),
        404 => (Class::NotFound, Class::NotFound),
        408 | 500 | 502 | 504 => (AGAIN, UNKNOWN_END),
        _ => return None,
    })
}

/// How often a reading and a write are sent before they are given up.
fn tries(status: u16) -> (u32, u32) {
    match status {
        401 => (2, 2),
        408 | 500 | 502 | 504 => (4, 1),
        _ => (1, 1),
    }
}

/// Code and fields that may be repeated.
fn repeated(status: u16, shape: ErrorShape) -> (Option<String>, Vec<String>) {
    let title = vec!["title".to_owned()];
    match shape {
        ErrorShape::Common => (Some(status.to_string()), vec![]),
        ErrorShape::Coded => (Some("unavailable".to_owned()), vec![]),
        ErrorShape::ErrorsByField | ErrorShape::BaseAndFields => (None, title),
        ErrorShape::ErrorsText | ErrorShape::ErrorsList | ErrorShape::Html => (None, vec![]),
    }
}

fn said(error: &Error) -> (Option<String>, Vec<String>) {
    match error {
        Error::Status { refused, .. } | Error::Unauthorized { refused, .. } => {
            (refused.code.clone(), refused.fields.clone())
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn every_shape_of_every_status_has_the_class_of_its_status() {
    let Desk { sandbox, .. } = Desk::start().await;
    for status in [400, 401, 403, 404, 406, 408, 409, 422, 429, 500, 502, 503, 504] {
        for shape in ErrorShape::ALL {
            // A page comes from a gateway, and a gateway's errors are these.
            if shape == ErrorShape::Html && !matches!(status, 502..=504) {
                continue;
            }
            let (reads, writes) = tries(status);
            sandbox.fail_next("GET /rfis/", Fault::Body(status, shape), reads);
            sandbox.fail_next("POST /generic_tool_items", Fault::Body(status, shape), writes);
            // Whoever was told to wait would: so each asks with an account of its own, and for no longer than it has.
            let patient = !matches!(status, 429 | 503);
            let asking = || if patient { client(&sandbox, |_| {}) } else { impatient(&sandbox) };
            let read = asking().potential_rfi_managers(PROJECT).await.unwrap_err();
            let item = correspondence::draft("Text.");
            let written =
                asking().create_correspondence_draft(PROJECT, correspondence::KIND, &item).await.unwrap_err();
            for (error, index) in [(read, 0), (written, 1)] {
                let why = format!("{status} {shape:?}: {error}");
                assert_eq!(error.status(), Some(status), "{why}");
                assert_eq!(said(&error), repeated(status, shape), "{why}");
                assert!(!why.contains("rdered"), "no text of the body: {why}");
                match (classes(status), error.class()) {
                    (Some(expected), found) => assert_eq!([expected.0, expected.1][index], found, "{why}"),
                    (None, Class::Paced { after }) => assert!(status == 429 && !after.is_zero(), "{why}"),
                    (None, Class::Retry { after: Some(after) }) => {
                        assert!(status == 503 && !after.is_zero(), "{why}");
                    }
                    (None, other) => panic!("{other:?}: {why}"),
                }
            }
        }
    }
    assert_eq!(sandbox.correspondence(), [], "none of the writes was done");
    // Nothing that was ordered is left over, so nothing was sent more or less often than expected.
    impatient(&sandbox).potential_rfi_managers(PROJECT).await.unwrap();
    let item = correspondence::draft("Text.");
    impatient(&sandbox).create_correspondence_draft(PROJECT, correspondence::KIND, &item).await.unwrap();
}

#[tokio::test]
async fn a_reading_is_tried_again_and_a_write_is_not() {
    let Desk { sandbox, procore } = Desk::start().await;
    for fault in [Fault::Status(408), Fault::Status(500), Fault::Status(502), Fault::DropAfterApplying] {
        sandbox.clear_requests();
        sandbox.fail_next("GET /projects/4071", fault, 3);
        let call = Call::get("/rest/v1.0/projects/4071").query("company_id", 8001);
        let read: Project = procore.send(call).await.unwrap().json().unwrap();
        assert_eq!(read.id, PROJECT);
        assert_eq!(asked(&sandbox, "GET"), 4, "{fault:?}");

        sandbox.fail_next("POST /generic_tool_items", fault, 1);
        let item = correspondence::draft("Text.");
        let written = procore.create_correspondence_draft(PROJECT, correspondence::KIND, &item).await;
        assert_eq!(written.unwrap_err().class(), UNKNOWN_END, "{fault:?}");
        assert_eq!(asked(&sandbox, "POST"), 1, "{fault:?}");
    }
    assert_eq!(sandbox.correspondence().len(), 1, "the one whose answer was lost");
}

fn asked(sandbox: &sandbox::Sandbox, method: &str) -> usize {
    let requests = sandbox.requests();
    requests.iter().filter(|asked| asked.method == method && asked.path.starts_with("/rest/")).count()
}

#[tokio::test]
async fn a_list_is_read_to_its_last_page() {
    let Desk { sandbox, procore } = Desk::start().await;
    for number in 0..230 {
        let subject = format!("Question {number}");
        sandbox.add_rfi(sandbox::NewRfi { subject, emit: false, ..sandbox::NewRfi::default() });
    }
    let metered = procore.metered();
    let call = Call::get("/rest/v1.0/projects/4071/rfis");
    let rows: Vec<procore::RfiRow> = metered.pages(call, None).await.unwrap();
    let known: Vec<i64> = sandbox.rfis().iter().map(|rfi| rfi.id).collect();
    assert_eq!(rows.iter().map(|row| row.id.get()).collect::<Vec<_>>(), known);
    assert_eq!(metered.calls(), 3);
}
