//! The scripted model server: an OpenAI-compatible `POST /v1/chat/completions` on loopback.
//!
//! It lets the demo run without a key and the tests run without a network. [`Behaviour::Scripted`] is honest and
//! extractive: it quotes the evidence it is shown and abstains when nothing fits. [`Behaviour::Obeying`] does whatever
//! the record says, [`Behaviour::Fabricating`] makes things up, [`Behaviour::Tainted`] mixes all three, [`Behaviour::Failing`] breaks the protocol. None of them
//! is a language model, and nothing here may be used to judge the quality of one.

mod answer;
mod behaviour;
mod chance;
mod completion;
mod conflict;
mod daily_log;
mod drafts;
mod extract;
mod fabricating;
mod glossary;
mod obeying;
mod passages;
mod prompt;
mod question;
mod script;
mod scripted;
#[cfg(test)]
mod seeded;
mod server;
mod signals;
mod submittal;
mod tainted;
mod words;

pub use behaviour::{Behaviour, Failure};
pub use completion::MODEL_NAME;
pub use server::{Counters, Exchange, ModelServer};
