//! Procore's REST API, as far as a service that writes drafts needs it.
//!
//! - [`webhook`]: authentication and parsing of deliveries, all three payload versions.
//! - [`Procore`]: one client, one door ([`Procore::send`]), one file per resource.
//! - [`Hosts`]: which hosts belong to which environment, and which may see our token.
//!
//! What can be written to Procore is a closed list in one private module; a request that writes
//! anything other than a private, unsent draft cannot be built with this crate:
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
mod correspondence;
mod error;
mod files;
mod hosts;
mod ids;
mod pace;
mod people;
mod projects;
mod rate_limit;
mod refusal;
mod reply;
mod retry;
mod rfis;
mod settings;
mod specifications;
mod token;
pub mod webhook;
mod wire;
mod writes;

pub use attachments::Attachment;
pub use call::{Call, Operation};
pub use client::Procore;
pub use correspondence::{CorrespondenceItem, ItemFilter};
pub use error::{Class, Error};
pub use files::File;
pub use hosts::{Environment, Hosts};
pub use ids::{
    CompanyId, CorrespondenceItemId, CorrespondenceTypeId, ParseIdError, ProjectId, RevisionId, RfiId,
    SectionId, UserId,
};
pub use pace::{BookError, PaceBook, Written};
pub use people::User;
pub use projects::Project;
pub use rate_limit::RateLimit;
pub use refusal::Refused;
pub use reply::Reply;
pub use rfis::{Answer, Location, Question, Rfi, RfiFilter, RfiRow, RfiStatus, SectionRef};
pub use settings::{Settings, Windows};
pub use specifications::{SpecificationRevision, current_revisions};
pub use writes::DraftItem;
