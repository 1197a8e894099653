//! What can be seen of the product from outside: its metrics, its traces, its status.

mod collector;
mod metrics;
mod status;
mod traces;
