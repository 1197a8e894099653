//! Places of a project.

use serde::Deserialize;

use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::ids::{LocationId, ProjectId};
use crate::wire;

/// A place in the project.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Location {
    /// Which.
    pub id: LocationId,
    /// Its name with those of the places around it, e.g. `Tower A>Level 2`.
    #[serde(default, deserialize_with = "wire::words")]
    pub name: String,
    /// Its own name alone.
    #[serde(default, deserialize_with = "wire::text")]
    pub node_name: Option<String>,
    /// The place around it; a top one has none.
    #[serde(default, deserialize_with = "wire::maybe")]
    pub parent_id: Option<LocationId>,
}

impl Procore {
    /// The places of a project.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn locations(&self, project: ProjectId) -> Result<Vec<Location>, Error> {
        self.pages(Call::get(format!("/rest/v1.0/projects/{project}/locations")), None).await
    }
}
