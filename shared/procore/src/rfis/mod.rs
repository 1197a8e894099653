//! RFIs: one with its questions and answers, lists of them, and drafts of new ones.
//!
//! What may be written stands in `writes`: drafts, and nothing else. A reply has no draft state, so there is
//! none here. Every answer to a write is to be checked with [`Rfi::is_private_draft`] or
//! [`Rfi::is_only_filled_in`], because the server may add people or open the RFI.

mod calls;
mod rfi;
mod row;
mod status;

pub use rfi::{Answer, Question, Rfi, SectionRef};
pub use row::{RfiFilter, RfiRow};
pub use status::RfiStatus;
