//! The sandbox through its front doors: what a client of the API, a receiver of webhooks and a browser see.

// Helpers of tests are not inside test functions, which is all clippy.toml lets through.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod budget;
mod contract;
mod correspondence;
mod faults;
mod files;
mod oauth;
mod pages;
mod records;
mod webhooks;
mod world;
