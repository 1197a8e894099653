//! The one-process service and the operator's commands. `main.rs` only reads the command line.

pub mod demo;
pub mod prompts;
pub mod receive;
pub mod serve;
pub mod service;
mod web;

pub use service::{Service, Setup};
