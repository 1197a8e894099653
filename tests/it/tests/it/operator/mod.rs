//! The operator's commands on failures, each test over both backends: a directory, and AWS where the emulator is installed.

mod commands;
mod dead;
mod faults;
pub(crate) mod place;
mod redrive;
mod replay;
mod runs;

/// Each of these functions is a test over a directory and a test over the emulator.
macro_rules! over_both {
    ($($test:ident),+ $(,)?) => {
        mod directory {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test(crate::operator::place::Place::directory()).await;
            })+
        }

        mod emulator {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let Some(place) = crate::operator::place::Place::emulator().await else { return };
                super::$test(place).await;
            })+
        }
    };
}
use over_both;
