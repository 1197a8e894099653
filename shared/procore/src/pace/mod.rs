//! Pacing: one account of the calls of all processes, so that together they use the quota and never pass it.

mod book;

pub use book::{BookError, PaceBook, Written};
