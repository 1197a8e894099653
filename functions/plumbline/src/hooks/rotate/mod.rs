//! `plumbline hooks rotate`: a new `Authorization` value in place of the old one.
//!
//! Our door accepts both before the first hook sends the new one (`prepare`), every hook sends the new one before the old
//! one is given up (`finish`), and the old one is given up only when no delivery can still carry it (`retire`). Each step
//! may be run again.

mod finish;
mod prepare;
mod retire;

use clap::Subcommand;
use jiff::Timestamp;

use super::{To, desk::Desk};
use crate::terminal::Out;

/// The steps, in their order.
#[derive(Debug, Subcommand)]
pub enum Step {
    /// Makes a new value and lets our door accept it beside the old one.
    Prepare {
        /// Write nothing: show the new value, and say where it belongs.
        #[arg(long)]
        print: bool,
    },
    /// Lets every hook of ours send the new value, once our door accepts it.
    Finish {
        /// Where Procore delivers.
        #[command(flatten)]
        to: To,
        /// Do not ask our door first: it cannot be reached from here, and somebody made sure.
        #[arg(long)]
        without_knocking: bool,
    },
    /// Gives the old value up, once nothing can be on its way with it.
    Retire {
        /// Write nothing: say what to remove where.
        #[arg(long)]
        print: bool,
        /// A day has passed since `finish`: for hooks of which Procore does not say what is on its way.
        #[arg(long)]
        waited: bool,
    },
}

/// Takes a step. `Ok(false)` if it could not be taken, or not wholly.
///
/// # Errors
/// When the values cannot be read or written.
pub(super) async fn rotate(desk: &Desk, step: &Step, now: Timestamp, out: Out<'_>) -> anyhow::Result<bool> {
    match step {
        Step::Prepare { print } => prepare::prepare(desk, *print, out).await,
        Step::Finish { to, without_knocking } => {
            finish::finish(desk, &to.url, *without_knocking, now, out).await
        }
        Step::Retire { print, waited } => retire::retire(desk, *print, *waited, now, out).await,
    }
}
