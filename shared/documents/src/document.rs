//! A document after extraction: numbered pages, each with its text or the reason it has none. Never more of
//! the file than that.

use crate::Removed;
use serde::{Deserialize, Serialize};

/// The pages of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// In order. Fewer than `pages_total` when a limit was met.
    pub pages: Vec<Page>,
    /// What cleaning took out, over all pages.
    pub removed: Removed,
    /// Pages of the file, read or not. 1 for an encrypted file, which does not even tell that.
    pub pages_total: u32,
    /// Whether a limit of pages or characters left something out.
    pub cut: bool,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Position in the file, from 1. Not the number printed on the page.
    pub number: u32,
    /// Its text, or why there is none.
    pub content: PageContent,
}

impl Page {
    /// The text, if the page has one.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            PageContent::Text(text) => Some(text),
            PageContent::Unreadable(_) => None,
        }
    }
}

/// Text, or the reason there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageContent {
    /// Cleaned, at most [`crate::Limits::page_chars`] characters.
    Text(String),
    /// No text that could be quoted.
    Unreadable(Unreadable),
}

/// Why a page has no text. A person can read such a page; this program must not pretend to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreadable {
    /// Pictures and no text: a scan.
    Scanned,
    /// The file opens only with a password.
    Encrypted,
    /// Its text cannot be told from noise, or the page is broken.
    Garbled,
    /// Neither text nor pictures.
    Empty,
}
