//! RFIs: one with its questions and answers, and lists of them. Reading only: an answer has no draft state.

use jiff::Timestamp;
use serde::Deserialize;

use crate::attachments::Attachment;
use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::ids::{ProjectId, RfiId, SectionId, UserId};
use crate::people::User;
use crate::wire;

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

/// A place in the project.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Location {
    /// Which.
    pub id: i64,
    /// Its name with those of the places around it, e.g. `Tower A>Level 2`.
    #[serde(default, deserialize_with = "wire::words")]
    pub name: String,
}

/// The specification section a record points to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SectionRef {
    /// The section; its text is in its current revision.
    pub id: SectionId,
    /// Number, e.g. `10 14 00`.
    #[serde(default, deserialize_with = "wire::text")]
    pub number: Option<String>,
    /// Title.
    #[serde(default, deserialize_with = "wire::text")]
    pub description: Option<String>,
}

/// An answer to a question of an RFI ("reply" in parts of the API).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Answer {
    /// Which.
    pub id: i64,
    /// Whether it was marked as the official one.
    #[serde(default, deserialize_with = "wire::flag")]
    pub official: bool,
    /// Its text.
    #[serde(default, deserialize_with = "wire::words")]
    pub plain_text_body: String,
    /// The same as HTML.
    #[serde(default, deserialize_with = "wire::words")]
    pub rich_text_body: String,
    /// When it was given.
    #[serde(default, deserialize_with = "wire::moment")]
    pub answer_date: Option<Timestamp>,
    /// Name of who gave it; the API sends a plain text here.
    #[serde(default, deserialize_with = "wire::text")]
    pub created_by: Option<String>,
    /// Who gave it.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub created_by_id: Option<UserId>,
    /// Files on it.
    #[serde(default, deserialize_with = "wire::list")]
    pub attachments: Vec<Attachment>,
}

/// A question of an RFI, with its answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Question {
    /// Which.
    pub id: i64,
    /// Its text.
    #[serde(default, deserialize_with = "wire::words")]
    pub plain_text_body: String,
    /// The same as HTML.
    #[serde(default, deserialize_with = "wire::words")]
    pub rich_text_body: String,
    /// Name of who asked; the API sends a plain text here.
    #[serde(default, deserialize_with = "wire::text")]
    pub created_by: Option<String>,
    /// When it was asked.
    #[serde(default, deserialize_with = "wire::moment")]
    pub question_date: Option<Timestamp>,
    /// Files on it.
    #[serde(default, deserialize_with = "wire::list")]
    pub attachments: Vec<Attachment>,
    /// Answers so far.
    #[serde(default, deserialize_with = "wire::list")]
    pub answers: Vec<Answer>,
}

/// One RFI.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Rfi {
    /// Which.
    pub id: RfiId,
    /// Number, where it has one: drafts may not.
    #[serde(default, deserialize_with = "wire::text")]
    pub number: Option<String>,
    /// Number with its prefix.
    #[serde(default, deserialize_with = "wire::text")]
    pub full_number: Option<String>,
    /// Subject line.
    #[serde(default, deserialize_with = "wire::words")]
    pub subject: String,
    /// Status.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub status: RfiStatus,
    /// Whether it is a draft; see also the status.
    #[serde(default, deserialize_with = "wire::flag")]
    pub draft: bool,
    /// Whether only its people and administrators see it.
    #[serde(default, deserialize_with = "wire::flag")]
    pub private: bool,
    /// Whether it is in the recycle bin.
    #[serde(default, deserialize_with = "wire::flag")]
    pub deleted: bool,
    /// When it was made.
    #[serde(default, deserialize_with = "wire::moment")]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "wire::moment")]
    pub updated_at: Option<Timestamp>,
    /// Day the answer is due, YYYY-MM-DD.
    #[serde(default, deserialize_with = "wire::text")]
    pub due_date: Option<String>,
    /// Who made it.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub created_by: Option<User>,
    /// Who runs it.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub rfi_manager: Option<User>,
    /// Who should answer.
    #[serde(default, deserialize_with = "wire::people")]
    pub assignees: Vec<User>,
    /// Whose turn it is.
    #[serde(default, deserialize_with = "wire::people")]
    pub ball_in_courts: Vec<User>,
    /// Where.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub location: Option<Location>,
    /// Drawing number, free text.
    #[serde(default, deserialize_with = "wire::text")]
    pub drawing_number: Option<String>,
    /// Drawings it points to.
    #[serde(default, deserialize_with = "wire::list")]
    pub drawing_ids: Vec<i64>,
    /// Specification section it points to.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub specification_section: Option<SectionRef>,
    /// Reference, free text.
    #[serde(default, deserialize_with = "wire::text")]
    pub reference: Option<String>,
    /// Its questions, usually one.
    #[serde(default, deserialize_with = "wire::list")]
    pub questions: Vec<Question>,
}

/// One row of a list of RFIs, which knows less than the RFI itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RfiRow {
    /// Which.
    pub id: RfiId,
    /// Number, where it has one.
    #[serde(default, deserialize_with = "wire::text")]
    pub number: Option<String>,
    /// Subject line.
    #[serde(default, deserialize_with = "wire::words")]
    pub subject: String,
    /// Status.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub status: RfiStatus,
    /// Whether only its people and administrators see it.
    #[serde(default, deserialize_with = "wire::flag")]
    pub private: bool,
    /// When it last changed.
    #[serde(default, deserialize_with = "wire::moment")]
    pub updated_at: Option<Timestamp>,
    /// Texts of its questions, possibly HTML.
    #[serde(default, rename = "questions", deserialize_with = "bodies")]
    pub questions: Vec<String>,
}

fn bodies<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    struct Asked {
        #[serde(default, deserialize_with = "wire::words")]
        body: String,
    }
    let asked: Vec<Asked> = wire::list(deserializer)?;
    Ok(asked.into_iter().map(|question| question.body).collect())
}

/// Which RFIs a list should hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RfiFilter {
    /// Any of these; all if empty.
    pub statuses: Vec<RfiStatus>,
    /// Changed since then.
    pub updated_since: Option<Timestamp>,
    /// At most so many rows, in the vendor's order; the client's own bound if absent.
    pub most_rows: Option<usize>,
}

impl Procore {
    /// One RFI, with its questions and answers.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn rfi(&self, project: ProjectId, rfi: RfiId) -> Result<Rfi, Error> {
        self.send(Call::get(format!("/rest/v1.0/projects/{project}/rfis/{rfi}"))).await?.json()
    }

    /// The RFIs of a project that the filter lets through.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn rfis(&self, project: ProjectId, filter: &RfiFilter) -> Result<Vec<RfiRow>, Error> {
        let mut call = Call::get(format!("/rest/v1.0/projects/{project}/rfis"));
        for status in &filter.statuses {
            // The reference shows this key without brackets; that form has been seen to answer 400.
            call = call.query("filters[status][]", status.as_str());
        }
        if let Some(start) = filter.updated_since {
            call = call.query("filters[updated_at]", wire::range_from(start));
        }
        self.pages(call, filter.most_rows).await
    }
}
