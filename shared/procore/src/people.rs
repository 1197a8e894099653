//! People, and who we are ourselves.

use serde::Deserialize;

use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::ids::{ProjectId, UserId, VendorId};
use crate::wire;

/// A person or a service account, as records name them.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct User {
    /// Who; 0 in a list where the vendor named somebody without a readable id.
    pub id: UserId,
    /// Display name.
    #[serde(default, deserialize_with = "wire::words")]
    pub name: String,
    /// E-mail address, where given.
    #[serde(default, deserialize_with = "wire::text")]
    pub login: Option<String>,
}

/// Names and addresses do not belong in a log.
impl std::fmt::Debug for User {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("User").field(&self.id).finish()
    }
}

/// A company that works on a project.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Vendor {
    /// Which.
    pub id: VendorId,
    /// Its name.
    #[serde(default, deserialize_with = "wire::words")]
    pub name: String,
}

/// Somebody in a project's directory.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct ProjectUser {
    /// Who.
    pub id: UserId,
    /// Display name.
    #[serde(default, deserialize_with = "wire::words")]
    pub name: String,
    /// E-mail address, where given.
    #[serde(default, deserialize_with = "wire::text")]
    pub email_address: Option<String>,
    /// Job title, where given.
    #[serde(default, deserialize_with = "wire::text")]
    pub job_title: Option<String>,
    /// Their company.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub vendor: Option<Vendor>,
    /// Whether they may log in; an answer that does not say is of somebody who may.
    #[serde(default = "wire::yes", deserialize_with = "wire::unless_denied")]
    pub is_active: bool,
    /// Whether they belong to the company the project is of.
    #[serde(default, deserialize_with = "wire::flag")]
    pub is_employee: bool,
}

impl std::fmt::Debug for ProjectUser {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("ProjectUser").field(&self.id).finish()
    }
}

impl Procore {
    /// Everybody in a project's directory.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn project_users(&self, project: ProjectId) -> Result<Vec<ProjectUser>, Error> {
        self.pages(Call::get(format!("/rest/v1.0/projects/{project}/users")), None).await
    }

    /// One of them, in more detail.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn project_user(&self, project: ProjectId, user: UserId) -> Result<ProjectUser, Error> {
        self.send(Call::get(format!("/rest/v1.0/projects/{project}/users/{user}"))).await?.one()
    }

    /// The service account itself: its id marks our own events.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn me(&self) -> Result<User, Error> {
        // Procore docs: with client credentials this needs the company header, which `send` always adds.
        self.send(Call::get("/rest/v1.0/me")).await?.one()
    }
}
