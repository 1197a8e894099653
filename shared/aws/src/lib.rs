//! The product on AWS: the queue on SQS, the ledger and the pace book on DynamoDB, the cache on S3, secrets and
//! configuration, and what the Lambdas share.
//!
//! Decides nothing about records or drafts: what a claim means is known in `agent` alone. Every address and name
//! comes from the environment, see [`Environment`].

mod attributes;
mod authorizations;
mod backoff;
mod bench;
mod cache;
mod change;
mod configuration;
mod depth;
mod emf;
mod environment;
mod error;
mod items;
mod lanes;
mod leases;
mod ledger;
mod letter;
mod letters;
mod log;
mod look;
mod pace;
mod purse;
mod queue;
mod runs;
mod secrets;
mod versioned;

pub use authorizations::{Authorizations, Held};
pub use bench::{Bench, Fittings};
pub use cache::S3Cache;
pub use configuration::{LiveConfig, configuration_text};
pub use emf::Gauges;
pub use environment::Environment;
pub use error::Error;
pub use ledger::DynamoLedger;
pub use log::log_to_stdout;
pub use queue::{MAX_HIDE, SqsQueue};
pub use secrets::LiveSecrets;
