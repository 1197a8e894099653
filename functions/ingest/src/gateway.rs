//! Requests as API Gateway hands them over (HTTP API, payload format 2.0), and what it wants back.
//!
//! Types of our own, with only what is read. The usual ones refuse an event over one odd header or method, and then
//! the runtime logs the header's value, which may be a secret, and the sender gets a 500. Here everything that the
//! gateway lets through can be read.

use std::{borrow::Cow, collections::BTreeMap};

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

/// A request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// AWS docs: names are lower case, values of a repeated header are joined with commas.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
    request_context: RequestContext,
}

#[derive(Deserialize)]
struct RequestContext {
    http: Http,
}

#[derive(Deserialize)]
struct Http {
    method: String,
}

impl Request {
    /// The method.
    pub fn method(&self) -> &str {
        &self.request_context.http.method
    }

    /// The value of the `Authorization` header, however the name is written.
    pub fn authorization(&self) -> Option<&[u8]> {
        self.headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("authorization"))
            .map(|(_, value)| value.as_bytes())
    }

    /// The body as it was sent. What claims to be base64 and is not is given as it stands: unreadable, but kept.
    pub fn body(&self) -> Cow<'_, [u8]> {
        let body = self.body.as_deref().unwrap_or_default().as_bytes();
        if self.is_base64_encoded
            && let Ok(decoded) = BASE64.decode(body)
        {
            return Cow::Owned(decoded);
        }
        Cow::Borrowed(body)
    }
}

/// An answer: a status and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    status_code: u16,
    body: &'static str,
}

impl Response {
    /// An answer with an empty body.
    pub fn empty(status_code: u16) -> Self {
        Self { status_code, body: "" }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn request(event: Value) -> Request {
        serde_json::from_value(event).unwrap()
    }

    fn event(headers: Value, body: Value, encoded: bool) -> Value {
        json!({
            "version": "2.0", "routeKey": "$default", "rawPath": "/webhooks/procore", "headers": headers, "body": body,
            "isBase64Encoded": encoded,
            "requestContext": { "accountId": "1", "domainName": "://", "http": { "method": "POST", "path": "/" } },
        })
    }

    #[test]
    fn bodies_are_read_as_they_were_sent() {
        for (body, encoded, expected) in [
            (json!("{}"), false, b"{}".as_slice()),
            (json!("e30="), true, b"{}"),
            (json!("/w=="), true, b"\xff"),
            (json!("e30="), false, b"e30="),
            (json!("not base64"), true, b"not base64"),
            (json!(null), false, b""),
            (json!(""), true, b""),
        ] {
            assert_eq!(*request(event(json!({}), body.clone(), encoded)).body(), *expected, "{body}");
        }
    }

    #[test]
    fn the_header_is_found_however_it_is_written_and_odd_ones_do_no_harm() {
        for name in ["authorization", "Authorization", "AUTHORIZATION"] {
            let headers = json!({ "x-é": "\u{1}", "host": "x.execute-api.127.0.0.1", "x-forwarded-proto": "://", name: "Bé" });
            assert_eq!(request(event(headers, json!(""), false)).authorization(), Some("Bé".as_bytes()));
        }
        assert_eq!(request(event(json!({}), json!(""), false)).authorization(), None);
    }

    #[test]
    fn the_least_that_can_come_is_a_request() {
        let least = request(json!({ "requestContext": { "http": { "method": "gEt?" } } }));
        assert_eq!((least.method(), least.authorization(), least.body().len()), ("gEt?", None, 0));
    }

    #[test]
    fn an_answer_is_a_status() {
        let answer = serde_json::to_value(Response::empty(204)).unwrap();
        assert_eq!(answer, json!({ "statusCode": 204, "body": "" }));
    }
}
