//! Sheets and their revisions.

use std::sync::Arc;

/// One sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// Drawing id; the same for all revisions of a sheet.
    pub id: i64,
    /// Sheet number such as `A-811`.
    pub number: String,
    /// Title.
    pub title: String,
    /// Discipline, such as `Architectural`.
    pub discipline: String,
    /// Revisions, oldest first; the last one is current.
    pub revisions: Vec<DrawingRevision>,
}

/// One revision of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawingRevision {
    /// Revision id.
    pub id: i64,
    /// Revision as printed.
    pub revision: String,
    /// `YYYY-MM-DD`.
    pub issued_date: String,
    /// The text the PDF was made from.
    pub text: Arc<str>,
    /// The PDF file.
    pub pdf: Arc<Vec<u8>>,
}

impl Drawing {
    /// The revision that is in force.
    #[must_use]
    pub fn current(&self) -> Option<&DrawingRevision> {
        self.revisions.last()
    }

    /// `A-811_rev_1.pdf`.
    #[must_use]
    pub fn file_name(&self, revision: &DrawingRevision) -> String {
        format!("{}_rev_{}.pdf", self.number, revision.revision)
    }
}
