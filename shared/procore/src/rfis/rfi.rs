//! One RFI, with its questions and answers, and what makes one of ours a draft nobody sees.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;

use super::status::RfiStatus;
use crate::attachments::Attachment;
use crate::ids::{AnswerId, DrawingId, QuestionId, RevisionId, RfiId, SectionId, UserId};
use crate::locations::Location;
use crate::people::User;
use crate::verdict::none_of;
use crate::wire;

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
    /// The revision in force, where the record says so.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub current_revision_id: Option<RevisionId>,
}

/// An answer to a question of an RFI ("reply" in parts of the API).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Answer {
    /// Which.
    pub id: AnswerId,
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
    pub id: QuestionId,
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
    /// Who should answer; the older, single form of it.
    #[serde(default, deserialize_with = "wire::somebody")]
    pub assignee: Option<User>,
    /// Who should answer.
    #[serde(default, deserialize_with = "wire::people")]
    pub assignees: Vec<User>,
    /// Who is told.
    #[serde(default, deserialize_with = "wire::people")]
    pub distribution_list: Vec<User>,
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
    pub drawing_ids: Vec<DrawingId>,
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

impl Rfi {
    /// Whether nobody but its writer's side sees it and nobody was told: a draft by its status and its flag,
    /// private, nobody assigned, nobody on distribution. For an RFI of ours.
    ///
    /// # Errors
    /// Names what is wrong, one entry each.
    pub fn is_private_draft(&self) -> Result<(), Vec<&'static str>> {
        none_of([
            (self.status != RfiStatus::Draft, "status is not draft"),
            (!self.draft, "not marked as a draft"),
            (!self.private, "not private"),
            (self.assignee.is_some() || !self.assignees.is_empty(), "has assignees"),
            (!self.distribution_list.is_empty(), "has a distribution list"),
        ])
    }

    /// Whether it still is the draft it was before we filled it in: for an RFI somebody else began, whose
    /// people and visibility are theirs.
    ///
    /// # Errors
    /// Names what is wrong, one entry each.
    pub fn is_only_filled_in(&self, before: &Rfi) -> Result<(), Vec<&'static str>> {
        let ids = |people: &[User]| people.iter().map(|user| user.id).collect::<BTreeSet<_>>();
        let manager = |rfi: &Rfi| rfi.rfi_manager.as_ref().map(|user| user.id);
        let same = |these: &[User], those: &[User]| ids(these) == ids(those) && these.len() == those.len();
        let assignee = |rfi: &Rfi| rfi.assignee.as_ref().map(|user| user.id);
        none_of([
            (self.id != before.id, "another RFI"),
            (self.status != RfiStatus::Draft, "status is not draft"),
            (!self.draft, "not marked as a draft"),
            (self.private != before.private, "its visibility changed"),
            (self.number != before.number, "its number changed"),
            (manager(self) != manager(before), "its manager changed"),
            (
                assignee(self) != assignee(before) || !same(&self.assignees, &before.assignees),
                "its assignees changed",
            ),
            (!same(&self.distribution_list, &before.distribution_list), "its distribution list changed"),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rfi(members: &str) -> Rfi {
        serde_json::from_str(&format!("{{\"id\": 9{members}}}")).unwrap()
    }

    const DRAFT: &str = r#", "status": "draft", "draft": true, "private": true"#;

    #[test]
    fn only_a_private_draft_passes() {
        for (members, expected) in [
            ("", vec![]),
            (r#", "assignees": [], "assignee": {}, "distribution_list": null"#, vec![]),
            (r#", "assignee": {"id": 1}"#, vec!["has assignees"]),
            (r#", "assignee": "somebody""#, vec!["has assignees"]),
            (r#", "assignees": [{"name": "no id"}]"#, vec!["has assignees"]),
            (r#", "assignees": {"id": 1}"#, vec!["has assignees"]),
            (r#", "distribution_list": [null]"#, vec!["has a distribution list"]),
        ] {
            let checked = rfi(&format!("{DRAFT}{members}")).is_private_draft();
            assert_eq!(checked.err().unwrap_or_default(), expected, "{members}");
        }
        for (members, expected) in [
            (r#", "status": "draft", "draft": true"#, vec!["not private"]),
            (r#", "status": "draft", "private": true"#, vec!["not marked as a draft"]),
            (r#", "draft": true, "private": true"#, vec!["status is not draft"]),
            (r#", "status": "open", "draft": true, "private": true"#, vec!["status is not draft"]),
            (
                r#", "status": "closed_draft", "draft": false, "private": true"#,
                vec!["status is not draft", "not marked as a draft"],
            ),
            ("", vec!["status is not draft", "not marked as a draft", "not private"]),
        ] {
            assert_eq!(rfi(members).is_private_draft().err().unwrap_or_default(), expected, "{members}");
        }
    }

    #[test]
    fn filling_in_a_draft_changes_nothing_else() {
        let people = r#", "number": "3", "rfi_manager": {"id": 1}, "assignees": [{"id": 2}, {"id": 3}],
            "distribution_list": [{"id": 4}]"#;
        let before = rfi(&format!("{DRAFT}{people}"));
        let same = r#", "number": 3, "rfi_manager": {"id": "1"}, "assignees": [{"id": 3}, {"id": 2}],
            "distribution_list": [{"id": 4}], "subject": "New""#;
        assert_eq!(rfi(&format!("{DRAFT}{same}")).is_only_filled_in(&before), Ok(()));
        let open =
            DRAFT.replace("draft\", \"draft\": true", "open\", \"draft\": false").replace("true", "false");
        for (start, members, expected) in [
            (DRAFT, people.replace("\"3\"", "\"4\""), vec!["its number changed"]),
            (DRAFT, people.replace("{\"id\": 1}", "{\"id\": 5}"), vec!["its manager changed"]),
            (DRAFT, people.replace("{\"id\": 3}", "{\"id\": 2}"), vec!["its assignees changed"]),
            (DRAFT, format!("{people}, \"assignee\": 1"), vec!["its assignees changed"]),
            (DRAFT, people.replace("{\"id\": 4}", ""), vec!["its distribution list changed"]),
            (
                &open,
                people.to_owned(),
                vec!["status is not draft", "not marked as a draft", "its visibility changed"],
            ),
        ] {
            let checked = rfi(&format!("{start}{members}")).is_only_filled_in(&before);
            assert_eq!(checked.err().unwrap_or_default(), expected, "{start}{members}");
        }
        let other = Rfi { id: RfiId::new(10), ..before.clone() };
        assert_eq!(other.is_only_filled_in(&before), Err(vec!["another RFI"]));
    }
}
