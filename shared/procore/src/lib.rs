//! Procore's REST API, as far as a service that writes drafts needs it.
//!
//! - [`webhook`]: authentication and parsing of deliveries, all three payload versions.
//! - [`Procore`]: one client, one door ([`Procore::send`]), one file or folder per resource.
//! - [`daily_logs`] and [`hooks`]: the two resources with a vocabulary of their own.
//! - [`Hosts`]: which hosts belong to which environment, and which may see our token.
//!
//! What can be written to Procore is a closed list in one private folder, `writes`: private, unsent drafts, and
//! our own webhooks. A request that writes anything else cannot be built with this crate:
//!
//! ```compile_fail
//! let call = procore::Call::post("/rest/v1.0/projects/1/rfis/2/replies"); // no such constructor
//! ```
//!
//! The crate keeps no store, knows no workflow and never puts the text of a record into an error or a log.

mod attachments;
mod body;
mod call;
mod client;
mod clock;
mod companies;
mod correspondence;
pub mod daily_logs;
mod drawings;
mod error;
mod files;
pub mod hooks;
mod hosts;
mod ids;
mod locations;
mod pace;
mod people;
mod permissions;
mod projects;
mod rate_limit;
mod refusal;
mod reply;
mod retry;
mod rfis;
mod settings;
mod specifications;
mod submittals;
mod token;
mod verdict;
mod versions;
pub mod webhook;
mod wire;
mod writes;

pub use attachments::Attachment;
pub use call::{Call, Operation};
pub use client::Procore;
pub use companies::CompanyBase;
pub use correspondence::{CorrespondenceItem, CorrespondenceStatus, CorrespondenceType, ItemFilter};
pub use drawings::{
    Drawing, DrawingArea, DrawingFilter, DrawingRevision, DrawingSet, current_sheets, is_same_sheet,
};
pub use error::{Class, Error};
pub use files::File;
pub use hosts::{Environment, Hosts};
pub use ids::{
    AnswerId, CompanyId, CorrespondenceItemId, CorrespondenceTypeId, DivisionId, DrawingAreaId, DrawingId,
    DrawingRevisionId, DrawingSetId, HookId, LocationId, LogEntryId, ParseIdError, ProjectId, QuestionId,
    RevisionId, RfiId, SectionId, SubmittalId, SubmittalResponseId, SubmittalStatusId, TriggerId, UserId,
    VendorId,
};
pub use locations::Location;
pub use pace::{BookError, LocalBook, PaceBook, Written, budget_share_percent};
pub use people::{ProjectUser, User, Vendor};
pub use permissions::{AccessLevel, ToolPermission};
pub use projects::Project;
pub use rate_limit::RateLimit;
pub use refusal::Refused;
pub use reply::Reply;
pub use rfis::{Answer, Question, Rfi, RfiFilter, RfiRow, RfiStatus, SectionRef};
pub use settings::{Settings, Windows};
pub use specifications::{
    SpecificationDivision, SpecificationRevision, SpecificationSection, current_revisions,
};
pub use submittals::{
    Approver, Submittal, SubmittalFilter, SubmittalResponse, SubmittalState, SubmittalStatus, SubmittalType,
    SubmittalWorkflow, WorkflowApprover, WorkflowStep,
};
pub use writes::correspondence::DraftItem;
pub use writes::rfis::{RfiDraft, RfiDraftChange};
pub use writes::submittals::{DraftStatus, SubmittalDraft};
