//! The closed list of everything this program can write to Procore.
//!
//! A [`Write`] can be made in this folder only: its members are private, and nothing outside takes them.
//!
//! | what | how it stays unseen |
//! |---|---|
//! | [`correspondence`]: create, update and take back an item | status Draft, private, no e-mail, nobody named |
//! | [`rfis`]: create an RFI, fill one in | `draft` is always true, nobody named; creating also makes it private |
//! | [`submittals`]: create a submittal | a status proven to be Draft, private, no e-mail, no workflow |
//! | [`administration`]: our own webhooks and their triggers | touches no record of any project |
//!
//! Never add a reply, a review response, an approval, a status change, an assignee, a recipient, or an
//! operation whose name contains send, email, distribute, issue or close. What must not compile is shown in
//! [`impossible`].

pub(crate) mod administration;
pub(crate) mod correspondence;
mod impossible;
pub(crate) mod rfis;
pub(crate) mod submittals;

use reqwest::Method;
use serde_json::Value;

/// How a write is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WriteMethod {
    Create,
    Update,
    Delete,
}

impl WriteMethod {
    pub(crate) fn name(self) -> &'static str {
        match self {
            WriteMethod::Create => "POST",
            WriteMethod::Update => "PATCH",
            WriteMethod::Delete => "DELETE",
        }
    }

    pub(crate) fn http(self) -> Method {
        match self {
            WriteMethod::Create => Method::POST,
            WriteMethod::Update => Method::PATCH,
            WriteMethod::Delete => Method::DELETE,
        }
    }

    /// A deletion repeated is a deletion. A creation repeated is a second record, and an update repeated
    /// may undo what a person did in between.
    pub(crate) fn repeatable(self) -> bool {
        matches!(self, WriteMethod::Delete)
    }
}

/// One permitted write.
#[derive(Clone)]
pub(crate) struct Write {
    method: WriteMethod,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
}

impl Write {
    fn create(path: String, body: Value) -> Write {
        Write { method: WriteMethod::Create, path, query: Vec::new(), body: Some(body) }
    }

    fn update(path: String, body: Value) -> Write {
        Write { method: WriteMethod::Update, path, query: Vec::new(), body: Some(body) }
    }

    fn delete(path: String) -> Write {
        Write { method: WriteMethod::Delete, path, query: Vec::new(), body: None }
    }

    fn with_query(mut self, key: &'static str, value: impl std::fmt::Display) -> Write {
        self.query.push((key, value.to_string()));
        self
    }

    fn with_body(mut self, body: Value) -> Write {
        self.body = Some(body);
        self
    }

    pub(crate) fn method(&self) -> WriteMethod {
        self.method
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn query(&self) -> &[(&'static str, String)] {
        &self.query
    }

    pub(crate) fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }
}

/// Neither text of a record nor the secret of a webhook belongs in a log: the body does not show.
impl std::fmt::Debug for Write {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} {}", self.method.name(), self.path)
    }
}

/// Adds a member to an object, if there is a value for it.
fn set<T: serde::Serialize>(object: &mut Value, name: &str, value: Option<T>) {
    if let (Value::Object(members), Some(value)) = (object, value) {
        members.insert(name.to_owned(), serde_json::json!(value));
    }
}

#[cfg(test)]
mod tests;
