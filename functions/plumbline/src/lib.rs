//! The one-process service and the operator's commands. `main.rs` only reads the command line.

pub mod demo;
pub mod eval;
mod live;
mod model;
pub mod prompts;
pub mod receive;
pub mod replay;
pub mod serve;
pub mod service;
mod stage;
mod web;

pub use model::Endpoint;
pub use service::{Service, Setup};
pub use stage::{Play, Stage};
