//! The records of the project. Plain data: what the API and the pages show is made from these.

mod drawing;
mod location;
mod log_entry;
mod submittal;

use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;

pub use drawing::{Drawing, DrawingRevision};
pub use location::Location;
pub use log_entry::{LogEntry, LogFamily, LogStatus, NewLogEntry};
pub use submittal::{Approver, NewSubmittal, Submittal, SubmittalStatus};

/// Somebody in the project directory.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// User id.
    pub id: i64,
    /// Full name.
    pub name: String,
    /// E-mail address used to log in.
    pub login: String,
    /// Role on the project, in words.
    pub role: String,
    /// Employer.
    pub company: String,
}

/// Where an RFI stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RfiStatus {
    /// Not yet an RFI: no number, nobody told.
    Draft,
    /// Waiting for an answer.
    Open,
    /// Answered.
    Closed,
}

impl RfiStatus {
    /// The word Procore uses in its API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// A file attached to a question or an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Attachment id.
    pub id: i64,
    /// File name as uploaded.
    pub name: String,
    /// Media type the server answers with.
    pub content_type: String,
    /// Contents.
    pub bytes: Arc<Vec<u8>>,
    /// Whether the download redirects to cloud storage on another host, as large files at Procore do.
    pub in_storage: bool,
}

/// A file for a new RFI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAttachment {
    /// File name as uploaded.
    pub name: String,
    /// Media type the server answers with.
    pub content_type: String,
    /// Contents.
    pub bytes: Vec<u8>,
    /// Whether the download redirects to cloud storage on another host.
    pub in_storage: bool,
}

impl NewAttachment {
    /// A plain-text file served directly.
    #[must_use]
    pub fn text(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            content_type: "text/plain".to_owned(),
            bytes: text.into().into_bytes(),
            in_storage: false,
        }
    }

    /// A PDF file of this text, served directly. Characters outside Latin-1 become question marks.
    #[must_use]
    pub fn pdf(name: impl Into<String>, text: &str) -> Self {
        Self {
            name: name.into(),
            content_type: "application/pdf".to_owned(),
            bytes: crate::seed::excerpt(text),
            in_storage: false,
        }
    }
}

/// A reply on an RFI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Reply id.
    pub id: i64,
    /// Plain text.
    pub body: String,
    /// Whether it was marked the official answer.
    pub official: bool,
    /// User id of the author.
    pub created_by: i64,
    /// When it was given.
    pub answered_at: Timestamp,
}

/// What the demo expects of a seeded record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// `Drafted`, `InsufficientContext` or `Skipped`.
    pub outcome: String,
    /// Of an RFI: the answer's status, when there is an answer.
    pub answer_status: Option<String>,
    /// Why, in one sentence.
    pub reason: String,
}

/// One RFI as the sandbox keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RfiRecord {
    /// RFI id, above 2^32 as in Procore's newer regions.
    pub id: i64,
    /// Number given when it became an RFI; drafts have none.
    pub number: Option<i64>,
    /// Subject line.
    pub subject: String,
    /// The question as plain text.
    pub question: String,
    /// The question as HTML where it is not simply the plain text in paragraphs.
    pub question_html: Option<String>,
    /// Status.
    pub status: RfiStatus,
    /// Visible to its own people and tool administrators only.
    pub private: bool,
    /// User id of the author.
    pub created_by: i64,
    /// User id of the RFI manager.
    pub rfi_manager: i64,
    /// User ids of the assignees.
    pub assignees: Vec<i64>,
    /// User id of the one who must act.
    pub ball_in_court: Option<i64>,
    /// User ids of the distribution list.
    pub distribution: Vec<i64>,
    /// `YYYY-MM-DD`.
    pub due_date: Option<String>,
    /// The author's own reference.
    pub reference: Option<String>,
    /// Section id (not a revision's id).
    pub section_id: Option<i64>,
    /// Sheet number typed by the author.
    pub drawing_number: Option<String>,
    /// Location path.
    pub location: Option<String>,
    /// Files on the question.
    pub attachments: Vec<Attachment>,
    /// Replies, oldest first.
    pub answers: Vec<Answer>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// In the recycle bin.
    pub deleted: bool,
    /// What the demo expects of it; `None` for RFIs written later.
    pub expected: Option<Expected>,
}

impl RfiRecord {
    /// `RFI 41`, or `RFI draft` while it has no number.
    #[must_use]
    pub fn label(&self) -> String {
        self.number.map_or_else(|| "RFI draft".to_owned(), |number| format!("RFI {number}"))
    }
}

/// An RFI to add. `NewRfi::default()` is an open RFI by the first subcontractor, with its webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRfi {
    /// Subject line.
    pub subject: String,
    /// The question as plain text.
    pub question: String,
    /// The question as HTML, if it differs from the plain text.
    pub question_html: Option<String>,
    /// Status.
    pub status: RfiStatus,
    /// Private flag.
    pub private: bool,
    /// Author; `None` takes the first subcontractor of the seed.
    pub created_by: Option<i64>,
    /// Section number such as `10 14 00`; an unknown one leaves the RFI without a section.
    pub section: Option<String>,
    /// Sheet number typed by the author.
    pub drawing_number: Option<String>,
    /// Files on the question.
    pub attachments: Vec<NewAttachment>,
    /// Replies: body and author.
    pub answers: Vec<(String, i64)>,
    /// Age of the record in seconds: how long ago it was created and last changed.
    pub age_s: i64,
    /// Whether its `create` webhook is sent.
    pub emit: bool,
}

impl Default for NewRfi {
    fn default() -> Self {
        Self {
            subject: String::new(),
            question: String::new(),
            question_html: None,
            status: RfiStatus::Open,
            private: false,
            created_by: None,
            section: None,
            drawing_number: None,
            attachments: Vec::new(),
            answers: Vec::new(),
            age_s: 0,
            emit: true,
        }
    }
}

/// One revision of a specification section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionRevision {
    /// Revision id.
    pub revision_id: i64,
    /// Section id; the same for all revisions of a section.
    pub section_id: i64,
    /// Number such as `10 14 00`.
    pub number: String,
    /// Title.
    pub title: String,
    /// Revision as printed.
    pub revision: String,
    /// `YYYY-MM-DD`.
    pub issued_date: String,
    /// Newest revision of its section.
    pub current: bool,
    /// The text the PDF was made from.
    pub text: Arc<str>,
    /// The PDF file.
    pub pdf: Arc<Vec<u8>>,
    /// Whether the file lies in cloud storage on another host.
    pub in_storage: bool,
    /// Whether the list names its signed address there, where others are reached by a redirect.
    pub direct: bool,
}

/// A correspondence item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Item id.
    pub id: i64,
    /// Number within its type, given by the server.
    pub position: String,
    /// Title.
    pub title: String,
    /// Description: the body of the item.
    pub description: String,
    /// Status name: `Draft`, `Open`, `Closed`.
    pub status: String,
    /// Private flag.
    pub private: bool,
    /// User id of the author.
    pub created_by: i64,
    /// User ids of the assignees.
    pub assignees: Vec<i64>,
    /// User ids of the distribution list.
    pub distribution: Vec<i64>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it left the Draft status.
    pub issued_at: Option<Timestamp>,
    /// In the recycle bin.
    pub deleted: bool,
}
