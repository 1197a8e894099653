//! What a webhook belongs to.

use crate::call::Call;
use crate::ids::{CompanyId, ProjectId};

/// Whom a hook belongs to. Procore docs: a hook and its triggers share one scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The company: resources such as projects and company users.
    Company,
    /// One project: RFIs, submittals, daily logs and the like.
    Project(ProjectId),
}

impl Scope {
    /// Base of the newer version's paths.
    pub(super) fn base_path(self, company: CompanyId) -> String {
        match self {
            Scope::Company => format!("/rest/v2.0/companies/{company}/webhooks"),
            Scope::Project(project) => {
                format!("/rest/v2.0/companies/{company}/projects/{project}/webhooks")
            }
        }
    }

    pub(crate) fn hooks_path(self, company: CompanyId) -> String {
        format!("{}/hooks", self.base_path(company))
    }

    /// How the older version names the owner. Procore docs: one of the two, though the reference marks both.
    pub(crate) fn owner(self, company: CompanyId) -> (&'static str, i64) {
        match self {
            Scope::Company => ("company_id", company.get()),
            Scope::Project(project) => ("project_id", project.get()),
        }
    }

    /// A read of the older version.
    pub(super) fn v1(self, company: CompanyId, path: String) -> Call {
        let (key, id) = self.owner(company);
        Call::get(path).query(key, id)
    }
}
