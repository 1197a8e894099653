//! Calls about RFIs.

use super::{Answer, Rfi, RfiFilter, RfiRow};
use crate::call::Call;
use crate::client::Procore;
use crate::error::Error;
use crate::ids::{ProjectId, RfiId};
use crate::people::User;
use crate::wire;
use crate::writes::rfis::{self as writes, RfiDraft, RfiDraftChange};

impl Procore {
    /// One RFI, with its questions and answers.
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn rfi(&self, project: ProjectId, rfi: RfiId) -> Result<Rfi, Error> {
        self.send(Call::get(writes::rfi_path(project, rfi))).await?.one()
    }

    /// The RFIs of a project that the filter lets through.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn rfis(&self, project: ProjectId, filter: &RfiFilter) -> Result<Vec<RfiRow>, Error> {
        let mut call = Call::get(writes::rfis_path(project));
        for status in &filter.statuses {
            // The reference shows this key without brackets; that form has been seen to answer 400.
            call = call.query("filters[status][]", status.as_str());
        }
        if let Some(start) = filter.updated_since {
            call = call.query("filters[updated_at]", wire::range_from(start));
        }
        self.pages(call, filter.most_rows).await
    }

    /// The answers to an RFI, the same as it carries itself.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn rfi_replies(&self, project: ProjectId, rfi: RfiId) -> Result<Vec<Answer>, Error> {
        self.pages(Call::get(format!("{}/replies", writes::rfi_path(project, rfi))), None).await
    }

    /// Who may run an RFI of the project.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn potential_rfi_managers(&self, project: ProjectId) -> Result<Vec<User>, Error> {
        self.pages(Call::get(format!("{}/potential_rfi_managers", writes::rfis_path(project))), None).await
    }

    /// Who is told of every RFI of the project. Whether the server adds them to an RFI made without any is not
    /// said: where this list is not empty, the answer to a write needs the closer look.
    ///
    /// # Errors
    /// Those of [`Procore::pages`].
    pub async fn rfi_default_distribution(&self, project: ProjectId) -> Result<Vec<User>, Error> {
        self.pages(Call::get(format!("{}/default_distribution", writes::rfis_path(project))), None).await
    }

    /// Makes a private draft RFI, unassigned and undistributed. Check the answer with
    /// [`Rfi::is_private_draft`].
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn create_rfi_draft(&self, project: ProjectId, draft: &RfiDraft) -> Result<Rfi, Error> {
        self.send(writes::create_draft(project, draft).into()).await?.one()
    }

    /// Fills in an RFI that is a draft. Check the answer with [`Rfi::is_only_filled_in`].
    ///
    /// # Errors
    /// Those of [`Procore::send`].
    pub async fn update_rfi_draft(
        &self,
        project: ProjectId,
        rfi: RfiId,
        change: &RfiDraftChange,
    ) -> Result<Rfi, Error> {
        self.send(writes::update_draft(project, rfi, change).into()).await?.one()
    }
}
