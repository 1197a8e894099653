//! The product through its front door: a webhook in, and what left the system.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy does not know for tests"
)]

mod ambiguous;
mod carrier;
mod child;
mod cli;
mod daily_log;
mod doctor;
mod drafts;
mod economy;
mod files;
mod front_door;
mod hooks;
mod ingest;
mod kill;
mod limits;
mod model;
mod operator;
mod own_events;
mod paced;
mod privacy;
mod resources;
mod rfi_question;
mod sheets;
mod steps;
mod submittals;
mod sweep;
mod watching;
mod world;
