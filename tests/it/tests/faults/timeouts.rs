//! Lambda's timeout at every step of a run, and what is the same on one machine: a run that is dropped. What the worker
//! had in hand is told to nobody; its message comes back, and its lease has to end first.

use agent::run::{Edge, Step};

use crate::{
    clock, on_both,
    side::Side,
    world::{event, question},
};

/// One named test for each step; each drops a run at both ends of it.
macro_rules! at_each_step {
    ($($name:ident: $step:ident),* $(,)?) => {
        on_both!($($name),*);

        $(
            async fn $name<S: Side>(side: S) {
                survives(&side, Step::$step).await;
            }
        )*

        #[test]
        fn there_is_a_test_for_each_step() {
            let named = [$(Step::$step),*];
            assert_eq!(named, Step::ALL);
        }
    };
}

at_each_step! {
    dropped_at_admit: Admit,
    dropped_at_read: Read,
    dropped_at_settle: Settle,
    dropped_at_gather: Gather,
    dropped_at_claim: Claim,
    dropped_at_budget: Budget,
    dropped_at_render: Render,
    dropped_at_call: Call,
    dropped_at_validate: Validate,
    dropped_at_ground: Ground,
    dropped_at_recheck: Recheck,
    dropped_at_post: Post,
    dropped_at_record: Record,
}

async fn survives<S: Side>(side: &S, step: Step) {
    let mut calls = 0;
    for (records, edge) in [(1, Edge::Begin), (2, Edge::End)] {
        let what = format!("dropped at {} {edge:?}", step.name());
        let rfi = side.far().sandbox.add_rfi(question());
        side.post(&event(rfi, "create")).await;
        side.dropped_at(step, edge).await;
        // It comes back before the lease is over: whoever is handed it then pays for nothing that is being paid for.
        side.deliver().await;
        assert!(side.far().first_calls() - calls <= 1, "{what}");

        clock::advance(S::LEASE);
        side.come_to_rest().await;
        side.assert_drafts(records);
        let writes: Vec<String> = side.far().writes().into_iter().map(|write| write.method).collect();
        assert_eq!(writes, vec!["POST"; records], "{what}");
        assert_eq!(side.outcomes().await["Drafted"], records, "{what}");
        side.assert_at_rest(0).await;

        let paid = side.far().first_calls() - calls;
        calls += paid;
        if is_stored(step, edge) || position(step) < position(Step::Call) {
            assert_eq!(paid, 1, "{what}: a stored answer is not paid for twice");
        } else {
            assert!((1..=2).contains(&paid), "{what}: {paid} calls");
        }
    }
}

/// Whether the answer is in the ledger here.
pub(crate) fn is_stored(step: Step, edge: Edge) -> bool {
    position(step) > position(Step::Validate) || (step, edge) == (Step::Validate, Edge::End)
}

pub(crate) fn position(step: Step) -> usize {
    Step::ALL.iter().position(|known| *known == step).unwrap()
}
