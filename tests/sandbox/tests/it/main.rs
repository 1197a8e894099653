//! The sandbox through its front doors: what a client of the API, a receiver of webhooks and a browser see.

// Helpers of tests are not inside test functions, which is all clippy.toml lets through.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod budget;
mod contract;
mod correspondence;
mod daily_logs;
mod documents;
mod faults;
mod files;
mod forms;
mod hooks;
mod hooks_v1;
mod oauth;
mod pages;
mod record_pages;
mod records;
mod rfis;
mod submittals;
mod webhooks;
mod world;
