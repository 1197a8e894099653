//! The client against a server on loopback: what leaves, and what comes back.

#![allow(clippy::unwrap_used, reason = "helpers of tests are not seen as tests by the lint")]

mod deadline;
mod errors;
mod negotiation;
mod request;
mod world;
