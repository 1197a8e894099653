//! What an answer that is not 2xx means: its class, and the little of its body that may be repeated.
//!
//! Procore docs: error bodies come in five shapes, from an object of loose strings to a gateway's HTML. The
//! messages in them may quote the record, so only codes and names of fields are ever taken out.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use crate::error::Class;
use crate::rate_limit::UNSTATED_WAIT;

const MOST_FIELDS: usize = 20;
const LONGEST_NAME: usize = 64;

/// An answer of Procore's that is not 2xx.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// Procore's own code for it, if the body had one.
    pub code: Option<String>,
    /// Names of the fields that were refused; never their values or messages.
    pub fields: Vec<String>,
    /// How long the headers ask to wait.
    pub retry_after: Option<Duration>,
}

impl Refused {
    pub(crate) fn read(status: u16, body: &[u8], retry_after: Option<Duration>) -> Refused {
        let (code, fields) = match serde_json::from_slice::<Value>(body) {
            Ok(body) => (code(&body), fields(&body)),
            Err(_) => (None, Vec::new()),
        };
        Refused { status, code, fields, retry_after }
    }

    /// The one table of statuses. Procore docs: retry 408, 429, 5xx; 404 also stands for "not visible to you";
    /// the rest is final. A write that was not plainly turned away may have happened.
    pub(crate) fn class(&self, repeatable: bool) -> Class {
        match self.status {
            // Turned away before anything was done.
            429 => Class::Paced { after: self.retry_after.unwrap_or(UNSTATED_WAIT) },
            503 => Class::Retry { after: self.retry_after },
            408 | 500..=599 if repeatable => Class::Retry { after: None },
            408 | 500..=599 => Class::Ambiguous,
            403 => Class::Forbidden,
            404 | 410 => Class::NotFound,
            _ => Class::Permanent,
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "status {}", self.status)?;
        if let Some(code) = &self.code {
            write!(formatter, ", code {code}")?;
        }
        if !self.fields.is_empty() {
            write!(formatter, ", fields {}", self.fields.join(" "))?;
        }
        match self.status {
            403 => formatter.write_str(" (project not permitted, tool disabled or permission missing)"),
            404 => formatter.write_str(" (missing, or not visible to the service account)"),
            _ => Ok(()),
        }
    }
}

/// `code` at the top (shape 1), in `error` (shape 3), or `error` itself as OAuth uses it.
fn code(body: &Value) -> Option<String> {
    let error = body.get("error");
    let coded = [body.get("code"), error.and_then(|error| error.get("code"))];
    let code = coded.into_iter().flatten().find_map(|code| match code {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => name(text),
        _ => None,
    });
    code.or_else(|| error.and_then(Value::as_str).filter(|text| is_oauth_code(text)).map(str::to_owned))
}

/// Keys of `errors` (shape 2) and `fields` (shape 4), a `fields` string that is one name (shape 1), and the
/// sources of `error.details` (shape 3).
fn fields(body: &Value) -> Vec<String> {
    let mut found = BTreeSet::new();
    for holder in [body.get("errors"), body.get("fields")].into_iter().flatten() {
        if let Value::Object(members) = holder {
            found.extend(members.keys().filter_map(|key| name(key)));
        }
    }
    match body.get("fields") {
        Some(Value::String(text)) => found.extend(name(text)),
        Some(Value::Array(names)) => found.extend(names.iter().filter_map(Value::as_str).filter_map(name)),
        _ => {}
    }
    let details = body.get("error").and_then(|error| error.get("details")).and_then(Value::as_array);
    let sources = details.into_iter().flatten().filter_map(|detail| detail.get("source")?.as_str());
    found.extend(sources.filter_map(name));
    found.into_iter().take(MOST_FIELDS).collect()
}

/// The text, if it can only be a name of the API's: one short word without spaces, all of it in one case. People
/// and tokens mix the two.
fn name(text: &str) -> Option<String> {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'[' | b']');
    let mixed = text.bytes().any(|byte| byte.is_ascii_lowercase())
        && text.bytes().any(|byte| byte.is_ascii_uppercase());
    let fits = !text.is_empty() && text.len() <= LONGEST_NAME && text.bytes().all(plain) && !mixed;
    fits.then(|| text.to_owned())
}

