//! Holds everything that goes to and from the stand-in against the vendor's OpenAPI description.
//!
//! `PLUMBLINE_CONTRACT` names the description, `PLUMBLINE_CONTRACT_REPORT` the file the findings are appended to;
//! with neither set nothing is checked. The check never changes an exchange and never fails a test: the program
//! `contract-report` reads the findings of all processes afterwards and decides.
//!
//! The rule for requests: **every request must conform, whatever is answered to it.** A test that must send a wrong
//! one marks it with the header `x-deliberate: <why>`; the mark counts only if there is something to excuse, the
//! stand-in answers 4xx, and the sender is not our own client. The rule for answers: they must conform, those to
//! marked requests and ordered faults too. What is let through all the same stands in one list, `exceptions`.

mod body;
mod description;
mod exceptions;
mod exchange;
mod parameters;
mod process;
mod refusals;
mod report;
mod violation;

pub use description::Contract;
pub use exchange::{Answer, Findings, Request};
pub(crate) use process::{Checker, of_process};
pub use report::{Line, Summary};
pub use violation::{Kind, Violation};

/// Marks a request that is wrong on purpose; its value says why.
pub const DELIBERATE: &str = "x-deliberate";
/// Names the environment variable with the path of the OpenAPI description.
pub const CONTRACT_VARIABLE: &str = "PLUMBLINE_CONTRACT";
/// Names the environment variable with the path of the report.
pub const REPORT_VARIABLE: &str = "PLUMBLINE_CONTRACT_REPORT";
