//! Pacing: one account of the calls of all processes, so that together they use the quota and never pass it.
//!
//! [`PaceBook`] keeps the account, which a store above implements; [`account`] decides, [`window`] counts, and
//! [`pacer`] waits. No number of calls is written down here: both limits are learned from the answers.

mod account;
mod book;
mod local;
mod pacer;
#[cfg(test)]
mod simulation;
mod window;

pub(crate) use account::{Purpose, Told};
pub use book::{BookError, PaceBook, Written};
pub(crate) use local::LocalBook;
pub(crate) use pacer::{Pacer, Permit};