fn is_oauth_code(text: &str) -> bool {
    text.len() <= LONGEST_NAME
        && text.contains('_')
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_of_body_gives_codes_and_names_and_no_text() {
        let texts = "Smith leak: the door 12 is wrong";
        for (shape, body, code, fields) in [
            (
                "1: loose strings",
                r#"{"code": 4001, "message": "Smith leak", "fields": "subject", "reason": "Smith", "error": "Smith leak"}"#,
                Some("4001"),
                vec!["subject"],
            ),
            (
                "1: fields as prose",
                r#"{"fields": "Smith leak and door", "error": "Smith leak"}"#,
                None,
                vec![],
            ),
            ("1: a list of fields", r#"{"fields": ["subject", "Smith leak", 4]}"#, None, vec!["subject"]),
            (
                "1: oauth",
                r#"{"error": "invalid_client", "error_description": "Smith leak"}"#,
                Some("invalid_client"),
                vec![],
            ),
            ("2: a string", r#"{"errors": "Smith leak"}"#, None, vec![]),
            ("2: a list", r#"{"errors": ["Smith leak", "Smith"]}"#, None, vec![]),
            (
                "2: by field",
                r#"{"errors": {"title": ["Smith leak"], "status": ["is wrong"], "Smith leak": ["x"]}}"#,
                None,
                vec!["status", "title"],
            ),
            (
                "3: nested",
                r#"{"error": {"code": "VALIDATION_FAILED", "message": "Smith leak", "details": [
                    {"code": "blank", "message": "Smith", "source": "rfi.subject"}, {"source": null}, 7]}}"#,
                Some("VALIDATION_FAILED"),
                vec!["rfi.subject"],
            ),
            (
                "4: base and fields",
                r#"{"base": ["Smith leak"], "fields": {"due_date": ["Smith"]}}"#,
                None,
                vec!["due_date"],
            ),
            ("5: a gateway's page", "<html><body>Smith leak</body></html>", None, vec![]),
            ("5: plain text", "Missing Procore-Company-Id header! Smith", None, vec![]),
            ("5: nothing", "", None, vec![]),
            ("5: not even text", "\u{0}\u{1}", None, vec![]),
            ("odd: an array", r#"["Smith"]"#, None, vec![]),
            (
                "odd: wrong types",
                r#"{"code": {"a": 1}, "errors": 4, "fields": null, "error": []}"#,
                None,
                vec![],
            ),
        ] {
            let refused = Refused::read(422, body.as_bytes(), None);
            assert_eq!(
                (refused.code.as_deref(), refused.fields.clone()),
                (code, fields.iter().map(ToString::to_string).collect()),
                "{shape}"
            );
            let shown = format!("{refused} {refused:?}");
            for word in texts.split([' ', ':']).filter(|word| ["Smith", "leak", "door"].contains(word)) {
                assert!(!shown.contains(word), "{shape}: {shown}");
            }
        }
    }

    #[test]
    fn a_flood_of_fields_is_cut() {
        let members: Vec<String> = (0..500).map(|n| format!("\"f{n}\": []")).collect();
        let body = format!("{{\"errors\": {{{}}}}}", members.join(","));
        assert_eq!(Refused::read(422, body.as_bytes(), None).fields.len(), MOST_FIELDS);
    }

    #[test]
    fn every_status_has_its_class() {
        let wait = Some(Duration::from_secs(9));
        let later = Class::Retry { after: wait };
        let paced = Class::Paced { after: Duration::from_secs(9) };
        let now = Class::Retry { after: None };
        for (status, read, write) in [
            (400, Class::Permanent, Class::Permanent),
            (401, Class::Permanent, Class::Permanent),
            (403, Class::Forbidden, Class::Forbidden),
            (404, Class::NotFound, Class::NotFound),
            (405, Class::Permanent, Class::Permanent),
            (406, Class::Permanent, Class::Permanent),
            (408, now, Class::Ambiguous),
            (409, Class::Permanent, Class::Permanent),
            (410, Class::NotFound, Class::NotFound),
            (413, Class::Permanent, Class::Permanent),
            (422, Class::Permanent, Class::Permanent),
            (429, paced, paced),
            (500, now, Class::Ambiguous),
            (502, now, Class::Ambiguous),
            (503, later, later),
            (504, now, Class::Ambiguous),
            (599, now, Class::Ambiguous),
            (600, Class::Permanent, Class::Permanent),
        ] {
            for body in [
                r#"{"code": 1, "message": "m"}"#,
                r#"{"errors": {"title": ["m"]}}"#,
                r#"{"error": {"code": "c", "message": "m", "details": []}}"#,
                r#"{"base": ["m"], "fields": {}}"#,
                "<html>m</html>",
            ] {
                let refused = Refused::read(status, body.as_bytes(), wait);
                assert_eq!(refused.class(true), read, "read, {status}, {body}");
                assert_eq!(refused.class(false), write, "write, {status}, {body}");
            }
        }
        let silent = Refused::read(429, b"", None);
        assert_eq!(silent.class(true), Class::Paced { after: UNSTATED_WAIT });
    }
}
