//! The fault suite: what can go wrong, by name, over both backends. One set of scenarios; nothing in them knows which
//! backend it is.
//!
//! Each ends in exactly one draft or the right other outcome, with nothing lost and nothing paid twice once an answer is
//! stored. Time is the test's: waits are told to the clock, not slept.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy does not know for tests"
)]

mod clock;
mod cost;
mod deliveries;
mod killed;
mod lambda;
mod late;
mod ledger;
mod model;
mod one_machine;
mod people;
mod procore;
mod queue;
mod receives;
mod side;
#[path = "../it/steps.rs"]
mod steps;
mod timeouts;
mod triggers;
#[path = "../it/world.rs"]
#[allow(dead_code, reason = "shared with the tests through the front door")]
mod world;

/// Runs scenarios over both backends, each under its own name.
macro_rules! on_both {
    ($($scenario:ident),* $(,)?) => {
        mod one_machine {
            $(
                #[tokio::test]
                async fn $scenario() {
                    super::$scenario(crate::one_machine::OneMachine::start().await).await;
                }
            )*
        }

        crate::on_lambda!($($scenario),*);
    };
}

/// Runs scenarios of what only DynamoDB, SQS and the way to them can do.
macro_rules! on_lambda {
    ($($scenario:ident),* $(,)?) => {
        mod lambda {
            $(
                #[tokio::test]
                async fn $scenario() {
                    let Some(side) = crate::lambda::Lambda::start().await else { return };
                    super::$scenario(side).await;
                }
            )*
        }
    };
}
pub(crate) use {on_both, on_lambda};
