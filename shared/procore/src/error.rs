//! What can go wrong with a call, and what to do about it.
//!
//! An error keeps its source and names the operation. It never holds a body, a query, a token or a name.

use std::time::Duration;

use crate::call::Operation;
use crate::pace::BookError;
use crate::refusal::Refused;

/// What the caller should do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Nothing was done; the same call may succeed later.
    Retry {
        /// At least this long, if Procore said so.
        after: Option<Duration>,
    },
    /// Nothing was done, and nothing is wrong with the call: the limits of the API ask for a wait.
    Paced {
        /// Exactly this long.
        after: Duration,
    },
    /// A write whose end is unknown: look for what it would have left before sending it again.
    Ambiguous,
    /// The record is missing, or the service account may not see it.
    NotFound,
    /// The service account lacks the project, the tool or the permission.
    Forbidden,
    /// The same call will fail again.
    Permanent,
}

/// Why a call gave no usable answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The settings cannot work.
    #[error("settings of the Procore client: {0}")]
    Settings(&'static str),
    /// The HTTP client could not be built.
    #[error("the HTTP client could not be built")]
    Build(#[source] reqwest::Error),
    /// The credentials, or a token fresh from them, were refused.
    #[error(
        "Procore refused {what} ({refused}): check that the client id and secret belong to this environment and \
         are current, and that the app is still installed in the company"
    )]
    Unauthorized {
        /// What was refused.
        what: &'static str,
        /// The answer.
        refused: Box<Refused>,
    },
    /// The call would have to wait for longer than its caller can. Nothing was sent.
    #[error("Procore's call limits are reached: the next call can be made in {} ms", after.as_millis())]
    NoPermit {
        /// Until then.
        after: Duration,
    },
    /// The account of calls that all processes share cannot be read or written. Nothing was sent.
    #[error(transparent)]
    Book(#[from] BookError),
    /// No connection, so nothing was sent.
    #[error("no connection for {operation}")]
    Connect {
        /// The call.
        operation: Operation,
        /// The cause, without its URL.
        #[source]
        source: reqwest::Error,
    },
    /// No whole answer in time.
    #[error("no answer in time to {operation}")]
    Timeout {
        /// The call.
        operation: Operation,
    },
    /// The connection broke after the request was on its way.
    #[error("the connection broke during {operation}")]
    Broken {
        /// The call.
        operation: Operation,
        /// The cause, without its URL.
        #[source]
        source: reqwest::Error,
    },
    /// An answer that is not 2xx.
    #[error("{operation} was answered with {refused}")]
    Status {
        /// The call.
        operation: Operation,
        /// The answer.
        refused: Box<Refused>,
    },
    /// A redirect where none is followed, or too many of them.
    #[error("{operation} was redirected, and that redirect is not followed: {why}")]
    Redirect {
        /// The call.
        operation: Operation,
        /// Why not.
        why: &'static str,
    },
    /// A 2xx whose body is not what it should be.
    #[error("the answer to {operation} cannot be read: {what}")]
    Malformed {
        /// The call.
        operation: Operation,
        /// What was expected, without the values met.
        what: String,
    },
    /// More bytes than the limit; the rest was not read.
    #[error("the answer to {operation} is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The call.
        operation: Operation,
        /// The limit that was passed.
        limit_bytes: u64,
    },
    /// A list that does not end.
    #[error("{operation} has more than {pages} pages")]
    TooManyPages {
        /// The call.
        operation: Operation,
        /// Pages read before giving up.
        pages: u32,
    },
    /// An address of a file that must not be asked.
    #[error("the file is not fetched: {why}")]
    Address {
        /// Why not.
        why: &'static str,
    },
}

/// A configuration that is wrong at Procore's end is put right by a person: come back later, do not hammer.
const CREDENTIALS_PAUSE: Duration = Duration::from_secs(60);

impl Error {
    /// What to do about it.
    pub fn class(&self) -> Class {
        match self {
            Error::NoPermit { after } => Class::Paced { after: *after },
            Error::Connect { .. } | Error::Book(_) => Class::Retry { after: None },
            Error::Timeout { operation } | Error::Broken { operation, .. } => {
                if operation.repeatable() {
                    Class::Retry { after: None }
                } else {
                    Class::Ambiguous
                }
            }
            Error::Status { operation, refused } => refused.class(operation.repeatable()),
            // The record is not at fault, so its event must outlive a secret that is being rotated.
            Error::Unauthorized { .. } => Class::Retry { after: Some(CREDENTIALS_PAUSE) },
            // A write that was answered 2xx has happened, whatever its answer looks like.
            Error::Malformed { operation, .. } | Error::TooLarge { operation, .. } => {
                if operation.repeatable() { Class::Permanent } else { Class::Ambiguous }
            }
            Error::Settings(_)
            | Error::Build(_)
            | Error::Redirect { .. }
            | Error::TooManyPages { .. }
            | Error::Address { .. } => Class::Permanent,
        }
    }

    /// The HTTP status of the answer, if there was one and it was not 2xx.
    pub fn status(&self) -> Option<u16> {
        match self {
            Error::Status { refused, .. } | Error::Unauthorized { refused, .. } => Some(refused.status),
            _ => None,
        }
    }

    /// Translates a failure of the transport. Its URL is dropped: a file's carries signatures.
    pub(crate) fn transport(source: reqwest::Error, operation: &Operation) -> Error {
        let (source, operation) = (source.without_url(), operation.clone());
        if source.is_connect() {
            Error::Connect { operation, source }
        } else if source.is_timeout() {
            Error::Timeout { operation }
        } else {
            Error::Broken { operation, source }
        }
    }
}
