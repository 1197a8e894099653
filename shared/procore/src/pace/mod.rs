//! Pacing: one account of the calls of all processes, so that together they use the quota and never pass it.
//!
//! [`PaceBook`] keeps the account, which a store above implements; [`account`] decides, [`window`] counts, [`view`]
//! reads and writes no more than it must, [`block`] holds what one process need not tell at once, and [`pacer`] waits.
//! No limit is written down here: both are learned from the answers.

mod account;
mod block;
mod book;
mod local;
mod pacer;
#[cfg(test)]
mod simulation;
mod view;
mod window;

pub(crate) use account::{Purpose, Told};
pub(crate) use block::Permit;
pub use book::{BookError, PaceBook, Written, budget_share_percent};
pub use local::LocalBook;
pub(crate) use pacer::Pacer;
