//! What can go wrong with a file as a whole. Messages name the limit and the way out, never what is in the
//! file.

use std::io;

/// Whether another attempt can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The machine failed, not the file.
    Retry,
    /// The file will end the same way every time.
    Permanent,
}

/// Why a file gave no document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// More bytes than allowed.
    #[error(
        "the file is larger than {limit_bytes} bytes: attach only the pages that matter, or raise the limit"
    )]
    TooLarge {
        /// The limit it met.
        limit_bytes: u64,
    },
    /// Not done within the limit of seconds; the worker was stopped.
    #[error(
        "the file was not read within {seconds} s: attach only the pages that matter, or raise the limit"
    )]
    TimedOut {
        /// The limit it met.
        seconds: u32,
    },
    /// The worker ended before its answer: a broken or hostile file, or one that needs too much memory.
    #[error("the file could not be read: its worker ended early (broken file, or its limit of memory)")]
    Crashed,
    /// The right kind of file, with a feature that cannot be read.
    #[error("the file uses a feature that cannot be read: save it as a plain PDF or as text")]
    Unsupported,
    /// The bytes are not of the kind that was said.
    #[error("the file is not what its name or type says, or it is damaged: attach it again")]
    NotThisKind,
    /// The worker could not be started or talked to.
    #[error("the worker that reads documents could not be used")]
    Io(#[from] io::Error),
}

impl Error {
    /// Whether another attempt can help. A file that crashed its worker or ran out of time would do it again.
    pub fn class(&self) -> Class {
        match self {
            Self::Io(_) => Class::Retry,
            Self::TooLarge { .. }
            | Self::TimedOut { .. }
            | Self::Crashed
            | Self::Unsupported
            | Self::NotThisKind => Class::Permanent,
        }
    }
}
