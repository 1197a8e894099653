//! The ledger and the queue of one machine, in one SQLite file: `DIR/plumbline.db`.
//!
//! [`Store`] is both [`agent::ledger::Ledger`] and [`agent::queue::Queue`], the side of the queue from which a worker
//! fetches, and what else processes share: [`procore::PaceBook`] and [`documents::Cache`]. What it acknowledged is on the disk: the process may be killed at any moment and the power may
//! fail. Several processes may share one directory; each holds the lock of a file of its own under `DIR/workers`,
//! so what a killed process had in hand is known to be nobody's and goes on at once.
//!
//! The directory belongs on a local disk: write-ahead logging and file locks are not dependable over a network.
//!
//! Nothing here decides what may be drafted or posted, and neither errors nor logs hold bodies or records.

mod cache;
mod commit;
mod desk;
mod error;
mod inbox;
mod instant;
mod ledger;
mod letters;
mod pace;
mod queue;
mod reclaim;
mod retention;
mod schema;
mod store;
mod worker;

pub use error::StoreError;
pub use inbox::{Receipt, Received};
pub use letters::{Counts, LetterId};
pub use reclaim::Reclaimed;
pub use retention::Purged;
pub use store::Store;
