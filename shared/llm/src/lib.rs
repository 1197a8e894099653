//! One structured call to a language model.
//!
//! [`Client::answer`] sends a system text, a user text and a JSON Schema, and returns a JSON value that satisfies
//! the schema, or a distinct [`Error`] that says what a caller may do next ([`Error::class`]).
//! OpenAI, Azure OpenAI and any endpoint that speaks the same chat-completions API are served ([`Provider`]).
//!
//! The crate never offers the model a tool, never follows a redirect, never fetches what a model names, never writes a
//! prompt, an answer or a key to a log, and never retries past the caller's deadline.

mod capabilities;
mod client;
mod endpoint;
mod error;
mod failure;
mod price;
mod reply;
mod request;
mod retry;
mod schema;
mod tokens;
mod transport;

pub use client::{Client, Settings};
pub use endpoint::Provider;
pub use error::{Class, Error};
pub use price::{Price, cost_micro_usd, price_of};
pub use reply::{Answer, Mode, Usage};
pub use request::{Repair, Request};
pub use tokens::Tokenizer;
