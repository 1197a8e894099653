//! Correspondence: where a draft waits for its reviewer. Procore's API calls a type of it a "generic tool".
//!
//! Reading is here; what may be written stands in `writes`, and every answer to a write is to be checked
//! with [`CorrespondenceItem::is_private_draft`], because the server may add people or change the status.

use jiff::Timestamp;
use serde::Deserialize;

use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::ids::{CorrespondenceItemId, CorrespondenceTypeId, ProjectId, UserId};
use crate::people::User;
use crate::verdict::none_of;
use crate::wire;
use crate::writes::correspondence::{self as writes, DraftItem};

/// One item of correspondence.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CorrespondenceItem {
    /// Which.
    pub id: CorrespondenceItemId,
    /// Title.
    #[serde(default, deserialize_with = "wire::words")]
    pub title: String,
    /// Description, HTML.
    #[serde(default, deserialize_with = "wire::words")]
    pub description: String,
    /// Name of its status, possibly the company's own.
    #[serde(default, deserialize_with = "wire::text")]
    pub status: Option<String>,
    /// What that status counts as. Procore docs: Open, Closed or Draft.
    #[serde(default, deserialize_with = "wire::text")]
    pub status_type: Option<String>,
    /// Whether only its people and administrators see it.
    #[serde(default, deserialize_with = "wire::flag")]
    pub private: bool,
    /// Who made it.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub created_by: Option<User>,
    /// Who is asked to act.
    #[serde(default, deserialize_with = "wire::people")]
    pub assignees: Vec<User>,
    /// Who is told.
    #[serde(default, deserialize_with = "wire::people")]
    pub distribution_members: Vec<User>,
    /// From whom it came.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub received_from: Option<User>,
    /// When it was made.
    #[serde(default, deserialize_with = "wire::moment")]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "wire::moment")]
    pub updated_at: Option<Timestamp>,
    /// When it was issued; a draft never was.
    #[serde(default, deserialize_with = "wire::moment")]
    pub issued_at: Option<Timestamp>,
}

impl CorrespondenceItem {
    /// Whether nobody but its writer's company sees it and nobody was told: status type Draft, private,
    /// nobody assigned, nobody on distribution, never issued.
    ///
    /// # Errors
    /// Names what is wrong, one entry each.
    pub fn is_private_draft(&self) -> Result<(), Vec<&'static str>> {
        let draft = self.status_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("draft"));
        none_of([
            (!draft, "status_type is not Draft"),
            (!self.private, "not private"),
            (!self.assignees.is_empty(), "has assignees"),
            (!self.distribution_members.is_empty(), "has distribution members"),
            (self.issued_at.is_some(), "was issued"),
        ])
    }
}

/// Which items a list should hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// Made by them.
    pub created_by: Option<UserId>,
    /// Made since then.
    pub created_since: Option<Timestamp>,
}

/// A type of correspondence a company has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CorrespondenceType {
    /// Which.
    pub id: CorrespondenceTypeId,
    /// Its name.
    #[serde(default, deserialize_with = "wire::words")]
    pub title: String,
    /// What its items' numbers begin with.
    #[serde(default, deserialize_with = "wire::text")]
    pub abbreviation: Option<String>,
    /// Whether an item is private unless it says otherwise.
    #[serde(default, deserialize_with = "wire::flag")]
    pub private_by_default: bool,
}

/// A status a company gives items of a type.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CorrespondenceStatus {
    /// Its name, the company's own.
    #[serde(rename = "status_name", default, deserialize_with = "wire::words")]
    pub name: String,
    /// What it counts as. Procore docs: Open, Closed or Draft.
    #[serde(default, deserialize_with = "wire::text")]
    pub status: Option<String>,
}

#[derive(Deserialize)]
struct StatusName {
    name: String,
}

