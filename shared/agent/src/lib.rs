//! The product: events, evidence, workflows, prompts, the gate and the one runner.
//!
//! Where an event goes: [`ingest`] takes it in, [`admit`] decides whether to act, [`mod@run`] works on it step by step,
//! [`workflows`] know what a kind of record needs, [`gate`] decides what of the model's answer may leave. Knows no
//! AWS, opens no socket of its own, has no clock.

pub mod admit;
pub mod alarm;
pub mod assemble;
pub mod breaker;
pub mod claim;
pub mod claiming;
pub mod config;
pub mod draft;
pub mod envelope;
pub mod error;
pub mod event;
pub mod evidence;
mod family;
pub mod fields;
pub mod gate;
mod hash;
pub mod ingest;
mod instruction;
pub mod ledger;
mod limit;
pub mod metrics;
mod origin;
pub mod outcome;
mod paragraphs;
pub mod prompt;
pub mod queue;
pub mod recheck;
pub mod record;
mod relevance;
pub mod run;
pub mod shelf;
mod space;
pub mod spans;
pub mod specification;
pub mod spent;
pub mod sweep;
pub mod switchboard;
pub mod trace;
pub mod watch;
pub mod worker;
pub mod workflows;

pub use config::{Config, ConfigError, ProjectConfig};
pub use envelope::{Envelope, Source};
pub use error::{Class, Error};
pub use event::Event;
pub use family::Family;
pub use origin::{Lines, Origins, Place};
pub use outcome::Outcome;
pub use recheck::recheck;
pub use record::{Observation, RunRecord};
pub use run::{Ctx, run};
pub use shelf::Shelf;
pub use switchboard::Switchboard;
pub use watch::Watch;
