//! The workflow of a submittal: who reviews after whom. Reading only: a response moves it on, and is seen.

use serde::Deserialize;

use crate::wire;

/// A step; its people review side by side.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WorkflowStep {
    /// Its place in the order.
    #[serde(default, deserialize_with = "wire::count")]
    pub number: Option<u32>,
    /// Who is in it; see [`WorkflowApprover::id`].
    #[serde(default, deserialize_with = "ids")]
    pub approver_ids: Vec<i64>,
}

fn ids<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<i64>, D::Error> {
    #[derive(Deserialize)]
    struct Id(#[serde(deserialize_with = "crate::ids::bare")] i64);
    let ids: Vec<Id> = wire::list(deserializer)?;
    Ok(ids.into_iter().map(|id| id.0).collect())
}

/// Somebody in it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct WorkflowApprover {
    /// Which place in the workflow.
    #[serde(deserialize_with = "crate::ids::bare")]
    pub id: i64,
    /// Their name.
    #[serde(default, deserialize_with = "wire::words")]
    pub name: String,
    /// Name of their company.
    #[serde(default, deserialize_with = "wire::text")]
    pub company_name: Option<String>,
    /// Whether the workflow waits for them.
    #[serde(default, deserialize_with = "wire::flag")]
    pub response_required: bool,
    /// Days they have.
    #[serde(default, deserialize_with = "wire::count")]
    pub days_to_respond: Option<u32>,
}

/// Names do not belong in a log.
impl std::fmt::Debug for WorkflowApprover {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("WorkflowApprover").field(&self.id).finish()
    }
}

/// The whole of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct SubmittalWorkflow {
    /// Its steps.
    #[serde(default, deserialize_with = "wire::list")]
    pub steps: Vec<WorkflowStep>,
    /// Its people.
    #[serde(default, deserialize_with = "wire::list")]
    pub approvers: Vec<WorkflowApprover>,
}
