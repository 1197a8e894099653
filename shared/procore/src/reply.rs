//! An answer that was 2xx: its body, and whether a list goes on.

use reqwest::header::{HeaderMap, LINK};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::call::Operation;
use crate::error::Error;

/// A successful answer.
#[derive(Clone)]
pub struct Reply {
    status: u16,
    body: Vec<u8>,
    next_page: Option<bool>,
    operation: Operation,
}

impl Reply {
    pub(crate) fn new(
        status: u16,
        headers: &HeaderMap,
        body: Vec<u8>,
        page: u32,
        operation: Operation,
    ) -> Reply {
        Reply { status, body, next_page: next_page(headers, page), operation }
    }

    /// The HTTP status, 200 to 299.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The body as it came.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether the headers name a further page.
    pub fn next_page(&self) -> bool {
        self.next_page == Some(true)
    }

    /// The same, but `None` when the headers say nothing about pages.
    pub(crate) fn paging(&self) -> Option<bool> {
        self.next_page
    }

    /// Reads the body as one object.
    ///
    /// # Errors
    /// [`Error::Malformed`], which names the place but not the values met.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| self.malformed(&error))
    }

    /// Reads one record: bare (v1) or under `data` (v2).
    pub(crate) fn one<T: DeserializeOwned>(&self) -> Result<T, Error> {
        #[derive(Deserialize)]
        struct Enveloped<'a> {
            #[serde(borrow)]
            data: &'a RawValue,
        }
        match serde_json::from_slice::<Enveloped<'_>>(&self.body) {
            Ok(envelope) if envelope.data.get().starts_with('{') => {
                serde_json::from_str(envelope.data.get()).map_err(|error| self.malformed(&error))
            }
            _ => self.json(),
        }
    }

    /// Reads the rows of a list that has no pages, as far as they can be read.
    pub(crate) fn list<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        self.rows().map(|(rows, _)| rows)
    }

    /// Reads a list: bare (v1) or under `data` (v2). A row that cannot be read is left out and counted in
    /// the log: one odd record must not hide the others. Returns the rows and how many there were.
    pub(crate) fn rows<T: DeserializeOwned>(&self) -> Result<(Vec<T>, usize), Error> {
        #[derive(Deserialize)]
        struct Enveloped<'a> {
            #[serde(borrow)]
            data: Vec<&'a RawValue>,
        }
        let bare = self.body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
        let raw: Vec<&RawValue> = if bare {
            serde_json::from_slice(&self.body).map_err(|error| self.malformed(&error))?
        } else {
            let enveloped: Enveloped<'_> =
                serde_json::from_slice(&self.body).map_err(|error| self.malformed(&error))?;
            enveloped.data
        };
        let rows: Vec<T> = raw.iter().filter_map(|row| serde_json::from_str(row.get()).ok()).collect();
        let left_out = raw.len().saturating_sub(rows.len());
        if left_out > 0 {
            tracing::warn!(path = self.operation.target(), left_out, "rows of a list could not be read");
        }
        Ok((rows, raw.len()))
    }

    /// serde's own text may quote the value it met, which is record text: only the place is kept.
    fn malformed(&self, error: &serde_json::Error) -> Error {
        let kind = match error.classify() {
            serde_json::error::Category::Eof => "it ends early",
            serde_json::error::Category::Data => "a member has another type than expected, or is missing",
            _ => "it is not JSON",
        };
        let what = format!("{kind} (line {}, column {})", error.line(), error.column());
        Error::Malformed { operation: self.operation.clone(), what }
    }
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Reply")
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Procore docs: a list ends when `Link` names no `next`. Where `Link` is missing, `Total` and `Per-Page` decide.
fn next_page(headers: &HeaderMap, page: u32) -> Option<bool> {
    let mut links = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok()).peekable();
    if links.peek().is_some() {
        return Some(links.any(|link| link.split([';', ',']).any(is_next)));
    }
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    let (total, per_page) = (number("total")?, number("per-page")?);
    Some(u64::from(page).saturating_mul(per_page) < total)
}

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else {
        return false;
    };
    name.trim().eq_ignore_ascii_case("rel")
        && value.trim().trim_matches('"').split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn knows_whether_a_list_goes_on() {
        for (pairs, page, expected) in [
            (vec![], 1, None),
            (
                vec![("link", r#"<https://a/?page=2>; rel="next", <https://a/?page=9>; rel="last""#)],
                1,
                Some(true),
            ),
            (
                vec![("link", r#"<https://a/?page=1>; rel="first", <https://a/?page=9>; rel=next"#)],
                1,
                Some(true),
            ),
            (vec![("link", r#"<https://a/?page=1>; rel="prev first""#)], 2, Some(false)),
            (
                vec![("link", r#"<https://a/?page=1>; rel="last""#), ("total", "900"), ("per-page", "100")],
                1,
                Some(false),
            ),
            (vec![("total", "101"), ("per-page", "100")], 1, Some(true)),
            (vec![("total", "100"), ("per-page", "100")], 1, Some(false)),
            (vec![("total", "101"), ("per-page", "100")], 2, Some(false)),
            (vec![("total", "101")], 1, None),
            (vec![("total", "many"), ("per-page", "100")], 1, None),
        ] {
            assert_eq!(next_page(&headers(&pairs), page), expected, "{pairs:?} page {page}");
        }
    }

    fn reply(body: &str) -> Reply {
        Reply::new(200, &HeaderMap::new(), body.into(), 1, Operation::new("GET", "/x"))
    }

    #[test]
    fn reads_both_kinds_of_list_and_leaves_out_odd_rows() {
        for (body, expected) in [
            ("[1, 2]", Some((vec![1, 2], 2))),
            (" \n[]", Some((vec![], 0))),
            (r#"{"data": [1, "x", 3]}"#, Some((vec![1, 3], 3))),
            (r#"{"data": [], "meta": {}}"#, Some((vec![], 0))),
            (r#"{"data": 4}"#, None),
            (r#"{"message": "not a list"}"#, None),
            ("<html>", None),
            ("", None),
        ] {
            assert_eq!(reply(body).rows::<i64>().ok(), expected, "{body}");
        }
    }

    #[test]
    fn reads_both_kinds_of_record() {
        #[derive(Deserialize, Debug, PartialEq)]
        struct Row {
            id: i64,
        }
        for (body, expected) in [
            (r#"{"id": 7}"#, Some(7)),
            (r#"{"data": {"id": 7}}"#, Some(7)),
            (r#" {"meta": {}, "data": {"id": 7}} "#, Some(7)),
            (r#"{"id": 7, "data": "of the record's own"}"#, Some(7)),
            (r#"{"data": {"id": "x"}}"#, None),
            (r#"{"data": [{"id": 7}]}"#, None),
            (r#"{"data": null}"#, None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(reply(body).one::<Row>().ok().map(|row| row.id), expected, "{body}");
        }
    }

    #[test]
    fn a_malformed_answer_does_not_repeat_what_it_said() {
        let error = reply(r#"{"name": "Smith"}"#).json::<Vec<String>>().unwrap_err();
        let number = reply(r#""Smith leak""#).json::<i64>().unwrap_err();
        assert!(!format!("{error} {error:?} {number} {number:?}").contains("Smith"));
    }
}
