//! One submittal, as a list or an answer of its own shows it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::choices::{SubmittalResponse, SubmittalState, SubmittalType};
use crate::attachments::Attachment;
use crate::ids::SubmittalId;
use crate::locations::Location;
use crate::people::{User, Vendor};
use crate::rfis::SectionRef;
use crate::verdict::none_of;
use crate::wire;

/// Somebody in the workflow of a submittal, and what they said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Approver {
    /// Which place in the workflow, where stated.
    #[serde(default, deserialize_with = "wire::maybe_id")]
    pub id: Option<i64>,
    /// Who.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub user: Option<User>,
    /// `Submitter` or `Approver`.
    #[serde(default, deserialize_with = "wire::text")]
    pub approver_type: Option<String>,
    /// The step they belong to; those of one step review side by side.
    #[serde(default, deserialize_with = "wire::count")]
    pub workflow_group_number: Option<u32>,
    /// Whether the workflow waits for them.
    #[serde(default, deserialize_with = "wire::flag")]
    pub response_required: bool,
    /// What they answered.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub response: Option<SubmittalResponse>,
    /// What they wrote, HTML.
    #[serde(default, deserialize_with = "wire::text")]
    pub comment: Option<String>,
    /// Day it reached them.
    #[serde(default, deserialize_with = "wire::day")]
    pub sent_date: Option<Date>,
    /// Day they answered.
    #[serde(default, deserialize_with = "wire::day")]
    pub returned_date: Option<Date>,
    /// Day their answer is due.
    #[serde(default, deserialize_with = "wire::day")]
    pub due_date: Option<Date>,
    /// Files they gave back.
    #[serde(default, deserialize_with = "wire::list")]
    pub attachments: Vec<Attachment>,
}

/// One submittal; each revision is one. A row of a list knows less than an answer of its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Submittal {
    /// Which.
    pub id: SubmittalId,
    /// Number.
    #[serde(default, deserialize_with = "wire::text")]
    pub number: Option<String>,
    /// Number as people see it, with its section.
    #[serde(default, deserialize_with = "wire::text")]
    pub formatted_number: Option<String>,
    /// Revision, free text.
    #[serde(default, deserialize_with = "wire::text")]
    pub revision: Option<String>,
    /// Whether it is the latest revision; an answer that does not say is of the latest.
    #[serde(default = "wire::yes", deserialize_with = "wire::unless_denied")]
    pub current_revision: bool,
    /// Title.
    #[serde(default, deserialize_with = "wire::words")]
    pub title: String,
    /// Description, HTML.
    #[serde(default, deserialize_with = "wire::words")]
    pub description: String,
    /// Status.
    #[serde(default, deserialize_with = "wire::or_default")]
    pub status: SubmittalState,
    /// Type, e.g. shop drawing.
    #[serde(rename = "type", default, deserialize_with = "wire::maybe")]
    pub kind: Option<SubmittalType>,
    /// Whether only its people and administrators see it.
    #[serde(default, deserialize_with = "wire::flag")]
    pub private: bool,
    /// Whether it is kept for the record and nobody reviews it.
    #[serde(default, deserialize_with = "wire::flag")]
    pub for_record_only: bool,
    /// The specification section, with its revision in force.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub specification_section: Option<SectionRef>,
    /// Whose turn it is.
    #[serde(default, deserialize_with = "wire::people")]
    pub ball_in_court: Vec<User>,
    /// Who reviews it, and what they said.
    #[serde(default, deserialize_with = "wire::every")]
    pub approvers: Vec<Approver>,
    /// Who is told.
    #[serde(default, deserialize_with = "wire::people")]
    pub distribution_members: Vec<User>,
    /// Who made it.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub created_by: Option<User>,
    /// Who runs it.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub submittal_manager: Option<User>,
    /// From whom it came.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub received_from: Option<User>,
    /// The company that owes it.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub responsible_contractor: Option<Vendor>,
    /// Where.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub location: Option<Location>,
    /// Files on it.
    #[serde(default, deserialize_with = "wire::list")]
    pub attachments: Vec<Attachment>,
    /// Files on it, as lists name them.
    #[serde(default, deserialize_with = "wire::list")]
    pub associated_attachments: Vec<Attachment>,
    /// Day the review is due.
    #[serde(default, deserialize_with = "wire::day")]
    pub due_date: Option<Date>,
    /// Day the goods are needed on site.
    #[serde(default, deserialize_with = "wire::day")]
    pub required_on_site_date: Option<Date>,
    /// Days from order to delivery. Procore docs: a whole number; which days is not said.
    #[serde(default, deserialize_with = "wire::count")]
    pub lead_time: Option<u32>,
    /// Days of the contractor's own review, likewise.
    #[serde(default, deserialize_with = "wire::count")]
    pub internal_review_time: Option<u32>,
    /// Days of the designers' review, likewise.
    #[serde(default, deserialize_with = "wire::count")]
    pub design_team_review_time: Option<u32>,
    /// The revision before it, if any.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub source_submittal_log_id: Option<SubmittalId>,
    /// When it was made.
    #[serde(default, deserialize_with = "wire::moment")]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "wire::moment")]
    pub updated_at: Option<Timestamp>,
    /// When it was sent to the people on distribution.
    #[serde(default, deserialize_with = "wire::moment")]
    pub distributed_at: Option<Timestamp>,
    /// When it was deleted.
    #[serde(default, deserialize_with = "wire::moment")]
    pub deleted_at: Option<Timestamp>,
}

impl Submittal {
    /// Whether nobody but its writer's side sees it and nobody was told: status Draft, private, no workflow,
    /// nobody's turn, nobody on distribution, never distributed.
    ///
    /// # Errors
    /// Names what is wrong, one entry each.
    pub fn is_private_draft(&self) -> Result<(), Vec<&'static str>> {
        none_of([
            (!self.status.is_draft(), "status is not Draft"),
            (!self.private, "not private"),
            (!self.approvers.is_empty(), "has approvers"),
            (!self.distribution_members.is_empty(), "has distribution members"),
            (self.distributed_at.is_some(), "was distributed"),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_private_draft_passes() {
        let good = r#""id": 9, "status": {"id": 2, "name": "Draft", "status": "Draft"}, "private": true"#;
        for (members, expected) in [
            (good.to_owned(), vec![]),
            (
                format!(r#"{good}, "approvers": [], "distribution_members": null, "distributed_at": null"#),
                vec![],
            ),
            (r#""id": 9, "status": "Draft", "private": true"#.to_owned(), vec![]),
            (good.replace(r#""status": "Draft""#, r#""status": "Open""#), vec!["status is not Draft"]),
            (r#""id": 9, "private": true"#.to_owned(), vec!["status is not Draft"]),
            (good.replace("true", "null"), vec!["not private"]),
            (format!(r#"{good}, "approvers": [{{"id": 1}}]"#), vec!["has approvers"]),
            (format!(r#"{good}, "approvers": [7]"#), vec!["has approvers"]),
            (format!(r#"{good}, "approvers": "some""#), vec!["has approvers"]),
            (format!(r#"{good}, "distribution_members": [{{}}]"#), vec!["has distribution members"]),
            (format!(r#"{good}, "distributed_at": "2026-01-01T00:00:00Z""#), vec!["was distributed"]),
        ] {
            let read: Submittal = serde_json::from_str(&format!("{{{members}}}")).unwrap();
            assert_eq!(read.is_private_draft().err().unwrap_or_default(), expected, "{members}");
        }
    }
}
