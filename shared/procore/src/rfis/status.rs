//! Where an RFI stands.

use serde::Deserialize;

/// Status of an RFI. Procore docs: the six named ones; anything else is a value too.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(from = "String")]
pub enum RfiStatus {
    /// Waiting for an answer.
    Open,
    /// Answered and closed.
    Closed,
    /// Not yet an RFI to anybody but its writer, the RFI manager and administrators.
    Draft,
    /// Closed, and replaced by a revision.
    ClosedWithRevision,
    /// A draft that was closed.
    ClosedDraft,
    /// In the recycle bin.
    Recycled,
    /// Newer than this program, or not stated (empty).
    Other(String),
}

impl RfiStatus {
    /// The name the API uses.
    pub fn as_str(&self) -> &str {
        match self {
            RfiStatus::Open => "open",
            RfiStatus::Closed => "closed",
            RfiStatus::Draft => "draft",
            RfiStatus::ClosedWithRevision => "closed_with_revision",
            RfiStatus::ClosedDraft => "closed_draft",
            RfiStatus::Recycled => "recycled",
            RfiStatus::Other(name) => name,
        }
    }
}

impl From<String> for RfiStatus {
    fn from(name: String) -> RfiStatus {
        match name.as_str() {
            "open" => RfiStatus::Open,
            "closed" => RfiStatus::Closed,
            "draft" => RfiStatus::Draft,
            "closed_with_revision" => RfiStatus::ClosedWithRevision,
            "closed_draft" => RfiStatus::ClosedDraft,
            "recycled" => RfiStatus::Recycled,
            _ => RfiStatus::Other(name),
        }
    }
}

impl Default for RfiStatus {
    fn default() -> RfiStatus {
        RfiStatus::Other(String::new())
    }
}
