//! Projects.

use serde::Deserialize;

use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::ids::ProjectId;
use crate::wire;

/// A project, as far as a draft needs it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Project {
    /// Which.
    pub id: ProjectId,
    /// Name.
    #[serde(default, deserialize_with = "wire::words")]
    pub name: String,
    /// Number and name as Procore shows them.
    #[serde(default, deserialize_with = "wire::text")]
    pub display_name: Option<String>,
    /// The project's number, free text.
    #[serde(default, rename = "project_number", deserialize_with = "wire::text")]
    pub number: Option<String>,
    /// IANA name of the project's time zone: a day of a daily log is a local day.
    #[serde(default, rename = "tz_name", deserialize_with = "wire::text")]
    pub time_zone: Option<String>,
    /// Whether the project is active; an answer that does not say is of an active one.
    #[serde(default = "wire::yes", deserialize_with = "wire::unless_denied")]
    pub active: bool,
}

impl Procore {
    /// One project.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn project(&self, project: ProjectId) -> Result<Project, Error> {
        // Procore docs: this operation wants the company in the query as well as in the header.
        let call = Call::get(format!("/rest/v1.0/projects/{project}")).query("company_id", self.company());
        self.send(call).await?.one()
    }

    /// The company's projects that the service account may see. Rows may know less than [`Procore::project`]:
    /// their time zone's IANA name, for one.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn projects(&self) -> Result<Vec<Project>, Error> {
        self.pages(Call::get("/rest/v1.0/projects").query("company_id", self.company()), None).await
    }
}