impl Procore {
    /// The types of correspondence a project may use.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn correspondence_types(&self, project: ProjectId) -> Result<Vec<CorrespondenceType>, Error> {
        let path = format!("/rest/v1.0/companies/{}/generic_tools", self.company());
        self.pages(Call::get(path).query("filters[project_id]", project), None).await
    }

    /// The statuses a company gives items of a type, and what each counts as.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn correspondence_type_statuses(
        &self,
        kind: CorrespondenceTypeId,
    ) -> Result<Vec<CorrespondenceStatus>, Error> {
        let path = format!("/rest/v1.0/companies/{}/generic_tools/{kind}/statuses", self.company());
        self.pages(Call::get(path), None).await
    }

    /// One item.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn correspondence_item(
        &self,
        project: ProjectId,
        kind: CorrespondenceTypeId,
        item: CorrespondenceItemId,
    ) -> Result<CorrespondenceItem, Error> {
        self.send(Call::get(writes::item_path(project, kind, item))).await?.one()
    }

    /// The items of one type that the filter lets through.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn correspondence_items(
        &self,
        project: ProjectId,
        kind: CorrespondenceTypeId,
        filter: &ItemFilter,
    ) -> Result<Vec<CorrespondenceItem>, Error> {
        let mut call = Call::get(writes::items_path(project, kind));
        if let Some(user) = filter.created_by {
            call = call.query("filters[created_by_id][]", user);
        }
        if let Some(start) = filter.created_since {
            call = call.query("filters[created_at]", wire::range_from(start));
        }
        self.pages(call, None).await
    }

    /// Names of the statuses items of this type can have. Procore docs leave open whether every type takes
    /// "Draft", so look before the first write.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn correspondence_statuses(
        &self,
        project: ProjectId,
        kind: CorrespondenceTypeId,
    ) -> Result<Vec<String>, Error> {
        let call = Call::get(format!("{}/available_statuses", writes::items_path(project, kind)));
        let statuses: Vec<StatusName> = self.pages(call, None).await?;
        Ok(statuses.into_iter().map(|status| status.name).collect())
    }

    /// Makes a private draft item, unsent and unassigned. Check the answer.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn create_correspondence_draft(
        &self,
        project: ProjectId,
        kind: CorrespondenceTypeId,
        draft: &DraftItem,
    ) -> Result<CorrespondenceItem, Error> {
        self.send(writes::create_draft(project, kind, draft).into()).await?.one()
    }

    /// Gives a draft item new text and asserts again that it is a private draft. Check the answer.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn update_correspondence_draft(
        &self,
        project: ProjectId,
        kind: CorrespondenceTypeId,
        item: CorrespondenceItemId,
        draft: &DraftItem,
    ) -> Result<CorrespondenceItem, Error> {
        self.send(writes::update_draft(project, kind, item, draft).into()).await?.one()
    }

    /// Takes back an item of ours. `NotFound` may mean gone or out of sight.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn delete_correspondence_item(
        &self,
        project: ProjectId,
        kind: CorrespondenceTypeId,
        item: CorrespondenceItemId,
    ) -> Result<(), Error> {
        self.send(writes::delete_item(project, kind, item).into()).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_private_draft_passes() {
        let good = r#""id": 9, "status": "Draft", "status_type": "Draft", "private": true"#;
        for (members, wrong) in [
            (good, vec![]),
            (
                r#""id": 9, "status_type": "draft", "private": true, "assignees": null, "issued_at": null"#,
                vec![],
            ),
            (r#""id": 9, "status": "Draft", "private": true"#, vec!["status_type is not Draft"]),
            (r#""id": 9, "status_type": "Open", "private": true"#, vec!["status_type is not Draft"]),
            (r#""id": 9, "status_type": "Draft""#, vec!["not private"]),
            (r#""id": 9, "status_type": "Draft", "private": null"#, vec!["not private"]),
            (
                r#""id": 9, "status_type": "Draft", "private": true, "assignees": [{"name": "no id"}]"#,
                vec!["has assignees"],
            ),
            (
                r#""id": 9, "status_type": "Draft", "private": true, "distribution_members": [{"id": 1}]"#,
                vec!["has distribution members"],
            ),
            (
                r#""id": 9, "status_type": "Draft", "private": true, "issued_at": "2026-01-01T00:00:00Z""#,
                vec!["was issued"],
            ),
            (
                r#""id": 9, "assignees": [{"id": 1}], "issued_at": "2026-01-01""#,
                vec!["status_type is not Draft", "not private", "has assignees", "was issued"],
            ),
        ] {
            let item: CorrespondenceItem = serde_json::from_str(&format!("{{{members}}}")).unwrap();
            assert_eq!(item.is_private_draft().err().unwrap_or_default(), wrong, "{members}");
        }
    }
}
