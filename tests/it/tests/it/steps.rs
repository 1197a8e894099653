//! The steps of a run: each has a test of its own for whatever may happen at it.

use agent::run::{Edge, Step};

/// Hands all steps to a macro that makes the tests, each with the name of its test.
macro_rules! with_each_step {
    ($tests:ident) => {
        $tests! {
            at_admit: Admit,
            at_read: Read,
            at_settle: Settle,
            at_gather: Gather,
            at_claim: Claim,
            at_budget: Budget,
            at_render: Render,
            at_call: Call,
            at_validate: Validate,
            at_ground: Ground,
            at_recheck: Recheck,
            at_post: Post,
            at_record: Record,
        }
    };
}
pub(crate) use with_each_step;

macro_rules! steps_of {
    ($($name:ident: $step:ident),* $(,)?) => {
        const NAMED: &[Step] = &[$(Step::$step),*];
    };
}
with_each_step!(steps_of);

#[test]
fn there_is_a_test_for_each_step() {
    assert_eq!(NAMED, Step::ALL);
}

/// How often the model may be asked for one answer in whose making a run was cut short here: once where nobody was asked
/// yet or the answer is in the ledger, else once more.
pub(crate) fn may_be_asked(step: Step, edge: Edge) -> std::ops::RangeInclusive<u64> {
    let is_stored = position(step) > position(Step::Validate) || (step, edge) == (Step::Validate, Edge::End);
    if is_stored || position(step) < position(Step::Call) { 1..=1 } else { 1..=2 }
}

/// As the programs that die at a step take it.
pub(crate) fn name_of(edge: Edge) -> &'static str {
    match edge {
        Edge::Begin => "begin",
        Edge::End => "end",
    }
}

fn position(step: Step) -> usize {
    Step::ALL.iter().position(|known| *known == step).unwrap()
}
