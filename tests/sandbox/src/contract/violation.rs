//! One departure from the description.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of departure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// No operation has this method and path.
    UnknownOperation,
    /// A path parameter is of the wrong type.
    PathValue,
    /// A required header is absent.
    MissingHeader,
    /// A header is of the wrong type.
    HeaderValue,
    /// A query parameter the operation does not have, or not in this spelling.
    UnknownQuery,
    /// A required query parameter is absent.
    MissingQuery,
    /// A query parameter is of the wrong type, or repeated though it is no array.
    QueryValue,
    /// A required body is absent, or one came that no operation asked for.
    BodyPresence,
    /// The request's body is of another media type.
    MediaType,
    /// The request's body breaks its schema.
    Body,
    /// The request is marked as deliberate and has nothing to excuse, or our own client marked it.
    Mark,
    /// A successful status the operation does not list.
    Status,
    /// An error status the operation does not list.
    ErrorStatus,
    /// The answer's body breaks its schema, or is there (or not) against the description.
    Answer,
    /// The body of an error is not what the operation lists for it.
    ErrorBody,
}

impl Kind {
    /// It is the sender's doing; otherwise the stand-in's.
    #[must_use]
    pub fn of_request(self) -> bool {
        !matches!(self, Self::Status | Self::ErrorStatus | Self::Answer | Self::ErrorBody)
    }
}

/// One departure: what, where, and which rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Violation {
    /// What kind.
    pub kind: Kind,
    /// Name of the parameter or header, pointer into the body, or the status.
    pub subject: String,
    /// The rule that is broken.
    pub rule: String,
    /// What was sent instead, for the exceptions to look at. Not reported.
    #[serde(skip)]
    pub given: String,
}

impl Violation {
    pub(super) fn new(kind: Kind, subject: impl Into<String>, rule: impl Into<String>) -> Self {
        Self { kind, subject: subject.into(), rule: rule.into(), given: String::new() }
    }

    pub(super) fn given(mut self, given: impl Into<String>) -> Self {
        self.given = given.into();
        self
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = if self.kind.of_request() { "request" } else { "answer" };
        write!(f, "{side}, {:?}, {}: {}", self.kind, self.subject, self.rule)
    }
}
