//! Documents as an engineer reads them: PDF, HTML and plain text become numbered pages of clean text,
//! under limits of bytes, pages, seconds and memory.
//!
//! A file is never opened in the process that asks for it. [`Extractor`] starts the same program again
//! as a child ([`worker`] is the first line of its `main`), and whatever a hostile file does, panic, loop
//! or fill the memory, ends with that child. What cannot be read (scans, encrypted or garbled pages) is
//! reported by page, never guessed.
//!
//! The same hygiene serves fields of records: [`clean_text`], [`clean_html`], [`redact`], [`truncate`].
//!
//! This crate never touches the network or the file system, never runs another program than the one it was
//! given, and never puts words of a document into an error or a log.

mod cache;
mod clean;
mod document;
mod error;
mod extractor;
mod html;
mod kind;
mod legible;
mod limits;
mod lines;
mod origin;
mod paging;
mod pdf;
mod redact;
mod removed;
mod repairs;
mod truncate;
mod worker;

pub use cache::Cache;
pub use clean::{Cleaned, clean_text, clean_text_mapped};
pub use document::{Document, Page, PageContent, Unreadable};
pub use error::{Class, Error};
pub use extractor::Extractor;
pub use html::clean_html;
pub use kind::Kind;
pub use limits::Limits;
pub use origin::{Mapped, Origin};
pub use redact::{redact, redact_mapped};
pub use removed::Removed;
pub use truncate::{Cut, truncate, truncate_mapped};
pub use worker::worker;
