//! The one-process service and the operator's commands. `main.rs` only reads the command line.

pub mod backend;
pub mod dead;
pub mod demo;
pub mod doctor;
pub mod eval;
mod figures;
pub mod hooks;
mod live;
mod model;
pub mod permissions;
pub mod prompts;
pub mod receive;
pub mod records;
pub mod replay;
pub mod report;
pub mod runs;
pub mod serve;
pub mod service;
mod since;
pub mod spread;
mod stage;
pub mod status;
pub mod story;
pub mod sweep;
pub mod terminal;
mod web;

pub use backend::Backend;
pub use model::Endpoint;
pub use service::{Service, Setup};
pub use stage::{Play, Stage};
