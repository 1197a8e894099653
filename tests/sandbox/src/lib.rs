//! A stand-in for Procore, on loopback, for tests and the demo.
//!
//! It answers the parts of the REST API that Plumbline uses the way the vendor documents them (OAuth, company
//! header, pagination, rate-limit headers, error bodies, server-side numbering, webhooks with backoff), keeps
//! everything in memory, and shows the project on pages a project engineer will recognise. It is not Procore,
//! says so on every page, and must never be reachable from outside the machine it runs on.
//!
//! [`Sandbox`] is the handle; [`seed`] the invented project it starts with; [`model`] a scripted model server;
//! [`contract`] the check of everything that goes in and out against the vendor's own description.

mod adding;
mod api;
mod connection;
pub mod contract;
mod delivery;
mod dice;
mod events;
mod faults;
mod hooks;
mod journal;
pub mod model;
mod options;
mod pages;
mod permissions;
mod quota;
mod records;
mod sandbox;
pub mod seed;
mod standing;
mod state;

pub use api::OddFile;
pub use dice::Dice;
pub use events::Event;
pub use faults::{ErrorShape, Fault, GivenHeaders, RetryAfter};
pub use journal::{Delivery, DeliveryAttempt, DeliveryStatus, Recorded};
pub use options::{Hook, Options, Quotas, RunSource};
pub use permissions::Level;
pub use quota::{WindowKind, WindowUse};
pub use records::{
    Answer, Approver, Attachment, Drawing, DrawingRevision, Expected, Item, Location, LogEntry, LogFamily,
    LogStatus, NewAttachment, NewLogEntry, NewRfi, NewSubmittal, Person, RfiRecord, RfiStatus,
    SectionRevision, Submittal, SubmittalStatus,
};
pub use sandbox::Sandbox;
