//! How much a file may cost. Limits are data: they travel to the worker with the file.

use serde::{Deserialize, Serialize};

/// Limits of one extraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Size of the file in bytes; above it the file is refused unread.
    pub bytes: u64,
    /// Pages read, from the first; the rest is left out and the document says so.
    pub pages: u32,
    /// Wall clock and processor time, in seconds.
    pub seconds: u32,
    /// Address space of the worker, in bytes (enforced on Linux).
    pub memory_bytes: u64,
    /// Characters of one page; head and tail are kept.
    pub page_chars: u32,
    /// Characters of all pages together.
    pub total_chars: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 25 * 1024 * 1024,
            pages: 400,
            seconds: 20,
            memory_bytes: 512 * 1024 * 1024,
            page_chars: 20_000,
            total_chars: 2_000_000,
        }
    }
}

impl Limits {
    /// Bytes a worker can answer with: four for each character at most, and the frame of each page.
    pub(crate) fn answer_bytes(&self) -> u64 {
        const FRAME_BYTES: u64 = 256;
        (u64::from(self.total_chars) + u64::from(self.page_chars)) * 4
            + (u64::from(self.pages) + 16) * FRAME_BYTES
    }
}
