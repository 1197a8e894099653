//! What AWS did not do, in words for an operator.
//!
//! Never holds what was sent or answered: bodies of messages, items and secrets stay out of errors, and so do the
//! services' own sentences, which may repeat them. The request id finds those at AWS.

use std::path::PathBuf;

use agent::{ConfigError, assemble::AssembleError, ledger::LedgerError, queue::QueueError};
use aws_sdk_sqs::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};

/// Something on the way to or from AWS failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The function was deployed without what it needs.
    #[error("missing in the environment: {names}")]
    MissingVariables {
        /// Names of the variables.
        names: String,
    },
    /// A list of queues does not name what it has to.
    #[error(
        "{variable}: `{at}` is missing, unknown, twice or without a URL; wanted is one URL, or NAME=URL of each of {wanted}, with commas between"
    )]
    Lanes {
        /// The variable.
        variable: &'static str,
        /// The name at fault.
        at: String,
        /// All names.
        wanted: String,
    },
    /// The service refused.
    #[error("{operation}: refused with {code} (HTTP {status}, request {request_id})")]
    Refused {
        /// Service and operation.
        operation: &'static str,
        /// The service's code, such as `AccessDeniedException`.
        code: String,
        /// HTTP status.
        status: u16,
        /// Finds the request in the logs at AWS.
        request_id: String,
    },
    /// There was no answer, or none that can be read.
    #[error("{operation}: {what}")]
    NoAnswer {
        /// Service and operation.
        operation: &'static str,
        /// What happened on the wire.
        what: &'static str,
    },
    /// Some items of a batch could not be read: the table is busy.
    #[error("DynamoDB BatchGetItem: {left} of {all} items were not read, the table is too busy")]
    Unread {
        /// How many.
        left: usize,
        /// Of how many.
        all: usize,
    },
    /// Some messages of a batch were refused twice.
    #[error("SQS SendMessageBatch: {refused} of {all} messages refused with {code}")]
    BatchRefused {
        /// How many.
        refused: usize,
        /// Of how many.
        all: usize,
        /// The code of the first.
        code: String,
    },
    /// What is to be stored or sent cannot be written as JSON.
    #[error("a {what} cannot be written as JSON")]
    Unwritable {
        /// A kind of thing.
        what: &'static str,
    },
    /// What was stored cannot be read back: another version of the program wrote it.
    #[error("a stored {what} cannot be read: {category:?} error at column {column}")]
    Unreadable {
        /// A kind of thing.
        what: &'static str,
        /// Kind of JSON error.
        category: serde_json::error::Category,
        /// Where.
        column: usize,
    },
    /// A secret or a parameter is there but holds no text.
    #[error("what {variable} names holds no text")]
    NoText {
        /// The variable.
        variable: &'static str,
    },
    /// The configuration file cannot be read.
    #[error("cannot read {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Documents are read by the program itself, started as a child, and where it is cannot be told.
    #[error("this program's own file is not to be found")]
    NoProgram(#[source] std::io::Error),
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The secrets are wrong.
    #[error(transparent)]
    Secrets(#[from] AssembleError),
}

impl Error {
    /// Names what was stored, and where its JSON breaks off from what is known here.
    pub(crate) fn unreadable(what: &'static str, error: &serde_json::Error) -> Self {
        Self::Unreadable { what, category: error.classify(), column: error.column() }
    }
}

/// Names a failed call without repeating what either side said.
pub(crate) fn failed<E: ProvideErrorMetadata>(
    operation: &'static str,
    error: &SdkError<E, HttpResponse>,
) -> Error {
    let no_answer = |what| Error::NoAnswer { operation, what };
    match error {
        SdkError::ServiceError(refusal) => {
            refused(operation, refusal.err().code().unwrap_or("no code"), refusal.raw())
        }
        SdkError::TimeoutError(_) => no_answer("no answer in time"),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => no_answer("no connection in time"),
        SdkError::DispatchFailure(failure) if failure.is_user() => {
            no_answer("the request was refused on this side")
        }
        SdkError::DispatchFailure(failure) if failure.is_io() => no_answer("the connection failed"),
        SdkError::DispatchFailure(_) => {
            no_answer("the request could not be sent: region, credentials, address?")
        }
        SdkError::ResponseError(_) => no_answer("the answer cannot be read"),
        _ => no_answer("the request could not be built"),
    }
}

/// Names a refusal by a code of ours to choose: the one at the head of an answer may say less than those within.
pub(crate) fn refused(operation: &'static str, code: &str, response: &HttpResponse) -> Error {
    Error::Refused {
        operation,
        code: code.to_owned(),
        status: response.status().as_u16(),
        request_id: response.headers().get("x-amzn-requestid").unwrap_or("unknown").to_owned(),
    }
}

impl From<Error> for LedgerError {
    fn from(error: Error) -> Self {
        Self(Box::new(error))
    }
}

impl From<Error> for QueueError {
    fn from(error: Error) -> Self {
        Self(Box::new(error))
    }
}
