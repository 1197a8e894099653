//! One request to the API, before it is sent.
//!
//! Reading is open: any path, any query. Writing is not: the only way to a call with a body or another
//! method is the closed list in `writes`, whose type cannot be made anywhere else.

use std::borrow::Cow;
use std::fmt;

use reqwest::Method;
use serde_json::Value;
use url::Url;

use crate::writes::Write;

/// A request to the API. Opaque: it can be sent and that is all.
///
/// ```
/// let call = procore::Call::get("/rest/v1.0/me").query("company_id", 8001);
/// ```
#[derive(Clone, Debug)]
pub struct Call {
    action: Action,
    query: Vec<(Cow<'static, str>, String)>,
}

#[derive(Clone, Debug)]
enum Action {
    Read { path: String },
    Write(Write),
}

impl Call {
    /// A read of this path, which starts with `/rest/`.
    pub fn get(path: impl Into<String>) -> Call {
        Call { action: Action::Read { path: path.into() }, query: Vec::new() }
    }

    /// Adds a query parameter; the same key may be added again (Procore's arrays: `filters[x][]`).
    #[must_use]
    pub fn query(mut self, key: impl Into<Cow<'static, str>>, value: impl fmt::Display) -> Call {
        self.query.push((key.into(), value.to_string()));
        self
    }

    /// What the call is, for errors and spans.
    pub fn operation(&self) -> Operation {
        let (method, path) = match &self.action {
            Action::Read { path } => ("GET", path.clone()),
            Action::Write(write) => (write.method().name(), write.path().to_owned()),
        };
        let repeatable = match &self.action {
            Action::Read { .. } => true,
            Action::Write(write) => write.method().repeatable(),
        };
        Operation { method, target: path, repeatable }
    }

    pub(crate) fn method(&self) -> Method {
        match &self.action {
            Action::Read { .. } => Method::GET,
            Action::Write(write) => write.method().http(),
        }
    }

    pub(crate) fn body(&self) -> Option<&Value> {
        match &self.action {
            Action::Read { .. } => None,
            Action::Write(write) => write.body(),
        }
    }

    /// The whole address. The path is set, not joined: whatever it says, it cannot name another host.
    pub(crate) fn url(&self, base: &Url) -> Url {
        let path = match &self.action {
            Action::Read { path } => path,
            Action::Write(write) => write.path(),
        };
        let mut url = base.clone();
        url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        url
    }
}

impl From<Write> for Call {
    fn from(write: Write) -> Call {
        let query = write.query().iter().map(|(key, value)| (Cow::Borrowed(*key), value.clone())).collect();
        Call { action: Action::Write(write), query }
    }
}

/// Names a call: method and path, without query or body, so that it can stand in an error or a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    method: &'static str,
    target: String,
    repeatable: bool,
}

impl Operation {
    pub(crate) fn new(method: &'static str, target: impl Into<String>) -> Operation {
        Operation { method, target: target.into(), repeatable: true }
    }

    pub(crate) fn method(&self) -> &'static str {
        self.method
    }

    pub(crate) fn target(&self) -> &str {
        &self.target
    }

    /// Whether it only reads.
    pub(crate) fn is_reading(&self) -> bool {
        self.method == "GET"
    }

    /// Whether sending it twice leaves the same as sending it once, as far as anybody could see.
    pub fn repeatable(&self) -> bool {
        self.repeatable
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_to_another_host() {
        for (base, path, expected) in [
            ("https://api.procore.com", "/rest/v1.0/me", "https://api.procore.com/rest/v1.0/me"),
            (
                "https://gateway.example/procore/",
                "/rest/v1.0/me",
                "https://gateway.example/procore/rest/v1.0/me",
            ),
            ("https://api.procore.com", "//evil.example/x", "https://api.procore.com//evil.example/x"),
            ("https://api.procore.com", "@evil.example/x", "https://api.procore.com/@evil.example/x"),
            ("https://api.procore.com", "/a?b=c#d", "https://api.procore.com/a%3Fb=c%23d"),
        ] {
            assert_eq!(Call::get(path).url(&Url::parse(base).unwrap()).as_str(), expected);
        }
    }

    #[test]
    fn query_values_are_encoded_and_absent_from_the_name() {
        let call = Call::get("/rest/v1.0/x").query("filters[status][]", "open").query("search", "a&b=c");
        let url = call.url(&Url::parse("https://api.procore.com").unwrap());
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        assert_eq!(pairs, [("filters[status][]".into(), "open".into()), ("search".into(), "a&b=c".into())]);
        assert_eq!(call.operation().to_string(), "GET /rest/v1.0/x");
    }
}
