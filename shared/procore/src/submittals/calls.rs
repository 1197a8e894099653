//! Calls about submittals.

use serde::Deserialize;

use super::choices::{StatusRow, SubmittalResponse, SubmittalStatus, SubmittalType};
use super::filter::SubmittalFilter;
use super::submittal::Submittal;
use super::workflow::SubmittalWorkflow;
use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::ids::{ProjectId, SectionId, SubmittalId};
use crate::wire;
use crate::writes::submittals::{self as writes, DraftStatus, SubmittalDraft};

#[derive(Deserialize)]
struct NextNumber {
    #[serde(default, deserialize_with = "wire::text")]
    next_number: Option<String>,
}

impl Procore {
    /// One submittal, with its approvers and their responses.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn submittal(&self, project: ProjectId, submittal: SubmittalId) -> Result<Submittal, Error> {
        let path = format!("{}/{submittal}", writes::submittals_path(project));
        self.send(Call::get(path)).await?.one()
    }

    /// The submittals of a project that the filter lets through.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn submittals(
        &self,
        project: ProjectId,
        filter: &SubmittalFilter,
    ) -> Result<Vec<Submittal>, Error> {
        self.pages(filter.apply(Call::get(writes::submittals_path(project))), filter.most_rows).await
    }

    /// Every revision of a submittal.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn submittal_revisions(
        &self,
        project: ProjectId,
        submittal: SubmittalId,
    ) -> Result<Vec<Submittal>, Error> {
        let path = format!("{}/{submittal}/revisions", writes::submittals_path(project));
        self.pages(Call::get(path), None).await
    }

    /// The workflow of a submittal.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn submittal_workflow(
        &self,
        project: ProjectId,
        submittal: SubmittalId,
    ) -> Result<SubmittalWorkflow, Error> {
        let path = format!("{}/{submittal}/workflow_data", writes::submittals_path(project));
        self.send(Call::get(path)).await?.one()
    }

    /// The statuses of the company's submittals. Procore docs: company data, of which each counts as Open, Draft
    /// or Closed; [`DraftStatus::of`] finds the one for drafts.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn submittal_statuses(&self) -> Result<Vec<SubmittalStatus>, Error> {
        let path = format!("/rest/v1.0/companies/{}/submittal_statuses", self.company());
        let rows: Vec<StatusRow> = self.pages(Call::get(path), None).await?;
        Ok(rows.into_iter().map(SubmittalStatus::from).collect())
    }

    /// The responses a reviewer of the project may choose.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn submittal_responses(&self, project: ProjectId) -> Result<Vec<SubmittalResponse>, Error> {
        self.pages(Call::get(format!("/rest/v1.0/projects/{project}/submittal_responses")), None).await
    }

    /// The types of the company's submittals, in one answer.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn submittal_types(&self) -> Result<Vec<SubmittalType>, Error> {
        let path = format!("/rest/v1.0/companies/{}/submittal_types", self.company());
        self.send(Call::get(path)).await?.list()
    }

    /// The next free number: of a section where the project numbers by section, else of the project. Procore
    /// docs: the server gives a new submittal none. It is not reserved: two who ask get the same one.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn next_submittal_number(
        &self,
        project: ProjectId,
        section: Option<SectionId>,
    ) -> Result<Option<String>, Error> {
        let mut path = format!("{}/next_available_number", writes::submittals_path(project));
        if let Some(section) = section {
            path = format!("{path}/{section}");
        }
        let answer: NextNumber = self.send(Call::get(path)).await?.one()?;
        Ok(answer.next_number)
    }

    /// Makes a private draft submittal without workflow or e-mail. Check the answer with
    /// [`Submittal::is_private_draft`]. Procore docs: it takes Admin on Submittals to choose the status.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn create_submittal_draft(
        &self,
        project: ProjectId,
        status: DraftStatus,
        draft: &SubmittalDraft,
    ) -> Result<Submittal, Error> {
        self.send(writes::create_draft(project, status, draft).into()).await?.one()
    }
}
