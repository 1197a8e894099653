//! Submittals (v1.1): one with its approvers and their responses, lists, revisions, and drafts of new ones.
//!
//! What may be written stands in `writes`: a private draft without workflow. A review response has no draft
//! state, so there is none here. The answer to a write is to be checked with [`Submittal::is_private_draft`].

mod calls;
mod choices;
mod filter;
mod submittal;
mod workflow;

#[cfg(test)]
pub(crate) use choices::draft_row;
pub use choices::{SubmittalResponse, SubmittalState, SubmittalStatus, SubmittalType};
pub use filter::SubmittalFilter;
pub use submittal::{Approver, Submittal};
pub use workflow::{SubmittalWorkflow, WorkflowApprover, WorkflowStep};
