//! Submittals and the people of their workflow.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Attachment, Expected, NewAttachment};

/// The company's submittal statuses. Procore docs: Open is the default, Draft has not started its workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmittalStatus {
    /// Not sent to anybody.
    Draft,
    /// Under way.
    Open,
    /// A company's own word for an open one.
    InReview,
    /// Done.
    Closed,
}

impl SubmittalStatus {
    /// All of them, in the order the company lists them.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Open, Self::InReview, Self::Closed];

    /// Row id in `submittal_statuses`.
    #[must_use]
    pub fn id(self) -> i64 {
        match self {
            Self::Draft => 601,
            Self::Open => 602,
            Self::InReview => 603,
            Self::Closed => 604,
        }
    }

    /// Name the company gave it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Open => "Open",
            Self::InReview => "In Review",
            Self::Closed => "Closed",
        }
    }

    /// Which of Procore's three it stands for.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Open | Self::InReview => "Open",
            Self::Closed => "Closed",
        }
    }
}

/// One person of a submittal's workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approver {
    /// Id of the step's row.
    pub id: i64,
    /// User id.
    pub user_id: i64,
    /// `Submitter` or `Approver`.
    pub kind: String,
    /// Name of the response given, such as `Revise and Resubmit`; `None` while it is awaited.
    pub response: Option<String>,
    /// What was written with it.
    pub comment: Option<String>,
    /// `YYYY-MM-DD`.
    pub due_date: Option<String>,
    /// `YYYY-MM-DD`, when it came back.
    pub returned_date: Option<String>,
}

/// One revision of a submittal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submittal {
    /// Submittal id.
    pub id: i64,
    /// Number, shared by its revisions.
    pub number: String,
    /// Revision, `0` for the first.
    pub revision: String,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// `Product Data`, `Shop Drawing`, `Sample`, ...
    pub kind: String,
    /// Status.
    pub status: SubmittalStatus,
    /// Newest revision of its number.
    pub current_revision: bool,
    /// Visible to its own people and tool administrators only.
    pub private: bool,
    /// Section id (not a revision's id).
    pub section_id: Option<i64>,
    /// User id of the author.
    pub created_by: i64,
    /// User id of the manager.
    pub manager: i64,
    /// User ids of those who must act.
    pub ball_in_court: Vec<i64>,
    /// User ids of the distribution list.
    pub distribution: Vec<i64>,
    /// The workflow in order.
    pub approvers: Vec<Approver>,
    /// `YYYY-MM-DD`.
    pub due_date: Option<String>,
    /// `YYYY-MM-DD`.
    pub required_on_site_date: Option<String>,
    /// Days.
    pub lead_time: Option<u32>,
    /// Location path.
    pub location: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Deleted.
    pub deleted: bool,
    /// What the demo expects of it; `None` for submittals written later.
    pub expected: Option<Expected>,
}

impl Submittal {
    /// `10 14 00-3.1` as the log shows it: number and revision.
    #[must_use]
    pub fn formatted_number(&self) -> String {
        format!("{}.{}", self.number, self.revision)
    }
}

/// A submittal to add. `NewSubmittal::default()` is an open one by the first subcontractor that awaits the
/// architect, with its webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSubmittal {
    /// Number; `None` takes the next one. A number that is taken makes the next revision of it.
    pub number: Option<String>,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Type.
    pub kind: String,
    /// Status.
    pub status: SubmittalStatus,
    /// Private flag.
    pub private: bool,
    /// Section number such as `10 14 00`; an unknown one leaves the submittal without a section.
    pub section: Option<String>,
    /// Author; `None` takes the first subcontractor of the seed.
    pub created_by: Option<i64>,
    /// The workflow in order, ids left at 0 for the server to fill; empty takes author, engineer and architect.
    pub approvers: Vec<Approver>,
    /// `YYYY-MM-DD`.
    pub due_date: Option<String>,
    /// `YYYY-MM-DD`.
    pub required_on_site_date: Option<String>,
    /// Days.
    pub lead_time: Option<u32>,
    /// Location path.
    pub location: Option<String>,
    /// Files.
    pub attachments: Vec<NewAttachment>,
    /// Age of the record in seconds.
    pub age_s: i64,
    /// Whether its `create` webhook is sent.
    pub emit: bool,
    /// What the demo expects of it.
    pub expected: Option<Expected>,
}

impl Default for NewSubmittal {
    fn default() -> Self {
        Self {
            number: None,
            title: String::new(),
            description: String::new(),
            kind: "Product Data".to_owned(),
            status: SubmittalStatus::Open,
            private: false,
            section: None,
            created_by: None,
            approvers: Vec::new(),
            due_date: None,
            required_on_site_date: None,
            lead_time: None,
            location: None,
            attachments: Vec::new(),
            age_s: 0,
            emit: true,
            expected: None,
        }
    }
}
